//! How Windows texts are read. These tests do not need Windows.

#[path = "../src/platform/kernel/windows/command_line.rs"]
mod command_line;
#[path = "../src/platform/kernel/windows/text.rs"]
mod text;

use text::{Writer, units};

fn split(line: &str) -> Vec<String> {
    let (mut all, mut one) = (Vec::new(), Vec::new());
    command_line::split(line.encode_utf16(), |unit| match unit {
        Some(unit) => one.push(unit),
        None => all.push(String::from_utf16(&std::mem::take(&mut one)).expect("no lone surrogate")),
    });
    assert_eq!(one, [], "every argument has an end");
    all
}

/// The examples in Microsoft's manual, and what it says about the program's name.
#[test]
fn a_command_line_is_split_as_the_manual_says() {
    for (line, wanted) in [
        (r#"p "a b c" d e"#, &["p", "a b c", "d", "e"][..]),
        (r#"p "ab\"c" "\\" d"#, &["p", "ab\"c", r"\", "d"]),
        (r#"p a\\\b d"e f"g h"#, &["p", r"a\\\b", "de fg", "h"]),
        (r#"p a\\\"b c d"#, &["p", r#"a\"b"#, "c", "d"]),
        (r#"p a\\\\"b c" d e"#, &["p", r"a\\b c", "d", "e"]),
        (r#"p a"b"" c d"#, &["p", "ab\" c d"]),
        (r#""C:\a b\c.exe" x"#, &[r"C:\a b\c.exe", "x"]),
        ("p\\\"a b\"\t x ", &["p\\a b", "x"]),
        ("p \"\" \"", &["p", "", ""]),
        (" x", &["", "x"]),
        ("p", &["p"]),
        ("", &[]),
    ] {
        assert_eq!(split(line), wanted, "{line}");
    }
}

fn written(text: &[u16], room: usize) -> Vec<u8> {
    let mut buffer = vec![0xee; room];
    let mut out = Writer::new(&mut buffer);
    text.iter().for_each(|unit| out.unit(*unit));
    out.end();
    let len = out.len();
    buffer.truncate(len);
    buffer
}

#[test]
fn a_text_is_utf_8_where_it_can_be() {
    let text = "a\u{7f}\u{80}ä\u{7ff}\u{800}中\u{ffff}😀\u{10ffff}";
    let wide: Vec<u16> = text.encode_utf16().collect();
    let bytes = written(&wide, 100);
    assert_eq!(bytes, [text.as_bytes(), &[0]].concat());
    assert_eq!(units(text.as_bytes()).collect::<Vec<_>>(), wide);
}

#[test]
fn nothing_of_a_text_is_lost_that_has_halves_of_pairs() {
    let halves = [0xd800, 0xdc00, 0xdbff, 0xdfff, 0x61];
    for one in halves {
        for two in halves {
            for three in halves {
                let text = [one, two, three];
                let bytes = written(&text, 20);
                let (zero, bytes) = bytes.split_last().expect("at least a zero");
                assert_eq!(*zero, 0);
                assert!(!bytes.contains(&0));
                assert_eq!(units(bytes).collect::<Vec<_>>(), text, "{text:x?}");
            }
        }
    }
}

/// A full buffer tells the reader that there is more.
#[test]
fn a_buffer_that_is_too_small_is_full() {
    let wide: Vec<u16> = "aä中😀".encode_utf16().collect();
    let len = "aä中😀".len() + 1;
    for room in 0..len {
        assert_eq!(written(&wide, room).len(), room);
    }
    assert_eq!(written(&wide, len + 1).len(), len);
}
