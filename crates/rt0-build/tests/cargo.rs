//! What cargo does with a crate that has `rt0_build::setup()` in its build script. If that and rt0 do not fit
//! together, cargo shows one sentence, and no linker runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A crate with `rt0_build::setup()` in its build script.
struct Project {
    dir: PathBuf,
}

impl Project {
    /// With these dependencies, and another rt0 beside it, with this build script: it tells what it likes.
    fn new(name: &str, dependencies: &str, rt0: &str) -> Project {
        let build = Path::new(env!("CARGO_MANIFEST_DIR"));
        let package = |name: &str| {
            format!("[package]\nname = \"{name}\"\nversion = \"9.9.9\"\nedition = \"2024\"\n")
        };
        let project = Project {
            dir: Path::new(env!("CARGO_TARGET_TMPDIR")).join(name),
        };
        let manifest = format!(
            "{}[lib]\ncrate-type = [\"cdylib\"]\n[dependencies]\n{dependencies}\n\
             [build-dependencies]\nrt0-build = {{ path = {build:?} }}\n[workspace]\n",
            package("shop")
        );
        project.write("Cargo.toml", &manifest);
        project.write("src/lib.rs", "");
        project.write("build.rs", "fn main() { rt0_build::setup(); }\n");
        project.write(
            "rt0/Cargo.toml",
            &format!("{}links = \"rt0\"\n", package("rt0")),
        );
        project.write("rt0/src/lib.rs", "");
        project.write("rt0/build.rs", rt0);
        project
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn cargo(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO"))
            .args(args)
            .arg("--offline")
            .current_dir(&self.dir)
            .env("CARGO_TARGET_DIR", self.dir.join("target"))
            .output()
            .unwrap()
    }

    /// The only error of ours, when cargo builds it.
    fn refused(&self) -> String {
        let output = self.cargo(&["build"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{said}");
        assert!(!said.contains("linking with"), "{said}");
        let mut errors = said.lines().filter(|line| line.contains("rt0-build: "));
        let error = errors.next().unwrap_or_else(|| panic!("{said}")).to_owned();
        assert_eq!(errors.next(), None, "{said}");
        error
    }
}

#[test]
fn without_rt0_among_the_dependencies_the_build_says_so() {
    let said = Project::new("none", "", "fn main() {}\n").refused();
    assert!(
        said.contains("rt0 is not among the [dependencies] of `shop`"),
        "{said}"
    );
}

#[test]
fn an_rt0_that_does_not_fit_is_named_with_its_version() {
    let tells = "fn main() { println!(\"cargo::metadata=linking=99\"); println!(\"cargo::metadata=version=9.9.9\"); }\n";
    let said = Project::new("newer", "rt0 = { path = \"rt0\" }", tells).refused();
    assert!(
        said.contains("rt0 9.9.9 and rt0-build 0.1.0 do not understand each other"),
        "{said}"
    );
    assert!(said.contains("Cargo.toml of `shop`"), "{said}");
}

/// Whether a built file has the symbol that only the linker could have defined there.
fn is_told(file: &Path) -> bool {
    let bytes = fs::read(file).unwrap();
    bytes
        .windows(PROOF.len())
        .any(|window| window == PROOF.as_bytes())
}

const PROOF: &str = "told_by_the_other_rt0";

#[test]
fn tests_programs_and_archives_are_linked_as_ever() {
    let tells = format!(
        "fn main() {{ println!(\"cargo::metadata=linking=1\"); \
         println!(\"cargo::metadata=arguments=-Wl,--defsym={PROOF}=1\"); }}\n"
    );
    let project = Project::new("untouched", "rt0 = { path = \"rt0\" }", &tells);
    project.write("src/lib.rs", "#[test]\nfn works() {}\n");
    project.write("src/main.rs", "fn main() {}\n");
    project.write("tests/outside.rs", "#[test]\nfn works() {}\n");
    let manifest = fs::read_to_string(project.dir.join("Cargo.toml")).unwrap();
    let types = "[\"cdylib\", \"rlib\", \"staticlib\"]";
    project.write("Cargo.toml", &manifest.replace("[\"cdylib\"]", types));
    for command in [&["build"][..], &["test", "--no-run"]] {
        let output = project.cargo(command);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert!(!said.contains("warning"), "{said}");
    }
    let mut told = Vec::new();
    let built = project.dir.join("target/debug");
    for dir in [&built, &built.join("deps")] {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && is_told(&path) {
                told.push(path.extension().unwrap_or_default().to_owned());
            }
        }
    }
    // Cargo 1.85 also tells a library's own tests, which work all the same.
    let version = project.cargo(&["--version"]).stdout;
    if version.starts_with(b"cargo 1.85.") {
        told.retain(|extension| !extension.is_empty());
    }
    // In both folders.
    assert_eq!(told, ["so", "so"]);
}
