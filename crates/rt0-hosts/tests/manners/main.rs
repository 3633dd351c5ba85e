//! Guest manners: the library leaves the host's signals, streams, symbols and arguments alone (G in
//! `docs/hazards.md`).

mod copies;
mod dynamic;
mod files;
mod guarded;
mod inside_tokio;
mod parameters;
mod preload;
mod several;
mod signals;
mod streams;
mod symbols;
mod threads;
mod unwinder;
