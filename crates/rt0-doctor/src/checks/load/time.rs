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

/// How many fresh processes load each, at least and if there is time.
const LEAST: usize = 5;
const LOADS: usize = 101;

/// After this time no more are made: a slow library is known by then.
const LONGEST: Duration = Duration::from_secs(2);

/// What a load may take more than that of an empty file.
const LIMIT: Duration = Duration::from_millis(100);

/// A load of the library, and one of an empty file right before it.
#[derive(Clone, Copy)]
struct Pair {
    theirs: Duration,
    nothing: Duration,
}

fn run(subject: &Subject) -> Verdict {
    let empty = Made::new(None, None)?;
    let mut pairs = Vec::new();
    let begun = Instant::now();
    while pairs.len() < LOADS && (pairs.len() < LEAST || begun.elapsed() < LONGEST) {
        pairs.push(Pair {
            nothing: once(subject, &empty.path())?,
            theirs: once(subject, &subject.plan.library)?,
        });
    }
    judge(&pairs)
}

/// A busy machine makes some loads slow, also without a processor for a thread that a constructor waits for. What the
/// library does itself makes all of them slow.
fn judge(pairs: &[Pair]) -> Verdict {
    let sorted = |time: fn(&Pair) -> Duration| {
        let mut times: Vec<_> = pairs.iter().map(time).collect();
        times.sort_unstable();
        times
    };
    let theirs = sorted(|pair| pair.theirs);
    let nothing = sorted(|pair| pair.nothing);
    let more = sorted(|pair| pair.theirs.saturating_sub(pair.nothing));
    let says = format!(
        "median {}, p99 {} in {} fresh processes; an empty library: {}, {}",
        shown(quantile(&theirs, 50)),
        shown(quantile(&theirs, 99)),
        pairs.len(),
        shown(quantile(&nothing, 50)),
        shown(quantile(&nothing, 99))
    );
    match (quantile(&more, 0) > LIMIT, quantile(&more, 50) > LIMIT) {
        (true, _) => Err(Stop::fail(format!(
            "the host waits while it starts: {says}"
        ))),
        (false, true) => Err(Stop::warn(format!(
            "the host waits while it starts, or the machine is busy: the fastest took {}; {says}",
            shown(theirs[0])
        ))),
        (false, false) => Ok(says),
    }
}

/// Loads the file in a new process, in which nothing has been loaded. The time in which the thread could have run and
/// had no processor is not counted.
fn once(subject: &Subject, path: &Path) -> Result<Duration, Stop> {
    let place = subject.slot(0);
    fork("a fresh process", || {
        subject.step("loading the library");
        let (begun, waited) = (Instant::now(), without_a_processor());
        let opened = Library::open(path);
        let taken = begun.elapsed();
        let taken = taken.saturating_sub(without_a_processor().saturating_sub(waited));
        opened.map_err(|why| Stop::could_not(format!("the library can't be loaded: {why}")))?;
        // Relaxed: read after the process has been waited for.
        place.store(taken.as_nanos() as u64, Ordering::Relaxed);
        Ok(String::new())
    })?
    .verdict()?;
    Ok(Duration::from_nanos(place.load(Ordering::Relaxed)))
}

/// How long this thread has waited for a processor so far, if the kernel tells.
fn without_a_processor() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let field = text.split_whitespace().nth(1);
    Duration::from_nanos(field.and_then(|field| field.parse().ok()).unwrap_or(0))
}

/// What so many percent of them, and no fewer, do not exceed. Of less than a hundred the 99 % are all.
fn quantile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1]
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::{Duration, Pair, judge, quantile};
    use crate::check::Outcome;

    /// The verdict on loads that took so many milliseconds, and those of the empty file.
    fn verdict(times: &[(u64, u64)]) -> Outcome {
        let pair = |(theirs, nothing): &(u64, u64)| Pair {
            theirs: Duration::from_millis(*theirs),
            nothing: Duration::from_millis(*nothing),
        };
        let pairs: Vec<_> = times.iter().map(pair).collect();
        judge(&pairs).map_or_else(|stop| stop.outcome, |_| Outcome::Pass)
    }

    #[test]
    fn no_more_than_one_in_a_hundred_exceeds_p99() {
        let times = |count: u64| (1..=count).map(Duration::from_millis).collect::<Vec<_>>();
        let of = |count, percent| quantile(&times(count), percent).as_millis();
        assert_eq!((of(101, 0), of(101, 50), of(101, 99)), (1, 51, 100));
        assert_eq!((of(31, 50), of(31, 99)), (16, 31));
        assert_eq!((of(1, 0), of(1, 99)), (1, 1));
    }

    #[test]
    fn what_each_load_waits_for_fails_and_what_a_busy_machine_does_only_warns() {
        assert_eq!(verdict(&[(5, 1), (6, 1), (7, 1)]), Outcome::Pass);
        assert_eq!(verdict(&[(250, 1), (260, 1), (900, 400)]), Outcome::Fail);
        // Both are slow then.
        assert_eq!(verdict(&[(450, 400), (460, 400), (5, 1)]), Outcome::Pass);
        assert_eq!(verdict(&[(5, 1), (450, 1), (460, 1)]), Outcome::Warn);
    }
}
