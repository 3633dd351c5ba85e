//! The names of the status codes and states.

use rt0_abi::Status;
use rt0_abi::decode::{Library, Variant};

use super::{Form, comment};
use crate::c::constant;
use crate::c::lifecycle::STATES;

/// The constants of a library; `upper` is its prefix in upper case.
pub fn all(upper: &str, library: &Library, form: Form) -> String {
    let mut out = comment::block(library.docs.raw(), "");
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str("/** The version of the rules by which this header was written. */\n");
    let version = constant(&format!("{upper}_ABI_VERSION"));
    out.push_str(&match form {
        Form::Header => format!("#define {version} {}\n\n", library.abi),
        Form::Plain => format!("enum {{ {version} = {} }};\n\n", library.abi),
    });

    out.push_str(
        "/** What a call returns. Other positive numbers are the library's own. */\nenum {\n",
    );
    let ok = ("OK", 0, "it succeeded");
    let error = ("ERROR", 1, "the library's own error; its text says which");
    let own = Status::ALL.iter().map(|s| (s.name(), s.code(), s.text()));
    let lines: Vec<_> = [ok, error]
        .into_iter()
        .chain(own)
        .map(|(name, code, text)| {
            format!(
                "{}    {} = {code}",
                comment::sentence(text, "    "),
                constant(&format!("{upper}_{name}"))
            )
        })
        .collect();
    out.push_str(&format!("{}\n}};\n\n", lines.join(",\n")));

    out.push_str(&format!(
        "/** What {}_state() returns. */\nenum {{\n",
        library.prefix
    ));
    let lines: Vec<_> = STATES
        .iter()
        .enumerate()
        .map(|(code, (name, text))| {
            let comment = comment::sentence(text, "    ");
            let name = constant(&format!("{upper}_STATE_{name}"));
            format!("{comment}    {name} = {code}")
        })
        .collect();
    out.push_str(&format!("{}\n}};\n\n", lines.join(",\n")));
    out
}

/// The author's errors.
pub fn codes(codes: &[Variant]) -> String {
    // A damaged file may have any number; the macro writes those of an `int32_t` above zero.
    let real = |code: &&Variant| (1..=i64::from(i32::MAX)).contains(&code.value);
    let lines: Vec<_> = codes
        .iter()
        .filter(real)
        .map(|code| {
            let docs = comment::block(code.docs.raw(), "    ");
            format!("{docs}    {} = {}", constant(&code.name), code.value)
        })
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    format!(
        "/** The library's own errors that have names. */\nenum {{\n{}\n}};\n\n",
        lines.join(",\n")
    )
}

/// The names that [`all`] defines.
pub fn names(upper: &str) -> Vec<String> {
    let own = Status::ALL.iter().map(|s| s.name().to_owned());
    let states = STATES.iter().map(|(name, _)| format!("STATE_{name}"));
    ["RT0_H", "ABI_VERSION", "OK", "ERROR"]
        .into_iter()
        .map(str::to_owned)
        .chain(own)
        .chain(states)
        .map(|name| constant(&format!("{upper}_{name}")))
        .collect()
}
