//! The author's table in the form that `rt0-core` needs: a load begins here.
//!
//! The core's table is a Rust static, but its contents are known only when the library is loaded. So it is
//! made from the author's table before its first use.

use core::ops::Deref;

use rt0_core::{CollectorSignals, Library, Start};

use crate::once::Once;
use crate::table::{self, RETRY, STARTS, Table, USR_SIGNALS};
use crate::{attach, boot, end};

/// The core's table. A pointer to it is a pointer to a `Library`, which the core reads after the constructor.
#[repr(transparent)]
pub struct OnLoad(Once<Library>);

static LIBRARY: OnLoad = OnLoad(Once::new(as_library(&Table::EMPTY, "library")));

rt0_core::library!(crate::library::LIBRARY);

// A program that has a table boots by itself too: that is all `RT0_RUNTIME` is for.
rt0_core::define_word!(".weak ", "rt0_in_archive", crate::library::LIBRARY);

// `RT0_RUNTIME` refers to this name: it makes the linker take this archive, in a version that fits the
// header.
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
            ms => Some(ms as u32),
        })
        .stack_size(table.stack_size)
        .unloadable(table.is_unloadable())
        .stop(end::stop)
        .exit_ms(match table.exit_ms {
            0 => 1000,
            -1 => 0,
            ms => ms as u32,
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
        .on_own_thread(attach::is_own_thread)
        .waits_without_dlsym();
    if table.boot.is_some() {
        library = library.boot(boot::boot);
    }
    if table.main.is_some() {
        library = library.main(boot::main);
    }
    library
}
