//! What Python's type checkers say of the bindings.

use std::time::Duration;

use cargo_rt0::bindings::Lang;
use rt0_hosts::fixture::fixture;
use rt0_hosts::package::written;
use rt0_hosts::require::skipped;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{source, venv, workspace};

use crate::package::CONFORM;

const LIMIT: Duration = Duration::from_secs(300);

/// Runs a checker on a package, and on a program that uses it.
fn checked(test: &str, module: &str, args: &[&str]) {
    let Some(python) = named_target().is_empty().then(|| venv(module)).flatten() else {
        return skipped(test, &format!("it needs {module}; ci/setup.sh installs it"));
    };
    let dir = written(&fixture(CONFORM).library(), Lang::Python, test, false);
    std::fs::copy(source("bindings/typed.py"), dir.join("typed.py")).expect("it was written");
    let ran = Host::new(&python)
        .args(["-m", module])
        .args(args)
        .args(["conform", "typed.py"])
        .dir(&dir)
        .env("HOME", std::env::var_os("HOME").unwrap_or_default())
        .limit(LIMIT)
        .run();
    ran.succeeds();
}

/// A description with everything that a name or a text can do to code: the golden files of the generator.
#[test]
fn golden_files_are_python() {
    let test = "golden_files_are_python";
    let Some(python) = rt0_hosts::python() else {
        return skipped(test, "it needs python3");
    };
    let golden = workspace().join("crates/cargo-rt0/src/bindings/golden");
    let compile = "import ast, pathlib, sys\n\
        files = list(pathlib.Path(sys.argv[1]).rglob('*.py'))\n\
        [ast.parse(file.read_text('utf-8'), str(file), feature_version=(3, 9)) for file in files]\n\
        print(len(files))";
    let ran = Host::new(python).args(["-c", compile]).arg(golden).run();
    assert_ne!(ran.ok(), "0\n");
}

#[test]
fn mypy_is_content() {
    let args = [
        "--strict",
        "--python-version",
        "3.10",
        "--cache-dir",
        ".mypy",
    ];
    checked("mypy_is_content", "mypy", &args);
}

#[test]
fn pyright_is_content() {
    checked("pyright_is_content", "pyright", &["--pythonversion", "3.9"]);
}
