//! A description that uses every feature, and the header that it gives.

use std::fs;
use std::process::Command;

use rt0_abi::decode::{
    Description, Enum, Export, Gives, Handle, Library, Name, Param, Struct, Text, Type, Variant,
    Word,
};

use snapbox::{assert_data_eq, file};

use super::check_names;
use crate::error::Result;

/// Checks the names first, as for a description that comes from a file.
fn generate(description: &Description, name: &str) -> Result<String> {
    check_names(description)?;
    super::generate(description, name)
}

fn name(text: impl Into<String>) -> Name {
    Name::new(text).unwrap()
}

fn word(text: &str) -> Word {
    Word::new(text).unwrap()
}

fn int(signed: bool, bits: u8) -> Type {
    Type::Int { signed, bits }
}

fn i32() -> Type {
    int(true, 32)
}

fn boxed(ty: Type) -> Box<Type> {
    Box::new(ty)
}

fn pointer(mutable: bool, to: Type) -> Type {
    Type::Pointer {
        mutable,
        to: boxed(to),
    }
}

fn reference(mutable: bool, to: Type) -> Type {
    Type::Reference {
        mutable,
        to: boxed(to),
    }
}

fn option(ty: Type) -> Type {
    Type::Option(boxed(ty))
}

fn result(ty: Type) -> Type {
    Type::Result(boxed(ty))
}

fn slice(mutable: bool, of: Type) -> Type {
    Type::Slice {
        mutable,
        of: boxed(of),
    }
}

fn function(params: &[Type], result: Type) -> Type {
    Type::Function {
        params: params.to_vec(),
        result: boxed(result),
    }
}

fn hit() -> Type {
    Type::Struct(name("x_Hit"))
}

fn mode() -> Type {
    Type::Enum(name("x_Mode"))
}

fn cursor() -> Type {
    Type::Handle(name("x_Cursor"))
}

fn param(name: &str, ty: Type) -> Param {
    Param {
        name: word(name),
        docs: Text::default(),
        ty,
    }
}

fn export(own: &str, docs: &str, params: &[(&str, Type)], result: Type) -> Export {
    Export {
        symbol: name(format!("x_{own}")),
        rust_name: Some(word(own)),
        docs: docs.into(),
        params: params
            .iter()
            .map(|(name, ty)| param(name, ty.clone()))
            .collect(),
        or: (!matches!(result, Type::Result(_))).then(|| "-1".into()),
        result,
        enter: false,
        gives: Gives::AtOnce,
    }
}

fn later(export: Export, timeout_ms: i64) -> Export {
    Export {
        gives: Gives::Later { timeout_ms },
        ..export
    }
}

fn enumeration(own: &str, repr: Type, values: &[(&str, i64)]) -> Enum {
    let variant = |(own, value): &(&str, i64)| Variant {
        name: name(*own),
        docs: format!(" {own}.").into(),
        value: *value,
    };
    Enum {
        name: name(own),
        docs: " Some values.".into(),
        repr,
        variants: values.iter().map(variant).collect(),
    }
}

fn structure(own: &str, fields: &[(&str, Type)]) -> Struct {
    let field = |(name, ty): &(&str, Type)| Param {
        docs: format!(" The field {name}.").into(),
        ..param(name, ty.clone())
    };
    Struct {
        name: name(own),
        docs: " A struct.\n With two lines.".into(),
        fields: fields.iter().map(field).collect(),
    }
}

fn library() -> Library {
    Library {
        prefix: name("x"),
        krate: word("xample"),
        version: "1.2.3".into(),
        abi: 1,
        start: "load".into(),
        wait_ms: 30_000,
        runtime: "multi_thread".into(),
        docs: " An example: größer, */ and /* and a \\\n\n End.".into(),
        pins_itself: false,
        own_functions: Vec::new(),
        ops: false,
        events: false,
    }
}

