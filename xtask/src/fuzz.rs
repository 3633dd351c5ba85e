//! `cargo xtask fuzz`: libFuzzer invents files for the code that reads untrusted files.
//!
//! The targets are laid out for cargo-fuzz, and run with it under a nightly compiler. Here the installed
//! compiler builds them: with some LLVM options, libFuzzer sees which code an input reaches. There is no
//! sanitizer, because the code is safe Rust.

use std::fs::{self, File};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::run::{cargo, root, rustc, step, target, timed};

/// The targets: files in `fuzz/fuzz_targets`.
const TARGETS: [&str; 5] = ["description", "doctor", "header", "inspect", "linker"];

/// The flags that cargo-fuzz would set, without the sanitizer.
const COVERAGE: &str = "--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Runs each target for this long. It begins with the corpus in the repository and with the inputs that
/// earlier runs found, which stay in the target directory.
///
/// # Errors
/// A target fails: its last lines name the input.
pub fn run(seconds: u64, only: Option<&str>) -> Result<()> {
    let about = rustc(&["-vV"])?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not say what it runs on")?;
    let fuzz = root().join("fuzz");
    let built = target().join("fuzz");
    step(
        "the fuzzers",
        cargo("build --release --locked --quiet --target")
            .arg(host)
            .current_dir(&fuzz)
            .env("RUSTFLAGS", COVERAGE)
            .env("CARGO_TARGET_DIR", &built),
    )?;
    let wanted = TARGETS
        .iter()
        .filter(|name| only.is_none_or(|only| only == **name));
    let mut ran = 0;
    for name in wanted {
        ran += 1;
        let found = built.join("corpus").join(name);
        fs::create_dir_all(&found)?;
        let log = built.join(format!("{name}.log"));
        let mut fuzzer = Command::new(built.join(host).join("release").join(name));
        fuzzer
            .args(["-max_len=20000", "-timeout=60", "-rss_limit_mb=1500"])
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!(
                "-artifact_prefix={}/failed-{name}-",
                built.display()
            ))
            .arg(&found)
            .arg(fuzz.join("corpus").join(name))
            .stderr(File::create(&log)?);
        let what = format!("fuzzing, {name}, for {seconds} s: {}", log.display());
        let status = timed(&what, || fuzzer.status());
        let status = status.with_context(|| format!("{name} can't be run"))?;
        let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        if !status.success() {
            let last = &lines[lines.len().saturating_sub(40)..];
            bail!("{name} failed:\n{}", last.join("\n"));
        }
        let done = lines.iter().find(|line| line.contains("DONE"));
        println!("    {}", done.copied().unwrap_or_default());
    }
    ensure!(
        ran > 0,
        "there is no such target; there are {}",
        TARGETS.join(", ")
    );
    Ok(())
}
