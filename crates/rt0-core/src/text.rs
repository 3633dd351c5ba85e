//! Cutting a text to a length.

/// How many bytes of this UTF-8 text fit into `room` bytes without cutting a character in two.
pub fn len_that_fits(text: &[u8], room: usize) -> usize {
    if text.len() <= room {
        return text.len().min(room);
    }
    // Bytes that are not UTF-8 may have no such place: they are cut anywhere.
    let begins_character = |at: usize| text.get(at).is_some_and(|byte| byte & 0xc0 != 0x80);
    let back = (0..4).find(|back| begins_character(room.wrapping_sub(*back)));
    room - back.unwrap_or(0)
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
