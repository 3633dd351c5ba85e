//! The drawing. It needs no other file and no script.
//!
//! Places from left to right are percentages, and the letters have a fixed size. So the same drawing is as wide as
//! whoever shows it wants, and stays readable.
//!
//! Each row has its name and its times in one line, and its bar below: no name can reach into a bar. The looks differ
//! by pattern, so no colour is needed to tell them apart.

use std::fmt::Write;

use rt0_doctor::report::xml::escaped;

use crate::model::{Bar, End, Lane, Look, Part, Trace};
use crate::scale::{cut, tick, ticks, time, wrapped};

const STYLE: &str = include_str!("drawing.css");

/// The patterns of the looks.
const PATTERNS: &str = include_str!("patterns.svg");

/// The height of a row, of a bar in it, and where its text stands.
const ROW: u32 = 31;
const BAR: u32 = 10;
const BASE: u32 = 13;

/// The width of the margins, in percent.
const MARGIN: f64 = 1.5;

/// How many characters a name may have beside its times.
const NAME: usize = 30;

/// How many characters a line may have.
const LINE: usize = 54;

/// A drawing that is a file of its own.
pub fn svg(trace: &Trace) -> String {
    let mut inside = String::new();
    let mut y = 26;
    text(&mut inside, y, "title", &trace.library);
    let problem = trace.problem.as_deref().unwrap_or_default();
    for (class, said) in [("quiet", trace.about.as_str()), ("problem", problem)] {
        for line in wrapped(said, LINE) {
            y += 18;
            text(&mut inside, y, class, &cut(&line, LINE));
        }
    }
    y += 14;
    for part in &trace.parts {
        y = of_part(part, y, &mut inside);
    }
    drawing(trace, y + 8, &(style() + &inside), "")
}

/// A drawing of one part, for a page that has a title, and [`style`] in some drawing of its own.
pub fn part(trace: &Trace, part: &Part) -> String {
    let mut inside = String::new();
    let height = of_part(part, 0, &mut inside);
    drawing(trace, height, &inside, " class='inside'")
}

/// How everything looks.
pub fn style() -> String {
    format!("<style>{STYLE}</style>\n{PATTERNS}<rect width='100%' height='100%' class='ground'/>\n")
}

fn drawing(trace: &Trace, height: u32, inside: &str, class: &str) -> String {
    let label = escaped(&format!(
        "What happens in {}: see the text of each bar",
        trace.library
    ));
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='100%' height='{height}' role='img' \
         aria-label='{label}'{class}>\n{inside}</svg>\n"
    )
}

/// Draws a part from this height on, and returns where it ends.
fn of_part(part: &Part, top: u32, out: &mut String) -> u32 {
    let mut rows = String::new();
    let mut y = top + 42;
    for lane in &part.lanes {
        y += 20;
        text(&mut rows, y, "lane", &lane.name);
        y += 6;
        for bar in &lane.bars {
            row(bar, lane, part, y, &mut rows);
            y += ROW;
        }
        if let Some(left_out) = &lane.left_out {
            y += BASE;
            text(&mut rows, y, "quiet", left_out);
            y += 6;
        }
    }
    text(out, top + 16, "part", &part.title);
    let all = ticks(part.length, 4);
    for (number, at) in all.iter().enumerate() {
        let x = place(*at, part.length);
        let _ = writeln!(
            out,
            "<line x1='{x}' y1='{}' x2='{x}' y2='{y}' class='grid'/>",
            top + 40
        );
        let anchor = match number {
            0 => "start",
            _ if *at as f64 > 0.9 * part.length as f64 => "end",
            _ => "middle",
        };
        let _ = writeln!(
            out,
            "<text x='{x}' y='{}' class='tick' text-anchor='{anchor}'>{}</text>",
            top + 34,
            tick(*at)
        );
    }
    out.push_str(&rows);
    y + 10
}

