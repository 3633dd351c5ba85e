//! The call by which a host hears of the library's events.

use super::{CType, Prototype};

/// The call of a library with this prefix.
pub fn call(prefix: &str) -> Prototype {
    let upper = prefix.to_ascii_uppercase();
    let int = || CType::name("int32_t");
    let text = || CType::const_pointer(CType::name("char"));
    let user = || CType::pointer(CType::name("void"));
    let event = CType::Function {
        params: vec![user(), int(), text(), text(), text()],
        result: Box::new(CType::name("void")),
    };
    Prototype {
        symbol: format!("{prefix}_{}", rt0_abi::EVENTS),
        result: int(),
        params: vec![
            ("level".to_owned(), int()),
            ("event".to_owned(), event),
            ("user".to_owned(), user()),
        ],
        notes: vec![
            format!(
                "Has `event` called for each tracing event of the library, up to this level: 1 errors, 2 warnings, \
                 3 information, 4 debugging, 5 traces. 0 for the level, or NULL for `event`, ends that: when this \
                 call returns, no earlier `event` is called any more. Returns {upper}_OK, or a code whose text \
                 {prefix}_last_error has."
            ),
            "`event` gets `user`, the event's level, its target, its text, and the names of the spans around it, the \
             outermost first, with colons between them. The texts are valid until it returns."
                .to_owned(),
            format!(
                "It is called on a thread of the library's, never inside a call of yours, and never after \
                 {prefix}_shutdown has returned {upper}_OK."
            ),
        ],
    }
}
