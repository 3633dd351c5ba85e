//! Apple's systems.

/// Where the loader looks for libraries that it finds nowhere else.
pub const LIBRARY_PATH: &str = "DYLD_FALLBACK_LIBRARY_PATH";
