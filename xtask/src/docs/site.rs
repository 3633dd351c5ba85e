//! The site: every page that the contents name, and whatever these lead to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::contents::{CONTENTS, Entry, Group, contents};
use super::files::{Files, is_picture, place};
use super::frame::{Frame, to_top};
use super::markdown::{self, Page};
use super::{console, search};
use crate::run::root;
use crate::svg::escaped;

/// So many pages below an entry are listed beside every page.
const FEW: usize = 8;

/// A file or folder as the site shows it.
struct Shown {
    page: Page,
    /// Where its links lead: files and folders, with headings.
    leads: Vec<(String, Option<String>)>,
}

/// All of it, in memory.
pub struct Site {
    files: Files,
    groups: Vec<Group>,
    shown: BTreeMap<String, Shown>,
    pictures: BTreeSet<String>,
    /// What is wrong with the pages, a line each.
    pub wrong: Vec<String>,
}

impl Site {
    /// Reads every page.
    ///
    /// # Errors
    /// A file can't be read.
    pub fn read() -> Result<Site> {
        let files = Files::find()?;
        let groups = contents(&text(CONTENTS)?, &files);
        let mut site = Site {
            files,
            groups,
            shown: BTreeMap::new(),
            pictures: BTreeSet::new(),
            wrong: Vec::new(),
        };
        let mut queue: VecDeque<String> = [CONTENTS.to_owned(), "README.md".to_owned()].into();
        let entries = site.groups.iter().flat_map(|group| &group.entries);
        for entry in entries {
            queue.push_back(entry.name.clone());
            queue.extend(entry.below.iter().map(|below| below.name.clone()));
        }
        while let Some(name) = queue.pop_front() {
            let name = site.readme_of(name);
            if site.shown.contains_key(&name) {
                continue;
            }
            if is_picture(&name) {
                if name.ends_with(".svg") && !text(&name)?.contains("prefers-color-scheme") {
                    site.wrong.push(format!("{name} can't be read in the dark"));
                }
                site.pictures.insert(name);
                continue;
            }
            let shown = site.show(&name)?;
            queue.extend(shown.leads.iter().map(|(name, _)| name.clone()));
            site.shown.insert(name, shown);
        }
        site.check_headings();
        Ok(site)
    }

    /// A folder is shown by its README, if it has one.
    fn readme_of(&self, name: String) -> String {
        let readme = format!("{name}/README.md");
        if self.files.has(&readme) {
            readme
        } else {
            name
        }
    }

    fn show(&mut self, name: &str) -> Result<Shown> {
        if !name.ends_with(".md") {
            return self.source(name);
        }
        let text = text(name)?;
        self.wrong
            .extend(console::problems(name, &text, &self.files));
        let mut shown = self.markdown(name, &text);
        if let Some(folder) = name.strip_suffix("/README.md")
            && !folder.starts_with("docs")
        {
            let list = self.list(folder);
            let more = self.markdown(name, &list);
            shown.page.html += &format!("<h2>Files</h2>\n{}", more.page.html);
            shown.leads.extend(more.leads);
        }
        Ok(shown)
    }

    /// A page of Markdown.
    fn markdown(&mut self, name: &str, text: &str) -> Shown {
        let files = &self.files;
        let top = to_top(&place(name, files));
        let page = markdown::page(text, &|link| {
            let (to, heading) = link.split_once('#').unwrap_or((link, ""));
            if to.contains("://") || to.is_empty() {
                return link.to_owned();
            }
            let heading = match heading {
                "" => String::new(),
                heading => format!("#{heading}"),
            };
            match files.resolve(name, to) {
                Some(to) => format!("{top}{}{heading}", place(&to, files)),
                None => link.to_owned(),
            }
        });
        let mut leads = Vec::new();
        for link in &page.links {
            let (to, heading) = link.split_once('#').unwrap_or((link, ""));
            let heading = (!heading.is_empty()).then(|| heading.to_owned());
            if to.contains("://") {
                continue;
            }
            let to = match to {
                "" => Some(name.to_owned()),
                to => files.resolve(name, to),
            };
            match to {
                Some(to) => leads.push((to, heading)),
                None => self
                    .wrong
                    .push(format!("{name}: the link `{link}` leads nowhere")),
            }
        }
        Shown { page, leads }
    }

