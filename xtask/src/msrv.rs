//! `cargo xtask msrv`: the crates that authors' libraries are made of, and a new project, with the compiler of Debian's
//! stable release. clippy's `incompatible_msrv` holds std's functions between such runs; only this holds the language.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::{Message, Metadata};

use crate::debian::Debian;
use crate::run::{cargo, metadata, root, said, step, target};

/// The crates that promise it.
const CRATES: [&str; 6] = [
    "rt0",
    "rt0-abi",
    "rt0-build",
    "rt0-capi",
    "rt0-core",
    "rt0-macros",
];

/// Other processors, as Debian and as Rust call them. (On powerpc64 Rust has assembly only from 1.95 on.)
const PROCESSORS: [(&str, &str); 5] = [
    ("arm64", "aarch64-unknown-linux-gnu"),
    ("armhf", "armv7-unknown-linux-gnueabihf"),
    ("i386", "i686-unknown-linux-gnu"),
    ("riscv64", "riscv64gc-unknown-linux-gnu"),
    ("s390x", "s390x-unknown-linux-gnu"),
];

/// Runs it. With `all`, also for other processors, and with the newest versions of all dependencies, here and there.
///
/// # Errors
/// Something does not compile or fails; or the compiler is not the one that the crates state.
pub fn run(all: bool) -> Result<()> {
    let debian = Debian::find()?;
    let stated = stated(&metadata()?)?;
    let there = said(&mut debian.command("rustc --version"))?;
    ensure!(
        there.starts_with(&format!("rustc {stated}.")),
        "the crates state Rust {stated}, but Debian has {there}"
    );
    // Without the hash and the date.
    let version = there.split(" (").next().unwrap_or_default();
    let with = |name: &str| format!("{name}, with {version}");
    step(
        &with("the crates' tests, and the versions in Cargo.lock"),
        &mut debian.command(&checks(root(), &target(), "--locked")),
    )?;
    hot_paths(&debian, &with("the hot paths"))?;
    project(&debian, &with("a new project"))?;
    if all {
        for (debians, triple) in PROCESSORS {
            step(
                &with(&format!("compiled for {triple}")),
                &mut debian.command(&for_processor(debians, triple)),
            )?;
        }
        let copy = debian.checkout(COPY, &["Cargo.lock"])?;
        step(
            &with("the newest versions that it can compile"),
            &mut debian.command(&checks(Path::new(COPY), Path::new("/updated-target"), "")),
        )?;
        newest_here(&copy)?;
    }
    Ok(())
}

/// The version that all of the crates state.
fn stated(metadata: &Metadata) -> Result<String> {
    let mut found: Option<String> = None;
    for name in CRATES {
        let package = metadata.workspace_packages().into_iter();
        let package = package.into_iter().find(|package| package.name == name);
        let version = package.and_then(|package| package.rust_version.clone());
        let version = version.with_context(|| format!("{name} states no rust-version"))?;
        let version = format!("{}.{}", version.major, version.minor);
        if let Some(other) = found.as_ref().filter(|other| **other != version) {
            bail!("{name} states Rust {version}, and another crate {other}");
        }
        found = Some(version);
    }
    found.context("there is no crate")
}

/// What is run in a checkout. `rt0` is only checked: crates that its own tests use need a newer compiler. The new project
/// runs it.
fn checks(checkout: &Path, target: &Path, how: &str) -> String {
    format!(
        "cd '{}'\n\
         export CARGO_TARGET_DIR='{}'\n\
         cargo test --quiet {how} -p rt0-abi -p rt0-build -p rt0-core -p rt0-macros >/dev/null\n\
         cargo check --quiet {how} -p rt0-capi -p rt0 --features rt0/tracing-layer\n\
         cargo check --quiet {how} -p rt0 --no-default-features",
        checkout.display(),
        target.display(),
    )
}

