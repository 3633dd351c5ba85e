//! JSON, piece by piece, without `std::fmt`, which would be a large part of what rt0 adds to a library's size.

/// Writes JSON piece by piece.
#[derive(Default)]
pub(super) struct Json(pub(super) String);

impl Json {
    #[inline(never)]
    pub(super) fn push(&mut self, text: &str) {
        self.0.push_str(text);
    }

    pub(super) fn open(&mut self) {
        self.push("{");
    }

    #[inline(never)]
    pub(super) fn key(&mut self, key: &str) {
        let first = self.0.ends_with('{');
        self.push(if first { "\"" } else { ",\"" });
        self.push(key);
        self.push("\":");
    }

    #[inline(never)]
    pub(super) fn text(&mut self, key: &str, value: Option<&str>) {
        self.key(key);
        match value {
            Some(text) => self.quoted(text),
            None => self.push("null"),
        }
    }

    #[inline(never)]
    pub(super) fn number(&mut self, key: &str, value: Option<u64>) {
        self.key(key);
        match value {
            Some(number) => self.digits(number),
            None => self.push("null"),
        }
    }

    #[inline(never)]
    pub(super) fn truth(&mut self, key: &str, value: Option<bool>) {
        self.key(key);
        self.push(match value {
            Some(true) => "true",
            Some(false) => "false",
            None => "null",
        });
    }

    fn digits(&mut self, number: u64) {
        if number >= 10 {
            self.digits(number / 10);
        }
        self.digit((number % 10) as u32);
    }

    fn digit(&mut self, digit: u32) {
        self.character(char::from_digit(digit, 16).unwrap_or_default());
    }

    #[inline(never)]
    fn character(&mut self, character: char) {
        self.0.push(character);
    }

    fn quoted(&mut self, text: &str) {
        self.push("\"");
        for character in text.chars() {
            if character < ' ' {
                self.push("\\u00");
                self.digit(character as u32 / 16);
                self.digit(character as u32 % 16);
                continue;
            }
            if matches!(character, '"' | '\\') {
                self.push("\\");
            }
            self.character(character);
        }
        self.push("\"");
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn texts_are_quoted_as_json_wants_them() {
        let mut out = Json::default();
        out.quoted("a\"b\\c\nd\u{1f}\u{e4}");
        assert_eq!(out.0, "\"a\\\"b\\\\c\\u000ad\\u001f\u{e4}\"");
    }

    #[test]
    fn fields_are_separated_and_may_be_null() {
        let mut out = Json::default();
        out.open();
        out.number("zero", Some(0));
        out.number("most", Some(u64::MAX));
        out.number("none", None);
        out.key("inner");
        out.open();
        out.text("text", Some(""));
        out.text("none", None);
        out.push("}}");
        assert_eq!(
            out.0,
            "{\"zero\":0,\"most\":18446744073709551615,\"none\":null,\
             \"inner\":{\"text\":\"\",\"none\":null}}"
        );
    }
}
