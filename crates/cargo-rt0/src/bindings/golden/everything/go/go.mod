// Written by cargo rt0 bindings. To publish the module, give it the path of its repository here: nothing inside names it.
module xample

go 1.22
