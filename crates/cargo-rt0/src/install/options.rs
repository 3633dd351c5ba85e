//! What a caller can choose about an installation, on the command line or as a struct.

use std::path::PathBuf;

use crate::build::Compile;

/// How to install. The default is what `cargo rt0 install` does without options.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Which crate, and how it is compiled
    #[command(flatten)]
    pub compile: Compile,
    /// What to install [default: both, if the target has both]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TYPE")]
    pub library_type: Vec<LibraryType>,
    /// Put the files below this folder, as if it were the root of the system
    #[arg(long, value_name = "DIR")]
    pub destdir: Option<PathBuf>,
    /// What the other folders are in [default: /usr/local]
    #[arg(long, value_name = "DIR")]
    pub prefix: Option<PathBuf>,
    /// The folder of libraries [default: PREFIX/lib]
    #[arg(long, value_name = "DIR")]
    pub libdir: Option<PathBuf>,
    /// The folder of programs, and of Windows' libraries [default: PREFIX/bin]
    #[arg(long, value_name = "DIR")]
    pub bindir: Option<PathBuf>,
    /// The folder of headers [default: PREFIX/include]
    #[arg(long, value_name = "DIR")]
    pub includedir: Option<PathBuf>,
    /// The folder of pkg-config files [default: LIBDIR/pkgconfig]
    #[arg(long, value_name = "DIR")]
    pub pkgconfigdir: Option<PathBuf>,
    /// The folder of CMake's packages [default: LIBDIR/cmake]
    #[arg(long, value_name = "DIR")]
    pub cmakedir: Option<PathBuf>,
    /// The folder of debug information [default: PREFIX/lib/debug]
    #[arg(long, value_name = "DIR")]
    pub debugdir: Option<PathBuf>,
    /// The folder of licences [default: PREFIX/share/licenses]
    #[arg(long, value_name = "DIR")]
    pub licensedir: Option<PathBuf>,
    /// The header's folder below that of headers; empty for none [default: the library's name]
    #[arg(long, value_name = "NAME")]
    pub header_dir: Option<String>,
    /// What follows the library's name in the soname, or none [default: by the crate's version]
    #[arg(long, value_name = "VERSION")]
    pub soversion: Option<String>,
    /// What becomes of the debug information that the profile makes
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub debug_info: DebugInfo,
}

/// A kind of library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LibraryType {
    /// The shared library
    Cdylib,
    /// The archive
    Staticlib,
}

/// What becomes of debug information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DebugInfo {
    /// It gets a file of its own, where debuggers look
    #[default]
    Split,
    /// It stays in the library, for tools of packagers that split it themselves
    Keep,
    /// It is dropped
    Drop,
}
