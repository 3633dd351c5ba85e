//! A sandbox in which no thread can be made.

use crate::verdict::Stop;

/// From now on whoever makes a thread in this process is told that there are too many. Processes can be made.
///
/// # Errors
/// The system has no such sandbox.
pub fn refuse_threads() -> Result<(), Stop> {
    const DATA_NUMBER: u32 = 0;
    // The low half of the first argument (on s390x of the second): clone's flags.
    let first = 16 + 8 * u32::from(cfg!(target_arch = "s390x"));
    let flags = first + 4 * u32::from(cfg!(target_endian = "big"));
    let load = |offset| step(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, offset);
    let answer = |value| step(libc::BPF_RET | libc::BPF_K, 0, 0, value);
    let equals = |value, yes, no| step(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, yes, no, value);
    let mut program = [
        load(DATA_NUMBER),
        // Its flags are in memory, where a filter can't look: the C library then uses clone.
        equals(libc::SYS_clone3 as u32, 0, 1),
        answer(libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32),
        equals(libc::SYS_clone as u32, 0, 3),
        load(flags),
        step(
            libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K,
            0,
            1,
            libc::CLONE_THREAD as u32,
        ),
        answer(libc::SECCOMP_RET_ERRNO | libc::EAGAIN as u32),
        answer(libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: the kernel copies the program, which lives until then.
    let set = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(
                libc::PR_SET_SECCOMP,
                libc::SECCOMP_MODE_FILTER,
                &raw const program,
            ) == 0
    };
    match set {
        true => Ok(()),
        false => Err(Stop::could_not(format!(
            "there is no seccomp: {}",
            std::io::Error::last_os_error()
        ))),
    }
}

fn step(code: u32, yes: u8, no: u8, value: u32) -> libc::sock_filter {
    libc::sock_filter {
        code: code as u16,
        jt: yes,
        jf: no,
        k: value,
    }
}
