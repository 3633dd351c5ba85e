//! The wheel for Linux with musl, by maturin: `cargo xtask cross` has std and a C compiler for it. No package has a
//! Python on musl that could load it here.

use rt0_hosts::require::elsewhere;
use rt0_hosts::target::named_target;

use crate::project::{self, fresh};
use crate::pyo3::{GENERATOR, Tools, the_one_in};

#[test]
fn a_wheel_for_musl_has_every_protection() {
    let test = "a_wheel_for_musl_has_every_protection";
    if !named_target().ends_with("-linux-musl") {
        return elsewhere(test);
    }
    let Some(tools) = Tools::with("maturin", test) else {
        return;
    };
    let wheels = fresh(project::dir(GENERATOR).join("musllinux"));
    // It refuses a file that needs other libraries than musl has.
    let maturin = ["-m", "maturin", "build", "--release", "--quiet", "--locked"];
    tools
        .python(&maturin)
        .args(["--compatibility", "musllinux_1_2", "--out"])
        .arg(&wheels)
        .dir(project::example(GENERATOR))
        .run()
        .succeeds();
    let wheel = the_one_in(&wheels);
    assert!(
        wheel.to_string_lossy().contains("-abi3-musllinux_1_2_"),
        "{wheel:?}"
    );
    let unpacked = fresh(project::dir(GENERATOR).join("unpacked"));
    tools
        .python(&["-m", "zipfile", "-e"])
        .args([&wheel, &unpacked])
        .run()
        .succeeds();
    project::check_protections(&unpacked.join("shop/shop.abi3.so"));
}
