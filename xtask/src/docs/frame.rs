//! What stands around every page.

use super::markdown::Page;
use crate::svg::escaped;

/// A page, and what stands around it.
pub struct Frame<'a> {
    /// Where the page is on the site.
    pub at: &'a str,
    /// The page.
    pub page: &'a Page,
    /// The contents beside it, as HTML.
    pub contents: &'a str,
    /// The page before it in the contents, and its title.
    pub before: Option<(String, String)>,
    /// The page after it.
    pub after: Option<(String, String)>,
}

/// The way from a page to the top of the site.
pub fn to_top(at: &str) -> String {
    "../".repeat(at.matches('/').count())
}

impl Frame<'_> {
    /// The whole file.
    pub fn html(&self) -> String {
        let top = to_top(self.at);
        let step = |to: &Option<(String, String)>, class: &str, word: &str| {
            to.as_ref().map_or_else(String::new, |(at, title)| {
                let title = escaped(title);
                format!("<a class=\"{class}\" href=\"{top}{at}\"><small>{word}</small>{title}</a>")
            })
        };
        let ends = format!(
            "{}{}",
            step(&self.before, "before", "Before"),
            step(&self.after, "after", "Next")
        );
        let values = [
            ("title", escaped(&self.page.title)),
            ("contents", self.contents.to_owned()),
            ("page", self.page.html.clone()),
            ("ends", ends),
            ("top", top.clone()),
        ];
        filled(include_str!("page.html"), &values)
    }
}

/// The template with its `{{names}}` replaced. What comes in is not looked at again.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").expect("a name ends");
        let value = values.iter().find(|(other, _)| *other == name);
        out += before;
        out += value.map_or("", |(_, value)| value);
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_is_not_looked_at_again() {
        let values = [("a", "{{b}}".to_owned()), ("b", "no".to_owned())];
        assert_eq!(filled("<{{a}}|{{b}}>", &values), "<{{b}}|no>");
    }

    #[test]
    fn a_page_finds_the_top() {
        assert_eq!(to_top("index.html"), "");
        assert_eq!(to_top("docs/doctor/a.html"), "../../");
    }
}