pub(crate) fn everything() -> Description {
    let each = function(&[int(false, 64), pointer(true, Type::Void)], i32());
    let nested = function(&[pointer(false, hit()), option(each.clone())], each.clone());
    Description {
        library: Some(library()),
        structs: vec![
            structure(
                "x_Page",
                &[
                    ("first", hit()),
                    ("next", pointer(false, Type::Struct(name("x_Page")))),
                ],
            ),
            structure(
                "x_Hit",
                &[
                    ("class", Type::Float(32)),
                    ("mode", mode()),
                    ("each", option(each.clone())),
                    ("name", pointer(false, Type::Char)),
                    ("r#type", Type::Bool),
                ],
            ),
        ],
        enums: vec![
            enumeration(
                "x_Mode",
                int(false, 8),
                &[("X_MODE_EXACT", 1), ("X_MODE_FUZZY", 2)],
            ),
            enumeration(
                "x_Signed",
                i32(),
                &[
                    ("X_SIGNED_LEAST", i64::from(i32::MIN)),
                    ("X_SIGNED_NONE", -1),
                ],
            ),
            enumeration(
                "x_Wide",
                int(true, 64),
                &[
                    ("X_WIDE_LEAST", i64::MIN),
                    ("X_WIDE_MINUS", -2),
                    ("X_WIDE_MOST", i64::MAX),
                ],
            ),
            enumeration(
                "x_Huge",
                int(false, 64),
                &[("X_HUGE_MOST", -1), ("X_HUGE_ONE", 1)],
            ),
            enumeration("x_Flags", int(false, 32), &[("X_FLAGS_TOP", 0x8000_0000)]),
            enumeration("x_Empty", int(false, 16), &[]),
        ],
        handles: vec![Handle {
            name: name("x_Cursor"),
            docs: " A place in a list.".into(),
        }],
        codes: [
            ("BUSY", 4),
            ("NO_PLACE", 5),
            ("NO_ROOM", 5),
            ("ZERO", 0),
            ("HUGE", 1 << 40),
            ("CODES", 6),
        ]
        .map(|(own, value)| Variant {
            name: name(format!("X_ERROR_{own}")),
            docs: format!(" It is {own}.").into(),
            value,
        })
        .into(),
        exports: vec![
            export("nothing", "", &[], result(Type::Unit)),
            export("size", " How many.", &[], int(true, 64)),
            export("stop", " Stops.", &[("now", Type::Bool)], Type::Unit),
            export(
                "count",
                " Counts.\n\n Twice */.",
                &[("word", Type::Str)],
                result(int(false, 64)),
            ),
            export(
                "keywords",
                "",
                &[
                    ("class", Type::Str),
                    ("class_", i32()),
                    ("out", i32()),
                    ("err", i32()),
                    ("int32_t", i32()),
                    ("x_Hit", hit()),
                    ("linux", i32()),
                    ("_", i32()),
                ],
                result(i32()),
            ),
            export(
                "buffers",
                "",
                &[
                    ("from", slice(false, hit())),
                    ("into", slice(true, int(false, 8))),
                    ("own", Type::Vec(boxed(int(false, 0)))),
                    ("maybe", option(Type::Str)),
                    ("signed", int(true, 0)),
                ],
                result(Type::Vec(boxed(int(false, 8)))),
            ),
            export("text", "", &[], result(Type::String)),
            export("maybe_text", "", &[], result(option(Type::String))),
            export("maybe_number", "", &[], result(option(Type::Float(64)))),
            export(
                "open",
                "",
                &[("at", option(reference(false, hit())))],
                result(Type::Owned(boxed(cursor()))),
            ),
            export(
                "find",
                "",
                &[("at", reference(true, hit()))],
                result(option(Type::Owned(boxed(cursor())))),
            ),
            export(
                "step",
                "",
                &[("cursor", reference(true, cursor()))],
                result(hit()),
            ),
            export(
                "look",
                "",
                &[("cursor", reference(false, cursor())), ("by", mode())],
                result(mode()),
            ),
            export(
                "close",
                "",
                &[("cursor", Type::Owned(boxed(cursor())))],
                result(Type::Unit),
            ),
            export(
                "each",
                "",
                &[("each", each.clone()), ("user", pointer(true, Type::Void))],
                result(Type::Unit),
            ),
            export("nested", "", &[("call", nested)], result(each.clone())),
            // Names that generated code has for its own, and an end that cgo reads as a word of C.
            export(
                "own_names",
                "",
                &[
                    ("at", slice(true, hit())),
                    ("one", slice(false, hit())),
                    ("ms", i32()),
                ],
                result(Type::Unit),
            ),
            export(
                "find_const",
                "",
                &[("each", each.clone()), ("user", pointer(true, Type::Void))],
                result(option(i32())),
            ),
            export(
                "choose",
                "",
                &[
                    ("a_long_name_of_a_parameter", Type::Str),
                    ("another_long_name_of_a_parameter", Type::Str),
                ],
                each,
            ),
        ],
        ..Description::default()
    }
}

