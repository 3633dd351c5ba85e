//! The two algorithms by which threads agree: the gate, and the calls in flight. `README.md` beside this file
//! has the states, the transitions and the proofs. loom drives these files and nothing else. `hints` has a table
//! that leads a call to what the second algorithm keeps of its thread.

pub mod gate;
pub mod hints;
pub mod in_flight;
