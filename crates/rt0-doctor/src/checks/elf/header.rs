//! The functions that a C header declares, as far as that can be seen without a compiler: macros are not expanded.

use std::collections::BTreeSet;

/// Their names.
pub fn functions(text: &str) -> BTreeSet<String> {
    let text = plain(text);
    let mut found = BTreeSet::new();
    for statement in statements(&text) {
        found.extend(function(&statement));
    }
    found
}

/// The text without comments, directives and what is in quotes.
fn plain(text: &str) -> String {
    let text = text.replace("\\\n", " ");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    let mut at_start = true;
    while let Some(letter) = rest.chars().next() {
        let skipped = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("//") || (at_start && letter == '#') {
            rest.find('\n').unwrap_or(rest.len())
        } else if letter == '"' {
            let end = rest[1..].find(['"', '\n']);
            out.push_str("\"\"");
            end.map_or(rest.len(), |end| end + 2)
        } else {
            at_start = letter == '\n' || (at_start && letter.is_whitespace());
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        out.push(' ');
        rest = &rest[skipped..];
    }
    out
}

/// What ends with a semicolon outside of all braces; those of `extern "C" {` do not count. A function with a body is
/// left out.
fn statements(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut current = String::new();
    let mut depth = 0usize;
    for letter in text.chars() {
        match letter {
            '{' if depth == 0
                && current.trim().starts_with("extern \"\"")
                && !current.contains('(') =>
            {
                current.clear()
            }
            '{' => {
                depth += 1;
                current.push('{');
            }
            '}' if depth == 0 => current.clear(),
            '}' => {
                depth -= 1;
                let is_body = current
                    .split_once('{')
                    .is_some_and(|(head, _)| head.trim_end().ends_with(')'));
                if depth == 0 && is_body {
                    current.clear();
                }
            }
            ';' if depth == 0 => found.push(std::mem::take(&mut current)),
            _ if depth > 0 => {}
            letter => current.push(letter),
        }
    }
    found
}

/// The name before the first parenthesis, unless that is an attribute or begins a function pointer's type.
fn function(statement: &str) -> Option<String> {
    let mut rest = statement.trim();
    if rest.starts_with("typedef") || rest.contains('{') {
        return None;
    }
    loop {
        let open = rest.find('(')?;
        let head = rest[..open].trim_end();
        let start = head
            .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map_or(0, |at| at + 1);
        let name = &head[start..];
        let is_attribute = [
            "__attribute__",
            "__declspec",
            "__attribute",
            "_Alignas",
            "__asm__",
            "asm",
        ]
        .contains(&name);
        if is_attribute {
            rest = &rest[close(rest, open)?..];
            continue;
        }
        // `OF((int x))` and the like are macros around the parameters.
        let name = match rest[open + 1..].trim_start().starts_with('(') && is_macro(name) {
            true => head[..start]
                .trim_end()
                .rsplit(|c: char| !(c.is_alphanumeric() || c == '_'))
                .next()?,
            false => name,
        };
        let has_type = head[..start].trim().chars().any(char::is_alphabetic);
        return (has_type && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()))
            .then(|| name.to_owned());
    }
}

fn is_macro(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// The place after the parenthesis that belongs to the one at `open`.
fn close(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in text[open..].char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(open + at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn declarations_are_found_and_nothing_else() {
        let text = "
            #ifndef X_H
            #define X(a) \\
                do_not(a);
            #ifdef __cplusplus
            extern \"C\" {
            #endif
            /* int commented(void); */
            // int also(void);
            typedef int (*callback)(int);
            typedef struct { int (*inside)(int); } table;
            struct s { int x; };
            enum { A = 1, B };
            int plain(int a, callback b);
            extern const char *
            with_lines(
                struct s *s);
            __attribute__((visibility(\"default\"))) void attributed(void) __attribute__((noreturn));
            static inline int body(int x) { return hidden(x); }
            ZEXTERN int ZEXPORT wrapped OF((int x));
            extern int variable;
            int (*pointer)(int);
            #ifdef __cplusplus
            }
            #endif
            #endif
        ";
        let found = functions(text);
        let found: Vec<_> = found.iter().map(String::as_str).collect();
        assert_eq!(found, ["attributed", "plain", "with_lines", "wrapped"]);
    }
}