    /// What is in a folder, as Markdown with links from inside of it.
    fn list(&self, folder: &str) -> String {
        let (folders, files) = self.files.in_folder(folder);
        let readable = |name: &&&str| {
            let ending = Path::new(name).extension().and_then(|e| e.to_str());
            !name.starts_with('.') && !["jar", "png", "bin"].contains(&ending.unwrap_or(""))
        };
        let files = files
            .iter()
            .filter(readable)
            .filter(|name| **name != "README.md");
        let all = folders.iter().filter(readable).chain(files);
        all.map(|name| format!("- [`{name}`]({name})\n")).collect()
    }

    /// A file that is no page, or a folder without a README.
    fn source(&mut self, name: &str) -> Result<Shown> {
        let mut shown = if self.files.has(name) {
            let bytes = fs::read(root().join(name)).with_context(|| name.to_owned())?;
            let text = escaped(&String::from_utf8_lossy(&bytes));
            Shown {
                page: Page {
                    html: format!("<pre class=\"file\" tabindex=\"0\"><code>{text}</code></pre>\n"),
                    ..Page::default()
                },
                leads: Vec::new(),
            }
        } else {
            let titles = self.titles(name);
            let list = if titles.is_empty() {
                self.list(name)
            } else {
                titles
            };
            // Its links are those of a file in the folder.
            self.markdown(&format!("{name}/README.md"), &list)
        };
        shown.page.title = name.to_owned();
        shown.page.html = format!(
            "<h1><code>{}</code></h1>\n{}",
            escaped(name),
            shown.page.html
        );
        Ok(shown)
    }

    /// The pages of a folder that has nothing else, by their headings.
    fn titles(&self, folder: &str) -> String {
        let pages = self.files.pages_in(folder);
        let line = |page: &String| {
            let title = heading(page)?;
            let file = page.rsplit_once('/')?.1;
            Some(format!("- [{title}]({file})\n"))
        };
        pages.iter().filter_map(line).collect()
    }

    /// Looks that every heading that a link names is there.
    fn check_headings(&mut self) {
        let mut wrong = Vec::new();
        let entries = self.groups.iter().flat_map(|group| &group.entries);
        let below = entries.flat_map(|entry| &entry.below);
        let listed = below.map(|entry| (CONTENTS, (&entry.name, &entry.heading)));
        let led = self.shown.iter().flat_map(|(name, shown)| {
            let leads = shown.leads.iter();
            leads.map(move |(to, heading)| (name.as_str(), (to, heading)))
        });
        for (from, (to, heading)) in led.chain(listed) {
            let to = self.readme_of(to.clone());
            let (Some(heading), Some(shown)) = (heading, self.shown.get(&to)) else {
                continue;
            };
            if !shown.page.sections.iter().any(|s| s.id == *heading) {
                wrong.push(format!("{from}: {to} has no heading `{heading}`"));
            }
        }
        self.wrong.extend(wrong);
    }

    /// The commands of `cargo xtask` in all pages, with their pages.
    #[cfg(test)]
    pub fn commands(&self) -> Result<Vec<(String, Vec<String>)>> {
        let mut found = Vec::new();
        for name in self.shown.keys().filter(|name| name.ends_with(".md")) {
            let text = text(name)?;
            for block in console::blocks(&text) {
                for words in console::ours(block.text).unwrap_or_default() {
                    let words = words.iter().map(ToString::to_string).collect();
                    found.push((format!("{name}:{}", block.line), words));
                }
            }
        }
        Ok(found)
    }

    /// How many pages there are, and how many files besides.
    pub fn counts(&self) -> (usize, usize) {
        let pages = self.shown.keys().filter(|name| name.ends_with(".md"));
        let pages = pages.count();
        (pages, self.shown.len() - pages + self.pictures.len())
    }

    /// Writes it into a folder.
    ///
    /// # Errors
    /// A file can't be written.
    pub fn write(&self, to: &Path, has_rustdoc: bool) -> Result<()> {
        let order = self.order();
        let mut found = Vec::new();
        for (name, shown) in &self.shown {
            let at = place(name, &self.files);
            if name.ends_with(".md") {
                found.extend(search::entries(&at, &shown.page));
            }
            let step = |by: isize| {
                let here = order.iter().position(|(other, _)| other == name)?;
                let (name, title) = order.get(here.checked_add_signed(by)?)?;
                Some((place(name, &self.files), title.clone()))
            };
            let frame = Frame {
                at: &at,
                page: &shown.page,
                contents: &self.navigation(name, has_rustdoc),
                before: step(-1),
                after: step(1),
            };
            write(&to.join(&at), &frame.html())?;
        }
        for picture in &self.pictures {
            let target = to.join(picture);
            make_room(&target)?;
            fs::copy(root().join(picture), &target).with_context(|| picture.clone())?;
        }
        write(&to.join("search-index.js"), &search::script(&found))?;
        write(&to.join("site.js"), include_str!("site.js"))?;
        write(&to.join("style.css"), include_str!("style.css"))
    }

