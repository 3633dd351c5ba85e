//! Runs `hosts/steps.c` and reads its output.

use std::path::PathBuf;

use cargo_rt0::image::Image;
use cargo_rt0::inspect::inspect;

use crate::cc;
use crate::fixture::Fixture;
use crate::ran::Ran;
use crate::watchdog::Host;

/// The host that opens libraries itself.
#[track_caller]
pub fn opening() -> PathBuf {
    cc::c("steps.c", &[])
}

/// The host that is linked with this library.
#[track_caller]
pub fn linked_with(fixture: &Fixture) -> PathBuf {
    let args = fixture.linked();
    cc::c("steps.c", &args.each_ref().map(String::as_str))
}

/// What a static program is linked with besides the archive: LLVM's unwinder.
pub const UNWINDER: &str = "-lunwind";

/// The host that is linked with this library's archive, with these additional arguments.
///
/// # Panics
/// It can't be built.
#[track_caller]
pub fn with_archive_inside(fixture: &Fixture, more: &[&str]) -> PathBuf {
    let archive = fixture.archive();
    let image = Image::open(archive.as_ref()).expect("it was built");
    let visible = inspect(&image).expect("a library of ours").symbols.visible;
    let names: String = visible.iter().map(|name| format!("X({name})")).collect();
    let names = format!("-DLINKED={names}");
    cc::c("steps.c", &[&[&names, &*archive], more].concat())
}

/// A host that opens this library and then does these steps, which are separated by spaces.
#[track_caller]
pub fn load(library: &str, steps: &str) -> Host {
    Host::compiled(opening())
        .args(["load", library])
        .args(steps.split_whitespace())
}

/// The output of a host.
pub struct Said {
    lines: Vec<String>,
    all: String,
}

impl Said {
    /// The output of a run that succeeded, with nothing on stderr.
    #[track_caller]
    pub fn of(ran: &Ran) -> Said {
        Said::from(ran, 0)
    }

    /// The output of a run that ended with this exit code.
    #[track_caller]
    pub fn from(ran: &Ran, code: i32) -> Said {
        let stdout = ran.exits(code);
        // The host prints nothing else, so any other line comes from the library.
        for line in stdout.lines() {
            assert!(line.contains(" ="), "who said `{line}`?\n{ran}");
        }
        Said {
            lines: stdout.lines().map(str::to_owned).collect(),
            all: ran.to_string(),
        }
    }

    /// The results of all steps of this name, in order.
    pub fn all(&self, step: &str) -> Vec<&str> {
        self.lines
            .iter()
            .filter_map(|line| line.strip_prefix(step)?.strip_prefix(" = "))
            .map(str::trim_end)
            .collect()
    }

    /// The result of the only step of this name.
    #[track_caller]
    pub fn one(&self, step: &str) -> &str {
        match self.all(step)[..] {
            [one] => one,
            _ => panic!("not one result of `{step}`\n{}", self.all),
        }
    }

    /// How many microseconds the last step of this name took.
    #[track_caller]
    pub fn micros(&self, step: &str) -> u64 {
        let name = format!("time {step}");
        let times = self.all(&name);
        let time = times.last().and_then(|text| text.parse().ok());
        time.unwrap_or_else(|| panic!("no time of `{step}`\n{}", self.all))
    }

    /// The whole output, for the message of a failed test.
    pub fn text(&self) -> &str {
        &self.all
    }
}
