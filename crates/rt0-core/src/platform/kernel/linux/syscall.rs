//! The macro for system calls, and the errors that we distinguish.

/// Makes a system call: `syscall!(nr::FUTEX, word, operation, ..)`. Numbers and pointers are passed as words.
/// Missing arguments are zero. A result from -4095 to -1 is a negated error number. Unsafe, like the call
/// itself.
macro_rules! syscall {
    ($number:expr $(, $argument:expr)* $(,)?) => {
        syscall!(@six $number $(, $argument)*, 0, 0, 0, 0, 0, 0)
    };
    (@six $number:expr, $a:expr, $b:expr, $c:expr, $d:expr, $e:expr, $f:expr $(, 0)*) => {
        $crate::platform::kernel::linux::arch::syscall(
            $number,
            [$a as usize, $b as usize, $c as usize, $d as usize, $e as usize, $f as usize],
        )
    };
}

/// Results of a call that failed.
pub mod error {
    pub const EINTR: isize = -4;
    pub const EAGAIN: isize = -11;
    pub const ETIMEDOUT: isize = -110;
}
