//! Other systems: only the process itself is known, and a debugger may tell more.

/// The first process of a group.
pub fn members(group: u32) -> Vec<u32> {
    vec![group]
}

/// What each thread waits for in the kernel.
pub fn in_the_kernel(_process: u32) -> String {
    "(only Linux tells what its threads wait for)\n".to_owned()
}
