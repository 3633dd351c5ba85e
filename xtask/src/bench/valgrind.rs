//! Whether valgrind is here, which counts instructions.

use crate::run::runs;

/// What is said without it.
pub const MISSING: &str = "there is no valgrind";

/// Whether it runs.
pub fn there() -> bool {
    runs("valgrind")
}
