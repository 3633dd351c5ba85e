//! Where the build script finds the pages of the checks.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_pages_are_found_without_links_too() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(dir.join("docs/doctor")).unwrap();
    let script = dir.join("script");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs");
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
    rustc.args(["--edition", "2024", "-o"]).arg(&script);
    assert!(rustc.arg(source).status().unwrap().success());
    let found = |own: &Path| {
        let output = Command::new(&script)
            .env("CARGO_MANIFEST_DIR", own)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines = text.lines();
        let path = lines.find_map(|line| line.strip_prefix("cargo::rustc-env=RT0_DOCTOR_PAGES="));
        fs::canonicalize(path.unwrap()).unwrap()
    };
    // As git writes a link where it may not make one.
    let own = dir.join("crates/own");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("pages"), "../../docs/doctor").unwrap();
    let docs = fs::canonicalize(dir.join("docs/doctor")).unwrap();
    assert_eq!(found(&own), docs);
    // As the published crate has it.
    fs::remove_file(own.join("pages")).unwrap();
    fs::create_dir(own.join("pages")).unwrap();
    assert_eq!(found(&own), fs::canonicalize(own.join("pages")).unwrap());
}
