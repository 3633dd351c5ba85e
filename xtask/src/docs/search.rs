//! What the search looks through: a script with one list, so that it also works in a site that no server serves.

use serde_json::{Value, json};

use super::markdown::Page;

/// The words of the headings and texts of a page. `place` is where it is on the site.
pub fn entries(place: &str, page: &Page) -> Vec<Value> {
    let entry = |section: &super::markdown::Section| {
        let at = match section.level {
            1 => place.to_owned(),
            _ => format!("{place}#{}", section.id),
        };
        let words: Vec<_> = section.text.split_whitespace().collect();
        json!([at, page.title, section.title, words.join(" ")])
    };
    page.sections.iter().map(entry).collect()
}

/// The script.
pub fn script(entries: &[Value]) -> String {
    let lines: Vec<_> = entries.iter().map(Value::to_string).collect();
    format!("window.rt0Search = [\n{}\n];\n", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::markdown;

    #[test]
    fn each_heading_can_be_found() {
        let page = markdown::page("# A\n\nx `y`\nz\n\n## B\n\nc\n", &str::to_owned);
        let found = entries("a.html", &page);
        assert_eq!(found[0], json!(["a.html", "A", "A", "x y z"]));
        assert_eq!(found[1], json!(["a.html#b", "A", "B", "c"]));
        assert!(script(&found).starts_with("window.rt0Search = [\n[\"a.html\","));
    }
}
