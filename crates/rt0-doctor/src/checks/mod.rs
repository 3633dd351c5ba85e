//! The checks: a folder for each group, a file for each check, and one list.

pub mod elf;

#[cfg(target_os = "linux")]
mod call;
#[cfg(target_os = "linux")]
mod exit;
#[cfg(target_os = "linux")]
mod fds;
#[cfg(target_os = "linux")]
mod fork;
#[cfg(target_os = "linux")]
mod load;
#[cfg(target_os = "linux")]
mod loadable;
#[cfg(target_os = "linux")]
mod shutdown;
#[cfg(target_os = "linux")]
mod unload;

use crate::check::Check;

/// Every check that this system can run, in the order of the list that a person sees.
#[cfg(target_os = "linux")]
const GROUPS: &[&[&Check]] = &[
    elf::ALL,
    load::ALL,
    call::ALL,
    fork::ALL,
    fds::ALL,
    exit::ALL,
    unload::ALL,
    shutdown::ALL,
];

/// What loads the library runs on Linux only.
#[cfg(not(target_os = "linux"))]
const GROUPS: &[&[&Check]] = &[elf::ALL];

/// What is asked before the first check that loads the library. It is not in the list.
#[cfg(target_os = "linux")]
pub const LOADABLE: Option<&Check> = Some(&loadable::CHECK);

/// Nothing is loaded.
#[cfg(not(target_os = "linux"))]
pub const LOADABLE: Option<&Check> = None;

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Check> {
    GROUPS.iter().flat_map(|group| group.iter().copied())
}

/// The check with this id.
pub fn find(id: &str) -> Option<&'static Check> {
    all().find(|check| check.id == id)
}

/// The check that a process was made for.
pub fn to_run(id: &str) -> Option<&'static Check> {
    find(id).or_else(|| LOADABLE.filter(|check| check.id == id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_different_and_begin_with_the_group() {
        let ids: Vec<_> = all().map(|check| check.id).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len());
        for check in all() {
            assert!(check.id.contains('-'), "{}", check.id);
            assert!(!check.title.ends_with('.'), "{}", check.id);
        }
    }

    #[test]
    fn every_page_has_its_parts() {
        for check in all() {
            let head = format!("# {}: ", check.id);
            assert!(check.page.starts_with(&head), "{}", check.id);
            for part in ["## Why it matters", "## Seen in", "## How to fix it"] {
                assert!(check.page.contains(part), "{}: {part}", check.id);
            }
            let (_, seen) = check.page.split_once("## Seen in").unwrap();
            let (seen, _) = seen.split_once("\n## ").unwrap();
            assert!(
                seen.contains("](https://"),
                "{}: nothing to follow",
                check.id
            );
            for way in ["**Rust, with rt0**", "**Rust, without**", "**C**", "**Go**"] {
                assert!(check.page.contains(way), "{}: {way}", check.id);
            }
        }
    }
}
