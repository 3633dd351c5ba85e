//! What the host has registered.

use std::ffi::{CString, c_char, c_void};

/// The host's callback: what it has given as `user`, the level, the target, the text and the names of the spans.
pub type Callback = unsafe extern "C" fn(
    user: *mut c_void,
    level: i32,
    target: *const c_char,
    text: *const c_char,
    spans: *const c_char,
);

/// One event.
pub(super) struct Event {
    /// 1, an error, to 5, a trace.
    pub level: i32,
    pub target: &'static str,
    pub text: String,
    pub spans: String,
}

/// The callback, and what the host wants to have with it.
#[derive(Clone, Copy)]
pub(super) struct Host {
    pub callback: Callback,
    pub user: *mut c_void,
}

// SAFETY: the host has registered it to be called on a thread of ours: `register` says so.
unsafe impl Send for Host {}

impl Host {
    /// Tells the host this event. No lock is held.
    pub fn call(self, event: Event) {
        let [target, text, spans] = [event.target.into(), event.text, event.spans].map(for_c);
        // SAFETY: who registered it promised that it can be called with these arguments, on a thread of ours, until
        // another registration or a shutdown has returned; both wait for this call.
        unsafe {
            (self.callback)(
                self.user,
                event.level,
                target.as_ptr(),
                text.as_ptr(),
                spans.as_ptr(),
            );
        }
    }
}

/// The text as C has it. A zero in it, which would end it, becomes U+FFFD.
fn for_c(text: String) -> CString {
    CString::new(text).unwrap_or_else(|error| {
        let bytes = error.into_vec();
        let text = String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}");
        CString::new(text).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::for_c;

    #[test]
    fn a_zero_does_not_end_a_text() {
        assert_eq!(for_c("a\0ä".into()).to_str(), Ok("a\u{fffd}ä"));
        assert_eq!(for_c("plain".into()).to_str(), Ok("plain"));
    }
}
