//! The libraries that are compared: the same three functions, each in the way of its world.

/// A library.
#[derive(Clone, Copy)]
pub struct Library {
    /// Its folder in `compare/`.
    pub name: &'static str,
    /// The head of its column.
    pub title: &'static str,
    /// What it is, in one sentence.
    pub about: &'static str,
    /// How it is built.
    pub how: How,
    /// The packages whose versions matter.
    pub packages: &'static [&'static str],
}

/// How a library is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By `cargo rt0 build`, in this workspace.
    Rt0,
    /// By cargo, in this workspace.
    Here,
    /// By cargo, in a workspace of its own.
    Alone,
    /// The same, for the Python that is here.
    Python,
    /// By Go.
    Go,
}

/// All of them, in the order of the columns.
pub const ALL: &[Library] = &[
    Library {
        name: "rt0",
        title: "rt0",
        about: "built by `cargo rt0 build`; it boots when it is loaded",
        how: How::Rt0,
        packages: &["tokio"],
    },
    Library {
        name: "go",
        title: "Go",
        about: "Go's c-shared mode; Go's runtime starts when the library is loaded, and `peer_sleep_and_add` and \
                `peer_tell` wait for another goroutine",
        how: How::Go,
        packages: &[],
    },
    Library {
        name: "once-lock",
        title: "OnceLock",
        about: "by hand: a `OnceLock<Runtime>`, which the first call fills",
        how: How::Here,
        packages: &["tokio"],
    },
    Library {
        name: "constructor",
        title: "constructor",
        about: "by hand: a constructor makes the runtime on a thread of its own, and nothing handles forks",
        how: How::Here,
        packages: &["tokio"],
    },
    Library {
        name: "pyo3",
        title: "PyO3",
        about: "a Python module, linked with libpython so that a C program can load it; its C functions use the runtime \
                of pyo3-async-runtimes, and no interpreter runs in the C programs",
        how: How::Python,
        packages: &["pyo3", "pyo3-async-runtimes", "tokio"],
    },
    Library {
        name: "napi",
        title: "napi-rs",
        about: "an addon for node, loaded by C programs; its C functions use the runtime that napi-rs makes for async \
                functions, and no node runs",
        how: How::Alone,
        packages: &["napi", "tokio"],
    },
    Library {
        name: "uniffi",
        title: "UniFFI",
        about: "its option `async_runtime = \"tokio\"`; its C functions call what UniFFI exports, as generated bindings \
                do",
        how: How::Alone,
        packages: &["uniffi", "async-compat", "tokio"],
    },
];

/// What was not tried, and why.
pub const NOT_TRIED: &[(&str, &str)] = &[
    (
        ".NET's NativeAOT",
        "its compiler is a package of NuGet's. The machines on which this page is made reach Debian's packages, \
         crates.io, PyPI, npm, Maven Central and Go's proxy, and none of them has it.",
    ),
    (
        "GraalVM",
        "Maven Central has the classes of native-image, but neither its launcher nor the C libraries that it links: they \
         come with a GraalVM JDK, which none of these registries has.",
    ),
];
