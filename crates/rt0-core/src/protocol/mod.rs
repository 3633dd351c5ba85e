//! The two algorithms by which threads agree: the gate, and the calls in flight. `README.md` beside this file
//! has the states, the transitions and the proofs. loom drives these two files and nothing else.

pub mod gate;
pub mod in_flight;