/// A library with all that `async_exports` and `tracing` add.
pub(crate) fn asynchronous() -> Description {
    Description {
        library: Some(Library {
            docs: Text::default(),
            abi: 2,
            ops: true,
            events: true,
            ..library()
        }),
        handles: vec![Handle {
            name: name("x_Cursor"),
            docs: " A place in a list.".into(),
        }],
        exports: vec![
            export("size", " How many.", &[], int(true, 64)),
            later(export("rest", "", &[], result(Type::Unit)), -1),
            later(
                export(
                    "fetch",
                    " Fetches a page.",
                    &[
                        ("url", Type::Str),
                        ("queue", i32()),
                        ("ms", i32()),
                        ("at", option(reference(false, cursor()))),
                        ("last", Type::Owned(boxed(cursor()))),
                    ],
                    result(option(Type::String)),
                ),
                5000,
            ),
        ],
        ..Description::default()
    }
}

#[test]
fn the_header_of_async_exports_is_the_golden_one() {
    let text = generate(&asynchronous(), "x").unwrap();
    let (_, after) = text.split_once("X_STATE_RETRYING = 6\n};\n\n").unwrap();
    let (own, _) = after
        .split_once("/** The ABI version of the library that was loaded")
        .unwrap();
    assert!(text.contains("#define X_ABI_VERSION 2\n"));
    assert_data_eq!(own, file!["golden_async.h"]);
}

#[test]
fn a_library_without_async_exports_has_nothing_of_theirs() {
    let text = generate(&everything(), "x").unwrap();
    let names = rt0_abi::OPS.iter().chain(&rt0_abi::OP_TYPES);
    for name in names.chain([&rt0_abi::EVENTS]) {
        assert!(!text.contains(&format!("x_{name}")), "{name}");
    }
}

/// To update the file after an intended change: `SNAPSHOTS=overwrite cargo test -p cargo-rt0 --lib`.
#[test]
fn the_header_is_the_golden_one() {
    let text = generate(&everything(), "x").unwrap();
    // The status codes come from rt0-abi, and have their own test.
    let (before, rest) = text.split_once("/** What a call returns.").unwrap();
    let (_, after) = rest.split_once("/** What x_state() ").unwrap();
    let own = format!("{before}/* The status codes. */\n\n/** What x_state() {after}");
    assert_data_eq!(own, file!["golden.h"]);
}

