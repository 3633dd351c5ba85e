//! What `#[rt0::export] async fn` writes: the twin, `_begin` and `_end`, with every type; and what tools see of it.

use std::path::Path;

use cargo_rt0::image::Image;
use cargo_rt0::inspect::{Report, inspect};
use rt0_hosts::cc;
use rt0_hosts::fixture::{Fixture, fixture};
use rt0_hosts::watchdog::Host;

#[test]
fn every_type_goes_in_and_comes_out() {
    let host = cc::linked("ops/surface.c", &fixture("errands"));
    assert_eq!(Host::compiled(host).run().ok(), "");
}

fn seen(library: &Fixture) -> Report {
    let image = Image::open(Path::new(&library.library())).expect("it was built");
    inspect(&image).expect("it was built with rt0")
}

#[test]
fn tools_see_the_halves_and_the_timeout() {
    let report = seen(&fixture("errands"));
    let about = report.library.as_ref().expect("it has an init");
    assert!(about.ops && about.abi_version == 2);
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert!(report.symbols.surplus.is_empty() && report.symbols.missing.is_empty());
    let call = |name: &str| {
        let mut calls = report.exports.iter();
        calls.find(|call| call.symbol == name).expect("an export")
    };
    let limited = call("errands_limited").later.as_ref().expect("it is async");
    assert_eq!(limited.timeout_ms, 20);
    assert_eq!(
        limited.end,
        "int32_t errands_limited_end(errands_Op *op, char **err)"
    );
    assert_eq!(
        limited.begin,
        "int32_t errands_limited_begin(uint32_t door, int32_t timeout_ms, errands_Queue *queue, uint64_t tag, \
         errands_Op **op, char **err)"
    );
    assert!(call("errands_open_doors").later.is_none());
    assert!(report.to_text().contains("async, timeout 20 ms"));
}

/// An older `cargo rt0` still reads it, and it has not a symbol more.
#[test]
fn a_library_without_async_exports_has_nothing_of_theirs() {
    let report = seen(&fixture("calm"));
    let about = report.library.as_ref().expect("it has an init");
    assert!(!about.ops && !about.events && about.abi_version == 1);
    for name in ["op_wait", "queue_new", "queue_take"] {
        assert!(
            !report.symbols.visible.contains(&format!("calm_{name}")),
            "{name}"
        );
    }
    // Nor one of their functions: the names of symbols have their module.
    let has = |library: &Fixture| {
        let bytes = std::fs::read(library.library()).expect("it was built");
        bytes.windows(OPS.len()).any(|part| part == OPS)
    };
    assert!(has(&fixture("errands")), "the name has changed");
    assert!(!has(&fixture("calm")));
}

/// `rt0::ops`, in the names of symbols.
const OPS: &[u8] = b"3rt03ops";