/// Compiles the core with its assembly, and checks the rest. Debian's std for another processor is a package of that
/// processor's; only its files are wanted, not what it depends on.
fn for_processor(debians: &str, triple: &str) -> String {
    format!(
        "if [ ! -e /usr/lib/rustlib/{triple} ]; then\n\
             rm -rf /root/std && mkdir /root/std && cd /root/std\n\
             dpkg --add-architecture {debians}\n\
             apt-get -qq update && apt-get -qq -o APT::Sandbox::User=root download libstd-rust-dev:{debians}\n\
             dpkg-deb -x ./*.deb . && mv usr/lib/rustlib/{triple} /usr/lib/rustlib\n\
         fi\n\
         cd '{}'\n\
         export CARGO_TARGET_DIR='{}'\n\
         cargo build --quiet --locked -p rt0-core --target {triple}\n\
         cargo check --quiet --locked -p rt0 --target {triple}",
        root().display(),
        target().display(),
    )
}

/// Runs the test of the hot paths there: it builds its libraries with the compiler that it finds.
fn hot_paths(debian: &Debian, name: &str) -> Result<()> {
    let messages = said(&mut cargo(
        "test --quiet -p rt0 --test asm --no-run --message-format=json",
    ))?;
    let test = executable(&messages, "asm")?;
    debian.put(&test, "/usr/local/bin/asm")?;
    step(name, &mut debian.command("asm >/dev/null"))
}

/// Makes a project as an author would, and runs every command of its README.
fn project(debian: &Debian, name: &str) -> Result<()> {
    let messages = said(&mut cargo(
        "build --quiet -p cargo-rt0 --message-format=json",
    ))?;
    debian.put(
        &executable(&messages, "cargo-rt0")?,
        "/usr/local/bin/cargo-rt0",
    )?;
    let dir = debian.outside("/root/hello");
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    step(
        &format!("{name}: cargo rt0 new"),
        debian
            .command("cd /root && cargo rt0 new hello")
            .stdout(Stdio::null()),
    )?;
    let readme = fs::read_to_string(dir.join("README.md"))?;
    let commands = shell_commands(&readme);
    ensure!(
        commands.contains("cargo rt0 build") && commands.contains("python3 "),
        "the new project's README has other commands than these know:\n{commands}"
    );
    fs::write(debian.outside("/root/commands"), &commands)?;
    step(
        &format!("{name}: its README's commands"),
        &mut debian.command(
            "cd /root/hello && sh -e ../commands >../said 2>../complained || { cat ../said ../complained; exit 1; }",
        ),
    )?;
    let said = fs::read_to_string(debian.outside("/root/said"))?;
    let greeted = said.matches("greeted so far: 1").count();
    ensure!(
        greeted == 2,
        "the hosts in C and Python were to say `greeted so far: 1`:\n{said}"
    );
    Ok(())
}

/// The lines in the blocks marked `sh`.
pub fn shell_commands(readme: &str) -> String {
    let mut inside = false;
    let mut commands = String::new();
    for line in readme.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => {
                commands.push_str(line);
                commands.push('\n');
            }
            _ => {}
        }
    }
    commands
}

/// The program with this name, from what cargo says that it has built.
fn executable(messages: &str, name: &str) -> Result<PathBuf> {
    Message::parse_stream(messages.as_bytes())
        .filter_map(Result::ok)
        .find_map(|message| match message {
            Message::CompilerArtifact(built) if built.target.name == name => built.executable,
            _ => None,
        })
        .map(Into::into)
        .with_context(|| format!("cargo has built no program {name}"))
}

/// Where the copy of the checkout is, inside.
const COPY: &str = "/updated";

/// With the present compiler, whatever rust-version a dependency states.
fn newest_here(copy: &Path) -> Result<()> {
    let _ = fs::remove_file(copy.join("Cargo.lock"));
    step(
        "the newest versions of all dependencies, with the present compiler",
        cargo("test --quiet -p rt0-abi -p rt0-build -p rt0-core -p rt0-macros -p rt0 --lib")
            .current_dir(copy)
            .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "allow")
            .env("CARGO_TARGET_DIR", target().join("newest")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_what_stands_in_blocks_for_a_shell() {
        let readme =
            "Build:\n\n```sh\na\nb c\n```\n\nA file:\n\n```c\nint x;\n```\n\n```sh\nd\n```\n";
        assert_eq!(shell_commands(readme), "a\nb c\nd\n");
    }
}
