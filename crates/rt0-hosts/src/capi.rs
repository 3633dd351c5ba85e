//! Libraries in C, on `rt0.h`.

use std::path::PathBuf;

use crate::cc;
use crate::fixture::archive_for_c;
use crate::places::workspace;

/// The directory with `rt0.h`.
pub fn include() -> PathBuf {
    workspace().join("crates/rt0-capi/include")
}

/// The library made from this source in `hosts/`, or from this path, with these additional options.
#[track_caller]
pub fn library(source: &str, options: &[&str]) -> String {
    made(cc::c, source, options)
}

/// The same with a C++ compiler.
#[track_caller]
pub fn library_cpp(source: &str, options: &[&str]) -> String {
    made(cc::cpp, source, options)
}

#[track_caller]
fn made(compile: fn(&str, &[&str]) -> PathBuf, source: &str, options: &[&str]) -> String {
    let archive = archive_for_c().archive();
    let include = format!("-I{}", include().display());
    let mut args = vec!["-shared", "-fPIC", &include];
    args.extend(options);
    args.push(&archive);
    let path = compile(source, &args);
    path.to_str().expect("a path of ours").to_owned()
}
