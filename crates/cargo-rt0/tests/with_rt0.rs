//! Tests that need the `rt0` crate itself: a new project builds, and its hosts run.
//!
//! On Linux only: the hosts that it runs load `libNAME.so`.
#![cfg(target_os = "linux")]

mod common;

use common::{both, build_shared, good, plain, rt0, run, shared_target};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn made(dir: &Path) -> std::path::PathBuf {
    // Inside another workspace, which does not list it as a member.
    common::write(&dir.join("Cargo.toml"), "[workspace]\nmembers = []\n");
    good(
        &rt0()
            .current_dir(dir)
            .args(["new", "greeter-lib"])
            .output()
            .unwrap(),
    );
    dir.join("greeter-lib")
}

fn build(project: &Path, args: &[&str]) -> Output {
    let mut command = rt0();
    // As for a person at a terminal: no target directory is set from outside.
    command.env_remove("CARGO_TARGET_DIR");
    command.current_dir(project).arg("build").args(args);
    command.output().unwrap()
}

/// The README's command that writes the package for Python.
fn write_bindings(project: &Path) {
    let text = fs::read_to_string(project.join("README.md")).unwrap();
    let start = "cargo rt0 bindings ";
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(start))
        .unwrap();
    let mut command = rt0();
    command
        .current_dir(project)
        .arg("bindings")
        .args(line.split(' '));
    good(&command.output().unwrap());
}

