//! What the library says about itself, and what the host says about the library.

pub mod arguments;
pub mod settings;
mod table;

pub use self::table::{Boot, Library, Start, certainly_this_library, this_library};
