//! The symbols that a library declares: the built file must show these and no others.

use std::collections::BTreeSet;

use rt0_abi::decode::{Description, Export, Gives};

/// The declared symbols: exports, the function that closes each handle, functions that are exported by hand
/// behind the gate, and rt0's own calls if the library has an `#[rt0::init]`.
pub fn declared(description: &Description) -> BTreeSet<String> {
    let exports = description.exports.iter().flat_map(of_export);
    let handles = description
        .handles
        .iter()
        .map(|h| format!("{}_free", h.name));
    let by_hand = description.symbols.iter().map(ToString::to_string);
    let mut symbols: BTreeSet<String> = exports.chain(handles).chain(by_hand).collect();
    if let Some(library) = &description.library {
        let call = |name: &&str| format!("{}_{name}", library.prefix);
        symbols.extend(rt0_abi::LIFECYCLE.iter().map(call));
        if library.ops {
            symbols.extend(rt0_abi::OPS.iter().map(call));
        }
        if library.events {
            symbols.insert(call(&rt0_abi::EVENTS));
        }
    }
    symbols
}

fn of_export(export: &Export) -> Vec<String> {
    let symbol = &export.symbol;
    match export.gives {
        Gives::Later { .. } => vec![
            symbol.to_string(),
            format!("{symbol}_begin"),
            format!("{symbol}_end"),
        ],
        _ => vec![symbol.to_string()],
    }
}

/// A prefix made from a file's name, for a file that does not state one.
pub fn prefix_from(name: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.chars().map(word).collect();
    // A digit can't come first, and a leading underscore is reserved for the compiler.
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name
    } else {
        format!("lib{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exported_by_hand_behind_the_gate_is_declared_too() {
        let description = Description {
            symbols: vec![rt0_abi::decode::Symbol::new("Java_by_hand").unwrap()],
            ..Description::default()
        };
        assert!(declared(&description).contains("Java_by_hand"));
    }
}
