//! The numbers of the system calls that rt0 makes, on the processors that Linux supports more recently: they
//! share one table (`include/uapi/asm-generic/unistd.h`).

pub const MMAP: usize = 222;
pub const MUNMAP: usize = 215;
pub const MPROTECT: usize = 226;
pub const MADVISE: usize = 233;
pub const FUTEX: usize = 98;
pub const CLOCK_GETTIME: usize = 113;
pub const NANOSLEEP: usize = 101;
pub const OPENAT: usize = 56;
pub const READ: usize = 63;
pub const CLOSE: usize = 57;
pub const GETPID: usize = 172;
pub const GETTID: usize = 178;
pub const PRCTL: usize = 167;
pub const RT_SIGACTION: usize = 134;
pub const RT_SIGPROCMASK: usize = 135;
pub const SCHED_YIELD: usize = 124;
pub const MEMBARRIER: usize = 283;
pub const CLONE: usize = 220;
pub const SET_TID_ADDRESS: usize = 96;
pub const EXIT: usize = 93;
