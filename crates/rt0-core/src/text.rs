//! A text that has to be cut.

/// How many bytes of this text, in UTF-8, fit into so many without cutting a character in two.
pub fn len_that_fits(text: &[u8], room: usize) -> usize {
    if text.len() <= room {
        return text.len().min(room);
    }
    let begins_character = |at: &usize| text[*at] & 0b1100_0000 != 0b1000_0000;
    // What is no text has no beginning either: it is cut anywhere.
    (0..=room)
        .rev()
        .take(4)
        .find(begins_character)
        .unwrap_or(room)
}

#[cfg(test)]
mod tests {
    use super::len_that_fits;

    #[test]
    fn characters_stay_whole() {
        let text = "a\u{e4}\u{20ac}\u{1f980}z";
        for room in 0..=text.len() + 1 {
            let fit = len_that_fits(text.as_bytes(), room);
            assert!(text.is_char_boundary(fit) && fit <= room, "{room}: {fit}");
            assert!(room >= text.len() || room - fit < 4, "{room}: {fit}");
        }
        assert_eq!(len_that_fits(&[0x80; 9], 5), 5);
    }
}
