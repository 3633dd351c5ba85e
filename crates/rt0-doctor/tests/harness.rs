//! The harness that watches registers, for processors that this machine is not: assembled by a cross compiler, and run
//! in an emulator.

use std::path::Path;
use std::process::{Command, Output};

/// The assembly in a file of `src/subject/watched`: the texts in its `global_asm!`.
fn assembly(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/subject/watched");
    let source = std::fs::read_to_string(path.join(file)).unwrap();
    let (_, rest) = source.split_once("global_asm!(\n").unwrap();
    let (inside, _) = rest.split_once("\n);").unwrap();
    let lines = inside.lines().map(str::trim);
    let texts = lines.filter(|line| !line.starts_with("//")).map(|line| {
        let text = line
            .strip_prefix('"')
            .and_then(|line| line.strip_suffix("\","));
        text.unwrap_or_else(|| panic!("no text: {line}"))
            .replace("\\\\", "\\")
    });
    let texts: Vec<String> = texts.collect();
    format!(".globl rt0_doctor_watched\n{}\n", texts.join("\n"))
}

fn has(program: &str) -> bool {
    let ran = Command::new(program).arg("--version").output();
    ran.is_ok_and(|output| output.status.success())
}

fn run(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|e| panic!("{command:?}: {e}"))
}

#[test]
fn each_register_that_an_aarch64_constructor_must_keep_is_watched() {
    let [cc, emulator] = ["aarch64-linux-gnu-gcc", "qemu-aarch64"];
    if !has(cc) || !has(emulator) {
        rt0_skips::skipped(
            "each_register_that_an_aarch64_constructor_must_keep_is_watched",
            &format!("there is no {cc} or no {emulator}: see ci/cross.sh"),
        );
        return;
    }
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (harness, host) = (dir.join("harness.s"), dir.join("harness-aarch64"));
    std::fs::write(&harness, assembly("aarch64.rs")).unwrap();
    let host_source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/harness_aarch64.c");
    let built = run(Command::new(cc)
        .args(["-static", "-O1", "-Wall", "-Werror", "-o"])
        .args([&host, &host_source, &harness]));
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let ran = run(Command::new(emulator).arg(&host));
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}{:?}", ran.status);
}
