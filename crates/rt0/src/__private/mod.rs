//! What the macros' expansions call. Do not use it in your own code: it can change in any release.

mod async_exports;
mod describe;
mod if_feature;
mod require_async;

pub use self::async_exports::Expecting;
pub use self::describe::Note;
pub use crate::boot::hooks::{Hook, HookContext};
pub use crate::call::answer::{abort, run, run_or};
pub use crate::call::buffer::{give_string, give_vec};
pub use crate::call::code_of::{AuthorCode, DefaultCode, Probe};
pub use crate::call::ready::{gate, made_from};
pub use crate::call::refused::{own, refused};
pub use crate::call::types::{
    CType, FromC, IntoC, Referent, Returned, Type, check_value, given, is_callback, put,
    struct_by_value,
};
pub use crate::call::{Call, arg, handle};
pub use crate::config::booting::Booting;
pub use crate::config::fixed_text::text_for;
pub use crate::config::{AnyState, Config, on_runtimes_threads};
pub use crate::failure::{Failure, author_failure, shown};
pub use crate::generation::handles::Handle;
pub use crate::generation::state::IsState;
pub use crate::library::library;
pub use crate::parts::{NO_PART, Part};
pub use crate::platform::uncancelled::UncancelledCall;
pub use crate::runtime::on_thread;
pub use crate::runtime::settings::RuntimeKind;
pub use crate::{
    __rt0_expecting as expecting, __rt0_if_async as if_async, __rt0_if_tracing as if_tracing,
    __rt0_keep_handle as keep_handle, __rt0_keep_word as keep_word, __rt0_note as note,
    __rt0_require_async as require_async,
};
pub use rt0_abi::{
    ABI_VERSION, ABI_VERSION_OF_CALLS, FUTURE, Item, TypeCode, encode, encoded_len, kind, tag,
};
pub use rt0_core;
pub use rt0_core::{CollectorSignals, Start};
pub use std;
pub use std::borrow::ToOwned;

/// The lifecycle calls, each named like the C function without its prefix.
pub mod lifecycle {
    pub use crate::failure::last_error::last_error;
    pub use crate::lifecycle::{abi_version, free, report, shutdown, start, state, wait};
}

/// Ops and queues, for async exports.
#[cfg(feature = "tokio")]
pub mod ops {
    pub use crate::ops::{
        Begin, Kept, KeptAlone, Kind, Op, PART, Queue, block_on, end, exports, kept, kept_alone,
        lent,
    };
}

/// `tracing` events for the host.
#[cfg(feature = "tracing")]
pub mod events {
    pub use crate::events::{Callback, PART};
    pub use crate::lifecycle::events::events as register;
}
