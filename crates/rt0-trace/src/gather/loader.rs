//! The dynamic loader's words: which files it maps, relocates and starts.
//!
//! The times are when the words were read, some ten microseconds after they were said, or more on a busy machine.
//! What must have come before something else is put before it.

use rt0_doctor::observed::{Seen, Watch, Word};

use super::lane::Raw;
use super::names::file_name;
use super::report::Life;

/// What the loader has said.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// What it did from the first word about the library to its constructors.
    pub bars: Vec<Raw>,
    /// How many relocations it has made for what was loaded after the program's start, and how many of them by a
    /// look into its cache.
    pub relocations: Option<(u64, u64)>,
}

/// What the loader has said.
pub fn words(watch: &Watch, seen: &Seen, life: &Life) -> Words {
    let library = file_name(&watch.plan.library);
    let about = |text: &str| text.contains(library.as_str());
    let mut words = Words {
        bars: Vec::new(),
        relocations: relocations(&seen.loader),
    };
    let Some(from) = seen.loader.iter().position(|word| about(&word.text)) else {
        return words;
    };
    // Other processes may speak at the same time.
    let process = seen.loader[from].process;
    let lines = seen.loader[from..].iter();
    let lines: Vec<&Word> = lines.filter(|word| word.process == process).collect();
    let is_start = |text: &str| text.starts_with("calling init: ") && about(text);
    let started = lines.iter().position(|word| is_start(&word.text));
    let lines = &lines[..started.map_or(lines.len(), |at| at + 1)];
    // The library's own constructor, or the end of dlopen, comes after all of this.
    let (entered, left) = seen.noted.dlopen;
    let constructor = life
        .first
        .as_ref()
        .and_then(|report| report.at("constructor"));
    let latest = constructor
        .or((left != 0).then_some(left))
        .unwrap_or(u64::MAX);
    let at = |read: u64| read.clamp(entered, latest.max(entered));
    let done: Vec<(u64, String)> = lines
        .iter()
        .filter_map(|word| Some((at(word.at), action(&word.text)?)))
        .collect();
    for (number, (begin, name)) in done.iter().enumerate() {
        let next = done.get(number + 1).map(|(at, _)| *at);
        let is_own_start = is_start_of(name, &library);
        let returned = life.first.as_ref().and_then(|report| report.at("returned"));
        let end = match next {
            Some(next) => Some(next),
            None if is_own_start => returned.or((left != 0).then_some(left)),
            None => (left != 0).then_some(left),
        };
        words.bars.push(Raw::new(
            name.clone(),
            *begin,
            end.map(|end| end.max(*begin)),
        ));
    }
    words
}

fn is_start_of(name: &str, library: &str) -> bool {
    name.strip_prefix("start ")
        .is_some_and(|file| file == library)
}

/// What a line says that takes time.
fn action(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix("file=") {
        let (path, what) = rest.split_once(" [")?;
        return what
            .contains("generating link map")
            .then(|| format!("map {}", base(path)));
    }
    let relocated = text.strip_prefix("relocation processing: ");
    let relocated = relocated.map(|rest| rest.split(" (").next().unwrap_or(rest));
    if let Some(path) = relocated {
        return Some(format!("relocate {}", base(path)));
    }
    let started = text.strip_prefix("calling init: ")?;
    Some(format!("start {}", base(started)))
}

fn base(path: &str) -> &str {
    let path = path.trim();
    path.rsplit('/').next().unwrap_or(path)
}

/// From the statistics after the program's start, and those at its end.
fn relocations(lines: &[Word]) -> Option<(u64, u64)> {
    let number = |what: &str| {
        let mut found = lines
            .iter()
            .filter_map(|word| word.text.trim_start().strip_prefix(what));
        found
            .next_back()
            .and_then(|text| text.trim().parse::<u64>().ok())
    };
    let all = number("final number of relocations:")?;
    let before = number("number of relocations:").unwrap_or(0);
    let cached = number("final number of relocations from cache:")?;
    let cached_before = number("number of relocations from cache:").unwrap_or(0);
    Some((all.checked_sub(before)?, cached.checked_sub(cached_before)?))
}

#[cfg(test)]
mod tests {
    use super::{Word, action, relocations};

    #[test]
    fn what_takes_time_has_a_short_name() {
        let lines = [
            "file=libm.so.6 [0];  needed by /x/libhello.so [0]",
            "file=libm.so.6 [0];  generating link map",
            "  dynamic: 0x00007f  base: 0x0  size: 0x0",
            "relocation processing: /x/libhello.so (lazy)",
            "calling init: /lib/x86_64-linux-gnu/libm.so.6",
            "opening file=/x/libhello.so [0]; direct_opencount=1",
        ];
        let all: Vec<_> = lines.into_iter().filter_map(action).collect();
        assert_eq!(
            all,
            ["map libm.so.6", "relocate libhello.so", "start libm.so.6"]
        );
    }

    #[test]
    fn relocations_are_those_since_the_programs_start() {
        let lines = [
            "                 number of relocations: 100",
            "      number of relocations from cache: 10",
            "           final number of relocations: 130",
            "final number of relocations from cache: 15",
        ];
        let word = |line: &str| Word {
            at: 0,
            process: 1,
            text: line.to_owned(),
        };
        let lines: Vec<_> = lines.into_iter().map(word).collect();
        assert_eq!(relocations(&lines), Some((30, 5)));
        assert_eq!(relocations(&lines[..2]), None);
    }
}
