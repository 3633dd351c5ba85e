//! Names as lists of words, which each language joins by its own habit.

use serde::Serialize;

/// A name of the library's, as in the file and as words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Named {
    /// As the file has it: with the prefix, if it has one.
    pub name: String,
    /// Its words in lower case, from `a` to `z` and digits. Never empty, and the first does not begin with a digit.
    pub words: Vec<String>,
}

impl Named {
    /// A name that is all words.
    pub fn new(name: &str) -> Named {
        Named::without("", name)
    }

    /// A name whose words are those after `PREFIX_`.
    pub fn without(prefix: &str, name: &str) -> Named {
        let bare = name
            .get(..prefix.len())
            .filter(|start| !prefix.is_empty() && start.eq_ignore_ascii_case(prefix))
            .and_then(|_| name[prefix.len()..].strip_prefix('_'))
            .filter(|rest| rest.contains(|c: char| c.is_ascii_alphanumeric()));
        Named {
            name: name.to_owned(),
            words: words(bare.unwrap_or(name)),
        }
    }

    /// The same thing under fewer words.
    pub(super) fn shortened(&self, words: &[String]) -> Named {
        Named {
            name: self.name.clone(),
            words: words.to_vec(),
        }
    }

    /// `count_words`
    pub fn snake(&self) -> String {
        self.words.join("_")
    }

    /// `COUNT_WORDS`
    pub fn screaming(&self) -> String {
        self.snake().to_ascii_uppercase()
    }

    /// `CountWords`
    pub fn pascal(&self) -> String {
        self.words.iter().map(|word| capital(word)).collect()
    }

    /// `countWords`
    pub fn camel(&self) -> String {
        let (first, rest) = self.words.split_first().expect("a name has a word");
        let rest = rest.iter().map(|word| capital(word));
        std::iter::once(first.clone()).chain(rest).collect()
    }
}

fn capital(word: &str) -> String {
    let mut all = word.to_owned();
    if let Some(first) = all.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    all
}

/// `countWords`, `count_words`, `CountWords` and `COUNT_WORDS` all have the words `count` and `words`. A digit belongs
/// to the word before it, and capitals in a row to one word: `HTTPServer2` is `http`, `server2`.
fn words(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for (at, &c) in characters.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            open = false;
            continue;
        }
        let before = at.checked_sub(1).map(|at| characters[at]);
        let after = characters.get(at + 1);
        let hump = c.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase()
                    || b.is_ascii_digit()
                    || (b.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if !open || hump {
            words.push(String::new());
            open = true;
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
    }
    let starts = words
        .first()
        .map(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    if starts != Some(false) {
        words.insert(0, "n".to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::Named;

    #[test]
    fn a_name_has_its_words_however_it_is_written() {
        for (name, snake) in [
            ("count_words", "count_words"),
            ("CountWords", "count_words"),
            ("COUNT_WORDS", "count_words"),
            ("countWords", "count_words"),
            ("HTTPServer2", "http_server2"),
            ("u8_to_U16", "u8_to_u16"),
            ("Utf8Text", "utf8_text"),
            ("a__b_", "a_b"),
            ("größe", "gr_e"),
            ("_", "n"),
            ("3d", "n_3d"),
            ("r#type", "r_type"),
        ] {
            assert_eq!(Named::new(name).snake(), snake, "{name}");
        }
        let name = Named::without("search", "search_SortOrder2");
        assert_eq!(name.pascal(), "SortOrder2");
        assert_eq!(name.camel(), "sortOrder2");
        assert_eq!(name.screaming(), "SORT_ORDER2");
        assert_eq!(name.name, "search_SortOrder2");
        assert_eq!(Named::without("search", "search_").snake(), "search");
        assert_eq!(Named::without("search", "searching").snake(), "searching");
        assert_eq!(Named::without("x", "X_MODE_ON").snake(), "mode_on");
    }
}
