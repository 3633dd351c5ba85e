//! `cargo rt0 install`: what lies where, and with everything that finds an installed library: the compiler with
//! pkg-config, CMake, Meson, cgo, the loader, a debugger. For each one that is missing here, the test prints a line.
//!
//! On Linux only: sonames, build ids and the loader are Linux's. The names elsewhere are tested beside `src/install`.
#![cfg(target_os = "linux")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{GO_HOST, Probe, bad, both, good, run};
use object::{Object, ObjectSection};

/// Installs a probe, without its folder for plain builds.
fn install(probe: &Probe, args: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = common::rt0();
    command
        .current_dir(&probe.dir)
        .args(["install", "--offline", "--quiet"])
        .args(args)
        .env("CARGO_TARGET_DIR", probe.dir.join("target"))
        .envs(variables.iter().copied());
    command.output().unwrap()
}

/// A probe with a licence, in a folder.
fn probe(dir: &Path) -> Probe {
    let probe = Probe::new(&dir.join("library"), "probe");
    common::write(&probe.dir.join("LICENSE-MIT"), "Do what you like.\n");
    probe
}

/// Every file below a folder by its path there, and where links lead.
fn tree(root: &Path) -> BTreeMap<String, Option<String>> {
    let mut out = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            let link = fs::read_link(&path).ok();
            if link.is_none() && path.is_dir() {
                folders.push(path);
            } else {
                let link = link.map(|to| to.to_str().unwrap().to_owned());
                out.insert(name.to_owned(), link);
            }
        }
    }
    out
}

fn files(root: &Path) -> Vec<String> {
    tree(root).into_keys().collect()
}

/// The value of a row of `readelf -d`.
fn dynamic(library: &Path, tag: &str) -> Option<String> {
    let all = run("readelf", &["-dW", library.to_str().unwrap()]);
    let row = all.lines().find(|line| line.contains(tag))?;
    Some(row.split(['[', ']']).nth(1)?.to_owned())
}

#[test]
fn everything_lies_where_packagers_expect_it() {
    let dir = tempfile::tempdir().unwrap();
    let probe = probe(dir.path());
    let dest = dir.path().join("dest");
    let to = dest.to_str().unwrap();
    let usr = &["--destdir", to, "--prefix", "/usr"];
    let debug = ("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only");
    good(&install(&probe, usr, &[debug]));
    let mut found = tree(&dest);
    let is_debug = |name: &String| name.ends_with(".debug");
    let split = found.keys().find(|name| is_debug(name)).unwrap().clone();
    found.remove(&split);
    let link = |to: &str| Some(to.to_owned());
    let wanted = [
        ("usr/include/probe/probe.h", None),
        ("usr/lib/cmake/probe/probeConfig.cmake", None),
        ("usr/lib/cmake/probe/probeConfigVersion.cmake", None),
        ("usr/lib/libprobe.a", None),
        ("usr/lib/libprobe.so", link("libprobe.so.0.2.0")),
        ("usr/lib/libprobe.so.0.2", link("libprobe.so.0.2.0")),
        ("usr/lib/libprobe.so.0.2.0", None),
        ("usr/lib/pkgconfig/probe-static.pc", None),
        ("usr/lib/pkgconfig/probe.pc", None),
        ("usr/share/licenses/probe/LICENSE-MIT", None),
    ];
    let wanted = wanted.map(|(name, link)| (name.to_owned(), link));
    assert_eq!(found, BTreeMap::from(wanted));

    let library = dest.join("usr/lib/libprobe.so.0.2.0");
    assert_eq!(
        dynamic(&library, "SONAME").as_deref(),
        Some("libprobe.so.0.2")
    );
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&library), 0o755);
    assert_eq!(mode(&dest.join("usr/lib/libprobe.a")), 0o644);
    // No file names the destination, which is gone when the package is used.
    for name in files(&dest) {
        let bytes = fs::read(dest.join(&name)).unwrap();
        let has = bytes.windows(to.len()).any(|part| part == to.as_bytes());
        assert!(!has, "{name} names the destination");
    }
    // Debuggers find the file by either way.
    let bytes = fs::read(&library).unwrap();
    let elf = object::File::parse(&*bytes).unwrap();
    assert!(elf.section_by_name(".debug_line").is_none());
    let id = elf.build_id().unwrap().unwrap();
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = format!("usr/lib/debug/.build-id/{}/{}.debug", &id[..2], &id[2..]);
    assert_eq!(split, path);
    let (name, crc) = elf.gnu_debuglink().unwrap().unwrap();
    assert_eq!(name, format!("{}.debug", &id[2..]).as_bytes());
    let split = fs::read(dest.join(split)).unwrap();
    assert_eq!(crc, crc32(&split));
    let split = object::File::parse(&*split).unwrap();
    let lines = split.section_by_name(".debug_line").unwrap();
    assert!(lines.size() > 0);

    // It is what it was before, apart from that.
    let dest = dir.path().join("whole");
    let usr = ["--destdir", dest.to_str().unwrap(), "--debug-info", "keep"];
    good(&install(&probe, &usr, &[debug]));
    assert!(!files(&dest).iter().any(is_debug));
    let kept = fs::read(dest.join("usr/local/lib/libprobe.so.0.2.0")).unwrap();
    let kept = object::File::parse(&*kept).unwrap();
    assert!(kept.section_by_name(".debug_line").is_some());
    // And gone.
    good(&install(
        &probe,
        &[&usr[..2], &["--debug-info", "drop"]].concat(),
        &[debug],
    ));
    assert!(!files(&dest).iter().any(is_debug));
    let dropped = fs::read(dest.join("usr/local/lib/libprobe.so.0.2.0")).unwrap();
    let dropped = object::File::parse(&*dropped).unwrap();
    assert!(dropped.section_by_name(".debug_line").is_none());
    assert!(dropped.section_by_name(".gnu_debuglink").is_none());
}

