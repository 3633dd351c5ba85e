//! `cargo xtask miri`: Miri interprets unit tests of what hosts hold, and looks at every access to memory.
//!
//! Miri knows neither assembly nor most system calls. So it runs the tests of single modules: the arguments and
//! buffers of calls, handles, the threads' slots, queues of tags, texts and descriptions. It comes with rustup's
//! nightly toolchain alone.

use std::process::Command;

use anyhow::Result;

use crate::run::{root, said, step, target, timed};

/// Unit tests of a crate: all in these modules, but for those that take Miri minutes and have no unsafe code.
struct Tests {
    package: &'static str,
    features: &'static str,
    modules: &'static [&'static str],
    but: &'static [&'static str],
}

const TESTS: [Tests; 3] = [
    Tests {
        package: "rt0-abi",
        features: "decode",
        modules: &["decode::", "status::"],
        but: &[],
    },
    Tests {
        package: "rt0-core",
        features: "",
        modules: &[
            "generation::places::",
            "library::settings::",
            "platform::freestanding::tests::filling",
            "protocol::",
            "text::",
        ],
        but: &[],
    },
    Tests {
        package: "rt0",
        features: "tracing-layer",
        modules: &[
            "call::",
            "config::fixed_text::",
            "events::host::",
            "events::queue::",
            "events::spans::",
            "generation::numbers::",
            "ops::queue::",
            "report::",
            "runtime::stop_signal::",
        ],
        but: &["forty_thousand"],
    },
];

/// Tests in which threads meet: these run once for each seed, from which Miri takes the order of the threads, and
/// which of the values that an atomic has had a thread sees.
const MEETINGS: [(&str, &str, &str); 2] = [
    ("rt0-core", "", "protocol::in_flight::with_threads::"),
    ("rt0", "tracing-layer", "call::handle::tests::threads_meet"),
];

/// How many seeds.
const SEEDS: u32 = 16;

/// Runs them, or says that Miri is missing.
///
/// # Errors
/// A test fails, or Miri reports something.
pub fn run() -> Result<()> {
    if said(&mut miri("--version")).is_err() {
        println!(
            "skipped: Miri is missing: \
             rustup toolchain install nightly --profile minimal --component miri,rust-src"
        );
        return Ok(());
    }
    for Tests {
        package,
        features,
        modules,
        but,
    } in TESTS
    {
        let mut test = miri("test --lib --package");
        test.args([package, "--features", features, "--"]);
        test.args(modules);
        for name in but {
            test.args(["--skip", name]);
        }
        step(&format!("Miri: {package}"), &mut test)?;
    }
    for (package, features, name) in MEETINGS {
        let mut test = miri("test --lib --package");
        test.args([package, "--features", features, "--", "--nocapture", name]);
        test.env("MIRIFLAGS", format!("-Zmiri-many-seeds=0..{SEEDS}"));
        let what = format!("Miri: {name}, with {SEEDS} seeds");
        // What the runs print beside each other is shown only of a failure.
        timed(&what, || said(&mut test))?;
    }
    Ok(())
}

/// A command of Miri's. It needs no access to the network, and no toolchain is installed for it.
fn miri(words: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root()).args(["+nightly", "miri"]);
    cargo.args(words.split_whitespace());
    cargo.env("RUSTUP_AUTO_INSTALL", "0");
    cargo.env("CARGO_TARGET_DIR", target().join("miri"));
    cargo
}
