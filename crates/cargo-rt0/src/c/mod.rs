//! C as a caller of a library sees it: types, names and prototypes.

pub mod events;
pub mod lifecycle;
mod lower;
mod names;
pub mod ops;
mod prototype;
mod rust;
mod ty;

pub use lower::{Known, element};
pub use names::{Scope, constant, length, refusal};
pub use prototype::{Prototype, of_export, of_handle_free};
pub use ty::CType;
