//! The pkg-config files with all their readers: compilers with each linker, CMake, Meson, cgo. For each one
//! that is missing here, the test prints a line.
//!
//! On Linux only: the linkers are those for ELF files.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::{GO_HOST, Probe, both, good};

/// Calls nothing: only the options in the file link the archive.
const IDLE: &str = "int main(void) { return 0; }\n";

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

const CMAKE: &str = r#"
cmake_minimum_required(VERSION 3.14)
project(host C)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PROBE REQUIRED IMPORTED_TARGET @NAME@)
add_executable(host host.c)
target_link_libraries(host PRIVATE PkgConfig::PROBE)
"#;

const MESON: &str = r#"
project('host', 'c')
executable('host', 'host.c', dependencies: dependency('@NAME@'))
"#;

struct Place<'a> {
    dir: &'a Path,
    out: &'a Path,
}

impl Place<'_> {
    fn run(&self, script: &str) -> Output {
        let mut command = Command::new("sh");
        command.current_dir(self.dir).args(["-ec", script]);
        command
            .env("PKG_CONFIG_PATH", self.out)
            .env("LD_LIBRARY_PATH", self.out);
        // Go needs a folder of its own for what it builds.
        command
            .env("GOFLAGS", "-mod=mod")
            .env("GOCACHE", self.dir.join("go-cache"));
        command.output().unwrap()
    }

    /// Whether the program exists and works.
    fn has(&self, tool: &str, probe: &str) -> bool {
        let has = self.run(probe).status.success();
        if !has {
            println!("skipped: no {tool} here");
        }
        has
    }

    fn shows(&self, what: &str, script: &str, wanted: &str) {
        let output = self.run(script);
        assert!(output.status.success(), "{what}: {}", both(&output));
        assert_eq!(good(&output).lines().last(), Some(wanted), "{what}");
        println!("{what}: good");
    }
}

#[test]
fn everything_that_reads_a_pkg_config_file_can_use_it() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("library"), "probe");
    good(&probe.build(&["--static"]));
    // Only options that cgo lets pass, checked even without Go; and no unwinder for only one way to link.
    let text = fs::read_to_string(probe.out("probe-static.pc")).unwrap();
    let libs = text.lines().find_map(|line| line.strip_prefix("Libs: "));
    for word in libs.unwrap().split(' ') {
        let known = ["${libdir}/libprobe.a", "-Wl,-undefined=probe_state"].contains(&word)
            || word.starts_with("-l") && word != "-lgcc_s";
        assert!(known, "{text}");
    }
    let out = probe.out("");
    let work = dir.path().join("work");
    for (file, text) in [("host.c", HOST), ("idle.c", IDLE)] {
        common::write(&work.join(file), text);
    }
    let place = Place {
        dir: &work,
        out: &out,
    };
    for (name, wanted) in [
        ("probe", "probe:x:5 1 0"),
        ("probe-static", "probe:x:5 1 1"),
    ] {
        let is_archive = name == "probe-static";
        let flags = format!("$(pkg-config --cflags --libs {name})");
        let compile = |what: &str, cc: &str, how: &str| {
            // `eval` undoes the escapes that pkg-config writes before a blank.
            let script = format!("eval \"{cc} {how} host.c -o host {flags}\"; ./host");
            place.shows(&format!("{name}, {what}"), &script, wanted);
            if is_archive {
                let script = format!("eval \"{cc} {how} idle.c -o idle {flags}\"; nm idle");
                let output = place.run(&script);
                let is_old =
                    what == "mold" && good(&place.run("mold --version")).starts_with("mold 1.");
                assert_eq!(good(&output).contains("probe_state"), !is_old, "{what}");
            }
        };
        compile("gcc", "gcc", "");
        for linker in ["bfd", "gold", "lld", "mold"] {
            let how = format!("-fuse-ld={linker}");
            if place.has(linker, &format!("gcc {how} idle.c -o idle")) {
                compile(linker, "gcc", &how);
            }
        }
        if place.has("clang", "clang idle.c -o idle") {
            compile("clang", "clang", "");
        }
        if is_archive {
            compile("gcc -static", "gcc", "-static");
            compile("gcc -static-pie", "gcc", "-static-pie");
            compile("gcc -static-libgcc", "gcc", "-static-libgcc");
        }
        if place.has("cmake", "cmake --version") {
            fs::write(work.join("CMakeLists.txt"), CMAKE.replace("@NAME@", name)).unwrap();
            let script = format!(
                "cmake -S . -B cmake-{name} && cmake --build cmake-{name} && cmake-{name}/host"
            );
            place.shows(&format!("{name}, CMake"), &script, wanted);
        }
        if place.has("meson", "meson --version") {
            fs::write(work.join("meson.build"), MESON.replace("@NAME@", name)).unwrap();
            let script = format!(
                "meson setup meson-{name} && meson compile -C meson-{name} && meson-{name}/host"
            );
            place.shows(&format!("{name}, Meson"), &script, wanted);
        }
        if place.has("go", "go version") {
            let go = work.join(format!("go-{name}"));
            common::write(&go.join("go.mod"), "module host\ngo 1.21\n");
            common::write(&go.join("main.go"), &GO_HOST.replace("@NAME@", name));
            let script = format!("cd go-{name} && go build -o host . && ./host");
            place.shows(&format!("{name}, cgo"), &script, wanted);
        }
    }
    // Folders with odd names. The test program prints a letter that is not ASCII byte by byte.
    for folder in ["it's \"so\" #1 &co", "größe"] {
        let folder = dir.path().join(folder);
        good(&probe.build(&["--static", "--out", folder.to_str().unwrap()]));
        let odd = Place {
            dir: &work,
            out: &folder,
        };
        for (name, wanted) in [
            ("probe", "probe:x:5 1 0"),
            ("probe-static", "probe:x:5 1 1"),
        ] {
            let script =
                format!("eval \"gcc host.c -o host $(pkg-config --cflags --libs {name})\"; ./host");
            odd.shows(&format!("{name} in {}", folder.display()), &script, wanted);
        }
    }
    // How a consumer that links statically uses the plain file.
    let script =
        "eval \"gcc -static host.c -o host $(pkg-config --static --cflags --libs probe)\"; ./host";
    place.shows("probe, pkg-config --static", script, "probe:x:5 1 1");
}
