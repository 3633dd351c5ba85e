//! This machine's C and C++ compilers: which they are, and how their command lines begin.
//!
//! The tests run them under a watchdog and with a clean environment, the benchmarks and the demonstration
//! directly. The caller decides what to compile, and with which warnings.

#![forbid(unsafe_code)]

use std::env;
use std::ffi::{OsStr, OsString};
use std::process::{Command, Stdio};

/// A compiler.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Compiler {
    program: OsString,
    first: Vec<OsString>,
}

impl Compiler {
    /// The compiler that the variable `CC` names, or `cc`.
    pub fn c() -> Compiler {
        Compiler::of("CC", "cc")
    }

    /// The compiler that the variable `CXX` names, or `c++`.
    pub fn cpp() -> Compiler {
        Compiler::of("CXX", "c++")
    }

    /// The compiler that this environment variable names, or else `usual`.
    pub fn of(variable: &str, usual: &str) -> Compiler {
        let named = env::var(variable).unwrap_or_default();
        Compiler::named(&named)
            .or_else(|| Compiler::named(usual))
            .expect("a name is not empty")
    }

    /// The compiler with this name and first arguments, written as in `CC`; `None` if there are no words.
    pub fn named(words: &str) -> Option<Compiler> {
        let mut words = words.split_whitespace().map(OsString::from);
        Some(Compiler {
            program: words.next()?,
            first: words.collect(),
        })
    }

    /// The program.
    pub fn program(&self) -> &OsStr {
        &self.program
    }

    /// What comes before all other arguments: `CC` may be `ccache cc`.
    pub fn first(&self) -> &[OsString] {
        &self.first
    }

    /// A command that runs it. The caller adds arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.first);
        command
    }

    /// Checks that it runs.
    ///
    /// # Errors
    /// It does not: a sentence that says what to do.
    pub fn check(&self) -> Result<(), String> {
        let shown = self.program.display();
        let ran = self
            .command()
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match ran {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(format!(
                "`{shown} --version` failed: it is not a C compiler. Name one in CC"
            )),
            Err(error) => Err(format!(
                "can't run the C compiler `{shown}` ({error}): install one, or name one in CC"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_is_missing_is_named_with_the_way_out() {
        let missing = Compiler::named("no-such-cc -m64").unwrap();
        assert_eq!(missing.first(), ["-m64"]);
        let text = missing.check().unwrap_err();
        assert!(
            text.contains("`no-such-cc`") && text.contains("CC"),
            "{text}"
        );
        assert!(Compiler::named("false").unwrap().check().is_err());
        assert_eq!(Compiler::named(" "), None);
    }
}
