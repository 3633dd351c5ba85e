//! `cargo xtask compile-cost`: how much processor time rt0 adds to a clean build, in the dev profile, of a library that
//! has tokio already.
//!
//! The same small library is built with rt0 and by hand, in turns, each time from nothing. A busy machine makes
//! processor time a little longer, for both; so the ratio is shown too.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::bench::median;
use crate::run::{root, said, target};

/// What rt0 may add, in seconds of processor time.
const MOST: f64 = 12.0;

/// As most authors have it.
const TOKIO: &str =
    r#"tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "sync", "time"] }"#;

const WITH: &str = r#"
struct Engine(u32);

#[rt0::init]
async fn init() -> Result<Engine, String> {
    tokio::task::yield_now().await;
    Ok(Engine(1))
}

#[rt0::export]
fn add(engine: rt0::State<'_, Engine>, more: u32) -> Result<u32, String> {
    Ok(engine.0 + more)
}
"#;

const BY_HAND: &str = r#"
use std::sync::OnceLock;
use tokio::runtime::Runtime;

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

#[unsafe(no_mangle)]
pub extern "C" fn author_add(more: u32) -> u32 {
    RUNTIME.get_or_init(|| Runtime::new().unwrap()).block_on(async {
        tokio::task::yield_now().await;
        1 + more
    })
}
"#;

/// Builds each so many times.
///
/// # Errors
/// A build fails, or rt0 adds more than it may.
pub fn run(rounds: usize) -> Result<()> {
    let rt0 = format!("rt0 = {{ path = {:?} }}", root().join("crates/rt0"));
    let with = Project::write("with", &rt0, WITH)?;
    let by_hand = Project::write("by-hand", "", BY_HAND)?;
    let (mut withs, mut by_hands) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        withs.push(with.build()?);
        by_hands.push(by_hand.build()?);
        let (with, by_hand) = (withs[round - 1], by_hands[round - 1]);
        println!("{round}: {with:.1} s with rt0, {by_hand:.1} s by hand");
    }
    let (with, by_hand) = (median(&withs), median(&by_hands));
    let more = with - by_hand;
    println!(
        "Medians of processor time: {with:.1} s with rt0, {by_hand:.1} s by hand. rt0 adds {more:.1} s: {:.2} times.",
        with / by_hand
    );
    ensure!(more <= MOST, "rt0 adds more than {MOST} s");
    Ok(())
}

struct Project {
    dir: PathBuf,
}

impl Project {
    /// With the versions of the workspace.
    fn write(name: &str, dependency: &str, source: &str) -> Result<Project> {
        let dir = target().join("compile-cost").join(name);
        fs::create_dir_all(dir.join("src"))?;
        let manifest = format!(
            "[package]\nname = \"author\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\n{TOKIO}\n{dependency}\n\n[workspace]\n"
        );
        fs::write(dir.join("Cargo.toml"), manifest)?;
        fs::write(dir.join("src/lib.rs"), source)?;
        fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock"))?;
        let project = Project { dir };
        said(&mut project.cargo("fetch"))?;
        Ok(project)
    }

    fn cargo(&self, command: &str) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.current_dir(&self.dir).arg(command).arg("--quiet");
        // As authors have it.
        cargo
            .env_remove("CARGO_INCREMENTAL")
            .env_remove("RUSTFLAGS");
        cargo.env("CARGO_TARGET_DIR", self.dir.join("target"));
        cargo
    }

    /// Builds it from nothing; returns seconds of processor time.
    fn build(&self) -> Result<f64> {
        let built = self.dir.join("target");
        if built.exists() {
            fs::remove_dir_all(built)?;
        }
        // bash tells the time of all processes below.
        let mut bash = Command::new("bash");
        bash.args(["-c", "TIMEFORMAT='%U %S'; time \"$@\"", "bash"]);
        let cargo = self.cargo("build");
        bash.arg(cargo.get_program())
            .args(cargo.get_args())
            .arg("--offline");
        bash.current_dir(&self.dir);
        for (name, value) in cargo.get_envs() {
            match value {
                Some(value) => bash.env(name, value),
                None => bash.env_remove(name),
            };
        }
        let output = bash.output().context("bash can't be run")?;
        let text = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "the build failed:\n{text}");
        seconds(text.trim()).with_context(|| format!("bash told no time: {text}"))
    }
}

/// The sum of user and system time, which bash writes last.
fn seconds(said: &str) -> Option<f64> {
    let mut times = said.lines().last()?.split(' ').map(str::parse::<f64>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_the_last_line() {
        assert_eq!(seconds("warning: 1 2 3\n1.5 0.25"), Some(1.75));
        assert_eq!(seconds("error"), None);
    }
}
