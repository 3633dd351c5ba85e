//! The algorithms by which threads agree: the gate, the calls in flight, and the words of an op. `README.md` beside this file
//! has the states, the transitions and the proofs. loom drives these files and nothing else. `hints` has a table
//! that leads a call to what the second algorithm keeps of its thread.

pub mod gate;
pub mod hints;
pub mod in_flight;
pub mod op;
