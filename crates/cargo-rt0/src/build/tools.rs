//! The programs that a build runs.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rt0_abi::linking::Linker;

use crate::error::{Error, Result};
use crate::linker::gnu_prefix;
use crate::this_system::LIBRARY_PATH;

/// The programs that make an archive.
pub struct Tools {
    /// The C compiler, which knows the target's linker.
    pub cc: PathBuf,
    /// Changes the symbols of an object file.
    pub objcopy: PathBuf,
    /// Where the toolchain's own programs find their shared libraries.
    library_path: OsString,
}

impl Tools {
    /// Finds them. It prefers the toolchain's own objcopy, which knows every processor.
    ///
    /// # Errors
    /// Nothing fails at present.
    pub fn find(cc: PathBuf, target: &str, compiler: &Compiler) -> Result<Tools> {
        let host = &compiler.host;
        let lib = compiler.sysroot.join("lib");
        let own = lib.join("rustlib").join(host).join("bin/rust-objcopy");
        let inherited = env::var_os(LIBRARY_PATH).unwrap_or_default();
        let inherited = env::split_paths(&inherited).filter(|dir| !dir.as_os_str().is_empty());
        let library_path = env::join_paths([lib.clone()].into_iter().chain(inherited))
            .unwrap_or_else(|_| lib.clone().into_os_string());
        let objcopy = if own.is_file() {
            own
        } else {
            format!("{}objcopy", gnu_prefix(target, host)).into()
        };
        Ok(Tools {
            cc,
            objcopy,
            library_path,
        })
    }

    /// An objcopy command. The toolchain's own objcopy needs a shared library of the compiler, and only
    /// cargo's children have its directory in their environment.
    pub fn objcopy(&self) -> Command {
        let mut command = Command::new(&self.objcopy);
        command.env(LIBRARY_PATH, &self.library_path);
        command
    }

    /// An objcopy command that leaves out what linkers of C programs don't need: these sections, and the debug
    /// information unless it is asked for.
    pub fn strip(&self, unwanted: &[&str], debug: bool) -> Command {
        let mut command = self.objcopy();
        for name in unwanted {
            command.args(["--remove-section", name]);
        }
        if !debug {
            command.arg("--strip-debug");
        }
        command
    }
}

/// Checks that the linker exists, before anything is compiled in vain.
///
/// # Errors
/// It does not: the error says what to install.
pub fn check_linker(linker: &Path, target: &str, host: &str) -> Result<()> {
    let is_apples = |target: &str| Linker::of_target(target) == Linker::Apple;
    if is_apples(target) && !is_apples(host) && linker == Path::new("cc") {
        return Err(Error::input(format!(
            "this machine's C compiler does not link for Apple's systems: set a program that calls LLVM's linker \
             (ld64.lld) as `linker` in [target.{target}] of .cargo/config.toml (docs/platforms.md shows one)"
        )));
    }
    // A relative path counts from the folder that the compiler runs in, which is not known here.
    let found = if linker.components().count() > 1 {
        linker.is_relative() || linker.is_file()
    } else {
        let path = env::var_os("PATH").unwrap_or_default();
        let with_suffix = format!("{}{}", linker.display(), env::consts::EXE_SUFFIX);
        env::split_paths(&path)
            .any(|dir| dir.join(linker).is_file() || dir.join(&with_suffix).is_file())
    };
    if found {
        return Ok(());
    }
    let program = linker.display();
    let install = match program.to_string().as_str() {
        "cc" => "install a C compiler (Debian and Ubuntu: `apt install gcc libc6-dev`; Fedora: `dnf install gcc`; \
                 Alpine: `apk add gcc musl-dev`)"
            .to_owned(),
        _ => format!("install it, or set another one as `linker` in [target.{target}] of .cargo/config.toml"),
    };
    Err(Error::failed(format!(
        "cannot find {program}, the linker: {install}"
    )))
}

/// The cargo that runs us, or the one in PATH.
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// What the compiler says about itself.
pub struct Compiler {
    /// The triple of this machine.
    pub host: String,
    /// The commit that it was built from.
    pub commit: String,
    /// Where it is installed.
    pub sysroot: PathBuf,
}

impl Compiler {
    /// Asks the compiler.
    ///
    /// # Errors
    /// It cannot be run, or does not name the host.
    pub fn ask() -> Result<Compiler> {
        let text = ask_rustc(&["-vV"])?;
        let said = |what: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(what));
            found.map(str::to_owned)
        };
        let root = ask_rustc(&["--print", "sysroot"])?;
        Ok(Compiler {
            host: said("host: ")
                .ok_or_else(|| Error::failed("`rustc -vV` does not name the host"))?,
            commit: said("commit-hash: ").unwrap_or_default(),
            sysroot: root.trim().into(),
        })
    }

    /// The unwinder that comes with the compiler, for a target whose C compilers have none.
    pub fn unwinder(&self, target: &str) -> Option<PathBuf> {
        let libraries = self.sysroot.join("lib/rustlib").join(target).join("lib");
        let path = libraries.join("self-contained/libunwind.a");
        path.is_file().then_some(path)
    }
}

fn ask_rustc(args: &[&str]) -> Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = run(Command::new(rustc).args(args))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program to its end.
///
/// # Errors
/// The program cannot be started or fails: the error has its output.
pub fn run(command: &mut Command) -> Result<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .map_err(|e| Error::failed(format!("cannot run {program}")).because(e))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Error::failed(format!("{program} failed: {}", output.status)).because(said))
}
