//! Three faults of wine's own (8.0), which say nothing of the host that it runs.
//!
//! - Once in some thousand starts it finds no place for the page that all processes share, and ends with 1.
//! - It closes its way to the server as a process ends, while other threads of that may still be at it: one
//!   of them then prints that the server is gone.
//! - Its server kills a process that is not gone some milliseconds after that, as on a busy machine: what the
//!   host would have ended with is then lost.

use crate::ran::Ran;

/// Whether this run tells nothing, and another one is wanted: the host was not started, and none of ours ends
/// so without a word; or it was killed, and not by us, who tell that otherwise.
pub fn has_failed(ran: &Ran) -> bool {
    let silent = ran.stdout.is_empty() && ran.stderr.is_empty();
    (ran.status.code() == Some(1) && silent) || ran.signal() == Some(libc::SIGKILL)
}

/// What the host itself has printed.
pub fn without_its_words(stderr: &[u8]) -> Vec<u8> {
    stderr
        .split_inclusive(|&byte| byte == b'\n')
        .filter(|line| !line.starts_with(b"wine client error:"))
        .collect::<Vec<_>>()
        .concat()
}

#[cfg(test)]
mod tests {
    use super::without_its_words;

    #[test]
    fn what_the_host_prints_stays() {
        let host = b"host: no symbol\nwine client error\n";
        assert_eq!(without_its_words(host), host);
        let both = b"a\nwine client error:4c: sendmsg: no socket\nb";
        assert_eq!(without_its_words(both), b"a\nb");
        assert_eq!(without_its_words(b"wine client error:4c: "), b"");
    }
}
