//! Cutting a text to a length.

/// How many bytes of this UTF-8 text fit into `room` bytes without cutting a character in two.
pub fn len_that_fits(text: &[u8], room: usize) -> usize {
    if text.len() <= room {
        return text.len().min(room);
    }
    let begins_character = |at: &usize| text[*at] & 0b1100_0000 != 0b1000_0000;
    // Bytes that are not UTF-8 may have no such place: they are cut anywhere.
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
