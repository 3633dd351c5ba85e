//! What a library built with rt0 says of itself: `NAME_report`, and the lines that it writes for `RT0_TRACE`.

use std::collections::BTreeMap;

use rt0_doctor::observed::{Seen, Watch};
use serde::Deserialize;

/// A report, as far as it matters here. docs/trace.md lists its keys.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Report {
    #[serde(default)]
    pub library: String,
    #[serde(default)]
    pub generation: u32,
    #[serde(default)]
    pub start: String,
    #[serde(default)]
    pub pid: u32,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    timeline_ns: BTreeMap<String, u64>,
    #[serde(default)]
    timeline_zero_monotonic_ns: Option<u64>,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    pub steps_left_out: u32,
}

/// A step, as a report has it, but with times of the monotonic clock.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Step {
    pub step: String,
    #[serde(default)]
    pub name: String,
    pub thread: u32,
    #[serde(rename = "begin_ns")]
    pub begin: u64,
    #[serde(rename = "end_ns")]
    pub end: u64,
}

#[derive(Deserialize)]
struct Line {
    report: Report,
}

/// All that the library has said.
#[derive(Clone, Debug, Default)]
pub struct Life {
    /// What is known of the first generation: its last report.
    pub first: Option<Report>,
    /// The last report of all.
    pub last: Option<Report>,
    /// How often it booted.
    pub generations: u32,
    /// Why a boot has failed, if one has.
    pub failure: Option<String>,
    /// How many other processes have written lines.
    pub others: usize,
}

impl Life {
    /// Reads what was seen. Lines that are none are passed over: anybody may have written into the file.
    pub fn read(watch: &Watch, seen: &Seen) -> Life {
        let Some(name) = &watch.plan.prefix else {
            return Life::default();
        };
        let lines = seen.lines.lines();
        let lines = lines.filter_map(|line| serde_json::from_str::<Line>(line).ok());
        let mut all: Vec<Report> = lines.map(|line| line.report).collect();
        let said = seen.said.iter().flat_map(|said| &said.reports);
        let said = said.filter_map(|text| serde_json::from_str::<Report>(text).ok());
        // The lines of a process come in their order, and the last of them after all that was said.
        let at = all.len().min(1);
        all.splice(at..at, said);
        all.retain(|report| report.library == *name);
        let Some(process) = all.first().map(|report| report.pid) else {
            return Life::default();
        };
        let mut others: Vec<u32> = all.iter().map(|report| report.pid).collect();
        others.retain(|other| *other != process);
        others.sort_unstable();
        others.dedup();
        all.retain(|report| report.pid == process);
        let first = all.iter().filter(|report| report.generation <= 1);
        Life {
            first: first.max_by_key(|report| report.weight()).cloned(),
            generations: all
                .iter()
                .map(|report| report.generation)
                .max()
                .unwrap_or(0),
            last: all.iter().max_by_key(|report| report.weight()).cloned(),
            failure: all.iter().find_map(|report| report.error.clone()),
            others: others.len(),
        }
    }
}

impl Report {
    /// When this mark was set.
    pub fn at(&self, mark: &str) -> Option<u64> {
        Some(self.timeline_zero_monotonic_ns? + self.timeline_ns.get(mark)?)
    }

    /// The steps of these kinds, in the order in which they began.
    pub fn steps(&self, kinds: &[&str]) -> Vec<Step> {
        let zero = self.timeline_zero_monotonic_ns.unwrap_or(0);
        let these = self.steps.iter();
        let these = these.filter(|step| kinds.contains(&step.step.as_str()));
        let mut these: Vec<Step> = these
            .map(|step| Step {
                begin: zero + step.begin,
                end: zero + step.end.max(step.begin),
                ..step.clone()
            })
            .collect();
        these.sort_by_key(|step| (step.begin, std::cmp::Reverse(step.end)));
        these
    }

    /// What says more comes later.
    fn weight(&self) -> (u32, usize, usize) {
        (self.generation, self.steps.len(), self.timeline_ns.len())
    }
}
