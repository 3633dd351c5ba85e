//! One page of Markdown: its HTML, its headings, its links, and its text for the search.

use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::svg::escaped;

/// What a page has become.
#[derive(Debug, Default)]
pub struct Page {
    /// The first heading.
    pub title: String,
    /// The whole text as HTML.
    pub html: String,
    /// All headings, in order.
    pub sections: Vec<Section>,
    /// All links and pictures, as they stand in the text.
    pub links: Vec<String>,
}

/// A heading, and what is below it until the next.
#[derive(Debug, Default)]
pub struct Section {
    /// Its name in links.
    pub id: String,
    /// The heading.
    pub title: String,
    /// 1 for the page's own.
    pub level: usize,
    /// Its text, without marks.
    pub text: String,
}

/// Reads a page. `at` says where a link goes to.
pub fn page(text: &str, at: &dyn Fn(&str) -> String) -> Page {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut page = Page::default();
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let mut events: Vec<Event> = Vec::new();
    // The place of the heading that is open.
    let mut heading: Option<usize> = None;
    let mut console: Option<String> = None;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                page.sections.push(Section {
                    level: depth(level),
                    ..Section::default()
                });
                heading = Some(events.len());
                events.push(Event::Html("".into()));
            }
            Event::End(TagEnd::Heading(level)) => {
                let section = page.sections.last_mut().expect("it has begun");
                section.id = unique(slug(&section.title), &mut used);
                let (id, depth) = (&section.id, depth(level));
                let begin = format!("<h{depth} id=\"{id}\">");
                let end = format!(
                    "<a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to this part\">#</a></h{depth}>\n"
                );
                events[heading.take().expect("it has begun")] = Event::Html(begin.into());
                events.push(Event::Html(end.into()));
            }
            Event::Start(mut tag @ (Tag::Link { .. } | Tag::Image { .. })) => {
                if let Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } = &mut tag {
                    *dest_url = followed(dest_url, &mut page.links, at);
                }
                events.push(Event::Start(tag));
            }
            // Whoever can't use a mouse can move it from side to side, too.
            Event::Start(Tag::Table(columns)) => {
                let wide = if columns.len() > 3 { " wide" } else { "" };
                let begin = format!("<div class=\"table{wide}\" tabindex=\"0\">");
                events.push(Event::Html(begin.into()));
                events.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                events.push(event);
                events.push(Event::Html("</div>\n".into()));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(ref words)))
                if &**words == "console" =>
            {
                console = Some(String::new());
            }
            Event::End(TagEnd::CodeBlock) if console.is_some() => {
                let html = session(&console.take().unwrap_or_default());
                events.push(Event::Html(html.into()));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                if !html.trim_start().starts_with("<!--") {
                    page.links.extend(outside(&html));
                    events.push(Event::Html(html));
                }
            }
            event => {
                said(&event, &mut page.sections, heading.is_some());
                match (&mut console, &event) {
                    (Some(console), Event::Text(text)) => console.push_str(text),
                    _ => events.push(event),
                }
            }
        }
    }
    pulldown_cmark::html::push_html(&mut page.html, events.into_iter());
    let first = page.sections.first();
    page.title = first.map_or_else(String::new, |section| section.title.clone());
    page
}

fn depth(level: HeadingLevel) -> usize {
    level as usize
}

fn followed(link: &str, links: &mut Vec<String>, at: &dyn Fn(&str) -> String) -> CowStr<'static> {
    links.push(link.to_owned());
    at(link).into()
}

/// Notes a text for its heading or for what is below that.
fn said(event: &Event, sections: &mut [Section], in_heading: bool) {
    let Some(section) = sections.last_mut() else {
        return;
    };
    let text = match event {
        Event::Text(text) | Event::Code(text) => text,
        Event::SoftBreak | Event::HardBreak => " ",
        Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::CodeBlock) => " ",
        _ => return,
    };
    match in_heading {
        true => section.title.push_str(text),
        false => section.text.push_str(text),
    }
}

/// The name of a heading in links: as GitHub makes it.
pub fn slug(title: &str) -> String {
    let letters = title.chars().flat_map(char::to_lowercase);
    let kept = letters.filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// A name that no other heading of the page has.
fn unique(slug: String, used: &mut BTreeMap<String, usize>) -> String {
    let count = used.entry(slug.clone()).or_default();
    *count += 1;
    match *count {
        1 => slug,
        count => format!("{slug}-{}", count - 1),
    }
}

/// The files that HTML in a page asks for.
fn outside(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in ["src=\"", "srcset=\"", "href=\""] {
        let parts = html.split(word).skip(1);
        let parts = parts.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()));
        found.extend(parts);
    }
    found
}

/// What was typed, and what came of it. A prompt is not copied with its command.
fn session(text: &str) -> String {
    let lines = text.lines().map(|line| match line.strip_prefix("$ ") {
        Some(command) => {
            // What follows a command is said about it.
            let (typed, about) = command.split_at(command.find(" #").unwrap_or(command.len()));
            format!(
                "<span class=\"prompt\">$ </span><b>{}</b>{}\n",
                escaped(typed),
                escaped(about)
            )
        }
        None => escaped(line) + "\n",
    });
    format!(
        "<pre class=\"console\" tabindex=\"0\"><code>{}</code></pre>\n",
        lines.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_names_that_links_use() {
        assert_eq!(
            slug("What is the same, in every"),
            "what-is-the-same-in-every"
        );
        assert_eq!(slug("`RT0_TRACE`"), "rt0_trace");
        let page = page("# A *b*\n\nx\n\n## C\n\n## C\n", &str::to_owned);
        let names: Vec<_> = page.sections.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(names, ["a-b", "c", "c-1"]);
        assert_eq!(page.title, "A b");
        assert_eq!(page.sections[0].text, "x ");
    }

    #[test]
    fn links_are_followed_and_comments_are_left_out() {
        let text = "# A\n\n<!-- not for readers -->\n\n[b](b.md#c) <img src=\"d.svg\">\n";
        let page = page(text, &|link| link.replace(".md", ".html"));
        assert_eq!(page.links, ["b.md#c", "d.svg"]);
        assert!(page.html.contains("href=\"b.html#c\"") && page.html.contains("d.svg"));
        assert!(!page.html.contains("not for readers"), "{}", page.html);
    }

    #[test]
    fn a_prompt_is_marked_and_wide_tables_move() {
        let text = "```console\n$ ls <x>\nout\n```\n\n|a|b|c|d|\n|-|-|-|-|\n|1|2|3|4|\n";
        let html = page(text, &str::to_owned).html;
        assert!(html.contains("<b>ls &lt;x&gt;</b>\nout\n</code>"), "{html}");
        assert!(html.contains("class=\"table wide\""), "{html}");
    }
}
