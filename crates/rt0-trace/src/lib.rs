//! `cargo rt0 trace`, as a library: the time line of a shared library's load, start and end.
//!
//! | step | here |
//! |---|---|
//! | what is asked for; watch it, by `rt0-doctor` | [`run`] |
//! | from what was seen to lanes of bars | [`gather`] |
//! | lanes of bars | [`model`] |
//! | round numbers, and times as texts | [`scale`] |
//! | for a terminal; a drawing; a page; for Perfetto | [`text`], [`svg`], [`html`], [`chrome`] |

#![forbid(unsafe_code)]

pub mod chrome;
pub mod gather;
pub mod html;
pub mod model;
pub mod run;
pub mod scale;
pub mod svg;
pub mod text;
