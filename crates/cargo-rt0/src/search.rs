//! Looks for bytes in bytes.

/// Whether `wanted`, which is not empty, stands somewhere in `bytes`.
pub(crate) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == wanted[0]) {
        rest = &rest[at..];
        if rest.starts_with(wanted) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn a_match_can_begin_inside_a_failed_one() {
        assert!(contains(b"aaab", b"aab"));
        assert!(contains(b"ab", b"ab"));
        assert!(!contains(b"aba", b"abb"));
        assert!(!contains(b"", b"a"));
    }
}
