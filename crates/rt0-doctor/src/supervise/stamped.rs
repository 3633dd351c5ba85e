//! A pipe that knows when each piece was written: a pair of sockets, of which the kernel stamps every message.
//!
//! The dynamic loader writes each of its lines at once, so each has the time at which it was said, however late the
//! keeper comes to read it. A program can't open `/dev/stderr` if that is a socket, so only processes of our own are
//! given one.

use std::io;
use std::mem::{MaybeUninit, size_of};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use crate::subject::{clock, now};

/// The end that reads.
pub struct Stamped(OwnedFd);

/// The end that reads, and the one that writes.
///
/// # Errors
/// The system has no such sockets.
pub fn pair() -> io::Result<(Stamped, OwnedFd)> {
    let mut ends = [0; 2];
    let kind = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
    // SAFETY: socketpair(2) writes two descriptors.
    if unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, ends.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: they are new, and nobody else has them.
    let (read, write) = unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) };
    let on: libc::c_int = 1;
    // SAFETY: setsockopt(2) reads the number. If the kernel has no stamps, the time of reading has to do.
    unsafe {
        libc::setsockopt(
            read.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPNS,
            (&raw const on).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        );
    }
    Ok((Stamped(read), write))
}

/// Room for the stamp beside a message, aligned as its header wants it.
type Beside = [u64; 16];

impl Stamped {
    /// The next message, and when it was written. `None`: there will be no more.
    pub fn next(&mut self, buffer: &mut [u8]) -> Option<(usize, u64)> {
        let mut beside = MaybeUninit::<Beside>::zeroed();
        let mut piece = libc::iovec {
            iov_base: buffer.as_mut_ptr().cast(),
            iov_len: buffer.len(),
        };
        // SAFETY: all-zero bytes are a message header without anything.
        let mut header: libc::msghdr = unsafe { MaybeUninit::zeroed().assume_init() };
        header.msg_iov = &raw mut piece;
        header.msg_iovlen = 1;
        header.msg_control = beside.as_mut_ptr().cast();
        header.msg_controllen = size_of::<Beside>() as _;
        // SAFETY: the header points to the buffer and to `beside`, which both live until after the call.
        let count = unsafe { libc::recvmsg(self.0.as_raw_fd(), &raw mut header, 0) };
        let count = usize::try_from(count).ok().filter(|count| *count > 0)?;
        let stamp = stamp(&header).unwrap_or_else(now);
        Some((count, stamp))
    }
}

/// The kernel's stamp, on the monotonic clock.
fn stamp(header: &libc::msghdr) -> Option<u64> {
    // SAFETY: recvmsg(2) has filled the header in; CMSG_FIRSTHDR checks that there is an entry.
    let entry = unsafe { libc::CMSG_FIRSTHDR(header).as_ref() }?;
    if (entry.cmsg_level, entry.cmsg_type) != (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS) {
        return None;
    }
    // SAFETY: an entry of this kind holds a timespec, which may lie at any address.
    let at = unsafe {
        libc::CMSG_DATA(entry)
            .cast::<libc::timespec>()
            .read_unaligned()
    };
    let real = at.tv_sec as u64 * 1_000_000_000 + at.tv_nsec as u64;
    let (now, real_now) = both_clocks();
    now.checked_sub(real_now.checked_sub(real)?)
}

/// The monotonic clock and the real one at the same moment. This thread may lose the processor between two looks, so
/// those count that were the closest.
fn both_clocks() -> (u64, u64) {
    const TRIES: u32 = 20;
    const CLOSE: u64 = 2_000;
    let mut best = (u64::MAX, (0, 0));
    for _ in 0..TRIES {
        let (before, real, after) = (now(), clock(libc::CLOCK_REALTIME), now());
        let apart = after - before;
        if apart < best.0 {
            best = (apart, (before + apart / 2, real));
        }
        if apart < CLOSE {
            break;
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write;

    use super::*;

    #[test]
    fn each_piece_has_the_time_at_which_it_was_written() {
        let (mut read, write) = pair().unwrap();
        let mut write = File::from(write);
        let mut moments = vec![now()];
        for text in ["one", "two"] {
            write.write_all(text.as_bytes()).unwrap();
            moments.push(now());
        }
        drop(write);
        let mut buffer = [0; 16];
        for (number, text) in ["one", "two"].into_iter().enumerate() {
            let (count, at) = read.next(&mut buffer).unwrap();
            assert_eq!(&buffer[..count], text.as_bytes());
            // The two clocks are not read at quite the same moment.
            const SLACK: u64 = 1_000_000;
            assert!(moments[number] <= at + SLACK && at <= moments[number + 1] + SLACK);
        }
        assert!(read.next(&mut buffer).is_none());
    }
}
