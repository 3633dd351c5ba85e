//! How long a host waits for the library.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Library, Made, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "load-time",
    severity: Severity::Error,
    hazard: "L1",
    title: "loading the library returns at once",
    page: page!("load-time"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// How many fresh processes load each, if there is time.
const LOADS: usize = 31;

/// After this time no more are made: a slow library is known by then.
const LONGEST: Duration = Duration::from_secs(2);

/// What a load may take, on average, more than that of an empty file.
const LIMIT: Duration = Duration::from_millis(100);

fn run(subject: &Subject) -> Verdict {
    let empty = Made::new(None, None)?;
    let (mut theirs, mut nothing) = (Vec::new(), Vec::new());
    let begun = Instant::now();
    while theirs.len() < LOADS && (theirs.len() < 3 || begun.elapsed() < LONGEST) {
        nothing.push(once(subject, &empty.path())?);
        theirs.push(once(subject, &subject.plan.library)?);
    }
    let loads = theirs.len();
    let (median, p99) = (quantile(&mut theirs, 50), quantile(&mut theirs, 99));
    let base = quantile(&mut nothing, 50);
    let says = format!(
        "median {}, p99 {} in {loads} fresh processes; an empty library: {}",
        shown(median),
        shown(p99),
        shown(base)
    );
    match median > base + LIMIT {
        true => Err(Stop::fail(format!(
            "the host waits while it starts: {says}"
        ))),
        false => Ok(says),
    }
}

/// Loads the file in a new process, in which nothing has been loaded.
fn once(subject: &Subject, path: &Path) -> Result<Duration, Stop> {
    let place = subject.slot(0);
    fork("a fresh process", || {
        subject.step("loading the library");
        let begun = Instant::now();
        let opened = Library::open(path);
        let taken = begun.elapsed();
        opened.map_err(|why| Stop::could_not(format!("the library can't be loaded: {why}")))?;
        // Relaxed: read after the process has been waited for.
        place.store(taken.as_nanos() as u64, Ordering::Relaxed);
        Ok(String::new())
    })?
    .verdict()?;
    Ok(Duration::from_nanos(place.load(Ordering::Relaxed)))
}

fn quantile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
