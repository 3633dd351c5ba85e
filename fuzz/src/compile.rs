//! Checks some headers with a real compiler: every N-th one, with `RT0_FUZZ_COMPILE=N`.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

static EVERY: LazyLock<u64> = LazyLock::new(|| {
    let every = std::env::var("RT0_FUZZ_COMPILE").ok();
    every.and_then(|every| every.parse().ok()).unwrap_or(5000)
});
static SEEN: AtomicU64 = AtomicU64::new(0);

/// Headers that a host may have included.
const OTHERS: &str = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <errno.h>\n\
    #include <limits.h>\n#include <math.h>\n#include <signal.h>\n#include <unistd.h>\n#include <sys/stat.h>\n\
    #include <sys/sysmacros.h>\n#include <sys/socket.h>\n#include <netdb.h>\n#include <time.h>\n#include <wchar.h>\n";

/// Compiles the header if it is its turn: as C and as C++, before and after other headers.
///
/// # Panics
/// A compiler refuses it.
pub fn sometimes(header: &str) {
    // Relaxed: only a count.
    let seen = SEEN.fetch_add(1, Ordering::Relaxed);
    if *EVERY == 0 || !seen.is_multiple_of(*EVERY) {
        return;
    }
    for language in ["c", "c++"] {
        for text in [
            format!("{OTHERS}{header}{header}"),
            format!("{header}{OTHERS}"),
        ] {
            compile(language, &text);
        }
    }
}

fn compile(language: &str, text: &str) {
    let mut child = Command::new("cc")
        .args(["-fsyntax-only", "-D_GNU_SOURCE", "-w", "-x", language, "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("there is a compiler");
    let mut input = child.stdin.take().expect("a pipe");
    // The compiler may give up before it has read everything.
    let _ = input.write_all(text.as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\nin\n{text}");
}
