//! What the macros say to an author who got something wrong, word for word, and what they let pass.
//!
//! The words of the compiler around ours change with its version: the files are those of 1.95, the
//! version that the workspace names.

#[test]
fn messages() {
    let tests = trybuild::TestCases::new();
    tests.pass("tests/ui/pass/*.rs");
    tests.compile_fail("tests/ui/*.rs");
}
