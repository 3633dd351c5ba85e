use alloc::boxed::Box;
use alloc::vec::Vec;

use super::*;
use crate::record::{ABI_VERSION, FUTURE, Item, encode, encoded_len, kind, tag};
use crate::ty::TypeCode;

const ITEMS: &[Item] = &[
    Item::text(tag::NAME, "x_count"),
    Item::text(tag::RUST_NAME, "count"),
    Item::text(tag::DOCS, "Counts.\nÄ."),
    Item::ty(tag::TYPE, TypeCode::wrap(b'R', TypeCode::leaf(b'y'))),
    Item::text(tag::PARAM, "word"),
    Item::ty(tag::TYPE, TypeCode::leaf(b'r')),
    Item::text(tag::PARAM, "each"),
    Item::ty(
        tag::TYPE,
        TypeCode::function(
            &[TypeCode::wrap(b'p', TypeCode::named(b'S', "x_Hit"))],
            TypeCode::leaf(b'0'),
        ),
    ),
];
static NOTE: [u8; encoded_len(ITEMS)] = encode(kind::EXPORT, ITEMS);
const BIG: bool = cfg!(target_endian = "big");

#[test]
fn what_is_encoded_comes_back() {
    let description = Description::decode(&NOTE, BIG).unwrap();
    let export = &description.exports[0];
    assert_eq!(export.symbol, "x_count");
    assert_eq!(export.rust_name.as_deref(), Some("count"));
    assert_eq!(export.docs.raw(), "Counts.\nÄ.");
    assert_eq!(
        export.result,
        Type::Result(Box::new(Type::Int {
            signed: false,
            bits: 64
        }))
    );
    assert_eq!(export.params[0].name, "word");
    assert_eq!(export.params[0].ty, Type::Str);
    assert_eq!(
        export.params[1].ty,
        Type::Function {
            params: Vec::from([Type::Pointer {
                mutable: false,
                to: Box::new(Type::Struct(Name::new("x_Hit").unwrap()))
            }]),
            result: Box::new(Type::Unit)
        }
    );
}

#[test]
fn a_note_cut_anywhere_is_an_error_and_never_a_panic() {
    for end in 1..NOTE.len() {
        let cut = Description::decode(&NOTE[..end], BIG);
        // Only the padding at the very end may be missing.
        let padding = NOTE.len() - 3..NOTE.len();
        assert!(cut.is_err() || padding.contains(&end), "cut at {end}");
    }
}

#[test]
fn every_changed_byte_is_survived() {
    for at in 0..NOTE.len() {
        for value in [0, 1, 0x7f, 0xff, NOTE[at] ^ 0x20] {
            let mut note = NOTE;
            note[at] = value;
            let _ = Description::decode(&note, BIG);
        }
    }
}

#[test]
fn exports_come_in_the_order_of_the_source() {
    const fn at(name: &'static str, line: i64) -> [Item; 4] {
        [
            Item::text(tag::NAME, name),
            Item::ty(tag::TYPE, TypeCode::leaf(b'0')),
            Item::text(tag::FILE, "src/lib.rs"),
            Item::number(tag::LINE, line),
        ]
    }
    const LATER: &[Item] = &at("x_b", 20);
    const EARLIER: &[Item] = &at("x_a", 3);
    let later: [u8; encoded_len(LATER)] = encode(kind::EXPORT, LATER);
    let earlier: [u8; encoded_len(EARLIER)] = encode(kind::EXPORT, EARLIER);
    let section = [&later[..], &earlier[..]].concat();
    let description = Description::decode(&section, BIG).unwrap();
    let names: Vec<_> = description
        .exports
        .iter()
        .map(|export| &export.symbol)
        .collect();
    assert_eq!(names, ["x_a", "x_b"]);
}

#[test]
fn a_type_that_nests_without_end_is_refused() {
    assert_eq!(Type::decode(&[b'p'; 500]), Err("a type nests too deep"));
}

