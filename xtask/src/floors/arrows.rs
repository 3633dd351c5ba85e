//! Which file imports which, and whether each import goes down.

use std::collections::{BTreeMap, BTreeSet};

use super::map::Map;
use super::source::{Crate, File, Module};

/// The result for one crate.
#[derive(Default)]
pub struct Report {
    pub arrows: usize,
    pub upward: usize,
    pub circles: usize,
    /// One line for each problem.
    pub wrong: Vec<String>,
}

/// An import between two rooms of one folder.
struct Arrow<'a> {
    from: &'a str,
    to: String,
    /// The place of the import.
    place: String,
}

/// Checks a crate against its map.
pub fn check(found: &Crate, map: &Map) -> Report {
    let mut report = Report::default();
    // For each folder, the imports between its rooms.
    let mut folders: BTreeMap<Module, Vec<Arrow<'_>>> = BTreeMap::new();
    for (file, line, target) in imports(found) {
        report.arrows += 1;
        let place = || format!("{}:{line}", file.path.display());
        let (from, to) = (&file.module, &target);
        if to.is_empty() {
            report.upward += 1;
            report.wrong.push(format!(
                "{}: imports from the crate's own file: name the module",
                place()
            ));
            continue;
        }
        let common = from
            .iter()
            .zip(to.iter())
            .take_while(|(a, b)| a == b)
            .count();
        // A folder's own file and the files in the folder are one room.
        if let (Some(from_room), Some(to_room)) = (from.get(common), to.get(common)) {
            folders
                .entry(from[..common].to_vec())
                .or_default()
                .push(Arrow {
                    from: from_room,
                    to: to_room.clone(),
                    place: place(),
                });
        }
    }
    for (folder, arrows) in &folders {
        in_folder(folder, arrows, map, &mut report);
    }
    for room in map.rooms() {
        let path: Vec<_> = room.split("::").map(str::to_owned).collect();
        if !found.files.iter().any(|file| file.module == path) {
            report.wrong.push(format!(
                "{}: the map names `{room}`, which is no module",
                map.name
            ));
        }
    }
    for file in &found.files {
        if let [room] = file.module.as_slice()
            && room != BOTTOM
            && map.floor(&[], room).is_err()
        {
            report
                .wrong
                .push(format!("{}: the map does not name `{room}`", map.name));
        }
    }
    report
}

/// The module of the switches that take out protections. Every module may use it, and it uses none, unless
/// the map names it.
const BOTTOM: &str = "sabotage";

/// Each import of one file by another: the importing file, the line, the imported module.
fn imports(found: &Crate) -> impl Iterator<Item = (&File, usize, Module)> {
    found
        .files
        .iter()
        .filter(|file| !file.module.is_empty())
        .flat_map(move |file| {
            file.named.iter().filter_map(move |named| {
                let target = found.module_of(&named.path);
                (target != file.module).then_some((file, named.line, target))
            })
        })
}

/// The imports between the rooms of one folder.
fn in_folder(folder: &Module, arrows: &[Arrow<'_>], map: &Map, report: &mut Report) {
    let mut level: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    // If the map names it, it is a module like any other.
    let is_below_all = map.floor(&[], BOTTOM).is_err();
    for Arrow { from, to, place } in arrows {
        let (from, to) = (*from, to.as_str());
        if to == BOTTOM && folder.is_empty() && is_below_all {
            continue;
        }
        if !map.may(folder, from, to) {
            report.upward += 1;
            report.wrong.push(format!(
                "{place}: `{from}` imports `{to}`, which its line does not name"
            ));
        }
        let floors = [from, to].map(|room| map.floor(folder, room));
        match floors {
            [Ok(Some(from_floor)), Ok(Some(to_floor))] if from_floor >= to_floor => {
                report.upward += 1;
                let how = if from_floor == to_floor {
                    "which is on the same floor"
                } else {
                    "which is above it"
                };
                report
                    .wrong
                    .push(format!("{place}: `{from}` imports `{to}`, {how}"));
            }
            [Ok(Some(_)), Ok(Some(_))] => {}
            // The folder has no floors of its own, or not for these rooms: then it must at least have no
            // circle.
            _ => {
                level.entry(from).or_default().insert(to);
            }
        }
    }
    for circle in circles(&level) {
        report.circles += 1;
        let rooms = circle.join(" > ");
        let places: Vec<_> = arrows
            .iter()
            .filter(|arrow| circle.contains(&arrow.from) && circle.contains(&&*arrow.to))
            .map(|arrow| format!("    {}: {} > {}", arrow.place, arrow.from, arrow.to))
            .collect();
        report.wrong.push(format!(
            "a circle in `{}`: {rooms}\n{}",
            folder.join("::"),
            places.join("\n")
        ));
    }
}

/// The sets of rooms that reach each other.
fn circles<'a>(arrows: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<Vec<&'a str>> {
    let reach = |from: &'a str| {
        let mut seen = BTreeSet::new();
        let mut next = vec![from];
        while let Some(room) = next.pop() {
            for to in arrows.get(room).into_iter().flatten() {
                if seen.insert(*to) {
                    next.push(to);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|room| (*room, reach(room))).collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut all = Vec::new();
    for (room, seen) in &reached {
        if !seen.contains(room) || done.contains(room) {
            continue;
        }
        let circle: Vec<_> = seen
            .iter()
            .copied()
            .filter(|other| reached.get(other).is_some_and(|back| back.contains(room)))
            .collect();
        done.extend(&circle);
        all.push(circle);
    }
    all
}