/// The README's commands, without cargo's own.
fn readme_commands(project: &Path) -> Vec<String> {
    let text = fs::read_to_string(project.join("README.md")).unwrap();
    let blocks = text.split("```sh\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    lines
        .filter(|line| !line.starts_with("cargo "))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_new_project_builds_and_its_hosts_run() {
    let dir = tempfile::tempdir().unwrap();
    let project = made(dir.path());
    good(&build(&project, &[]));
    write_bindings(&project);
    let mut said = String::new();
    for line in readme_commands(&project) {
        let output = Command::new("sh")
            .current_dir(&project)
            .args(["-c", &line])
            .output();
        said += &good(&output.unwrap());
    }
    assert_eq!(
        said,
        "Hello, C!\ngreeted so far: 1\nHello, Python!\ngreeted so far: 1\n"
    );
    let host = project.join("target/host");
    let output = Command::new(&host).arg("").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("the name is empty")
    );
    let output = Command::new(&host)
        .env("GREETING", "Moin")
        .output()
        .unwrap();
    assert!(good(&output).starts_with("Moin, C!"));

    let lib = project.join("target/rt0/debug/libgreeter_lib.so");
    let text = good(&rt0().arg("inspect").arg(&lib).output().unwrap());
    assert!(
        text.contains("pinned by the linker") && text.contains("exactly the declared ones"),
        "{text}"
    );
    // The folders of tokio and rt0 have names that do not mention this machine.
    let bytes = fs::read(&lib).unwrap();
    let inside = String::from_utf8_lossy(&bytes);
    assert!(inside.contains("rt0-0.1.0/src/") && inside.contains("/src/runtime/"));
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for folder in [dir.path(), checkout, &home()] {
        let folder = folder.to_str().unwrap();
        let found = inside.find(folder).map(|at| &inside[at..][..200]);
        assert_eq!(found, None, "{folder}");
    }
    let again = good(&rt0().arg("header").arg(&lib).output().unwrap());
    assert_eq!(
        again,
        fs::read_to_string(lib.with_file_name("greeter_lib.h")).unwrap()
    );

    // The archive: a program that uses it without any shared library of ours.
    good(&build(&project, &["--static", "--out", "dist"]));
    let flags = "$(PKG_CONFIG_PATH=dist pkg-config --cflags --libs greeter_lib-static)";
    for how in ["-pie -fPIE", "-no-pie -fno-pie", "-Wl,--gc-sections"] {
        let line = format!("cc hosts/host.c -o target/static {how} {flags} && target/static");
        let text = good(
            &Command::new("sh")
                .current_dir(&project)
                .args(["-c", &line])
                .output()
                .unwrap(),
        );
        assert_eq!(text, "Hello, C!\ngreeted so far: 1\n", "{how}");
    }
}

fn home() -> std::path::PathBuf {
    let cargo = std::env::var_os("CARGO_HOME").map(std::path::PathBuf::from);
    cargo.unwrap_or_else(|| Path::new(&std::env::var_os("HOME").unwrap()).join(".cargo"))
}

#[test]
fn a_library_without_an_init_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let project = plain(dir.path(), "empty", "empty", "pub fn nothing() {}\n");
    let output = build_shared(&project, &["--quiet"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        both(&output).contains("no #[rt0::init]"),
        "{}",
        both(&output)
    );
    let manifest = project.join("Cargo.toml");
    run(
        "grep",
        &["-q", "path in a checkout", manifest.to_str().unwrap()],
    );
}

const RICH: &str = r#"
use std::ffi::{c_char, c_void};

#[derive(Debug)]
pub struct Engine;

/// One result.
#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
pub struct Hit {
    /// How good.
    pub score: f32,
    pub mode: Mode,
    pub class: u8,
}

/// Contains another.
#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
pub struct Page { pub first: Hit, pub len: usize }

/// How to look.
#[derive(Clone, Copy, rt0::CType)]
#[repr(u8)]
pub enum Mode {
    /// Letter by letter.
    Exact = 1,
    NearlyExact,
}

/// A place in a list.
#[rt0::handle]
pub struct Cursor { at: u32 }

type Result<T> = std::result::Result<T, String>;

#[rt0::init]
fn init() -> Engine { Engine }

/// Ends a comment: */
#[rt0::export]
fn text(_engine: rt0::State<'_, Engine>, class: &str, maybe: Option<&str>) -> Result<String> {
    Ok(format!("{class}{maybe:?}"))
}
#[rt0::export]
fn buffer(from: &[u16], into: &mut [u8]) -> Result<Vec<u16>> { into.fill(1); Ok(from.to_vec()) }
#[rt0::export]
fn page(hit: Hit, by: &Hit, mode: Mode) -> Result<Page> {
    Ok(Page { first: Hit { mode, ..hit }, len: usize::from(by.class) })
}
#[rt0::export]
fn open(at: u32) -> Result<Box<Cursor>> { Ok(Box::new(Cursor { at })) }
#[rt0::export]
fn step(cursor: &mut Cursor) -> Result<u32> { cursor.at += 1; Ok(cursor.at) }
#[rt0::export]
fn close(cursor: Box<Cursor>) -> Result<()> { drop(cursor); Ok(()) }
#[rt0::export]
fn each(call: extern "C" fn(u32, *mut c_void) -> i32, user: *mut c_void) -> Result<i32> {
    Ok(call(7, user))
}
#[rt0::export(or = -1)]
fn size(name: *const c_char) -> i64 { name as i64 }
#[rt0::export]
fn maybe(give: bool) -> Result<Option<f64>> { Ok(give.then_some(1.5)) }
"#;

const RICH_HOST: &str = r#"
#include "rich_lib.h"
#include "rich_lib.h"
#include <string.h>

static int32_t add(uint32_t n, void *user) { return (int32_t)n + *(int32_t *)user; }

int main(void)
{
    char *text = NULL, *err = NULL;
    uint16_t from[2] = {3, 4}, *copy = NULL;
    uint8_t into[1] = {0};
    size_t len = 0;
    double number = 0;
    bool some = false;
    int32_t three = 3, sum = 0;
    uint32_t at = 0;
    rich_Cursor *cursor = NULL;
    rich_Hit hit = {0.5f, RICH_MODE_EXACT, 9};
    rich_Page page;
    if (rich_text("a", 1, NULL, 0, &text, &len, &err) || strcmp(text, "aNone") || len != 5) return 1;
    if (rich_free(text) != RICH_OK) return 2;
    if (rich_buffer(from, 2, into, 1, &copy, &len, &err) || copy[1] != 4 || into[0] != 1) return 3;
    if (rich_free(copy) != RICH_OK) return 4;
    if (rich_page(hit, &hit, RICH_MODE_NEARLY_EXACT, &page, &err)) return 5;
    if (page.first.mode != RICH_MODE_NEARLY_EXACT || page.len != 9) return 6;
    if (rich_page(hit, &hit, 77, &page, NULL) != RICH_INVALID_ARGUMENT) return 7;
    if (rich_open(5, &cursor, &err) || rich_step(cursor, &at, &err) || at != 6) return 8;
    if (rich_Cursor_free(cursor) || rich_step(cursor, &at, NULL) != RICH_INVALID_HANDLE) return 9;
    if (rich_each(add, &three, &sum, &err) || sum != 10) return 10;
    if (rich_size(NULL) != 0) return 11;
    if (rich_maybe(true, &number, &some, &err) || !some || number != 1.5) return 12;
    if (rich_maybe(false, &number, &some, &err) || some) return 13;
    return rich_abi_version() == RICH_ABI_VERSION ? 0 : 14;
}
"#;

#[test]
fn the_header_says_what_the_macros_made() {
    let dir = tempfile::tempdir().unwrap();
    let project = plain(dir.path(), "rich-lib", "rich", RICH);
    good(&build_shared(&project, &["--static"]));
    fs::write(project.join("host.c"), RICH_HOST).unwrap();
    let strict = "-Wall -Wextra -Wpedantic -Werror -Iout";
    for line in [
        format!(
            "cc -std=c11 {strict} host.c -o shared -Lout -lrich_lib '-Wl,-rpath,$ORIGIN/out' && ./shared"
        ),
        format!(
            "c++ -std=c++17 {strict} -x c++ host.c -x none -o cpp out/librich_lib.a -lgcc_s -lm -lc && ./cpp"
        ),
    ] {
        let output = Command::new("sh")
            .current_dir(&project)
            .args(["-c", &line])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", both(&output));
    }
}

#[test]
fn a_library_with_no_exports_builds() {
    let dir = tempfile::tempdir().unwrap();
    let lib = "pub struct Nothing;\n#[rt0::init]\nfn init() -> Nothing { Nothing }\n";
    let project = plain(dir.path(), "silent", "quiet", lib);
    good(&build_shared(&project, &["--static"]));
    let text = good(
        &rt0()
            .arg("inspect")
            .arg(project.join("out/libsilent.so"))
            .output()
            .unwrap(),
    );
    assert!(
        text.contains("8 visible, exactly the declared ones"),
        "{text}"
    );
    // Plain cargo's file is not pinned by the linker, only by itself.
    let target = shared_target();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(&project).args(["build", "--quiet"]);
    good(&cargo.env("CARGO_TARGET_DIR", &target).output().unwrap());
    let lib = target.join("debug/libsilent.so");
    let text = both(&rt0().arg("inspect").arg(lib).output().unwrap());
    assert!(
        text.contains("pins itself when its constructor runs") && !text.contains("is not pinned"),
        "{text}"
    );
    let host = "#include \"silent.h\"\nint main(void) { return quiet_wait(5000); }\n";
    fs::write(project.join("host.c"), host).unwrap();
    let line = "cc host.c -o host -Iout out/libsilent.a -lgcc_s -lm -lc && ./host";
    good(
        &Command::new("sh")
            .current_dir(&project)
            .args(["-c", line])
            .output()
            .unwrap(),
    );
}
