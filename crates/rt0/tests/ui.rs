//! Checks the macros' exact error messages for wrong code, and that they accept correct code.

use std::env::var_os;
use std::process::Command;

use rt0_skips::skipped;

/// The compiler version that the `.stderr` files were made with. They contain the compiler's own messages
/// around ours, and those change with its version.
const MESSAGES_OF: &str = "rustc 1.95.";

#[test]
fn messages() {
    let tests = trybuild::TestCases::new();
    tests.pass("tests/ui/pass/*.rs");
    let compiler = compiler();
    if compiler.starts_with(MESSAGES_OF) {
        tests.compile_fail("tests/ui/*.rs");
        if cfg!(target_arch = "x86_64") {
            tests.compile_fail("tests/ui/x86_64/*.rs");
        }
    } else {
        skipped(
            "messages",
            &format!("the messages are those of {MESSAGES_OF}x, and this is {compiler}"),
        );
    }
}

fn compiler() -> String {
    let rustc = var_os("RUSTC").unwrap_or("rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let output = output.expect("cargo has found rustc, too");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
