//! A process gets one line on Windows; its arguments are what the C library makes of it. These are its
//! rules, as Microsoft's manual has them ("Parsing C command-line arguments"):
//!
//! - Blanks and tabs separate, but not between quotes.
//! - In the program's name, which comes first, a quote begins or ends such a stretch; nothing else is
//!   special.
//! - In the others a backslash is one, unless a quote comes after it and those beside it: then two of
//!   them stand for one, and one that is left makes the quote a letter like any other.
//! - Two quotes inside such a stretch stand for one.

const BLANK: u16 = b' ' as u16;
const TAB: u16 = b'\t' as u16;
const QUOTE: u16 = b'"' as u16;
const BACKSLASH: u16 = b'\\' as u16;

/// Calls `out` with each unit of each argument, and with nothing at the end of each.
pub fn split(line: impl Iterator<Item = u16>, mut out: impl FnMut(Option<u16>)) {
    let mut line = line.peekable();
    if line.peek().is_none() {
        return;
    }
    let mut quoted = false;
    for unit in line.by_ref() {
        match unit {
            QUOTE => quoted = !quoted,
            BLANK | TAB if !quoted => break,
            _ => out(Some(unit)),
        }
    }
    out(None);
    loop {
        while line.next_if(|unit| matches!(*unit, BLANK | TAB)).is_some() {}
        if line.peek().is_none() {
            return;
        }
        let mut quoted = false;
        loop {
            let mut backslashes = 0;
            while line.next_if_eq(&BACKSLASH).is_some() {
                backslashes += 1;
            }
            let special = line.peek() == Some(&QUOTE);
            for _ in 0..if special {
                backslashes / 2
            } else {
                backslashes
            } {
                out(Some(BACKSLASH));
            }
            match line.next() {
                None => break,
                Some(QUOTE) if backslashes % 2 == 1 => out(Some(QUOTE)),
                Some(QUOTE) if quoted && line.next_if_eq(&QUOTE).is_some() => out(Some(QUOTE)),
                Some(QUOTE) => quoted = !quoted,
                Some(BLANK | TAB) if !quoted => break,
                Some(unit) => out(Some(unit)),
            }
        }
        out(None);
    }
}
