//! What the linker must do so that a library on rt0 has every protection, and what each protection is for.
//!
//! There is only this one list. `rt0` hands it to build scripts as cargo's metadata, so that `rt0-build` needs
//! none of its own; `cargo rt0 build` links by it; `cargo rt0 inspect` and `NAME_report` name the protections
//! by it.
//!
//! rt0 has its own version of some functions of the C library, each as a hidden function `__wrap_NAME`. With
//! the linker's option `-wrap` every call of NAME in the file that is being linked goes there, and rt0 reaches
//! the C library's own as `__real_NAME`. Other files are not affected. Without the option nothing refers to
//! rt0's functions, and the file has an undefined weak symbol `__real_NAME`.
//!
//! The spelling of the options (`-u`, `-wrap`) is the one that GNU's ld, gold, lld, mold, wild and zig
//! share.

use core::fmt::{Display, Formatter, Result};

/// A protection that a library has only if its linker was asked for it.
#[derive(Clone, Copy, Debug)]
pub struct Protection {
    /// By this name `inspect --require` and the report know it.
    pub name: &'static str,
    /// The functions of the C library that the library must have its own of.
    pub functions: &'static [&'static str],
    /// Those that the linker must take out of rt0's archive: one from each object. A linker keeps what it is told to
    /// take, called or not; of what else is in the object it keeps what the library calls.
    pub take: &'static [&'static str],
    /// What happens without it.
    pub without: &'static str,
}

/// std's threads start although a thread of the host is inside `dlopen`.
pub const THREADS: Protection = Protection {
    name: "threads",
    functions: &["__cxa_thread_atexit_impl", "dlsym"],
    take: &["__cxa_thread_atexit_impl", "dlsym"],
    without: "std's threads do not start while a thread of the host is inside dlopen, and calls wait for them",
};

/// Nobody reads the host's environment while a runtime is built.
pub const ENVIRONMENT: Protection = Protection {
    name: "environment",
    functions: &["getenv"],
    take: &["getenv"],
    without: "tokio reads the environment at each boot; if the host is changing it, the process can crash",
};

/// The runtime's descriptors have numbers that hosts do not use, and are watched.
pub const DESCRIPTORS: Protection = Protection {
    name: "descriptors",
    functions: &[
        "epoll_create1",
        "epoll_ctl",
        "epoll_wait",
        "eventfd",
        "fcntl",
        "socketpair",
        "write",
    ],
    // std calls it in every library. Only what watches descriptors needs the others.
    take: &["write"],
    without: "the runtime's descriptors have the lowest free numbers, and nobody notices if the host closes them",
};

/// The protections by functions of the library's own.
pub const BY_FUNCTIONS: [Protection; 3] = [THREADS, ENVIRONMENT, DESCRIPTORS];

/// The loader never unmaps the file.
pub const PINNED: Protection = Protection {
    name: "pinned",
    functions: &[],
    take: &[],
    without: "the library asks the loader itself to keep it, which the loader can refuse",
};

/// Every symbol is bound when the file is loaded.
pub const BOUND: Protection = Protection {
    name: "bound",
    functions: &[],
    take: &[],
    without: "a missing symbol ends the process in the middle of a call, not at the load",
};

/// Other files see only what the library declares.
pub const SYMBOLS: Protection = Protection {
    name: "symbols",
    functions: &[],
    take: &[],
    without: "symbols of dependencies are visible, and another file's symbols of the same names can take their place",
};

/// A kernel with large pages can map the file: on Android they may have 16 KiB.
pub const PAGES: Protection = Protection {
    name: "pages",
    functions: &[],
    take: &[],
    without: "its parts are not aligned to 16 KiB: devices with pages of that size refuse the file",
};

/// The largest pages that Android's kernels have.
pub const PAGE_OF_ANDROID: u64 = 16384;

/// All protections, in the order in which they are shown.
pub const PROTECTIONS: [Protection; 7] = [
    THREADS,
    ENVIRONMENT,
    DESCRIPTORS,
    PINNED,
    BOUND,
    SYMBOLS,
    PAGES,
];

/// What the name of a function that stands in for another begins with.
pub const OURS: &str = "__wrap_";

/// What the linker calls the function that was replaced.
pub const REPLACED: &str = "__real_";

/// The functions of the C library that rt0 has its own of.
pub fn functions() -> impl Iterator<Item = &'static str> {
    BY_FUNCTIONS
        .iter()
        .flat_map(|protection| protection.functions.iter().copied())
}

/// One option for a C compiler that links ELF files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// An option without a name in it.
    Fixed(&'static str),
    /// Take rt0's function out of its archive. No call refers to it before it is wrapped.
    Take(&'static str),
    /// Redirect the calls of this function.
    Wrap(&'static str),
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Argument::Fixed(option) => f.write_str(option),
            Argument::Take(name) => write!(f, "-Wl,-u,{OURS}{name}"),
            Argument::Wrap(name) => write!(f, "-Wl,-wrap,{name}"),
        }
    }
}

/// Those of which the library has rt0's own in any case.
pub fn taken() -> impl Iterator<Item = &'static str> {
    BY_FUNCTIONS
        .iter()
        .flat_map(|protection| protection.take.iter().copied())
}

/// The options that put rt0's functions in place.
pub fn wraps() -> impl Iterator<Item = Argument> {
    taken()
        .map(Argument::Take)
        .chain(functions().map(Argument::Wrap))
}

