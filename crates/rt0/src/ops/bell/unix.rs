//! Unix: a pair of connected sockets, because every event loop can watch one. Bytes go one way. The host gets
//! duplicates of the one end; we write to the other.

use std::ffi::{c_int, c_void};
use std::io::Error;
use std::mem::ManuallyDrop;
use std::net::Shutdown;
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::{Status, sabotage};

use super::NoBell;
use crate::interpose::descriptors::{Mark, raised};

unsafe extern "C" {
    /// POSIX.
    fn send(socket: c_int, data: *const c_void, len: usize, flags: c_int) -> isize;
}

/// Of `send`: an end that nobody reads is an error and no signal. (On Apple's systems std has said so for each socket.)
const MSG_NOSIGNAL: c_int = if cfg!(any(target_os = "linux", target_os = "android")) {
    0x4000
} else if cfg!(target_os = "freebsd") {
    0x20000
} else if cfg!(any(target_os = "netbsd", target_os = "openbsd")) {
    0x400
} else {
    0
};

pub(in crate::ops) struct Bell {
    ours: End,
    hosts: End,
    /// The host has closed one of them.
    gone: AtomicBool,
}

/// One end, and the mark by which we know it.
struct End {
    socket: ManuallyDrop<UnixStream>,
    mark: Mark,
}

impl Drop for End {
    fn drop(&mut self) {
        // If the host has closed it, the number may be one of the host's by now.
        if self.is_there() {
            // SAFETY: it is dropped once, here.
            unsafe { ManuallyDrop::drop(&mut self.socket) };
        }
    }
}

impl End {
    fn new(socket: UnixStream) -> Result<End, Error> {
        let socket = UnixStream::from(raised(OwnedFd::from(socket)));
        socket.set_nonblocking(true)?;
        let mark = Mark::set(socket.as_raw_fd());
        let socket = ManuallyDrop::new(socket);
        Ok(End { socket, mark })
    }

    fn is_there(&self) -> bool {
        self.mark.is_on(self.socket.as_raw_fd())
    }
}

impl Bell {
    pub fn new() -> Result<Bell, NoBell> {
        let made = || {
            let (ours, hosts) = UnixStream::pair()?;
            Ok((End::new(ours)?, End::new(hosts)?))
        };
        let (ours, hosts) = made().map_err(|error| none(&error))?;
        Ok(Bell {
            ours,
            hosts,
            gone: AtomicBool::new(false),
        })
    }

    pub fn ring(&self) {
        if self.is_gone() || sabotage::NO_BELL {
            return;
        }
        let byte = 0_u8;
        // SAFETY: POSIX; one byte is there. If the buffer is full, there are bytes to read anyway. If the host has shut
        // its end down, nobody wants to know.
        unsafe {
            let at = (&raw const byte).cast();
            send(self.ours.socket.as_raw_fd(), at, 1, MSG_NOSIGNAL)
        };
    }

    pub fn end(&self) {
        if !self.is_gone() && !sabotage::NO_BELL_END {
            let _ = self.ours.socket.shutdown(Shutdown::Both);
        }
    }

    pub fn is_gone(&self) -> bool {
        if sabotage::NO_BELL_CHECK {
            return false;
        }
        // Relaxed, twice: only a hint; the marks tell.
        let gone =
            self.gone.load(Ordering::Relaxed) || !self.ours.is_there() || !self.hosts.is_there();
        if gone {
            self.gone.store(true, Ordering::Relaxed);
        }
        gone
    }

    pub fn duplicate(&self) -> Result<isize, NoBell> {
        // Close-on-exec, and nonblocking as the original, with which it shares that.
        let copy = self
            .hosts
            .socket
            .try_clone()
            .map_err(|error| none(&error))?;
        Ok(copy.into_raw_fd() as isize)
    }
}

fn none(error: &Error) -> NoBell {
    NoBell {
        status: Status::NoMemory,
        text: format!(
            "no descriptor could be opened: {error}; close some, or raise the process's limit, and call again"
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read};
    use std::os::fd::{FromRawFd, RawFd};

    use super::*;

    fn hosts(bell: &Bell) -> UnixStream {
        let copy = bell.duplicate().ok().unwrap();
        // SAFETY: `duplicate` gives it to the caller.
        unsafe { UnixStream::from_raw_fd(copy as RawFd) }
    }

    #[test]
    fn it_rings_never_blocks_and_ends_for_every_copy() {
        let bell = Bell::new().ok().unwrap();
        let mut copies = [hosts(&bell), hosts(&bell)];
        let mut bytes = [0; 8];
        let nothing = copies[0].read(&mut bytes).unwrap_err();
        assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
        bell.ring();
        assert_eq!(copies[1].read(&mut bytes).unwrap(), 1);
        // More than the buffer holds.
        for _ in 0..1_000_000 {
            bell.ring();
        }
        bell.end();
        let mut all = Vec::new();
        copies[0].read_to_end(&mut all).unwrap();
        assert!(!all.is_empty());
        assert_eq!(copies[1].read(&mut bytes).unwrap(), 0);
    }

    /// By default the signal would end the process.
    #[test]
    fn a_host_that_reads_no_more_gets_no_signal() {
        let bell = Bell::new().ok().unwrap();
        hosts(&bell).shutdown(Shutdown::Both).unwrap();
        bell.ring();
        bell.end();
    }
}