#[test]
fn a_name_that_would_be_code_is_refused_wherever_it_stands() {
    type Items<'a> = &'a [(u8, &'a [u8])];
    fn note(kind: u32, items: Items<'_>) -> Vec<u8> {
        let mut desc = Vec::new();
        for (tag, body) in items {
            desc.push(*tag);
            desc.extend_from_slice(&(body.len() as u32).to_le_bytes());
            desc.extend_from_slice(body);
        }
        let mut out = [4u32, desc.len() as u32, kind]
            .map(u32::to_ne_bytes)
            .concat();
        out.extend_from_slice(b"rt0\0");
        out.extend_from_slice(&desc);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }
    for bad in [
        "x */ int y; /*",
        "x\n#include \"y\"",
        "x;y",
        "9 x",
        "x\u{1b}[31m",
        "x\u{202e}",
        "x\u{9b}",
        "x\\\ny",
        "x,--script=y",
        &"x".repeat(2000),
    ] {
        let bad = bad.as_bytes();
        let of_type = |code: u8| [&[code, bad.len().min(255) as u8][..], bad].concat();
        let (of_struct, of_enum, of_handle) = (of_type(b'S'), of_type(b'E'), of_type(b'H'));
        let places: &[(u32, Items<'_>)] = &[
            (kind::LIBRARY, &[(tag::NAME, bad)]),
            (kind::LIBRARY, &[(tag::NAME, b"x"), (tag::CRATE, bad)]),
            (kind::EXPORT, &[(tag::NAME, bad), (tag::TYPE, b"0")]),
            (
                kind::EXPORT,
                &[
                    (tag::NAME, b"x_f"),
                    (tag::RUST_NAME, bad),
                    (tag::TYPE, b"0"),
                ],
            ),
            (
                kind::EXPORT,
                &[
                    (tag::NAME, b"x_f"),
                    (tag::TYPE, b"0"),
                    (tag::PARAM, bad),
                    (tag::TYPE, b"l"),
                ],
            ),
            (
                kind::EXPORT,
                &[(tag::NAME, b"x_f"), (tag::TYPE, &of_struct)],
            ),
            (kind::EXPORT, &[(tag::NAME, b"x_f"), (tag::TYPE, &of_enum)]),
            (
                kind::EXPORT,
                &[(tag::NAME, b"x_f"), (tag::TYPE, &of_handle)],
            ),
            (
                kind::STRUCT,
                &[(tag::NAME, bad), (tag::FIELD, b"a"), (tag::TYPE, b"l")],
            ),
            (
                kind::STRUCT,
                &[(tag::NAME, b"x_S"), (tag::FIELD, bad), (tag::TYPE, b"l")],
            ),
            (kind::ENUM, &[(tag::NAME, bad), (tag::TYPE, b"l")]),
            (
                kind::ENUM,
                &[(tag::NAME, b"x_E"), (tag::TYPE, b"l"), (tag::VARIANT, bad)],
            ),
            (kind::HANDLE, &[(tag::NAME, bad)]),
            (kind::HOOK, &[(tag::NAME, bad)]),
            (kind::SYMBOL, &[(tag::NAME, bad)]),
        ];
        for (kind, items) in places {
            let error = Description::decode(&note(*kind, items), BIG).unwrap_err();
            assert!(error.reason.starts_with("a "), "{kind}: {error}");
        }
    }
    for good in ["größe", "r#type", "_", "日本語"] {
        let items: &[(u8, &[u8])] = &[
            (tag::NAME, b"x_f"),
            (tag::TYPE, b"0"),
            (tag::PARAM, good.as_bytes()),
            (tag::TYPE, b"l"),
        ];
        assert!(
            Description::decode(&note(kind::EXPORT, items), BIG).is_ok(),
            "{good}"
        );
    }
}

#[test]
fn free_text_is_shown_without_what_a_terminal_would_obey() {
    let text = Text::from("a\u{1b}[31m\u{9b}\u{202e}\n\u{e0041}b");
    assert_eq!(
        alloc::format!("{text}"),
        "a\u{fffd}[31m\u{fffd}\u{fffd}\u{fffd}\u{fffd}b"
    );
}

#[test]
fn an_async_export_comes_back_with_its_deadline() {
    fn gives(form: i64, timeout: Option<i64>) -> Result<Gives, &'static str> {
        let mut desc = Vec::new();
        let mut item = |tag: u8, body: &[u8]| {
            desc.push(tag);
            desc.extend_from_slice(&(body.len() as u32).to_le_bytes());
            desc.extend_from_slice(body);
        };
        item(tag::NAME, b"x_fetch");
        item(tag::TYPE, b"R0");
        item(tag::ASYNC, &form.to_le_bytes());
        if let Some(ms) = timeout {
            item(tag::TIMEOUT_MS, &ms.to_le_bytes());
        }
        let mut description = Description::default();
        description.add(kind::EXPORT, &desc)?;
        Ok(description.exports[0].gives)
    }
    assert_eq!(gives(0, None), Ok(Gives::AtOnce));
    let later = |timeout_ms| Ok(Gives::Later { timeout_ms });
    assert_eq!(gives(FUTURE, Some(5000)), later(5000));
    assert_eq!(gives(FUTURE, Some(-1)), later(-1));
    assert_eq!(gives(FUTURE, None), later(-1));
    // A stream, say. What this reader would make of it is wrong.
    assert_eq!(gives(2, None), Err(NEWER));
}

#[test]
fn a_library_of_a_newer_abi_is_newer_and_not_damaged() {
    const ITEMS: &[Item] = &[
        Item::text(tag::NAME, "x"),
        Item::number(tag::ABI, ABI_VERSION as i64 + 1),
    ];
    static NOTE: [u8; encoded_len(ITEMS)] = encode(kind::LIBRARY, ITEMS);
    let error = Description::decode(&NOTE, BIG).unwrap_err();
    assert_eq!(error.reason, NEWER);
}
