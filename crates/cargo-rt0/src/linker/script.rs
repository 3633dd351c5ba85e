//! Version scripts.

use std::collections::BTreeSet;

/// The compiler's script without the names that must be hidden. A name that the compiler does not list is not
/// defined, and a linker may refuse it: so this only removes names.
pub fn restrict(script: &str, shown: &BTreeSet<String>) -> String {
    let kept: String = listed(script)
        .filter(|name| shown.contains(*name))
        .map(|name| format!("    {};\n", quoted(name)))
        .collect();
    if kept.is_empty() {
        return "{\n  local:\n    *;\n};\n".to_owned();
    }
    format!("{{\n  global:\n{kept}  local:\n    *;\n}};\n")
}

/// Inside quotes, nothing in a name is a pattern or a version.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.$".contains(c);
    if name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

/// The names between `global:` and `local:`.
pub fn listed(script: &str) -> impl Iterator<Item = &str> {
    let (_, rest) = script.split_once("global:").unwrap_or_default();
    let (names, _) = rest.split_once("local:").unwrap_or((rest, ""));
    let names = names.split(';').map(|name| name.trim().trim_matches('"'));
    names.filter(|name| !name.is_empty() && !name.contains('}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_declared_names_stay() {
        let script = "{\n  global:\n    x_a;\n    leak;\n    x_b;\n\n  local:\n    *;\n};\n";
        let declared = ["x_a", "x_b", "x_never_defined"].map(String::from).into();
        assert_eq!(
            restrict(script, &declared),
            "{\n  global:\n    x_a;\n    x_b;\n  local:\n    *;\n};\n"
        );
        let none = BTreeSet::new();
        assert_eq!(restrict(script, &none), "{\n  local:\n    *;\n};\n");
        assert_eq!(restrict("", &declared), "{\n  local:\n    *;\n};\n");
    }
}
