//! Async exports: ops and queues.
//!
//! An *op* is one call of an async export. `begin` makes it (`op`), tokio's workers run its future (`future`, `run`),
//! and exactly one completes it (`complete`), by the words in `rt0-core/src/protocol/op.rs`: the future with its
//! result, or a cancel, a deadline (`clock`), the loss of the runtime or the end of the generation (`part`). Its *tag*
//! then goes into a *queue*, if it has one: a host takes tags (`queue`, `wait`), watches a descriptor (`bell`), or is
//! called back (`callback`, `calling`). `end` takes the outcome and closes the op. The blocking `twin` needs no op.
//!
//! - An op's future lies in the op, and its result takes the future's place: one allocation. tokio is given a small
//!   task whenever the future is to be run, so an op that waits costs nothing else, and tokio's code is compiled
//!   once for all exports.
//! - Locks: those of the table's shards, of the table of queues, of each queue, of the clock, and of the list of
//!   those who drive. Nobody holds two of them, and nothing is woken, dropped or called under any: the author's code
//!   and the host's may call the library.
//! - The author's futures and results are dropped in the runtime's context, by a thread that can be one of the host's.
//! - All of it is reached through the generation page (`table`): a fork's child has no ops and no queues.

mod begin;
mod bell;
mod callback;
mod calling;
mod cancel;
mod clock;
mod complete;
mod driving;
mod end;
pub mod exports;
mod future;
mod kept;
mod kind;
pub mod lent;
mod op;
mod part;
mod queue;
mod run;
mod table;
mod twin;
mod wait;

pub use self::begin::Begin;
pub use self::cancel::Cancel;
pub use self::end::end;
pub use self::kept::{Kept, KeptAlone, kept, kept_alone};
pub use self::kind::Kind;
pub use self::part::PART;
pub use self::twin::block_on;

/// An op, as C sees it: its handle is a number.
pub enum Op {}

/// A queue of tags, as C sees it: its handle is a number.
pub enum Queue {}
