//! How far a run is, in one line of a terminal.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rt0_doctor::session::Event;

/// How many checks are over, and which run now. It is written only where standard error is a terminal.
pub struct Progress {
    line: ProgressBar,
    running: Mutex<Vec<&'static str>>,
}

/// How often the time is written anew: a check may hang until its deadline, and nothing else changes.
const TICK: Duration = Duration::from_millis(500);

impl Progress {
    /// For so many checks.
    pub fn new(checks: usize, is_quiet: bool) -> Progress {
        let target = match is_quiet {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let line = ProgressBar::with_draw_target(Some(checks as u64), target);
        let style = ProgressStyle::with_template("{pos}/{len} checks, {elapsed}: {wide_msg}");
        line.set_style(style.expect("the line is well formed"));
        if !line.is_hidden() {
            line.enable_steady_tick(TICK);
        }
        Progress {
            line,
            running: Mutex::default(),
        }
    }

    /// What has happened.
    pub fn tell(&self, event: Event<'_>) {
        if self.line.is_hidden() {
            return;
        }
        let mut running = self.running.lock().expect("no thread panics with it");
        match event {
            Event::Begun(check) => running.push(check.id),
            Event::Over(finding) => {
                running.retain(|id| *id != finding.id);
                self.line.inc(1);
            }
        }
        self.line.set_message(running.join(", "));
    }

    /// Takes the line away.
    pub fn end(self) {
        self.line.finish_and_clear();
    }
}