/// The checksum in `.gnu_debuglink`.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    };
    !bytes.iter().fold(!0, step)
}

#[test]
fn a_debugger_shows_lines_of_an_installed_library() {
    if !common::can_run("gdb") {
        common::skipped("no gdb here");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let probe = probe(dir.path());
    let prefix = dir.path().join("usr");
    let debug = ("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only");
    good(&install(
        &probe,
        &["--prefix", prefix.to_str().unwrap()],
        &[debug],
    ));
    let folder = format!("set debug-file-directory {}/lib/debug", prefix.display());
    let library = prefix.join("lib/libprobe.so");
    let lines = |before: &str| {
        let line = ["-ex", "info line probe_text"];
        let args = [&["-nx", "-batch", "-iex", before][..], &line].concat();
        let output = Command::new("gdb").args(args).arg(&library).output();
        good(&output.unwrap())
    };
    assert!(lines(&folder).contains("lib.rs"), "{}", lines(&folder));
    assert!(!lines("set debug-file-directory /nowhere").contains("lib.rs"));
}

#[test]
fn options_and_the_manifest_choose_names_and_folders() {
    let dir = tempfile::tempdir().unwrap();
    let probe = probe(dir.path());
    let dest = dir.path().join("dest");
    let to = ["--destdir", dest.to_str().unwrap(), "--prefix", "/usr"];
    // Debian's folder, and the shared library alone.
    let more = [
        "--libdir",
        "lib/x86_64-linux-gnu",
        "--library-type",
        "cdylib",
        "--soversion",
        "7",
    ];
    let output = install(&probe, &[&to[..], &more, &["--json"]].concat(), &[]);
    let told: serde_json::Value = serde_json::from_str(&good(&output)).unwrap();
    assert_eq!(told["soname"], "libprobe.so.7");
    let lib = "usr/lib/x86_64-linux-gnu";
    assert_eq!(
        files(&dest),
        [
            "usr/include/probe/probe.h".to_owned(),
            format!("{lib}/cmake/probe/probeConfig.cmake"),
            format!("{lib}/cmake/probe/probeConfigVersion.cmake"),
            format!("{lib}/libprobe.so"),
            format!("{lib}/libprobe.so.0.2.0"),
            format!("{lib}/libprobe.so.7"),
            format!("{lib}/pkgconfig/probe.pc"),
            "usr/share/licenses/probe/LICENSE-MIT".to_owned(),
        ]
    );
    let listed = told["files"].as_array().unwrap();
    assert_eq!(listed.len(), files(&dest).len());
    let text = fs::read_to_string(dest.join(format!("{lib}/pkgconfig/probe.pc"))).unwrap();
    assert!(
        text.contains("prefix=/usr\nlibdir=${prefix}/lib/x86_64-linux-gnu\n"),
        "{text}"
    );
    fs::remove_dir_all(&dest).unwrap();

    // The manifest; and the archive alone.
    let path = probe.dir.join("Cargo.toml");
    let manifest = fs::read_to_string(&path).unwrap();
    let table = |text: &str| {
        let install = format!("[package.metadata.rt0.install]\n{text}\n");
        fs::write(&path, manifest.replace("[package.metadata.rt0]", &install)).unwrap();
    };
    table("soversion = \"none\"\nheader-dir = \"\"");
    good(&install(&probe, &to, &[]));
    let all = files(&dest);
    assert!(all.contains(&"usr/include/probe.h".to_owned()), "{all:?}");
    let libraries: Vec<_> = all
        .iter()
        .filter(|name| name.contains("/lib/lib"))
        .collect();
    assert_eq!(libraries, ["usr/lib/libprobe.a", "usr/lib/libprobe.so"]);
    let library = dest.join("usr/lib/libprobe.so");
    assert_eq!(dynamic(&library, "SONAME").as_deref(), Some("libprobe.so"));
    fs::remove_dir_all(&dest).unwrap();
    good(&install(
        &probe,
        &[&to[..], &["--library-type", "staticlib"]].concat(),
        &[],
    ));
    let all = files(&dest);
    assert!(
        !all.iter()
            .any(|name| name.contains(".so") || name.contains("-static")),
        "{all:?}"
    );

    table("so-version = \"1\"");
    let text = bad(&install(&probe, &to, &[]), 2);
    assert!(text.contains("[package.metadata.rt0.install]"), "{text}");
    assert!(text.contains("so-version"), "{text}");
}

#[test]
fn an_installation_that_fails_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let probe = probe(dir.path());
    let dest = dir.path().join("dest");
    let to = ["--destdir", dest.to_str().unwrap(), "--prefix", "/usr"];
    // In the way of the last file: nothing is there yet.
    let config = dest.join("usr/lib/cmake/probe/probeConfig.cmake");
    fs::create_dir_all(&config).unwrap();
    let text = bad(&install(&probe, &to, &[]), 1);
    assert!(text.contains("probeConfig.cmake is a folder"), "{text}");
    assert_eq!(files(&dest), [""; 0]);
    assert!(!dest.join("usr/include").exists());
    fs::remove_dir(&config).unwrap();

    // Another version over the first, which can't be written whole.
    good(&install(&probe, &to, &[]));
    let before = tree(&dest);
    let text = |name: &str| fs::read_to_string(dest.join("usr/lib/pkgconfig").join(name)).unwrap();
    let old = text("probe.pc");
    let manifest = probe.dir.join("Cargo.toml");
    let newer = fs::read_to_string(&manifest)
        .unwrap()
        .replace("0.2.0", "0.3.0");
    fs::write(&manifest, newer).unwrap();
    let cmake = dest.join("usr/lib/cmake");
    let kept = dir.path().join("cmake");
    fs::rename(&cmake, &kept).unwrap();
    fs::write(&cmake, "a file in the place of a folder").unwrap();
    let said = bad(&install(&probe, &to, &[]), 1);
    assert!(said.contains("cannot make"), "{said}");
    fs::remove_file(&cmake).unwrap();
    fs::rename(&kept, &cmake).unwrap();
    assert_eq!(tree(&dest), before);
    assert_eq!(text("probe.pc"), old);

    // What can't be, and is said before anything is compiled.
    for (args, said) in [
        (&["--prefix", "usr"][..], "not absolute"),
        (&["--soversion", "1/2"], "soversion"),
        (&["--libdir", "../lib"], ".."),
        (&["--destdir", manifest.to_str().unwrap()], "not a folder"),
        (&["--header-dir", "/abs"], "--includedir"),
    ] {
        let text = bad(&install(&probe, args, &[]), 2);
        assert!(text.contains(said), "{args:?}: {text}");
    }
}

