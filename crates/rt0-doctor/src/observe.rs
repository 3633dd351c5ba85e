//! Watches a library, or a program that loads it, in a process of its own.

use crate::error::{Error, Result};
use crate::observed::{Seen, Watch};
use crate::supervise;

/// Watches it until its end. Nothing that it starts is left then.
///
/// # Errors
/// No process can be made.
pub fn observe(watch: &Watch) -> Result<Seen> {
    supervise::watch(watch).map_err(|why| Error::new(format!("nothing can be watched: {why}")))
}
