//! The codes by which rt0 itself answers a call.

macro_rules! statuses {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $name:literal, $text:literal;)+) => {
        /// Why rt0 itself refused a call or could not finish it.
        ///
        /// An exported function that returns `Result` gives `0` for success, a positive number for an error
        /// of the library's author, and one of these negative numbers for an error of rt0. The numbers never
        /// change their meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        #[non_exhaustive]
        pub enum Status {
            $($(#[doc = $doc])+ $variant = $code,)+
        }

        impl Status {
            /// Every status, from -1 downwards.
            pub const ALL: &'static [Status] = &[$(Status::$variant,)+];

            /// The name in the C header, without the library's prefix: `NOT_READY`.
            pub const fn name(self) -> &'static str {
                match self { $(Status::$variant => $name,)+ }
            }

            /// One sentence for the host's programmer: what happened, and what to do.
            pub const fn text(self) -> &'static str {
                const TEXTS: &str = concat!($($text, "\n",)+);
                crate::lines::line(TEXTS, (-1 - self.code()) as usize)
            }

            /// The text with a terminating zero, for C.
            pub const fn c_text(self) -> &'static core::ffi::CStr {
                let bytes = match self { $(Status::$variant => concat!($text, "\0").as_bytes(),)+ };
                match core::ffi::CStr::from_bytes_with_nul(bytes) {
                    Ok(text) => text,
                    Err(_) => panic!("a text with a zero in it"),
                }
            }

            /// The status with this code, if there is one.
            pub const fn from_code(code: i32) -> Option<Status> {
                match code { $($code => Some(Status::$variant),)+ _ => None }
            }
        }
    };
}

statuses! {
    /// The boot did not finish before the deadline. It goes on; a later call can succeed.
    NotReady = -1, "NOT_READY",
        "the library was not ready before the deadline; call again later or wait longer (a call that only asks does not start it)";
    /// `init` returned an error or panicked. The error text has its message.
    BootFailed = -2, "BOOT_FAILED",
        "the library failed to start; the error text says why";
    /// The called function panicked. The library keeps working.
    Panicked = -3, "PANICKED",
        "the call panicked inside the library; the library keeps working";
    /// The call came from a thread that the boot itself may be waiting for.
    CalledFromBoot = -4, "CALLED_FROM_BOOT",
        "called from the library's own start-up, which would deadlock; call it after start-up";
    /// The call would wait for something that waits for the call.
    WouldDeadlock = -5, "WOULD_DEADLOCK",
        "the call would deadlock; make it from another thread, outside the library's own calls";
    /// The process was forked in a way after which nothing can be started safely.
    Forked = -6, "FORKED",
        "this process was forked from a multi-threaded one without running fork handlers; use fork(), or call exec first";
    /// A shutdown is under way, or the process is exiting.
    Stopped = -7, "STOPPED",
        "the library is shutting down or has stopped; call again after the shutdown";
    /// A pointer was null or misaligned, a length was impossible, or a bool or an enum was out of range.
    InvalidArgument = -8, "INVALID_ARGUMENT",
        "an argument is not valid; the error text names it";
    /// A string argument was not UTF-8.
    InvalidUtf8 = -9, "INVALID_UTF8",
        "a text argument is not valid UTF-8; the error text names it";
    /// A handle is unknown: it was never issued, is already closed, has another type, or is from an earlier
    /// generation.
    InvalidHandle = -10, "INVALID_HANDLE",
        "a handle is not open in this library: it was closed, is of another type, or is from before the last start";
    /// The start policy is `manual` and the host has not asked for the start.
    NotStarted = -11, "NOT_STARTED",
        "the library was not started; call its start function first";
    /// The operating system refused a thread to boot on.
    NoThread = -12, "NO_THREAD",
        "the operating system refused a thread or memory for the library's start-up; free some and call again, or set RT0_START=quiet, which needs no thread";
    /// The callback table has no boot function.
    NoBootEntry = -13, "NO_BOOT_ENTRY",
        "the library was built without a boot function; its author must set one";
    /// The boot function returned without reporting that the boot is done.
    NotNotified = -14, "NOT_NOTIFIED",
        "the library's boot function returned without reporting whether start-up is done; its author must report it";
    /// A shutdown did not finish before its deadline.
    TimedOut = -15, "TIMED_OUT",
        "the operation did not finish before its deadline; the error text says what holds it up";
    /// A handle is in use by another call, which needs it exclusively.
    HandleBusy = -16, "HANDLE_BUSY",
        "a handle is in use by another call; call again when that call has returned";
    /// There is not enough memory for the call.
    NoMemory = -17, "NO_MEMORY",
        "there is not enough memory for the call; free some and call again";
    /// The library was shut down, but its exit hook, a destructor or a busy thread failed during the
    /// shutdown.
    EndedBadly = -18, "ENDED_BADLY",
        "the library was shut down, but part of the shutdown failed; the error text says what";
    /// The host has closed or replaced descriptors of the library's async runtime.
    RuntimeLost = -19, "RUNTIME_LOST",
        "the library's async runtime is lost: the process closed or replaced its descriptors; shut the library down, and the next call starts it again";
    /// An op was cancelled before it was done.
    Cancelled = -20, "CANCELLED",
        "the operation was cancelled before it was done";
    /// As many ops have begun on a queue as its limit allows, and their tags have not been taken.
    Busy = -21, "BUSY",
        "the queue is at its limit; take tags from it, then begin again";
    /// An op is not done yet.
    NotDone = -22, "NOT_DONE",
        "the operation is not done yet; wait for its tag or with the library's op_wait, then call again";
}

impl Status {
    /// The number a C caller sees.
    pub const fn code(self) -> i32 {
        self as i32
    }
}

impl core::fmt::Display for Status {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn codes_run_down_from_minus_one_without_a_gap_and_come_back() {
        for (i, status) in Status::ALL.iter().enumerate() {
            assert_eq!(status.code(), -(i as i32) - 1);
            assert_eq!(Status::from_code(status.code()), Some(*status));
        }
        assert_eq!(Status::from_code(0), None);
        assert_eq!(Status::from_code(1), None);
    }

    #[test]
    fn each_has_its_own_text() {
        for status in Status::ALL {
            assert_eq!(Ok(status.text()), status.c_text().to_str());
        }
    }

    #[test]
    fn who_gets_no_thread_is_told_of_the_policy_that_needs_none() {
        assert!(Status::NoThread.text().contains("RT0_START=quiet"));
    }
}
