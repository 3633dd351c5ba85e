//! What is to be checked, and with which calls: what a check's process is told.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::calls::Call;

/// What a check's process is told.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The library; an absolute path.
    pub library: PathBuf,
    /// The calls into it, in their order.
    pub calls: Vec<Call>,
    /// A call that comes before all others in each process.
    pub setup: Option<Call>,
    /// The call that shuts the library down.
    pub shutdown: Option<Call>,
    /// The C header that should declare exactly what the file exports.
    pub header: Option<PathBuf>,
    /// The glibc with which the file should load, if somebody has promised that: `2.28`.
    pub glibc: Option<String>,
    /// Whether the library says that it makes the loader keep its file.
    pub pins_itself: bool,
    /// Whether the calls come from the library's own description.
    pub described: bool,
    /// Whether the file says that it was built with rt0.
    pub rt0: bool,
    /// What the names of its calls begin with then.
    pub prefix: Option<String>,
}
