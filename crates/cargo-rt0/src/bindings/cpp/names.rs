//! Names that C++ accepts: as the standard library writes them, types as their author does.

use std::sync::LazyLock;

use super::super::model::Named;
use super::super::taken::Taken;
use crate::c::{Known, Scope};

static NONE: LazyLock<Known<'static>> = LazyLock::new(Known::default);

/// What every scope of generated code uses by these names.
const USED: &[&str] = &["detail", "std"];

/// The names that every package has.
const OWN: &[&str] = &[
    "buffer",
    "callback",
    "canceller",
    "codes",
    "error",
    "errors",
    "event",
    "events",
    "forever",
    "keep",
    "kept",
    "operation",
    "outcome",
    "report",
    "result",
    "returning",
    "set_uncaught",
    "shutdown",
    "span",
    "start",
    "state",
    "throwing",
    "uncaught_handler",
    "wait",
];

/// What every handle has.
const OF_HANDLES: &[&str] = &["get", "raw_type", "release", "reset"];

/// The names of one place.
pub(super) struct Names(Scope<'static>);

impl Names {
    /// A place of which nothing is taken yet.
    pub fn new() -> Names {
        let mut scope = Scope::beside(&NONE);
        USED.iter().for_each(|name| scope.take(name));
        Names(scope)
    }

    /// The package's namespace.
    pub fn of_package() -> Names {
        let mut names = Names::new();
        OWN.iter().for_each(|name| names.0.take(name));
        names
    }

    /// A handle's class.
    pub fn of_handle() -> Names {
        let mut names = Names::new();
        OF_HANDLES.iter().for_each(|name| names.0.take(name));
        names
    }

    /// The errors, each of which is a class and a number. The classes name their base, and the numbers' namespace.
    pub fn of_errors() -> Names {
        let mut names = Names::new();
        ["codes", "error"]
            .iter()
            .for_each(|name| names.0.take(name));
        names
    }

    /// A free name like `count_words`.
    pub fn claim(&mut self, wanted: &str) -> String {
        self.0.claim(wanted)
    }
}

/// The names of types, which no other name of a package is like.
pub(super) struct TypeNames(Taken);

impl TypeNames {
    pub fn new() -> TypeNames {
        // Macros of X11 and of Windows, which many programs include.
        let taken = ["None", "Bool", "Status", "Success", "Always", "Yield"];
        TypeNames(Taken::with(&[&taken]))
    }

    /// A free name like `SortOrder`.
    pub fn claim(&mut self, wanted: &Named) -> String {
        self.0.claim_next(&wanted.pascal())
    }
}

/// A package's name as a namespace.
pub(super) fn namespace(package: &str) -> String {
    Names::new().claim(package)
}

/// A text as the lines of a comment, none of which goes on in the next.
pub(super) fn comment(text: &str) -> Vec<String> {
    let one = |line: &str| {
        let mut line = line.trim_end().to_owned();
        if line.ends_with('\\') || line.ends_with("??/") {
            line.push('.');
        }
        line
    };
    text.lines().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::model::Named;
    use super::{Names, TypeNames, comment, namespace};

    #[test]
    fn a_taken_name_gets_an_underscore_or_a_number() {
        let mut names = Names::of_package();
        for (wanted, given) in [
            ("class", "class_"),
            ("class", "class_2"),
            ("wait", "wait_"),
            ("std", "std_"),
            ("detail", "detail_"),
            ("errno", "errno_"),
            ("co_await", "co_await_"),
            ("plain", "plain"),
            ("plain", "plain_"),
        ] {
            assert_eq!(names.claim(wanted), given);
        }
        let mut errors = Names::of_errors();
        assert_eq!(
            (errors.claim("codes"), errors.claim("error")),
            ("codes_".into(), "error_".into())
        );
        let mut types = TypeNames::new();
        for (wanted, given) in [
            ("Hit", "Hit"),
            ("hit", "Hit_"),
            ("HIT", "Hit_3"),
            ("None", "None_"),
        ] {
            assert_eq!(types.claim(&Named::new(wanted)), given);
        }
        assert_eq!(namespace("shop"), "shop");
        assert_eq!(namespace("std"), "std_");
        assert_eq!(namespace("linux"), "linux_");
    }

    #[test]
    fn no_comment_goes_on_in_the_next_line() {
        assert_eq!(comment("a\\\nb ??/\n\n c"), ["a\\.", "b ??/.", "", " c"]);
    }
}
