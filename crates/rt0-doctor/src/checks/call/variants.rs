//! The same call with arguments that nobody has thought of.

use crate::calls::{Arg, Call, Ty};

/// How many there are of a call, at most.
const MOST: usize = 24;

/// The length of a text that is too long.
const LONG: usize = 64 << 10;

/// Variants of this call: each has one argument that is unusual. Pointers stay as they are, and so do numbers in calls
/// that have pointers to memory, because they may be its size. A library that describes itself has `size_t` for sizes.
pub fn variants(call: &Call, is_described: bool) -> Vec<Call> {
    let is_memory = |arg: &Arg| matches!(arg, Arg::Buffer(_) | Arg::Null | Arg::Int(Ty::Ptr, _));
    let has_memory = call.args.iter().any(is_memory);
    let mut found = Vec::new();
    for (place, arg) in call.args.iter().enumerate() {
        let others = match arg {
            Arg::Int(Ty::Usize, _) if has_memory => Vec::new(),
            Arg::Int(..) | Arg::Float(..) if has_memory && !is_described => Vec::new(),
            arg => unusual(arg),
        };
        for other in others.into_iter().filter(|other| other != arg) {
            let mut call = call.clone();
            call.args[place] = other;
            found.push(call);
        }
    }
    found.truncate(MOST);
    found
}

fn unusual(arg: &Arg) -> Vec<Arg> {
    match arg {
        Arg::Int(ty, _) => {
            let (low, high) = ty.range().unwrap_or((0, 0));
            let wanted = [0, -1, low, high, 1_000_000];
            let mut numbers: Vec<i128> = Vec::new();
            for number in wanted {
                if (low..=high).contains(&number) && !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            numbers
                .into_iter()
                .map(|number| Arg::Int(*ty, number))
                .collect()
        }
        Arg::Float(ty, _) => [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MAX]
            .map(|number| Arg::Float(*ty, number))
            .to_vec(),
        Arg::Text(_) | Arg::Str(_) => {
            let with_length = matches!(arg, Arg::Text(_));
            let bytes = |bytes: &[u8]| Arg::Bytes {
                bytes: bytes.to_vec(),
                with_length,
            };
            vec![
                bytes(b""),
                // No UTF-8: a lone continuation byte, and half of a letter.
                bytes(b"\x80"),
                bytes(b"a\xc3"),
                // Two bytes for a letter, where somebody may cut.
                bytes("\u{e9}".as_bytes()),
                bytes("{}%s%n\r\n\u{202e}".as_bytes()),
                bytes(&vec![b'a'; LONG]),
            ]
        }
        _ => Vec::new(),
    }
}
