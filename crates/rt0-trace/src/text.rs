//! For a terminal: a line for each bar.

use rt0_abi::decode::shown;

use crate::model::{Bar, End, Lane, Look, Part, Trace};
use crate::scale::{cut, tick, ticks, time, wrapped};

/// How it is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// How many columns there are.
    pub width: usize,
    /// Whether colours may be used.
    pub color: bool,
    /// Whether there are more characters than ASCII's.
    pub blocks: bool,
}

/// The columns before a bar: a name, when it began, how long it took.
const NAME: usize = 30;
const TIME: usize = 8;
const LEFT: usize = NAME + 2 * (TIME + 1) + 2;

/// The text. Characters that a terminal would obey are marked.
pub fn text(trace: &Trace, style: Style) -> String {
    let mut out = format!("{}\n", bold(&plain(&trace.library), style));
    for line in wrapped(&plain(&trace.about), style.width) {
        out.push_str(&line);
        out.push('\n');
    }
    if let Some(problem) = &trace.problem {
        out.push('\n');
        for line in wrapped(&plain(problem), style.width) {
            out.push_str(&bold(&line, style));
            out.push('\n');
        }
    }
    for part in &trace.parts {
        of_part(part, style, &mut out);
    }
    if !trace.notes.is_empty() {
        out.push('\n');
    }
    for note in &trace.notes {
        for line in wrapped(&plain(note), style.width) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    match style.blocks {
        true => out,
        false => out.chars().map(in_ascii).collect(),
    }
}

/// What stands for a character of ours that is not ASCII's.
fn in_ascii(c: char) -> char {
    match c {
        'µ' => 'u',
        '→' => '>',
        '…' => '~',
        c => c,
    }
}

fn of_part(part: &Part, style: Style, out: &mut String) {
    let room = style.width.saturating_sub(LEFT).max(10);
    let title = cut(&part.title, NAME);
    let head = format!("{title:NAME$} {:>TIME$} {:>TIME$}", "from", "took");
    out.push_str(&format!(
        "\n{}  {}\n",
        bold(&head, style),
        axis(part.length, room)
    ));
    for lane in &part.lanes {
        out.push_str(&bold(&lane.name, style));
        out.push('\n');
        for bar in &lane.bars {
            let name = format!("  {}{}", "  ".repeat(bar.depth), bar.name);
            let took = match bar.end {
                End::At(_) => time(bar.took().unwrap_or(0)),
                End::Moment => String::new(),
                End::Never => "not over".to_owned(),
            };
            let drawn = drawn(bar, part, lane, room, style);
            let name = cut(&plain(&name), NAME);
            let line = format!(
                "{name:NAME$} {:>TIME$} {took:>TIME$}  {drawn}",
                time(bar.begin)
            );
            out.push_str(line.trim_end());
            out.push('\n');
        }
        if let Some(left_out) = &lane.left_out {
            out.push_str(&format!("  {left_out}\n"));
        }
    }
}

/// The numbers above the bars: each stands where its time begins.
fn axis(length: u64, room: usize) -> String {
    let mut line = String::new();
    for at in ticks(length, (room / 10).max(1) as u64) {
        let text = tick(at);
        let place = column(at, length, room);
        if place + text.chars().count() > room || place < line.chars().count() + 1 && at > 0 {
            continue;
        }
        while line.chars().count() < place {
            line.push(' ');
        }
        line.push_str(&text);
    }
    line
}

/// The column of a time.
fn column(at: u64, length: u64, room: usize) -> usize {
    let share = at as f64 / length.max(1) as f64;
    ((share * room as f64) as usize).min(room - 1)
}

fn drawn(bar: &Bar, part: &Part, lane: &Lane, room: usize, style: Style) -> String {
    let first = column(bar.begin, part.length, room);
    let (block, ascii) = match lane.look {
        Look::Host => ('█', '#'),
        Look::Library => ('▓', '='),
        Look::Wait => ('▒', ':'),
        Look::Loader => ('░', '.'),
        Look::Thread => ('─', '-'),
    };
    let fill = if style.blocks { block } else { ascii };
    let text = match bar.end {
        End::Moment => (if style.blocks { '◆' } else { '*' }).to_string(),
        End::At(end) => {
            // The column in which it ends is filled only if the bar reaches its middle.
            let share = end as f64 / part.length.max(1) as f64;
            let last = ((share * room as f64).round() as usize).min(room);
            fill.to_string().repeat(last.saturating_sub(first).max(1))
        }
        End::Never => {
            let fill = fill.to_string().repeat((room - first).saturating_sub(1));
            fill + if style.blocks { "▶" } else { ">" }
        }
    };
    let color = match lane.look {
        Look::Host => "34",
        Look::Library => "32",
        Look::Wait => "33",
        Look::Loader => "35",
        Look::Thread => "36",
    };
    match style.color {
        true => format!("{}\x1b[{color}m{text}\x1b[0m", " ".repeat(first)),
        false => format!("{}{text}", " ".repeat(first)),
    }
}

fn bold(text: &str, style: Style) -> String {
    match style.color {
        true => format!("\x1b[1m{text}\x1b[0m"),
        false => text.to_owned(),
    }
}

fn plain(text: &str) -> String {
    text.chars().map(shown).collect()
}