fn row(bar: &Bar, lane: &Lane, part: &Part, y: u32, out: &mut String) {
    let said = said(bar);
    let indent = 8 + 12 * bar.depth;
    let name = escaped(&cut(&bar.name, NAME - 2 * bar.depth));
    let title = escaped(&format!("{}: {}", bar.name, exactly(bar, part)));
    let base = y + BASE;
    let _ = writeln!(
        out,
        "<g class='row'><title>{title}</title><rect x='0' y='{y}' width='100%' height='{ROW}' class='under'/>\n\
         <text x='{MARGIN}%' dx='{indent}' y='{base}'>{name}</text>\
         <text x='{right}%' y='{base}' class='quiet' text-anchor='end'>{said}</text>",
        right = 100.0 - MARGIN,
    );
    let top = y + BASE + 4;
    let begin = place(bar.begin, part.length);
    let look = lane.look.word();
    let _ = match bar.end {
        End::Moment => writeln!(
            out,
            "<line x1='{begin}' y1='{top}' x2='{begin}' y2='{}' class='moment {look}'/></g>",
            top + BAR
        ),
        End::At(end) => writeln!(
            out,
            "<rect x='{begin}' y='{top}' width='{}' height='{BAR}' class='bar {look}'/></g>",
            wide(end.min(part.length).saturating_sub(bar.begin), part.length)
        ),
        End::Never => writeln!(
            out,
            "<rect x='{begin}' y='{top}' width='{}' height='{BAR}' class='bar open {look}'/></g>",
            wide(part.length.saturating_sub(bar.begin), part.length)
        ),
    };
}

/// The times in a row.
fn said(bar: &Bar) -> String {
    let begin = time(bar.begin);
    match bar.end {
        End::Moment => format!("at {begin}"),
        End::At(_) => format!("{begin} + {}", time(bar.took().unwrap_or(0))),
        End::Never => format!("{begin}, not over"),
    }
}

/// The times to the nanosecond.
fn exactly(bar: &Bar, part: &Part) -> String {
    let (begin, zero) = (grouped(bar.begin), grouped(part.zero + bar.begin));
    let took = match bar.end {
        End::Moment => String::new(),
        End::At(end) => format!(
            " to {} ns, {} ns long",
            grouped(end),
            grouped(end - bar.begin)
        ),
        End::Never => " ns, and was not over".to_owned(),
    };
    let thread = bar
        .thread
        .map(|id| format!(", thread {id}"))
        .unwrap_or_default();
    match part.zero {
        0 => format!("from {begin} ns{took}{thread}"),
        _ => format!("from {begin} ns{took}{thread} ({zero} ns since the load began)"),
    }
}

/// `1 234 567`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// Where a time is.
fn place(at: u64, length: u64) -> String {
    let share = (at as f64 / length.max(1) as f64).min(1.0);
    format!("{:.2}%", MARGIN + share * (100.0 - 2.0 * MARGIN))
}

/// How wide a time is.
fn wide(time: u64, length: u64) -> String {
    let share = (time as f64 / length.max(1) as f64).min(1.0);
    format!("{:.2}%", (share * (100.0 - 2.0 * MARGIN)).max(0.05))
}

fn text(out: &mut String, y: u32, class: &str, said: &str) {
    let said = escaped(said);
    let _ = writeln!(
        out,
        "<text x='{MARGIN}%' y='{y}' class='{class}'>{said}</text>"
    );
}

/// The looks that a trace has, each with what it means.
pub fn legend(trace: &Trace) -> Vec<(Look, &'static str)> {
    let all = [
        (Look::Host, "what the host does"),
        (Look::Library, "what the library does"),
        (Look::Wait, "a call waits at the gate"),
        (Look::Loader, "what the dynamic loader says"),
        (Look::Thread, "threads, as seen from outside"),
    ];
    let lanes = || trace.parts.iter().flat_map(|part| &part.lanes);
    all.into_iter()
        .filter(|(look, _)| lanes().any(|lane| lane.look == *look))
        .collect()
}
