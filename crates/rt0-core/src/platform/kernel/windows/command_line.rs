//! On Windows a process gets its arguments as one line, which the C library splits. These are its rules, from
//! Microsoft's manual ("Parsing C command-line arguments"):
//!
//! - Blanks and tabs separate arguments, except inside quotes.
//! - In the program's name, which comes first, a quote begins or ends a quoted part. Nothing else is special.
//! - In the other arguments, backslashes are ordinary characters, unless a quote follows them. Then each pair
//!   of backslashes stands for one, and a single one that remains makes the quote an ordinary character.
//! - In the other arguments, two quotes inside a quoted part stand for one quote.

const BLANK: u16 = b' ' as u16;
const TAB: u16 = b'\t' as u16;
const QUOTE: u16 = b'"' as u16;
const BACKSLASH: u16 = b'\\' as u16;

/// Calls `out` with each unit of each argument, and with `None` at the end of each argument.
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
