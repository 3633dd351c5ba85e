//! The macro for system calls, and the errors that we distinguish.

use core::mem::MaybeUninit;

/// What a register holds for the kernel. Uninitialised: whatever it happens to hold.
pub type Argument = MaybeUninit<usize>;

/// Makes a system call: `syscall!(nr::FUTEX, word, operation, ..)`. Numbers and pointers are passed as words. Give all
/// arguments that the kernel looks at, zeros too: the registers of the others are not set. A result from -4095 to -1 is
/// a negated error number. Unsafe, like the call itself.
macro_rules! syscall {
    ($number:expr $(, $argument:expr)* $(,)?) => {{
        use $crate::platform::kernel::linux::syscall::Argument;
        syscall!(
            @six $number
            $(, Argument::new($argument as usize))*,
            Argument::uninit(), Argument::uninit(), Argument::uninit(),
            Argument::uninit(), Argument::uninit(), Argument::uninit()
        )
    }};
    (@six $number:expr, $a:expr, $b:expr, $c:expr, $d:expr, $e:expr, $f:expr $(, $more:expr)*) => {
        $crate::platform::kernel::linux::arch::syscall($number, [$a, $b, $c, $d, $e, $f])
    };
}

/// Results of a call that failed.
pub mod error {
    pub const EINTR: isize = -4;
    pub const EAGAIN: isize = -11;
    pub const ETIMEDOUT: isize = -110;
}
