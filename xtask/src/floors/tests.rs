//! Plants each way to write an import, and checks that it is found.

use std::fs;

use super::arrows::{Report, check};
use super::invariants::{Invariant, broken};
use super::map::Map;
use super::source::Crate;

const FLOORS: &str =
    "```floors planted\ntop\nmiddle | beside\nbottom  for all\n  upper\n  lower\n```\n";

/// A crate in which every import goes down, except what this file says.
fn planted(file: &str, text: &str) -> Crate {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(path, text).expect("it can be written");
    };
    write(
        "lib.rs",
        "mod top; mod middle; mod beside; mod bottom; pub use top::all;",
    );
    write(
        "top.rs",
        "use crate::{middle::{self, one}, bottom::lower}; pub fn all() {}",
    );
    write("middle.rs", "pub fn one() { crate::bottom::upper::two() }");
    write(
        "beside.rs",
        "#[macro_export] macro_rules! shout { () => { $crate::bottom::two() } }",
    );
    write(
        "bottom/mod.rs",
        "pub mod upper; mod lower; pub use upper::two;",
    );
    write(
        "bottom/upper.rs",
        "use super::lower::three; pub fn two() {}",
    );
    write("bottom/lower.rs", "pub fn three() {}");
    if !file.is_empty() {
        write(file, text);
    }
    Crate::read(dir.path()).expect("it can be read")
}

fn checked(found: &Crate) -> Report {
    check(found, &Map::all(FLOORS).expect("it can be read")[0])
}

#[track_caller]
fn found(file: &str, text: &str, what: &str) {
    let report = checked(&planted(file, text));
    assert!(
        report.wrong.len() == 1 && report.wrong[0].contains(what),
        "{file}: {text}\n{:#?}",
        report.wrong
    );
}

#[test]
fn nothing_is_found_where_all_goes_down() {
    let report = checked(&planted("", ""));
    assert_eq!(report.wrong, Vec::<String>::new());
    assert!(report.arrows >= 5, "{}", report.arrows);
}

#[test]
fn what_a_macro_writes_for_authors_is_no_import() {
    let text = "fn f() { quote! { super::top::all() }; quote_spanned! { x => crate::top::all() } }";
    let report = checked(&planted("middle.rs", text));
    assert_eq!(report.wrong, Vec::<String>::new());
}

#[test]
fn every_way_to_write_an_import_that_goes_up_is_found() {
    let up = "middle.rs:1: `middle` imports `top`, which is above it";
    for text in [
        "use crate::top::all;",
        "use super::top::all;",
        "use crate::{top::all as other};",
        "use crate::{bottom::{upper, lower}, top::{self}};",
        "pub use crate::top::*;",
        "pub(crate) use super::{top};",
        "fn f() { crate::top::all() }",
        "fn f(x: super::top::X) {}",
        "impl crate::top::Trait for X {}",
        "macro_rules! m { () => { $crate::top::all() } }",
        "fn f() { println!(\"{}\", crate::top::all()) }",
        "#[derive(Debug)] struct X(#[with(crate::top::all)] u8);",
        "mod inner { fn f() { super::super::top::all() } }",
    ] {
        found("middle.rs", text, up);
    }
}

#[test]
fn a_neighbour_on_the_same_floor_and_the_crates_own_file_are_found() {
    found(
        "middle.rs",
        "use crate::beside;",
        "`middle` imports `beside`, which is on the same floor",
    );
    found(
        "middle.rs",
        "use crate::shout;",
        "`middle` imports `beside`",
    );
    found("middle.rs", "use crate::all;", "the crate's own file");
    found("middle.rs", "use super::all;", "the crate's own file");
}

#[test]
fn floors_inside_a_folder_and_circles_where_there_are_none_are_found() {
    found(
        "bottom/lower.rs",
        "use super::upper::two;",
        "`lower` imports `upper`, which is above it",
    );
    let dir = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("lib.rs", "mod top; mod middle; mod beside; mod bottom;"),
        ("top/mod.rs", "mod a; mod b;"),
        ("top/a.rs", "use super::b;"),
        ("top/b.rs", "use super::a;"),
        ("middle.rs", ""),
        ("beside.rs", ""),
        ("bottom/mod.rs", "mod upper; mod lower;"),
        ("bottom/upper.rs", ""),
        ("bottom/lower.rs", ""),
    ] {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(path, text).expect("it can be written");
    }
    let report = checked(&Crate::read(dir.path()).expect("it can be read"));
    assert_eq!((report.circles, report.wrong.len()), (1, 1));
    assert!(report.wrong[0].contains("a circle in `top`: a > b"));
}

#[test]
fn a_module_under_another_path_and_one_off_the_map_are_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("lib.rs"), "#[path = \"b.rs\"] mod a;").expect("written");
    assert!(Crate::read(dir.path()).is_err());
    fs::write(
        dir.path().join("lib.rs"),
        "#[cfg_attr(windows, path = \"b.rs\")] mod a;",
    )
    .expect("written");
    assert!(Crate::read(dir.path()).is_err());
    let missing = "```floors planted\ntop\nmiddle\n  extra\nbottom\n```\n";
    let report = check(
        &planted("", ""),
        &Map::all(missing).expect("it can be read")[0],
    );
    let wrong = report.wrong.join("\n");
    assert!(wrong.contains("the map does not name `beside`"), "{wrong}");
    assert!(
        wrong.contains("the map names `middle::extra`, which is no module"),
        "{wrong}"
    );
}

#[test]
fn a_room_that_may_import_but_one_other_is_held_to_that() {
    let floors = "```floors planted\ntop > middle\nmiddle | beside\nbottom\n```\n";
    let report = check(
        &planted("", ""),
        &Map::all(floors).expect("it can be read")[0],
    );
    assert_eq!(report.wrong.len(), 1, "{:?}", report.wrong);
    assert!(report.wrong[0].contains("`top` imports `bottom`, which its line does not name"));
}

#[test]
fn a_word_outside_the_rooms_that_may_say_it_is_found() {
    let invariant = |words, rooms| Invariant {
        name: "Planted.",
        package: "planted",
        words,
        rooms,
    };
    for text in [
        "fn f() { asm!(\"nop\") }",
        "use core::arch::asm;",
        "use core::{arch::{asm as a}};",
        "macro_rules! m { () => { core::arch::asm!(\"\") } }",
        "#[asm(\"\")] fn f() {}",
        "use crate::bottom::asm;",
    ] {
        let found = planted("middle.rs", text);
        let wrong = broken(&found, "planted", &[invariant(&["asm"], &["bottom"])]);
        assert_eq!(wrong.len(), 1, "{text}: {wrong:?}");
        assert!(wrong[0].ends_with("middle.rs:1: `asm`, against \"Planted.\""));
        assert!(broken(&found, "planted", &[invariant(&["asm"], &["middle"])]).is_empty());
        assert!(broken(&found, "other", &[invariant(&["asm"], &[])]).is_empty());
    }
    let found = planted("bottom/lower.rs", "fn asm() {} pub fn three() {}");
    assert!(broken(&found, "planted", &[invariant(&["asm"], &["bottom"])]).is_empty());
    let tests = planted(
        "middle.rs",
        "#[cfg(test)] mod tests { fn asm() {} } pub fn one() {}",
    );
    assert!(broken(&tests, "planted", &[invariant(&["asm"], &[])]).is_empty());
}

#[test]
fn this_repository_has_a_map_that_can_be_read() {
    let text = fs::read_to_string(crate::run::root().join("ARCHITECTURE.md")).expect("it is there");
    assert!(Map::all(&text).is_ok());
}
