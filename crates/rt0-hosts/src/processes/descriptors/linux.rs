//! Linux: one call closes them all.

/// Closes the descriptors that this test inherited: a host that lists its own must not find them.
pub fn keep_no_others() -> std::io::Result<()> {
    const CLOSE_RANGE_CLOEXEC: u32 = 4;
    // SAFETY: close_range(2) has no preconditions. Kernels before 5.11 do not know it: then the descriptors
    // stay open.
    unsafe { libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, CLOSE_RANGE_CLOEXEC) };
    Ok(())
}