#[test]
fn two_installations_of_one_library_do_not_mix() {
    let dir = tempfile::tempdir().unwrap();
    let probe = probe(dir.path());
    let dest = dir.path().join("dest");
    let to = ["--destdir", dest.to_str().unwrap(), "--prefix", "/usr"];
    std::thread::scope(|scope| {
        for soversion in ["1", "2"] {
            let args = [&to[..], &["--soversion", soversion]].concat();
            let probe = &probe;
            scope.spawn(move || good(&install(probe, &args, &[])));
        }
    });
    // Each has written all of its files; the last one's count.
    let soname = dynamic(&dest.join("usr/lib/libprobe.so"), "SONAME").unwrap();
    assert_eq!(
        dynamic(&dest.join("usr/lib").join(&soname), "SONAME"),
        Some(soname)
    );
    assert!(!files(&dest).iter().any(|name| name.contains("/.rt0-")));
}

const HOST: &str = r#"
#include <stdio.h>
#include "probe.h"
int main(void)
{
    char *text = NULL;
    if (probe_text("x", 1, &text, NULL, NULL)) return 1;
    printf("%s %d %d\n", text, (int)probe_started(), (int)probe_in_archive());
    return 0;
}
"#;

const SHARED: &str = "probe:x:5 1 0";
const STATIC: &str = "probe:x:5 1 1";

