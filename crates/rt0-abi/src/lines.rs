//! Lists of texts in one text.

/// The line with this number, the first being 0. Empty if there are fewer.
///
/// A `match`, or an array, would have an address in the file for each of the texts, and for each address a relocation.
#[inline(never)]
pub const fn line(lines: &'static str, number: usize) -> &'static str {
    let bytes = lines.as_bytes();
    let (mut start, mut end, mut left) = (0, 0, number);
    while end < bytes.len() {
        if bytes[end] == b'\n' {
            if left == 0 {
                break;
            }
            left -= 1;
            start = end + 1;
        }
        end += 1;
    }
    if left > 0 {
        return "";
    }
    let (up_to_end, _) = bytes.split_at(end);
    let (_, line) = up_to_end.split_at(start);
    // SAFETY: each end is an end of the text, or at a line feed, which is a character of one byte.
    unsafe { core::str::from_utf8_unchecked(line) }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn each_line_is_found_by_its_number() {
        let lines = "load\n\nl\u{e4}zy\nquiet";
        let found = [0, 1, 2, 3, 4, 5].map(|number| line(lines, number));
        assert_eq!(found, ["load", "", "l\u{e4}zy", "quiet", "", ""]);
        assert_eq!(line("", 0), "");
    }
}
