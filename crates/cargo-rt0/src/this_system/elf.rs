//! Systems with ELF files.

/// Where the loader looks for libraries besides.
pub const LIBRARY_PATH: &str = "LD_LIBRARY_PATH";