const CMAKE: &str = r#"
cmake_minimum_required(VERSION 3.14)
project(host C)
find_package(probe @WANTED@ REQUIRED)
add_executable(host host.c)
target_link_libraries(host PRIVATE probe::@TARGET@)
"#;

const MESON: &str = r#"
project('host', 'c')
executable('host', 'host.c', dependencies: dependency('@NAME@', version: '>=0.2', static: @STATIC@))
"#;

/// A folder of a consumer's project, and the library that it uses.
struct Consumer {
    work: PathBuf,
    lib: PathBuf,
    /// The folder that stands for the root of the system, if that is not the real one.
    sysroot: Option<PathBuf>,
}

impl Consumer {
    fn run(&self, script: &str) -> Output {
        let mut command = Command::new("sh");
        command.current_dir(&self.work).args(["-ec", script]);
        let path = std::env::var("PATH").unwrap_or_default();
        let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("venv/bin");
        command
            .env("PATH", format!("{path}:{}", venv.display()))
            .env("PKG_CONFIG_PATH", self.lib.join("pkgconfig"))
            .env("LD_LIBRARY_PATH", &self.lib)
            .env("GOFLAGS", "-mod=mod")
            .env("GOCACHE", self.work.join("go-cache"));
        if let Some(root) = &self.sysroot {
            command.env("PKG_CONFIG_SYSROOT_DIR", root);
        }
        command.output().unwrap()
    }

    fn has(&self, tool: &str) -> bool {
        let script = match tool {
            "go" => "go version".to_owned(),
            tool => format!("{tool} --version"),
        };
        let has = self.run(&script).status.success();
        if !has {
            common::skipped(&format!("no {tool} here"));
        }
        has
    }

    fn shows(&self, what: &str, script: &str, wanted: &str) {
        let output = self.run(script);
        assert!(output.status.success(), "{what}: {}", both(&output));
        assert_eq!(good(&output).lines().last(), Some(wanted), "{what}");
        println!("{what}: good");
    }

    fn cmake(&self, target: &str, wanted: &str, prefix: &Path) -> String {
        let text = CMAKE
            .replace("@TARGET@", target)
            .replace("@WANTED@", wanted);
        fs::write(self.work.join("CMakeLists.txt"), text).unwrap();
        let dir = format!("cmake-{target}");
        format!(
            "rm -rf {dir}; cmake -S . -B {dir} -DCMAKE_PREFIX_PATH='{}' && cmake --build {dir} && {dir}/host",
            prefix.display()
        )
    }
}

