//! Load: what a library does while it is loaded and started, and what it needs for that (L in `docs/hazards.md`).

mod archive;
mod arguments;
mod boot;
mod core_only;
mod environment;
mod quiet;
mod scarce;
mod settings;
