//! What the projects of all generators have in common: where they are, how a new one is made, what their files must
//! have.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cargo_rt0::image::Image;
use cargo_rt0::inspect::{Report, inspect};
use cargo_rt0::scaffold::{self, Created, Template};
use rt0_hosts::{scratch, workspace};

/// A compiler takes longer than a host.
pub const BUILD_LIMIT: Duration = Duration::from_secs(1800);

/// The example for this generator.
pub fn example(generator: &str) -> PathBuf {
    workspace().join("examples").join(generator)
}

/// The commands in the README of an example, in order.
pub fn readme(generator: &str) -> Vec<String> {
    let text = fs::read_to_string(example(generator).join("README.md")).expect("it is committed");
    let blocks = text.split("```sh\n").skip(1);
    let commands = blocks.filter_map(|rest| Some(rest.split_once("```")?.0.to_owned()));
    let commands: Vec<_> = commands.collect();
    assert!(!commands.is_empty(), "{text}");
    commands
}

/// Where its tests put what they build.
pub fn dir(generator: &str) -> PathBuf {
    scratch().join("ecosystems").join(generator)
}

/// Cargo's target directory for the example and for new projects, whose dependencies are the same. `cargo xtask
/// sabotage` names the usual one, for dependencies have no switches.
pub fn cargo_dir(generator: &str) -> PathBuf {
    let dir = match std::env::var_os("RT0_HOSTS_PROJECTS_DIR") {
        Some(dir) => PathBuf::from(dir).join(generator),
        None => dir(generator),
    };
    dir.join("cargo")
}

/// An empty directory.
pub fn fresh(dir: PathBuf) -> PathBuf {
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("the target directory can be written");
    dir
}

/// A new project with the versions of the example, which are here already.
pub fn new(generator: &str, template: Template, name: &str) -> Created {
    let path = fresh(dir(generator).join("new")).join(name);
    let options = scaffold::Options {
        name: name.to_owned(),
        path: Some(path.clone()),
        rt0_path: None,
        template,
    };
    let created = scaffold::create(&options).expect("the directory is empty");
    let lock = example(generator).join("Cargo.lock");
    fs::copy(lock, path.join("Cargo.lock")).expect("it is committed");
    created
}

/// What `cargo rt0 inspect --require all` asks for, and all that it says.
#[track_caller]
pub fn check_protections(file: &Path) -> Report {
    let image = Image::open(file).expect("it was built");
    let report = inspect(&image).expect("a library of ours");
    assert_eq!(report.missing(), [""; 0], "{}", report.to_text());
    report
}
