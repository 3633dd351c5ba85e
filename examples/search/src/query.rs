//! Refuses some queries before they are parsed.
//!
//! The parser recurses for every parenthesis and every `NOT`, on the stack of the host's thread, and a stack
//! overflow ends the host. So depth and length are limited.

use crate::error::{Error, shortened};

/// The largest number of bytes in a query.
const LONGEST: usize = 4096;
/// The largest number of parentheses open at once, and of `NOT`s in total.
const DEEPEST: usize = 16;

/// Refuses a query that is too long or too deep.
pub(crate) fn check(query: &str) -> Result<(), Error> {
    if query.len() > LONGEST {
        return Err(refused(query, format!("it is longer than {LONGEST} bytes")));
    }
    if depth(query) > DEEPEST {
        let why = format!("it nests deeper than {DEEPEST} parentheses");
        return Err(refused(query, why));
    }
    if query.matches("NOT").count() > DEEPEST {
        return Err(refused(query, format!("it has more than {DEEPEST} NOTs")));
    }
    Ok(())
}

/// The largest number of parentheses open at once in this query.
fn depth(query: &str) -> usize {
    let mut open = 0usize;
    let mut most = 0;
    for byte in query.bytes() {
        match byte {
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

fn refused(query: &str, why: String) -> Error {
    Error::Query(shortened(query), why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_what_is_open_at_once() {
        assert_eq!(depth("a (b) (c)"), 1);
        assert_eq!(depth("((a) (b))"), 2);
        assert_eq!(depth("))) (((a"), 3);
    }

    #[test]
    fn deep_and_long_queries_are_refused_and_the_message_is_short() {
        let deep = |n| "(".repeat(n) + "a" + &")".repeat(n);
        assert!(check(&deep(DEEPEST)).is_ok());
        assert!(check(&"NOT ".repeat(DEEPEST)).is_ok());
        for query in [
            deep(DEEPEST + 1),
            "NOT ".repeat(DEEPEST + 1),
            "cat ".repeat(LONGEST),
        ] {
            let text = check(&query).unwrap_err().to_string();
            assert!(text.len() < 150, "{text}");
        }
    }
}