#[test]
fn everything_that_finds_libraries_finds_an_installed_one() {
    let dir = tempfile::tempdir().unwrap();
    let probe = probe(dir.path());
    let prefix = dir.path().join("in stalled");
    good(&install(
        &probe,
        &["--prefix", prefix.to_str().unwrap()],
        &[],
    ));
    let work = dir.path().join("work");
    common::write(&work.join("host.c"), HOST);
    let place = Consumer {
        work,
        lib: prefix.join("lib"),
        sysroot: None,
    };
    let compile = |how: &str, flags: &str| {
        // `eval` undoes the escapes that pkg-config writes before a blank.
        format!("eval \"gcc {how} host.c -o host $(pkg-config {flags})\"; ./host")
    };
    place.shows("pkg-config", &compile("", "--cflags --libs probe"), SHARED);
    let alone = compile("", "--cflags --libs probe-static");
    place.shows("pkg-config, the archive", &alone, STATIC);
    let all = compile("-static", "--static --cflags --libs probe");
    place.shows("gcc -static", &all, STATIC);
    // A program asks for the soname, which the versioned link answers.
    place.shows("the soname", &compile("", "--cflags --libs probe"), SHARED);
    let needed = dynamic_all(&place.work.join("host"));
    assert!(needed.contains(&"libprobe.so.0.2".to_owned()), "{needed:?}");
    if place.has("cmake") {
        for (target, wanted, shown) in [
            ("probe", "0.2", SHARED),
            ("shared", "0.2.0 EXACT", SHARED),
            ("static", "", STATIC),
        ] {
            let script = place.cmake(target, wanted, &prefix);
            place.shows(&format!("CMake, {target} {wanted}"), &script, shown);
        }
        for wanted in ["0.1", "0.2.1", "0.3", "1"] {
            let output = place.run(&place.cmake("probe", wanted, &prefix));
            assert!(!output.status.success(), "{wanted}");
            assert!(both(&output).contains("0.2.0"), "{}", both(&output));
        }
        // Moved as a whole.
        let moved = dir.path().join("moved");
        fs::rename(&prefix, &moved).unwrap();
        let place = Consumer {
            work: place.work.clone(),
            lib: moved.join("lib"),
            sysroot: None,
        };
        place.shows("CMake, moved", &place.cmake("static", "", &moved), STATIC);
        // Without what is in another package.
        let library = moved.join("lib/libprobe.so.0.2.0");
        let kept = fs::read(&library).unwrap();
        fs::remove_file(&library).unwrap();
        let output = place.run(&place.cmake("probe", "", &moved));
        assert!(
            both(&output).contains("libprobe.so.0.2.0 is missing"),
            "{}",
            both(&output)
        );
        fs::write(&library, kept).unwrap();
        fs::rename(&moved, &prefix).unwrap();
    }
    // As docs/install.md shows it.
    let plain = dir.path().join("plain");
    good(&install(
        &probe,
        &["--prefix", plain.to_str().unwrap()],
        &[],
    ));
    let place = Consumer {
        lib: plain.join("lib"),
        ..place
    };
    for (command, wanted) in documented().iter().zip([SHARED, STATIC, STATIC]) {
        place.shows(command, &format!("{command}\n./a.out"), wanted);
    }
    // Neither takes paths with blanks from pkg-config in every version: as a packager does, below another root.
    let dest = dir.path().join("dest");
    good(&install(
        &probe,
        &["--destdir", dest.to_str().unwrap(), "--prefix", "/usr"],
        &[],
    ));
    let place = Consumer {
        lib: dest.join("usr/lib"),
        sysroot: Some(dest),
        ..place
    };
    place.shows(
        "pkg-config, another root",
        &compile("", "--cflags --libs probe"),
        SHARED,
    );
    if place.has("meson") && place.has("ninja") {
        for (name, is_static, wanted) in [
            ("probe", "false", SHARED),
            ("probe", "true", STATIC),
            ("probe-static", "false", STATIC),
        ] {
            let text = MESON.replace("@NAME@", name).replace("@STATIC@", is_static);
            fs::write(place.work.join("meson.build"), text).unwrap();
            let dir = format!("meson-{name}-{is_static}");
            let script = format!("meson setup {dir} && meson compile -C {dir} && {dir}/host");
            place.shows(
                &format!("Meson, {name}, static: {is_static}"),
                &script,
                wanted,
            );
        }
    }
    if place.has("go") {
        for (name, wanted) in [("probe", SHARED), ("probe-static", STATIC)] {
            let go = place.work.join(format!("go-{name}"));
            common::write(&go.join("go.mod"), "module host\ngo 1.21\n");
            common::write(&go.join("main.go"), &GO_HOST.replace("@NAME@", name));
            let script = format!("cd go-{name} && go build -o host . && ./host");
            place.shows(&format!("cgo, {name}"), &script, wanted);
        }
    }
}

/// The commands of docs/install.md that are said to be run here, for our library and our host.
fn documented() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/install.md");
    let page = fs::read_to_string(page).unwrap();
    let mark = "<!-- run by crates/cargo-rt0/tests/install.rs -->\n```sh\n";
    let (_, rest) = page.split_once(mark).unwrap();
    let (block, rest) = rest.split_once("```").unwrap();
    assert!(!rest.contains(mark), "this reads one block");
    let commands: Vec<_> = block
        .lines()
        .map(|line| line.replace("shop", "probe").replace("main.c", "host.c"))
        .collect();
    assert_eq!(commands.len(), 3, "{block}");
    commands
}

/// What a program asks the loader for.
fn dynamic_all(program: &Path) -> Vec<String> {
    let all = run("readelf", &["-dW", program.to_str().unwrap()]);
    let needed = all.lines().filter(|line| line.contains("NEEDED"));
    needed
        .filter_map(|line| Some(line.split(['[', ']']).nth(1)?.to_owned()))
        .collect()
}
