//! A generation: from one boot to its end, or to a fork's child.
//!
//! Everything that belongs to it lies on a [`page`](mod@page) of memory that the kernel clears in a child.
//! [`is_ready`](fn@is_ready) is the hot path of every gated call.

pub mod hot;
mod is_ready;
mod page;
mod places;
pub mod steps;
pub mod timeline;

pub use self::is_ready::is_ready;
pub(crate) use self::page::{EXITED, EXITING, MAKING, has_been_asked_for, renumber, set_asked_for};
pub use self::page::{Page, number, page};
#[cfg(not(windows))]
pub(crate) use self::page::{UNLOADING, dso_handle, wipe_in_children};
