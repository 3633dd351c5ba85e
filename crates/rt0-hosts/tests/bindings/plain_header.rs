//! `cargo rt0 header --plain`, read by a foreign-function interface that reads C.

use std::fs;
use std::path::Path;

use cargo_rt0::image::Image;
use cargo_rt0::{description, header};
use rt0_hosts::fixture::fixture;
use rt0_hosts::require::skipped;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{scratch, source, venv};

use crate::package::CONFORM;

#[test]
fn cffi_reads_it() {
    let Some(python) = named_target().is_empty().then(|| venv("cffi")).flatten() else {
        return skipped("cffi_reads_it", "it needs cffi; ci/setup.sh installs it");
    };
    let library = fixture(CONFORM).library();
    let image = Image::open(Path::new(&library)).expect("it was built");
    let description = description::read(&image).expect("a library of ours");
    let text = header::plain(&description, CONFORM).expect("it has a header");
    let path = scratch().join("bindings/conform.cdef");
    fs::create_dir_all(path.parent().expect("a folder"))
        .expect("the target directory can be written");
    fs::write(&path, text).expect("the target directory can be written");
    let host = Host::new(python).arg(source("bindings/plain_header.py"));
    assert_eq!(host.arg(library).arg(path).run().ok(), "right\n");
}
