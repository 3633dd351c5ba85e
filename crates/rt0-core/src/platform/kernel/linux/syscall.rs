//! How a system call is written, and the errors that are told apart.

/// Makes a system call: `syscall!(nr::FUTEX, word, operation, ..)`. Numbers and pointers are passed as words;
/// what is left out is zero. A result from -4095 to -1 is an error number, negated. Unsafe, as the call is.
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

/// What the kernel answers when it refuses.
pub mod error {
    pub const EINTR: isize = -4;
    pub const EAGAIN: isize = -11;
    pub const ETIMEDOUT: isize = -110;
}
