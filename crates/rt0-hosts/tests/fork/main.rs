//! Fork: hosts that fork, and hosts that close the library's descriptors (F in `docs/hazards.md`).

mod children;
mod lost;
mod prefork;
mod reports;
