//! The page faults of a load, by what is touched first; perf sees each of them.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use super::{Account, Loaded};
use crate::bench::build::{Built, folder};
use crate::bench::sample::Host;
use crate::run::said;

const PLACES: [&str; 6] = [
    "the loader, for the library itself",
    "the loader, for libraries that it needs",
    "the library's code and constants",
    "code and variables of other libraries",
    "heap, stack and variables, on the calling thread",
    "the same, on the library's threads",
];
/// Faults differ a little from run to run.
const RUNS: u32 = 5;

/// The account; without perf, why there is none.
pub fn account(
    built: &Built,
    host: &Host,
    libraries: &[Loaded],
) -> Result<Result<Account, String>> {
    let mut perf = Command::new("perf");
    let there = perf
        .args(["stat", "-e", "page-faults:u", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if !there.status().is_ok_and(|status| status.success()) {
        return Ok(Err("there is no perf that may count page faults".to_owned()));
    }
    let title = (
        "Page faults, from before dlopen to the first answer",
        "faults",
    );
    Account::new(title, PLACES, libraries, |library| {
        let mut sum = [0.0; PLACES.len()];
        for _ in 0..RUNS {
            let events = events(built, host, library)?;
            for (all, one) in sum.iter_mut().zip(places(&events, library.library)) {
                *all += one;
            }
        }
        Ok(sum.map(|all| all / f64::from(RUNS)))
    })
    .map(Ok)
}

fn events(built: &Built, host: &Host, library: &Loaded) -> Result<String> {
    let data = folder("")?.join("perf.data");
    let perf = |arguments: &[&str]| {
        let mut perf = Command::new("perf");
        perf.args(arguments).arg(&data);
        perf
    };
    let mut record = perf(&["record", "-q", "-e", "page-faults:u", "-c", "1", "-d", "-o"]);
    record.arg(&built.host);
    let words = [library.library, Path::new(library.add)];
    said(&mut host.command(record, "load", words))?;
    said(&mut perf(&["script", "-F", "tid,addr,ip,sym,dso", "-i"]))
}

/// A page fault: on which thread, at what address in which file, by code in which file.
struct Event<'a> {
    thread: &'a str,
    is_code: bool,
    file: &'a str,
    by: &'a str,
}

/// From a line such as `7 7f01 name (/lib/a.so)  7f02 name (/lib/b.so)`.
fn event(line: &str) -> Option<Event<'_>> {
    let (head, rest) = line.split_once(" (")?;
    let (file, rest) = rest.split_once(')')?;
    let mut words = head.split_whitespace();
    let (thread, address) = (words.next()?, words.next()?);
    let (code, by) = rest.trim().trim_end_matches(')').rsplit_once(" (")?;
    Some(Event {
        thread,
        is_code: code.split_whitespace().next()? == address,
        file,
        by,
    })
}

fn places(events: &str, library: &Path) -> [f64; PLACES.len()] {
    let events: Vec<Event> = events.lines().filter_map(event).collect();
    let of_library = |event: &Event| Path::new(event.file).file_name() == library.file_name();
    // The host reads the clock for the first time just before dlopen.
    let begun = events
        .iter()
        .position(|event| event.file == "[vvar]")
        .map(|clock| clock + 1);
    let begun = begun
        .or_else(|| events.iter().position(of_library))
        .unwrap_or(events.len());
    let main = events.first().map_or("", |event| event.thread);
    let mut places = [0.0; PLACES.len()];
    for event in &events[begun..] {
        let is_file = event.file.starts_with('/') && !event.file.starts_with("//");
        let place = match (event.by.contains("/ld-"), of_library(event)) {
            (true, true) => 0,
            (true, false) if is_file => 1,
            (false, true) => 2,
            (false, false) if is_file || event.is_code => 3,
            _ if event.thread == main => 4,
            _ => 5,
        };
        places[place] += 1.0;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: &str = "\
        7 7f00 _start (/lib/ld-linux-x86-64.so.2)  7f00 _start (/lib/ld-linux-x86-64.so.2)\n\
        7 7f01 [unknown] ([vvar])  7f02 clock ([vdso])\n\
        7 7f03 [unknown] (/a/libx.so)  7f04 memset (/lib/ld-linux-x86-64.so.2)\n\
        7 7f05 [unknown] (/lib/libm.so.6)  7f04 memset (/lib/ld-linux-x86-64.so.2)\n\
        7 7f06 f (/a/libx.so)  7f06 f (/a/libx.so)\n\
        7 7f07 [unknown] (/lib/libc.so.6)  7f08 g (/lib/libc.so.6)\n\
        7 7f09 [unknown] (//anon)  7f08 g (/lib/libc.so.6)\n\
        8 7f0a [unknown] (//anon)  7f08 g (/lib/libc.so.6)\n\
        8 7f0b [unknown] (//anon)  7f06 f (/a/libx.so)\n";

    #[test]
    fn every_fault_of_the_load_has_a_place() {
        let places = places(EVENTS, Path::new("target/libx.so"));
        assert_eq!(places, [1.0, 1.0, 1.0, 1.0, 1.0, 2.0]);
    }
}
