//! Selects host tests: the programs of `rt0-hosts`, and the modules in them.
//!
//! `crates/rt0-hosts/tests` has a folder for each program. A module is written as its file's path in there,
//! such as `fork/children`. Its tests are called `children::NAME`.

use std::process::Command;

use crate::run::cargo;

/// The command that runs these modules: all their tests, or only those with these full names.
pub fn command(modules: &[&str], only: &[&str]) -> Command {
    let mut cargo = cargo("test -p rt0-hosts --no-fail-fast");
    cargo.args(programs(modules)).args(filters(modules, only));
    cargo
}

/// The cargo options that select the programs.
fn programs(modules: &[&str]) -> Vec<String> {
    let mut programs: Vec<&str> = modules.iter().map(|module| program(module)).collect();
    programs.sort_unstable();
    programs.dedup();
    programs
        .into_iter()
        .flat_map(|program| ["--test".to_owned(), program.to_owned()])
        .collect()
}

/// The arguments of the programs: the filters after `--`.
fn filters(modules: &[&str], only: &[&str]) -> Vec<String> {
    let mut filters = vec!["--".to_owned()];
    if only.is_empty() {
        filters.extend(modules.iter().filter_map(|module| prefix(module)));
    } else {
        filters.push("--exact".to_owned());
        filters.extend(only.iter().map(|name| (*name).to_owned()));
    }
    filters
}

/// The program that a module belongs to. A single file is its own program.
fn program(module: &str) -> &str {
    module
        .split_once('/')
        .map_or(module, |(program, _)| program)
}

/// How the names of a module's tests begin; `None` if the program has no modules.
pub fn prefix(module: &str) -> Option<String> {
    let (_, name) = module.split_once('/')?;
    Some(format!("{name}::"))
}

/// All modules, with their sources.
#[cfg(test)]
pub fn sources() -> Vec<(String, String)> {
    use std::fs;
    use std::path::PathBuf;

    let tests = crate::run::root().join("crates/rt0-hosts/tests");
    let entries = |dir: PathBuf| {
        fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
    };
    let mut all = Vec::new();
    for program in entries(tests).filter(|path| path.is_dir()) {
        let name = program.file_name().unwrap().to_str().unwrap().to_owned();
        for file in entries(program.clone()) {
            let stem = file.file_stem().unwrap().to_str().unwrap();
            if stem != "main" {
                let text = fs::read_to_string(&file).unwrap();
                all.push((format!("{name}/{stem}"), text));
            }
        }
    }
    all
}

/// The other modules whose tests [`command`] would run: libtest's filters match any part of a name.
#[cfg(test)]
pub fn strays(modules: &[&str]) -> Vec<String> {
    let filters: Vec<_> = modules.iter().filter_map(|module| prefix(module)).collect();
    let is_run = |other: &str| {
        let of_a_program = modules
            .iter()
            .any(|module| program(module) == program(other));
        let name = prefix(other).unwrap_or_default();
        of_a_program && filters.iter().any(|filter| name.ends_with(filter))
    };
    let all = sources().into_iter().map(|(module, _)| module);
    all.filter(|other| !modules.contains(&other.as_str()) && is_run(other))
        .collect()
}

/// Whether one of these modules has the test with this full name.
///
/// # Panics
/// There is no such module.
#[cfg(test)]
pub fn has(modules: &[&str], name: &str) -> bool {
    let all = sources();
    modules.iter().any(|module| {
        let Some(prefix) = prefix(module) else {
            return true;
        };
        let source = all.iter().find(|(name, _)| name == module);
        let (_, source) = source.unwrap_or_else(|| panic!("no module {module}"));
        // As a function, or in a list of a macro's.
        let has = |test| {
            source.contains(&format!("fn {test}(")) || source.contains(&format!("\n    {test}: \""))
        };
        name.strip_prefix(&prefix).is_some_and(has)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_become_programs_and_filters() {
        let two = ["fork/children", "exit/inside", "fork/lost"];
        assert_eq!(programs(&two), ["--test", "exit", "--test", "fork"]);
        assert_eq!(
            filters(&two, &[]),
            ["--", "children::", "inside::", "lost::"]
        );
        assert_eq!(filters(&["windows"], &[]), ["--"]);
        assert_eq!(
            filters(&two[..1], &["children::one"]),
            ["--", "--exact", "children::one"]
        );
    }

    #[test]
    fn a_stray_module_has_a_name_that_ends_like_a_chosen_one_and_is_in_a_chosen_program() {
        assert_eq!(strays(&["fork/lost"]), [""; 0]);
        assert_eq!(strays(&["fork/lost", "ops/queue"]), ["ops/lost"]);
        assert_eq!(strays(&["fork/lost", "ops/lost"]), [""; 0]);
    }
}