    /// The pages in the order of the contents, with their titles.
    fn order(&self) -> Vec<(String, String)> {
        let mut order: Vec<(String, String)> = Vec::new();
        let groups = self.groups.iter().flat_map(|group| &group.entries);
        for entry in groups.flat_map(|entry| std::iter::once(entry).chain(&entry.below)) {
            let name = self.readme_of(entry.name.clone());
            if !order.iter().any(|(other, _)| *other == name) {
                let title = self.title(entry);
                order.push((name, title));
            }
        }
        order
    }

    fn title(&self, entry: &Entry) -> String {
        let name = self.readme_of(entry.name.clone());
        // Of a check's page, its name.
        let short = |title: &str| title.split(": ").next().unwrap_or(title).to_owned();
        let own = self.shown.get(&name).map(|shown| short(&shown.page.title));
        entry.title.clone().or(own).unwrap_or_default()
    }

    /// The contents beside a page: of what is below an entry only what concerns the page.
    fn navigation(&self, name: &str, has_rustdoc: bool) -> String {
        let top = to_top(&place(name, &self.files));
        let mut out = String::new();
        for group in &self.groups {
            out += &format!("<h2>{}</h2>\n<ul>\n", escaped(&group.title));
            for entry in &group.entries {
                let (named, below) = self.listed(entry, name);
                out += &format!("<li>{}", self.link(entry, name, &top));
                let is_here = named == name || entry.below.iter().any(|b| b.name == name);
                if is_here || (1..=FEW).contains(&entry.below.len()) {
                    let items = below.iter().map(|item| format!("<li>{item}</li>\n"));
                    out += &format!("\n<ul>\n{}</ul>\n", items.collect::<String>());
                }
                out += "</li>\n";
            }
            out += "</ul>\n";
        }
        if has_rustdoc {
            out += &format!(
                "<h2>Rust</h2>\n<ul>\n<li><a href=\"{top}api/rt0/index.html\">The crates' documentation</a></li>\n</ul>\n"
            );
        }
        out
    }

    /// The page of an entry, and what is listed below it.
    fn listed(&self, entry: &Entry, name: &str) -> (String, Vec<String>) {
        let named = self.readme_of(entry.name.clone());
        let top = to_top(&place(name, &self.files));
        let mut below: Vec<String> = Vec::new();
        for item in &entry.below {
            below.push(self.link(item, name, &top));
        }
        if below.is_empty() {
            let sections = self.shown.get(&named).map(|shown| &shown.page.sections);
            let sections = sections.into_iter().flatten();
            let link = |section: &markdown::Section| {
                format!(
                    "<a href=\"#{}\">{}</a>",
                    section.id,
                    escaped(&section.title)
                )
            };
            below.extend(sections.filter(|section| section.level == 2).map(link));
        }
        (named, below)
    }

    fn link(&self, entry: &Entry, name: &str, top: &str) -> String {
        let to = self.readme_of(entry.name.clone());
        let heading = entry.heading.as_ref().map(|h| format!("#{h}"));
        let here = match to == name && heading.is_none() {
            true => " aria-current=\"page\"",
            false => "",
        };
        format!(
            "<a href=\"{top}{}{}\"{here}>{}</a>",
            place(&to, &self.files),
            heading.unwrap_or_default(),
            escaped(&self.title(entry))
        )
    }
}

fn text(name: &str) -> Result<String> {
    fs::read_to_string(root().join(name)).with_context(|| format!("can't read {name}"))
}

/// The first heading of a page.
fn heading(name: &str) -> Option<String> {
    let text = text(name).ok()?;
    Some(text.lines().next()?.strip_prefix("# ")?.to_owned())
}

fn make_room(path: &Path) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    make_room(path)?;
    fs::write(path, text).with_context(|| format!("can't write {}", path.display()))
}
