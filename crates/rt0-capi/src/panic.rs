//! The panic handler, which std would provide.

use rt0_core::sync::{Deadline, Word};

/// The code can't go on, and whether to end the process is the host's choice: the thread stops here, and
/// calls that wait for it have deadlines.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        Word::new(0).wait(0, Deadline::Never);
    }
}
