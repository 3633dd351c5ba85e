//! A page with the drawings inside. It needs no other file and no script.

use rt0_doctor::report::xml::escaped;

use crate::model::Trace;
use crate::svg::{legend, part, style};

const STYLE: &str = include_str!("page.css");

/// The page.
pub fn html(trace: &Trace) -> String {
    let name = escaped(&trace.library);
    let mut body = format!(
        "<h1>{name}</h1>\n<p class='quiet'>{}</p>\n",
        escaped(&trace.about)
    );
    if let Some(problem) = &trace.problem {
        body += &format!("<p class='problem'>{}</p>\n", escaped(problem));
    }
    body += &format!(
        "<svg class='style' width='0' height='0' aria-hidden='true'>\n{}</svg>\n",
        style()
    );
    body += "<ul class='legend'>\n";
    for (look, meaning) in legend(trace) {
        let look = look.word();
        body += &format!(
            "<li><svg width='34' height='12' aria-hidden='true'><rect x='1' y='1' width='32' height='10' \
             class='bar {look}'/></svg> {meaning}</li>\n"
        );
    }
    body += "</ul>\n";
    for each in &trace.parts {
        body += &part(trace, each);
    }
    for note in &trace.notes {
        body += &format!("<p class='quiet'>{}</p>\n", escaped(note));
    }
    format!(
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n\
         <meta name='viewport' content='width=device-width, initial-scale=1'>\n\
         <title>{name}: cargo rt0 trace</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}
