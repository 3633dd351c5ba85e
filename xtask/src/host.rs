//! Host programs: finds a C compiler, compiles C sources, and runs the programs.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, bail, ensure};
use rt0_cc::Compiler;

/// A C program to compile.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The C source.
    pub source: &'a Path,
    /// The executable to make.
    pub output: &'a Path,
    /// Directories with headers.
    pub include: &'a [&'a Path],
    /// A shared library to link with: its directory, and its name without `lib` and `.so`. The program finds
    /// it there at run time.
    pub library: Option<(&'a Path, &'a str)>,
    /// More arguments.
    pub flags: &'a [&'a str],
}

/// The compiler in the environment variable `CC`, or `cc`.
///
/// # Errors
/// The compiler does not run.
pub fn compiler() -> Result<Compiler> {
    let compiler = Compiler::c();
    compiler.check().map_err(Error::msg)?;
    Ok(compiler)
}

/// Compiles and links a program. The compiler's messages go to stderr.
///
/// # Errors
/// The program does not compile or link.
pub fn compile(compiler: &Compiler, program: &Program) -> Result<()> {
    let mut command = compiler.command();
    command.args(["-std=c11", "-O2", "-Wall", "-Wextra", "-Wpedantic"]);
    command.args(program.flags);
    for directory in program.include {
        command.arg("-I").arg(directory);
    }
    command.arg("-o").arg(program.output).arg(program.source);
    if let Some((directory, name)) = program.library {
        let mut rpath = OsString::from("-Wl,-rpath,");
        rpath.push(directory);
        command
            .arg("-L")
            .arg(directory)
            .arg(format!("-l{name}"))
            .arg(rpath);
    }
    // For dlopen; where the C library contains it, this library is empty.
    command.arg("-ldl");
    let status = command.status().context("can't run the C compiler")?;
    ensure!(
        status.success(),
        "{} does not compile",
        program.source.display()
    );
    Ok(())
}

/// Python 3.8 or later with ctypes, if installed: `PYTHON` in the environment, or `python3`.
pub fn python() -> Option<PathBuf> {
    let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let check = "import sys, ctypes; sys.exit(sys.version_info < (3, 8))";
    let status = Command::new(&python)
        .args(["-c", check])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status
        .is_ok_and(|status| status.success())
        .then(|| python.into())
}

/// Runs a command to its end, but not for longer than `limit`.
///
/// # Errors
/// It can't be run, or took longer and was killed.
pub fn run(command: &mut Command, limit: Duration) -> Result<ExitStatus> {
    const LOOK: Duration = Duration::from_millis(10);
    let name = command.get_program().to_owned();
    let name = name.display();
    let begun = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("can't run {name}"))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if begun.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("{name} was not done after {limit:?} and was killed");
        }
        sleep(LOOK);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn in_a_directory(name: &str) -> PathBuf {
        let directory = env::temp_dir().join(format!("rt0-host-{name}-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        directory
    }

    #[test]
    fn a_program_is_compiled_and_run() {
        let directory = in_a_directory("compiled");
        let source = directory.join("five.c");
        let output = directory.join("five");
        fs::write(&source, "int main(void) { return FIVE; }\n").unwrap();
        let compiler = compiler().unwrap();
        let program = |flags| Program {
            source: &source,
            output: &output,
            include: &[],
            library: None,
            flags,
        };
        compile(&compiler, &program(&["-DFIVE=5"])).unwrap();
        let status = run(&mut Command::new(&output), Duration::from_secs(120)).unwrap();
        assert_eq!(status.code(), Some(5));
        let error = compile(&compiler, &program(&["-DFIVE=?"])).unwrap_err();
        assert!(error.to_string().contains("five.c does not compile"));
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn a_command_that_takes_too_long_is_killed() {
        let begun = Instant::now();
        let error = run(Command::new("sleep").arg("60"), Duration::from_millis(50)).unwrap_err();
        assert!(error.to_string().contains("was killed"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}
