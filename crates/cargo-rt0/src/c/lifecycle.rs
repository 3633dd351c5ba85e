//! The lifecycle calls, which every library has.

use super::{CType, Prototype};

/// The states that `PREFIX_state` returns, from 0 upwards.
pub const STATES: [(&str, &str); 7] = [
    ("COLD", "nothing has been started"),
    ("SCHEDULED", "a thread is on its way to start the library"),
    ("BOOTING", "the library is starting"),
    ("READY", "calls go through"),
    ("FAILED", "the start-up failed"),
    ("STOPPING", "a shutdown is under way"),
    (
        "RETRYING",
        "a start-up that failed is being cleared away for the next",
    ),
];

/// The lifecycle calls of a library with this prefix, in the order of [`rt0_abi::LIFECYCLE`]. Their notes say
/// what they do.
pub fn calls(prefix: &str) -> Vec<Prototype> {
    rt0_abi::LIFECYCLE
        .iter()
        .map(|name| call(name, prefix))
        .collect()
}

fn call(name: &str, prefix: &str) -> Prototype {
    let upper = prefix.to_ascii_uppercase();
    let int = || CType::name("int32_t");
    let text = || CType::name("char");
    let timeout = || vec![("timeout_ms".to_owned(), int())];
    let (result, params, docs) = match name {
        "abi_version" => (
            CType::name("uint32_t"),
            vec![],
            format!("The ABI version of the library that was loaded: {upper}_ABI_VERSION is this header's."),
        ),
        "start" => (
            int(),
            vec![],
            "Begins the start-up and does not wait for it. A library that makes no threads (quiet) starts \
             inside this call. Needed under the manual start policy, harmless otherwise."
                .to_owned(),
        ),
        "wait" => (
            int(),
            timeout(),
            "Waits until the library is ready: 0 only asks, -1 waits forever, any other negative time is an \
             invalid argument. Returns 0 when it is ready, else a status. Optional: every call waits by itself."
                .to_owned(),
        ),
        "state" => (int(), vec![], format!("What the library is doing: {upper}_STATE_...")),
        "last_error" => (
            CType::const_pointer(text()),
            vec![],
            "The text of this thread's last error: never NULL, empty if there was none. Valid until \
             this thread's next call that fails."
                .to_owned(),
        ),
        "shutdown" => (
            int(),
            timeout(),
            "Stops the library, ends its threads and drops its state: -1 waits forever, any other negative \
             time is an invalid argument. Returns 0 if that was done in time, else a status. A later \
             call starts the library again. If its threads call back into a virtual machine, call this \
             before the machine ends, without holding its lock: in Python by atexit, through \
             ctypes.CDLL."
                .to_owned(),
        ),
        "report" => (
            CType::pointer(text()),
            vec![],
            format!(
                "The library's state and time line as JSON: free it with {prefix}_free. NULL when there is \
                 no memory for it."
            ),
        ),
        "free" => (
            int(),
            vec![("ptr".to_owned(), CType::pointer(CType::name("void")))],
            "Frees a text or a buffer that this library returned. NULL is allowed.".to_owned(),
        ),
        name => unreachable!("a lifecycle call without a prototype: {name}"),
    };
    Prototype {
        symbol: format!("{prefix}_{name}"),
        result,
        params,
        notes: vec![docs],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_lifecycle_call_has_a_prototype() {
        let calls = super::calls("x");
        assert_eq!(calls.len(), rt0_abi::LIFECYCLE.len());
        assert_eq!(calls[0].line(), "uint32_t x_abi_version(void)");
        assert_eq!(calls[4].line(), "const char *x_last_error(void)");
    }
}
