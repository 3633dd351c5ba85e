//! The author's table as `rt0-core` wants it: how a load begins.
//!
//! The core's table is a static of Rust's, and its contents are known only when the library is loaded. So it
//! is made from the author's table before anybody looks.

use core::ops::Deref;

use rt0_core::{CollectorSignals, Library, Start};

use crate::once::Once;
use crate::table::{self, RETRY, STARTS, Table, USR_SIGNALS};
use crate::{attach, boot, end};

/// The core's table. A pointer to it is one to a `Library`, which the core reads after the constructor.
#[repr(transparent)]
pub struct OnLoad(Once<Library>);

static LIBRARY: OnLoad = OnLoad(Once::new(as_library(&Table::EMPTY, "library")));

rt0_core::library!(crate::library::LIBRARY);

// In a program, too, it starts by itself: `RT0_RUNTIME` is there for nothing else.
rt0_core::define_word!(".weak ", "rt0_in_archive", crate::library::LIBRARY);

// `RT0_RUNTIME` refers to this name: it links this archive in, and one that fits its header.
rt0_core::define_word!("rt0_archive_1", crate::library::LIBRARY);

/// The core's table of this library.
pub fn library() -> &'static Library {
    &LIBRARY
}

impl Deref for OnLoad {
    type Target = Library;

    fn deref(&self) -> &Library {
        self.0.get(make)
    }
}

fn make() -> Library {
    let table = table::table();
    let library = as_library(table, table.name());
    if table::problem().is_some() {
        library.boot(boot::refuse)
    } else {
        library
    }
}

const fn as_library(table: &Table, name: &'static str) -> Library {
    let mut library = Library::new(name)
        .start(match table.start as usize {
            start if start < STARTS.len() => STARTS[start],
            _ => Start::Load,
        })
        .wait_ms(match table.wait_ms {
            0 => Some(30_000),
            -1 => None,
            ms => Some(ms.cast_unsigned()),
        })
        .stack_size(table.stack_size)
        .unloadable(table.is_unloadable())
        .stop(end::stop)
        .exit_ms(match table.exit_ms {
            0 => 1000,
            -1 => 0,
            ms => ms.cast_unsigned(),
        })
        .retry(table.flags & RETRY != 0)
        .retry_pause_ms(match table.retry_pause_ms {
            0 => 1000,
            ms => ms,
        })
        .end_failed(end::end_failed)
        .collector_signals(if table.flags & USR_SIGNALS != 0 {
            CollectorSignals::Usr
        } else {
            CollectorSignals::Usual
        })
        .on_own_thread(attach::is_own_thread);
    if table.boot.is_some() {
        library = library.boot(boot::boot);
    }
    if table.main.is_some() {
        library = library.main(boot::main);
    }
    library
}
