//! Exit: the end of the process while the library is in use (U in `docs/hazards.md`).

mod ahead;
mod inside;
mod process;
