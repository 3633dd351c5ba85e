//! What the macros' expansions call. Not for use by hand: it can change in any release.

mod describe;

pub use self::describe::Note;
pub use crate::boot::Booting;
pub use crate::boot::hooks::{Hook, HookContext};
pub use crate::call::buffer::{give_string, give_vec};
pub use crate::call::code_of::{AuthorCode, DefaultCode, Probe};
pub use crate::call::ready::{gate, made_from, own};
pub use crate::call::types::{
    CType, FromC, IntoC, Referent, Returned, Type, check_value, is_callback, put, struct_by_value,
};
pub use crate::call::{
    Call, Failure, abort, arg, author_failure, given, handle, run, run_or, shown,
};
pub use crate::config::{AnyState, Config, RuntimeKind, library};
pub use crate::failure::forked::text_for;
pub use crate::generation::state::IsState;
pub use crate::platform::uncancelled::UncancelledCall;
pub use crate::runtime::require_async;
pub use crate::{__rt0_keep_word as keep_word, __rt0_note as note};
pub use rt0_abi::{ABI_VERSION, Item, TypeCode, encode, encoded_len, kind, tag};
pub use rt0_core;
pub use rt0_core::{CollectorSignals, Start};
pub use std;
pub use std::borrow::ToOwned;

/// The lifecycle calls, each under the end of its name in C.
pub mod lifecycle {
    pub use crate::lifecycle::{
        abi_version, free, last_error, report, shutdown, start, state, wait,
    };
}
