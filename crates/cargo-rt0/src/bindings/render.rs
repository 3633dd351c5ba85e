//! Templates and what they see become files.
//!
//! The engine is `minijinja`, not `askama`: its templates see the model as `cargo rt0 bindings --json` prints it, a
//! template that is changed needs no compiler to be read, and it brings one small crate. What askama checks when it
//! compiles, the golden files check here.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::language::Language;
use crate::error::{Error, Result};

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the package, with `/` between folders.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// All files of a language.
pub(super) fn all(language: &dyn Language, view: &Value) -> Result<Vec<File>> {
    let failed =
        |e: minijinja::Error| Error::failed("a template of the bindings failed").because(e);
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // A line with nothing but a tag leaves no line behind.
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    environment.set_syntax(syntax.map_err(failed)?);
    environment.add_filter("lines", lines);
    // Templates can include each other by their paths.
    for (path, text) in language.templates() {
        environment.add_template(path, text).map_err(failed)?;
    }
    let mut files = Vec::new();
    for (paths, _) in language.templates() {
        let template = environment.get_template(paths).map_err(failed)?;
        let paths = environment.render_str(paths, view).map_err(failed)?;
        // Without a line it is a file that this library does not need; with several, the template makes one for each,
        // and is told which.
        for (at, path) in paths.lines().enumerate() {
            let view = context! { at, ..view.clone() };
            files.push(File {
                path: path.to_owned(),
                text: tidy(&template.render(view).map_err(failed)?),
            });
        }
    }
    Ok(files)
}

/// The lines of a text, without the blanks at their ends.
fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// No blanks at the end of a line, one line's end at the end of a file.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}
