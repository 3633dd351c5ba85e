//! The symbols that a library declares: what must be visible in the built file, and nothing else.

use std::collections::BTreeSet;

use rt0_abi::decode::Description;

/// The declared symbols: exports, the call that closes each handle, and the lifecycle calls when
/// the library has an `#[rt0::init]`.
pub fn declared(description: &Description) -> BTreeSet<String> {
    let exports = description.exports.iter().map(|e| e.symbol.clone());
    let handles = description
        .handles
        .iter()
        .map(|h| format!("{}_free", h.name));
    let mut symbols: BTreeSet<String> = exports.chain(handles).collect();
    if let Some(library) = &description.library {
        let call = |name: &&str| format!("{}_{name}", library.prefix);
        symbols.extend(rt0_abi::LIFECYCLE.iter().map(call));
    }
    symbols
}

/// A prefix made of a file's name, for a file that states none.
pub fn prefix_from(name: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.chars().map(word).collect();
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() => name,
        _ => format!("_{name}"),
    }
}
