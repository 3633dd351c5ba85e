//! The contents of the site, from docs/README.md: its headings are the groups, its list items the pages.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::files::Files;

/// The page that lists the others.
pub const CONTENTS: &str = "docs/README.md";

/// Some pages under one heading.
#[derive(Debug)]
pub struct Group {
    /// The heading.
    pub title: String,
    /// The pages.
    pub entries: Vec<Entry>,
}

/// A page in the contents.
#[derive(Debug)]
pub struct Entry {
    /// What the contents call it; of a page that they do not name, nothing.
    pub title: Option<String>,
    /// The file or folder, relative to the repository.
    pub name: String,
    /// The heading in it, if the entry is about that.
    pub heading: Option<String>,
    /// What is below it.
    pub below: Vec<Entry>,
}

impl Entry {
    fn of(name: String) -> Entry {
        Entry {
            title: None,
            name,
            heading: None,
            below: Vec::new(),
        }
    }

    /// Whether it is this page, or one below it.
    pub fn holds(&self, name: &str) -> bool {
        self.name == name || self.below.iter().any(|entry| entry.holds(name))
    }
}

/// The groups. A page that has a folder of its name gets that folder's pages below it, a README the pages beside it, and
/// a folder its own. What the list leaves out of docs comes at its end.
pub fn contents(text: &str, files: &Files) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let (mut depth, mut heading) = (0, false);
    let mut link: Option<Entry> = None;
    // The first link of an item is its page; those that follow are below it.
    let mut first = true;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                groups.push(Group {
                    title: String::new(),
                    entries: Vec::new(),
                });
                heading = true;
            }
            Event::End(TagEnd::Heading(_)) => heading = false,
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => depth -= 1,
            Event::Start(Tag::Item) => first = true,
            Event::Start(Tag::Link { dest_url, .. }) if depth > 0 => {
                let (to, at) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
                link = files.resolve(CONTENTS, to).map(|name| Entry {
                    title: Some(String::new()),
                    heading: (!at.is_empty()).then(|| at.to_owned()),
                    ..Entry::of(name)
                });
            }
            Event::End(TagEnd::Link) => {
                let (Some(entry), Some(group)) = (link.take(), groups.last_mut()) else {
                    continue;
                };
                match group.entries.last_mut().filter(|_| !first) {
                    Some(above) => above.below.push(entry),
                    None => group.entries.push(entry),
                }
                first = false;
            }
            Event::Text(said) | Event::Code(said) => {
                if let Some(title) = link.as_mut().and_then(|entry| entry.title.as_mut()) {
                    title.push_str(&said);
                } else if heading {
                    groups.last_mut().expect("it was just pushed").title += &said;
                }
            }
            _ => {}
        }
    }
    groups.retain(|group| !group.entries.is_empty());
    complete(&mut groups, files);
    groups
}

fn complete(groups: &mut [Group], files: &Files) {
    for entry in groups.iter_mut().flat_map(|group| &mut group.entries) {
        let folder = match entry.name.strip_suffix(".md") {
            Some("docs/README" | "README") => continue,
            // The folders of crates have other pages beside their README.
            Some(page) if page.starts_with("docs/") => page.strip_suffix("/README").unwrap_or(page),
            Some(_) => continue,
            None => &entry.name,
        };
        let more = files.pages_in(folder);
        let more = more.into_iter().filter(|name| !entry.holds(name));
        let more: Vec<Entry> = more.map(Entry::of).collect();
        entry.below.extend(more);
    }
    let all = files.pages_in("docs").into_iter();
    let left_out = |name: &String| {
        let mut entries = groups.iter().flat_map(|group| &group.entries);
        !entries.any(|entry| entry.holds(name))
    };
    let more: Vec<Entry> = all.filter(left_out).map(Entry::of).collect();
    if let Some(last) = groups.last_mut() {
        last.entries.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Pages\n\nSee [a](a.md).\n\n## One\n\n- [`A` page](a.md): [x](a.md#x), [y](a.md#y)\n\
        - [B](b.md)\n\n## Two\n\n- [Why](why/README.md)\n- [Checks](checks)\n";

    #[test]
    fn pages_that_nobody_names_are_there_too() {
        let files = Files::of(&[
            "docs/README.md",
            "docs/a.md",
            "docs/b.md",
            "docs/b/one.md",
            "docs/checks/x.md",
            "docs/new.md",
            "docs/why/001.md",
            "docs/why/README.md",
        ]);
        let groups = contents(TEXT, &files);
        let told = |entry: &Entry| {
            let below = entry.below.iter().map(|below| below.name.as_str());
            format!("{} > {}", entry.name, below.collect::<Vec<_>>().join(" "))
        };
        let all = groups.iter().map(|group| {
            let entries: Vec<_> = group.entries.iter().map(told).collect();
            format!("{}: {}", group.title, entries.join(", "))
        });
        assert_eq!(
            all.collect::<Vec<_>>(),
            [
                "One: docs/a.md > docs/a.md docs/a.md, docs/b.md > docs/b/one.md",
                "Two: docs/why/README.md > docs/why/001.md, docs/checks > docs/checks/x.md, docs/new.md > "
            ]
        );
        let first = &groups[0].entries[0];
        assert_eq!(first.title.as_deref(), Some("A page"));
        assert_eq!(first.below[1].heading.as_deref(), Some("y"));
    }
}
