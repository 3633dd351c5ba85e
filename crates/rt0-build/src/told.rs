//! What rt0's build script has told ours, by way of cargo. The names are those in `rt0_abi::linking::metadata`.

use std::env::var;

/// The form of what this version understands.
const FORM: &str = "1";

/// What the linker must do. Where the target needs or knows no such thing, it is empty.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub arguments: Vec<String>,
    /// The beginning of the argument that gives the file a name.
    pub soname: String,
    pub hide_dependencies: String,
}

impl Told {
    /// Cargo tells a build script what the direct dependencies of its package have said.
    pub(crate) fn by_cargo() -> Result<Told, String> {
        let package = var("CARGO_PKG_NAME").unwrap_or_default();
        Told::read(&package, |name| var(format!("DEP_RT0_{name}")).ok())
    }

    fn read(package: &str, told: impl Fn(&str) -> Option<String>) -> Result<Told, String> {
        let ours = env!("CARGO_PKG_VERSION");
        let Some(form) = told("LINKING") else {
            return Err(format!(
                "rt0 is not among the [dependencies] of `{package}`, or is older than rt0-build {ours}: add it there \
                 (it must be that package's own dependency, even if only another crate of yours uses it), with \
                 the version of rt0-build"
            ));
        };
        if form != FORM {
            let theirs = told("VERSION").unwrap_or_default();
            return Err(format!(
                "rt0 {theirs} and rt0-build {ours} do not understand each other: give both the same version in the \
                 Cargo.toml of `{package}`"
            ));
        }
        let or_nothing = |name| told(name).unwrap_or_default();
        Ok(Told {
            arguments: or_nothing("ARGUMENTS")
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            soname: or_nothing("SONAME"),
            hide_dependencies: or_nothing("HIDE_DEPENDENCIES"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    fn read(told: &[(&str, &str)]) -> Result<Told, String> {
        Told::read("shop", |name| {
            let found = told.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.to_string())
        })
    }

    #[test]
    fn arguments_are_separated_by_blanks() {
        let told = read(&[("LINKING", "1"), ("ARGUMENTS", "-a -b,c")]).unwrap();
        assert_eq!(told.arguments, ["-a", "-b,c"]);
        assert_eq!(told.soname, "");
    }

    #[test]
    fn without_rt0_one_sentence_says_what_to_add() {
        let why = read(&[]).unwrap_err();
        assert!(
            why.contains("not among the [dependencies] of `shop`"),
            "{why}"
        );
        assert!(!why.contains('\n'));
    }

    #[test]
    fn another_form_is_refused_with_both_versions() {
        let why = read(&[("LINKING", "2"), ("VERSION", "0.9.0")]).unwrap_err();
        assert!(why.contains("rt0 0.9.0 and rt0-build"), "{why}");
        assert!(why.contains("same version"), "{why}");
    }
}