#[test]
fn the_plain_header_has_nothing_for_a_preprocessor() {
    for description in [everything(), asynchronous()] {
        let plain = super::plain(&description, "x").unwrap();
        assert!(!plain.lines().any(|line| line.trim_start().starts_with('#')));
        assert!(!plain.contains("extern"));
        // The same functions, in the same order.
        let functions = |text: &str| {
            let lines = text.lines().filter(|line| line.ends_with(");"));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let header = generate(&description, "x").unwrap();
        assert_eq!(functions(&plain), functions(&header));
    }
    let plain = super::plain(&everything(), "x").unwrap();
    assert!(plain.contains("enum { X_ABI_VERSION = 1 };\n"));
    assert!(plain.contains("/* X_WIDE_MOST is 9223372036854775807. */\n"));
    assert!(plain.contains("/* X_HUGE_MOST is 18446744073709551615. */\n"));
    assert!(plain.contains("/* X_FLAGS_TOP is 2147483648. */\n"));
}

#[test]
fn every_status_and_state_has_its_name() {
    let text = generate(&everything(), "x").unwrap();
    for status in rt0_abi::Status::ALL {
        assert!(text.contains(&format!("    X_{} = {}", status.name(), status.code())));
    }
    for line in [
        "X_OK_ = 0,",
        "X_ERROR = 1,",
        "X_STATE_COLD = 0,",
        "X_STATE_STOPPING = 5,",
        "X_STATE_RETRYING = 6\n",
    ] {
        assert!(text.contains(line), "{line}");
    }
    assert!(text.contains("#define X_ABI_VERSION 1\n"));
}

#[test]
fn c_and_cpp_compilers_have_nothing_to_say() {
    let dir = tempfile::tempdir().unwrap();
    let description = everything();
    fs::write(dir.path().join("x.h"), generate(&description, "x").unwrap()).unwrap();
    let text = generate(&asynchronous(), "x").unwrap();
    fs::write(dir.path().join("async.h"), text).unwrap();
    let bare = Description {
        library: None,
        ..description
    };
    fs::write(
        dir.path().join("bare.h"),
        generate(&bare, "my-lib.2").unwrap(),
    )
    .unwrap();
    let c = "#include \"x.h\"\n#include \"x.h\"\n\
             int32_t x_nothing(char **err) { (void)err; return X_OK_; }\n\
             static x_Huge huge = X_HUGE_MOST; static x_Wide least = X_WIDE_LEAST;\n\
             static x_Mode mode = X_MODE_FUZZY; static x_Signed s = X_SIGNED_LEAST;\n\
             int use(void); int use(void) {\n\
             return huge == UINT64_MAX && least == INT64_MIN && mode == 2 && s < 0 && X_FLAGS_TOP; }\n";
    fs::write(dir.path().join("twice.c"), c).unwrap();
    fs::write(dir.path().join("bare.c"), "#include \"bare.h\"\n").unwrap();
    fs::write(dir.path().join("async.c"), "#include \"async.h\"\n").unwrap();
    let strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"];
    for (compiler, options) in [
        ("cc", &["-std=c99"][..]),
        (
            "cc",
            &["-std=c11", "-Wmissing-prototypes", "-Wstrict-prototypes"],
        ),
        ("cc", &["-std=gnu17", "-Wc++-compat"]),
        ("c++", &["-std=c++17", "-x", "c++"]),
        (
            "c++",
            &["-std=c++20", "-x", "c++", "-Wmissing-declarations"],
        ),
    ] {
        let mut command = Command::new(compiler);
        command
            .current_dir(dir.path())
            .args(strict)
            .args(options)
            .args(["twice.c", "bare.c", "async.c"]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{compiler} {options:?}: {said}");
    }
}

/// Why a changed description has no header, one line each.
#[derive(Default)]
struct Refused(String);

impl Refused {
    fn add(&mut self, change: impl FnOnce(&mut Description)) {
        let mut description = everything();
        change(&mut description);
        let error = generate(&description, "x").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        self.0.push_str(&format!("{error}\n"));
    }
}

#[test]
fn a_type_that_c_has_not_is_an_error_that_names_the_export() {
    let mut all = Refused::default();
    for ty in [
        option(i32()),
        slice(false, Type::Str),
        Type::Unit,
        cursor(),
        result(i32()),
        Type::Struct(name("x_Gone")),
        Type::Owned(boxed(hit())),
    ] {
        all.add(|d| {
            d.exports
                .push(export("odd", "", &[("p", ty)], result(Type::Unit)))
        });
    }
    all.add(|d| d.exports.push(export("odd", "", &[], Type::String)));
    assert_data_eq!(all.0, file!["wrong_types.txt"]);
}

#[test]
fn names_that_would_break_the_header_are_errors() {
    let mut all = Refused::default();
    all.add(|d| d.exports[0].symbol = name("co_await"));
    all.add(|d| d.structs[0].name = name("FILE"));
    all.add(|d| d.exports[0].symbol = name("st_atime"));
    all.add(|d| d.structs[0].name = name("_Static"));
    all.add(|d| d.library.as_mut().unwrap().prefix = name("_x"));
    all.add(|d| d.library.as_mut().unwrap().prefix = name("obstack"));
    all.add(|d| d.exports[1].symbol = name("x_free"));
    all.add(|d| d.enums[0].variants[0].name = name("X_ERROR"));
    all.add(|d| d.structs[1].fields[0].ty = Type::Struct(name("x_Page")));
    all.add(|d| d.structs[1].fields.clear());
    all.add(|d| d.enums[0].repr = Type::Float(32));
    all.add(|d| {
        d.exports[0] = later(d.exports[0].clone(), -1);
        d.exports[1].symbol = name("x_nothing_end");
    });
    all.add(|d| {
        d.library.as_mut().unwrap().ops = true;
        d.handles[0].name = name("x_Queue");
    });
    all.add(|d| {
        d.library.as_mut().unwrap().events = true;
        d.exports[1].symbol = name("x_events");
    });
    assert_data_eq!(all.0, file!["wrong_names.txt"]);
}
