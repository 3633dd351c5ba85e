// Written by cargo rt0 bindings.
/** The library xample. */
module xample {
    exports xample;
}
