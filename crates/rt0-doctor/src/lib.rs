//! `cargo rt0 doctor`, as a library: checks any shared library for the ways in which libraries with a runtime inside
//! fail their hosts.
//!
//! | step | here |
//! |---|---|
//! | what is to be checked, and with which calls | [`session`], [`calls`], [`plan`] |
//! | watch a library, or a program that loads it: `cargo rt0 trace` | [`observe`], [`observed`], `traced` |
//! | read the file | [`mod@file`] |
//! | the checks | [`check`], [`checks`] |
//! | a process for each, and a keeper for that | `supervise`, `board` |
//! | what a check does in its process | [`subject`] |
//! | the table, JSON, JUnit, SARIF | [`report`] |
//!
//! A program that calls [`session::Session::run`] must call [`intercept`] at the top of its `main`: the same program
//! is run again as a keeper and as a subject.

pub mod calls;
pub mod check;
pub mod checks;
pub mod error;
pub mod file;
pub mod observe;
pub mod observed;
mod pages;
pub mod plan;
pub mod report;
pub mod session;
pub mod verdict;

#[cfg(target_os = "linux")]
mod board;
#[cfg(target_os = "linux")]
pub mod subject;
#[cfg(target_os = "linux")]
mod supervise;
#[cfg(target_os = "linux")]
mod traced;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
use elsewhere::{subject, supervise};

pub use error::{Error, Result};

/// Lives the life of a keeper or of a subject, if this program was run as one, and never returns then.
pub fn intercept() {
    supervise::intercept();
}
