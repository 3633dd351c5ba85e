use alloc::boxed::Box;
use alloc::vec::Vec;

use super::*;
use crate::{Item, TypeCode, encode, encoded_len, tag};

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
    assert_eq!(export.rust_name, "count");
    assert_eq!(export.docs, "Counts.\nÄ.");
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
                to: Box::new(Type::Struct("x_Hit".into()))
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
