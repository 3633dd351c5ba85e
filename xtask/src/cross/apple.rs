//! A library for Apple's systems, which can be linked here but not run: by LLVM's linker, which comes with Rust,
//! against zig's list of what Apple's C library has. What it asks that for is in the file.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use object::{Object, read::macho::MachOFile64};

use crate::run::{cargo, root, rustc, target as target_dir};
use crate::std_source;

/// The library's name in the file, as a build script asks for it.
const NAME: &str = "@rpath/libfar.dylib";

const MANIFEST: &str = "\
[package]
name = \"far\"
edition = \"2024\"
[lib]
path = \"lib.rs\"
crate-type = [\"cdylib\"]
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

#[rt0::export]
fn port(far: rt0::State<'_, Far>) -> Result<u16, String> {
    Ok(far.0)
}
";

/// What stands for Apple's compiler: the linker alone, with options in its own spelling.
const COMPILER: &str = "\
for argument do
    shift
    case $argument in
    -Wl,*) IFS=,; for part in ${argument#-Wl,}; do set -- \"$@\" \"$part\"; done; unset IFS ;;
    -mmacosx-version-min=*) set -- \"$@\" -platform_version macos \"${argument#*=}\" \"${argument#*=}\" ;;
    -dynamiclib) set -- \"$@\" -dylib ;;
    -nodefaultlibs | -m64) ;;
    *) set -- \"$@\" \"$argument\" ;;
    esac
done
";

/// What this machine lacks for it, if anything.
pub fn missing() -> Option<String> {
    let tools = [("LLVM's linker", linker()), ("zig", c_library())];
    let missing = tools.into_iter().find(|(_, tool)| tool.is_none());
    missing.map(|(name, _)| format!("{name} is missing: rustup and ci/cross.sh install it"))
}

fn linker() -> Option<PathBuf> {
    let here = rustc(&["--print", "target-libdir"]).ok()?;
    let tools = Path::new(here.trim()).parent()?.join("bin/gcc-ld");
    let linker = tools.join("ld64.lld");
    linker.exists().then_some(linker)
}

fn c_library() -> Option<PathBuf> {
    let versions = fs::read_dir(target_dir().join("venv/lib")).ok()?.flatten();
    let list = "site-packages/ziglang/lib/libc/darwin/libSystem.tbd";
    let mut lists = versions.map(|python| python.path().join(list));
    lists.find(|list| list.exists())
}

/// Links the library, which cargo builds in `shared`, and looks into it.
///
/// # Errors
/// It can't be linked, or is not as it should be.
pub fn check(triple: &str, shared: &Path) -> Result<()> {
    let dir = target_dir().join("cross/apple").join(triple);
    let bytes = fs::read(build(triple, &dir, shared)?)?;
    let file = MachOFile64::<object::Endianness>::parse(&*bytes)?;
    let name = NAME.as_bytes();
    ensure!(
        bytes.windows(name.len()).any(|window| window == name),
        "the name of the library is not in it"
    );
    for export in file.exports()? {
        let name = String::from_utf8_lossy(export.name()).into_owned();
        ensure!(name.starts_with("_far_"), "{name} is visible");
    }
    let imports = file.imports()?;
    let imports: BTreeSet<_> = imports
        .iter()
        .map(|import| String::from_utf8_lossy(import.name()).into_owned())
        .collect();
    for (name, is_there) in [
        // std has the ends of its thread-locals told by another function, which takes no lock.
        ("__tlv_atexit", true),
        ("___cxa_thread_atexit_impl", false),
        // And the runtime waits by another.
        ("_kevent", true),
        ("_epoll_wait", false),
        ("_eventfd", false),
    ] {
        ensure!(imports.contains(name) == is_there, "{name}: {imports:?}");
    }
    if let Some(name) = imports.iter().find(|name| name.starts_with("___real_")) {
        bail!("it asks for {name}");
    }
    Ok(())
}

fn build(triple: &str, dir: &Path, shared: &Path) -> Result<PathBuf> {
    let (Some(linker), Some(c_library)) = (linker(), c_library()) else {
        bail!("{}", missing().unwrap_or_default());
    };
    let libraries = dir.join("sdk/usr/lib");
    fs::create_dir_all(&libraries)
        .with_context(|| format!("can't make {}", libraries.display()))?;
    for name in ["System", "c", "m", "iconv"] {
        let link = libraries.join(format!("lib{name}.tbd"));
        let _ = fs::remove_file(&link);
        symlink(&c_library, link)?;
    }
    let compiler = dir.join("cc");
    let (linker, sdk) = (linker.display(), dir.join("sdk"));
    let sdk = sdk.display();
    let last = format!("exec {linker} -syslibroot {sdk} \"$@\"\n");
    fs::write(&compiler, format!("#!/bin/sh\n{COMPILER}{last}"))?;
    fs::set_permissions(&compiler, PermissionsExt::from_mode(0o755))?;
    let crates = root().join("crates");
    let path = |name: &str| format!("path = {:?}", crates.join(name));
    let manifest = format!(
        "{MANIFEST}[dependencies]\nrt0 = {{ {}, features = [\"tokio\"] }}\n\
         tokio = {{ version = \"1\", features = [\"net\", \"rt-multi-thread\"] }}\n\
         [build-dependencies]\nrt0-build = {{ {} }}\n",
        path("rt0"),
        path("rt0-build")
    );
    let script = format!("fn main() {{ rt0_build::Setup::new().soname({NAME:?}).apply(); }}\n");
    for (name, text) in [
        ("Cargo.toml", &*manifest),
        ("lib.rs", LIBRARY),
        ("build.rs", &script),
    ] {
        fs::write(dir.join(name), text)?;
    }
    // The versions that are here.
    fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock"))?;
    let mut cargo: Command = cargo("build --quiet --offline -Zbuild-std=std,panic_unwind --target");
    let upper = triple.to_uppercase().replace('-', "_");
    let output = cargo
        .arg(triple)
        .current_dir(dir)
        .env("CARGO_TARGET_DIR", shared)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("__CARGO_TESTS_ONLY_SRC_ROOT", std_source::find()?)
        .env(format!("CARGO_TARGET_{upper}_LINKER"), compiler)
        .env("SDKROOT", dir.join("sdk"))
        .output()
        .context("can't run cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{said}");
    Ok(shared.join(triple).join("debug/libfar.dylib"))
}
