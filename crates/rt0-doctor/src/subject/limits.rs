//! Limits that a check sets for its own process.

/// How many bytes of address space this process uses.
pub fn used() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text
        .split(' ')
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(0);
    // SAFETY: sysconf(3) has no preconditions.
    pages * unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as u64
}

/// Limits the address space; `None`: as far as it may go.
pub fn address_space(to: Option<u64>) {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: getrlimit(2) writes the structure, setrlimit(2) reads it.
    unsafe {
        libc::getrlimit(libc::RLIMIT_AS, &raw mut limit);
        limit.rlim_cur = to.map_or(limit.rlim_max, |bytes| {
            limit.rlim_max.min(bytes as libc::rlim_t)
        });
        libc::setrlimit(libc::RLIMIT_AS, &raw const limit);
    }
}

/// Lets the process have so many descriptors more, if it may. Gives the first number that it could not have before; the
/// greatest of all if nothing has changed.
pub fn more_descriptors(by: libc::rlim_t) -> libc::c_int {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: getrlimit(2) writes the structure, setrlimit(2) reads it.
    let first = unsafe {
        libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit);
        let first = limit.rlim_cur;
        limit.rlim_cur = limit.rlim_max.min(first.saturating_add(by));
        match limit.rlim_cur > first && libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) == 0
        {
            true => first,
            false => return libc::c_int::MAX,
        }
    };
    libc::c_int::try_from(first).unwrap_or(libc::c_int::MAX)
}