/// A family of linkers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linker {
    /// Linkers of ELF files that know the options of GNU's.
    Elf,
    /// The same for Android, whose devices may have large pages.
    Android,
    /// Apple's. The functions of the C library that need to be replaced elsewhere need it not there, or do
    /// not exist.
    Apple,
    /// Windows: the loader's lock, the environment and the handles need no functions of our own, and the
    /// library pins itself.
    Windows,
}

impl Linker {
    /// Of the target with this `target_os` and `target_vendor`.
    pub fn of(os: &str, vendor: &str) -> Linker {
        match (os, vendor) {
            ("windows", _) => Linker::Windows,
            ("android", _) => Linker::Android,
            (_, "apple") => Linker::Apple,
            _ => Linker::Elf,
        }
    }

    /// The same of a target's name.
    pub fn of_target(target: &str) -> Linker {
        let mut parts = target.split('-');
        if parts.clone().any(|part| part == "apple") {
            Linker::Apple
        } else if parts.clone().any(|part| part == "windows") {
            Linker::Windows
        } else if parts.any(|part| part.starts_with("android")) {
            Linker::Android
        } else {
            Linker::Elf
        }
    }

    /// Everything that a shared library should be linked with.
    pub fn shared_library(self) -> impl Iterator<Item = Argument> {
        self.marks()
            .chain(wraps())
            .take_while(move |_| matches!(self, Linker::Elf | Linker::Android))
    }

    /// The options for the marks in the file's header. std's threads and thread-locals can't be unloaded, and a
    /// missing symbol is better found at load than in the middle of a call.
    pub fn marks(self) -> impl Iterator<Item = Argument> {
        let pages = (self == Linker::Android).then_some("-Wl,-z,max-page-size=16384");
        ["-Wl,-z,nodelete", "-Wl,-z,now"]
            .into_iter()
            .chain(pages)
            .map(Argument::Fixed)
    }

    /// Gives the file the name by which others depend on it, which must follow; empty if nothing does.
    pub fn soname(self) -> &'static str {
        match self {
            Linker::Elf | Linker::Android => "-Wl,-soname,",
            Linker::Apple => "-Wl,-install_name,",
            Linker::Windows => "",
        }
    }

    /// Has the library's calls of its own functions go there, whatever other file has functions of the same names;
    /// empty if that is so anyway. (`zig cc` 0.15 does not know the option.)
    pub fn own_calls(self) -> &'static str {
        match self {
            Linker::Elf | Linker::Android => "-Wl,-Bsymbolic-functions",
            Linker::Apple | Linker::Windows => "",
        }
    }

    /// Hides what comes from archives, and so from dependencies; empty if nothing does. (On Apple's systems
    /// rustc lists what is visible. A second list only adds to it, and a list of what is hidden is refused
    /// beside it.)
    pub fn hide_dependencies(self) -> &'static str {
        match self {
            Linker::Elf | Linker::Android => "-Wl,--exclude-libs,ALL",
            Linker::Apple | Linker::Windows => "",
        }
    }
}

/// What `rt0` tells the build script of a crate that depends on it. Cargo passes each on as a variable
/// `DEP_RT0_` and the name in capitals.
pub mod metadata {
    /// The version of rt0.
    pub const VERSION: &str = "version";
    /// The number of [`FORM`].
    pub const LINKING: &str = "linking";
    /// The options for every shared library, separated by blanks.
    pub const ARGUMENTS: &str = "arguments";
    /// [`super::Linker::soname`].
    pub const SONAME: &str = "soname";
    /// [`super::Linker::hide_dependencies`].
    pub const HIDE_DEPENDENCIES: &str = "hide_dependencies";
    /// Grows when an older `rt0-build` would misunderstand the rest.
    pub const FORM: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names are those that cargo tells build scripts, wherever they run.
    #[test]
    fn the_target_decides_and_not_this_machine() {
        for (os, vendor) in [("linux", "unknown"), ("freebsd", "unknown")] {
            assert_eq!(Linker::of(os, vendor), Linker::Elf);
        }
        assert_eq!(Linker::of("android", "unknown"), Linker::Android);
        for os in ["macos", "ios"] {
            assert_eq!(Linker::of(os, "apple"), Linker::Apple);
        }
        assert_eq!(Linker::of("windows", "pc"), Linker::Windows);
    }

    #[test]
    fn a_targets_name_says_the_same() {
        for (target, linker) in [
            ("x86_64-unknown-linux-gnu", Linker::Elf),
            ("aarch64-linux-android", Linker::Android),
            ("armv7-linux-androideabi", Linker::Android),
            ("aarch64-apple-darwin", Linker::Apple),
            ("x86_64-pc-windows-gnu", Linker::Windows),
        ] {
            assert_eq!(Linker::of_target(target), linker, "{target}");
        }
    }

    /// The NDK's linker is LLVM's. (Its clang is the compiler, so the options are for that.)
    #[test]
    fn android_gets_what_linux_gets_and_large_pages() {
        let mut arguments = Linker::of("android", "unknown").shared_library();
        let fixed = |option| Some(Argument::Fixed(option));
        assert_eq!(arguments.next(), fixed("-Wl,-z,nodelete"));
        assert_eq!(arguments.next(), fixed("-Wl,-z,now"));
        assert_eq!(arguments.next(), fixed("-Wl,-z,max-page-size=16384"));
        for argument in wraps() {
            assert_eq!(arguments.next(), Some(argument));
        }
        assert_eq!(arguments.next(), None);
    }

    #[test]
    fn other_linkers_get_nothing_that_they_do_not_know() {
        for linker in [Linker::Apple, Linker::Windows] {
            assert_eq!(linker.shared_library().count(), 0);
            assert_eq!(linker.hide_dependencies(), "");
        }
    }
}
