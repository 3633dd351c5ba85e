//! The library's table: the functions that the core calls, and the settings it uses.

use rt0_core::Library;

use crate::call::ready;
use crate::config::Config;
use crate::generation::settle_signals;
use crate::runtime::on_own_thread;
use crate::{boot, exit, shutdown};

/// The core's table for a library with this configuration.
pub const fn library(config: &'static Config) -> Library {
    // The library contains std, so it is never unloaded: see `rt0_core::platform::image`.
    Library::new(config.name)
        .start(config.start)
        .wait_ms(config.wait_ms)
        .stack_size(config.stack_size)
        .boot(boot::boot)
        .main(boot::main)
        .exit_ms(config.exit_ms)
        .at_exit(exit::at_exit)
        .needs_thread(boot::hooks::needs_thread)
        .retry(config.retry)
        .retry_pause_ms(config.retry_pause_ms)
        .end_failed(shutdown::end_failed)
        .waits_for_shutdown(ready::is_waited_for)
        .collector_signals(config.collector_signals)
        .settle_signals(settle_signals)
        .waits_without_dlsym()
        .copies_arguments(config.takes_args)
        .counts_calls()
        .shows_steps()
        .keep(config)
        .on_own_thread(on_own_thread)
}
