//! What a new project can be built with. Each template is a module with the folder of its name.

mod c;
mod jni;
mod napi;
mod pyo3;
mod uniffi;

/// What a project is built with, and the hosts that load it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Template {
    /// `cargo rt0 build`: a C header, hosts in C and Python
    #[default]
    C,
    /// maturin and PyO3: a Python package
    Pyo3,
    /// @napi-rs/cli: a Node.js package
    Napi,
    /// UniFFI: a Python module, and other languages
    Uniffi,
    /// cargo and the jni crate: a Java class
    Jni,
}

/// The files of a project.
pub(super) struct Contents {
    /// Their paths and texts. In the texts `@NAME@` is the project's name, `@CRATE@` its crate's, `@UPPER@` that in
    /// capitals, `@CLASS@` that as the name of a class, `@RT0@` where the crate rt0 is, by its path or its version, as a
    /// part of a table in TOML, and `@RT0-X@` the same of a crate `rt0-X`. `@WHERE@` and `@WHERE-README@` are a line
    /// about that, or nothing.
    pub files: &'static [(&'static str, &'static str)],
    /// What to type next, in the project's folder: a line for each command.
    pub next: &'static str,
    /// What README.md has besides.
    pub more: &'static str,
}

impl Template {
    pub(super) fn contents(self) -> Contents {
        match self {
            Template::C => c::CONTENTS,
            Template::Pyo3 => pyo3::CONTENTS,
            Template::Napi => napi::CONTENTS,
            Template::Uniffi => uniffi::CONTENTS,
            Template::Jni => jni::CONTENTS,
        }
    }
}
