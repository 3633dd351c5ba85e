//! The library's table: what the core calls, and when.

use rt0_core::Library;

use crate::config::Config;
use crate::generation::settle_signals;
use crate::runtime::on_own_thread;
use crate::{boot, exit, shutdown};

/// The core's table for a library with this configuration.
pub const fn library(config: &'static Config) -> Library {
    Library {
        name: config.name,
        start: config.start,
        wait_ms: config.wait_ms,
        stack_size: config.stack_size,
        // std is inside: see `rt0_core::image`.
        pin: true,
        boot: Some(boot::boot),
        main: Some(boot::main),
        stop: None,
        exit_ms: config.exit_ms,
        at_exit: Some(exit::at_exit),
        needs_thread: Some(boot::hooks::needs_thread),
        retry: config.retry,
        retry_pause_ms: config.retry_pause_ms,
        end_failed: Some(shutdown::end_failed),
        waits_for_shutdown: Some(shutdown::is_waited_for),
        collector_signals: config.collector_signals,
        settle_signals: Some(settle_signals),
        user: config,
        on_own_thread: Some(on_own_thread),
    }
}
