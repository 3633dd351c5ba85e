//! A library for a system that nothing here can run: `cargo rt0 build` makes it, with a compiler of our own in the
//! place of that system's, and `cargo rt0 inspect` and `header` read it.
//!
//! - `apple.rs`: LLVM's linker, with zig's list of what Apple's C library has.
//! - `apple_archive.rs`: archives for Apple's systems, in a C program.
//! - `android.rs`: LLVM's linker, with libraries that have names and nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::lld::{linker_named, zig};
use super::{android, apple, apple_archive};
use crate::run::{cargo, root, said, target as target_dir};
use crate::std_source;

/// The name of the crate below.
const NAME: &str = "far";

/// A crate with whatever rt0 and tokio have, and a symbol that it exports by hand.
const MANIFEST: &str = "\
[package]
name = \"far\"
version = \"1.2.3\"
edition = \"2024\"
[lib]
path = \"lib.rs\"
crate-type = [\"cdylib\"]
[package.metadata.rt0]
keep = [\"far_kept\"]
[workspace]
";

const LIBRARY: &str = "\
//! Has whatever rt0 and tokio have.

struct Far(u16);

#[rt0::init]
async fn init() -> std::io::Result<Far> {
    let address = tokio::net::TcpListener::bind(\"127.0.0.1:0\").await?.local_addr()?;
    Ok(Far(address.port()))
}

/// The number of the port.
#[rt0::export]
fn port(far: rt0::State<'_, Far>) -> Result<u16, String> {
    Ok(far.0)
}

#[unsafe(no_mangle)]
pub extern \"C\" fn far_kept() -> i32 { 7 }

#[unsafe(no_mangle)]
pub extern \"C\" fn far_hidden() -> i32 { 8 }
";

/// The symbols that the library shows, in the order of their letters.
const VISIBLE: [&str; 10] = [
    "far_abi_version",
    "far_free",
    "far_kept",
    "far_last_error",
    "far_port",
    "far_report",
    "far_shutdown",
    "far_start",
    "far_state",
    "far_wait",
];

fn is_apples(triple: &str) -> bool {
    triple.contains("-apple-")
}

/// Whether a library for this target is linked.
pub fn is_for(triple: &str) -> bool {
    is_apples(triple) || triple == android::TRIPLE
}

/// What this machine lacks for it, if anything.
pub fn missing(triple: &str) -> Option<String> {
    let linker = match is_apples(triple) {
        true => "ld64.lld",
        false => "ld.lld",
    };
    let is_there = [
        ("LLVM's linker", linker_named(linker).is_some()),
        ("zig", zig().is_some()),
    ];
    let missing = is_there.into_iter().find(|(_, is_there)| !is_there);
    missing.map(|(name, _)| format!("{name} is missing: rustup and ci/cross.sh install it"))
}

/// Links the library, which cargo builds in `shared`, and looks into it.
///
/// # Errors
/// It can't be linked, or is not as it should be.
pub fn check(triple: &str, shared: &Path) -> Result<()> {
    let dir = root().join(target_dir().join("cross/linked").join(triple));
    fs::create_dir_all(&dir).with_context(|| format!("can't make {}", dir.display()))?;
    write_project(&dir, NAME)?;
    let compiler = dir.join("cc");
    let variables = match is_apples(triple) {
        true => apple::compiler(&dir, &compiler)?,
        false => android::compiler(&dir, &compiler)?,
    };
    fs::set_permissions(&compiler, PermissionsExt::from_mode(0o755))?;
    let build = |dir: &Path| -> Result<()> {
        let upper = triple.to_uppercase().replace('-', "_");
        let mut command = tool()?;
        command.args(["build", "--quiet", "--offline", "--target", triple]);
        command.args(["--out", "out"]);
        if is_apples(triple) {
            command.arg("--static");
        }
        command
            .current_dir(dir)
            .env("CARGO_TARGET_DIR", root().join(shared))
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_unwind")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("__CARGO_TESTS_ONLY_SRC_ROOT", std_source::find()?)
            .env(format!("CARGO_TARGET_{upper}_LINKER"), &compiler)
            .envs(variables.iter().map(|(name, value)| (name, value)));
        let output = command.output().context("can't run cargo")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{said}");
        Ok(())
    };
    build(&dir)?;
    let header = fs::read_to_string(dir.join("out/far.h"))?;
    ensure!(
        header.contains(
            "/** The number of the port. */\nint32_t far_port(uint16_t *out, char **err)"
        ),
        "{header}"
    );
    let pkg_config = fs::read_to_string(dir.join("out/far.pc"))?;
    ensure!(
        pkg_config.contains("Libs: -L${libdir} -lfar\n"),
        "{pkg_config}"
    );
    let name = match is_apples(triple) {
        true => "libfar.dylib",
        false => "libfar.so",
    };
    let library = dir.join("out").join(name);
    let report = inspect(&library)?;
    ensure!(
        report["findings"] == serde_json::json!([]),
        "{}",
        report["findings"]
    );
    let visible = &report["symbols"]["visible"];
    ensure!(*visible == serde_json::json!(VISIBLE), "{visible}");
    let again = said(tool()?.arg("header").arg(&library))?;
    ensure!(
        again == header,
        "the file has another header than the build"
    );
    if !is_apples(triple) {
        return android::check(&report);
    }
    apple::check(&library, &report)?;
    // The archive, and one of another library beside it.
    let archive = dir.join("out/libfar.a");
    let report = inspect(&archive)?;
    let visible = &report["symbols"]["visible"];
    ensure!(*visible == serde_json::json!(VISIBLE), "{visible}");
    let of_archive = said(tool()?.arg("header").arg(&archive))?;
    ensure!(of_archive == header, "the archive has another header");
    let near = dir.join(apple_archive::OTHER);
    fs::create_dir_all(&near).with_context(|| format!("can't make {}", near.display()))?;
    write_project(&near, apple_archive::OTHER)?;
    build(&near)?;
    apple_archive::check(triple, &dir, &compiler, &VISIBLE)?;
    // And the same library for this machine.
    let mut native = tool()?;
    native.args(["build", "--quiet", "--offline", "--out", "native"]);
    native
        .current_dir(&dir)
        .env("CARGO_TARGET_DIR", root().join(shared));
    said(&mut native)?;
    let native = fs::read_to_string(dir.join("native/far.h"))?;
    ensure!(
        native == header,
        "the library for this machine has another header"
    );
    Ok(())
}

/// `cargo rt0`, which this builds first.
fn tool() -> Result<Command> {
    said(&mut cargo("build --quiet -p cargo-rt0 --bin cargo-rt0"))?;
    let mut tool = Command::new(root().join(target_dir().join("debug/cargo-rt0")));
    tool.arg("rt0");
    Ok(tool)
}

fn inspect(library: &Path) -> Result<Value> {
    let mut command = tool()?;
    command.args(["inspect", "--json"]).arg(library);
    let output = command.output().context("can't run the tool")?;
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).context(why)
}

/// Writes the crate, under this name.
fn write_project(dir: &Path, name: &str) -> Result<()> {
    let rt0 = root().join("crates/rt0");
    let manifest = format!(
        "{MANIFEST}[dependencies]\nrt0 = {{ path = {rt0:?}, features = [\"tokio\"] }}\n\
         tokio = {{ version = \"1\", features = [\"net\", \"rt-multi-thread\"] }}\n"
    );
    for (file, text) in [("Cargo.toml", &*manifest), ("lib.rs", LIBRARY)] {
        let text = text.replace(&format!("{NAME}_"), &format!("{name}_"));
        let text = text.replace(&format!("{NAME:?}"), &format!("{name:?}"));
        fs::write(dir.join(file), text)?;
    }
    // The versions that are here.
    fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock"))?;
    Ok(())
}
