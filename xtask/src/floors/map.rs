//! The floors that ARCHITECTURE.md draws.
//!
//! ```text
//! ~~~floors rt0-core
//! load               what the loader calls
//! library | fork     two rooms on one floor: neither imports the other
//! protocol > sync    it imports only `sync`
//! platform
//!   kernel           the floors inside `platform`
//!   assembler
//! ~~~
//! ```
//!
//! (With backquotes instead of tildes.) A floor is the name of a module; the text after two spaces is for
//! readers. The crate's own file is above all floors, and `sabotage`, if there is one, is below all.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};

/// The floors of one crate.
pub struct Map {
    /// The package.
    pub name: String,
    /// For each folder, by its module path (`""` for the crate, `platform::kernel`): its rooms, each with its
    /// floor.
    folders: HashMap<String, HashMap<String, usize>>,
    /// For each module that may import only some rooms, by its path: their names, in the same folder.
    only: HashMap<String, Vec<String>>,
}

impl Map {
    /// Reads all maps in a text.
    ///
    /// # Errors
    /// A map never ends, a line can't be read, or a module is named twice.
    pub fn all(text: &str) -> Result<Vec<Map>> {
        let mut maps = Vec::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("```floors ") {
                let lines: Vec<_> = lines
                    .by_ref()
                    .take_while(|line| !line.starts_with("```"))
                    .collect();
                let map = Map::read(name.trim(), &lines);
                maps.push(map.with_context(|| format!("the floors of {name}"))?);
            }
        }
        Ok(maps)
    }

    fn read(name: &str, lines: &[&str]) -> Result<Map> {
        let mut folders: HashMap<String, HashMap<String, usize>> = HashMap::new();
        let mut only = HashMap::new();
        // The modules that contain the current line.
        let mut inside: Vec<&str> = Vec::new();
        for (floor, line) in lines.iter().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            ensure!(
                indent % 2 == 0,
                "indented by an odd number of spaces: `{line}`"
            );
            let rooms = line.trim_start().split("  ").next().unwrap_or_default();
            let (rooms, below) = match rooms.split_once('>') {
                Some((rooms, below)) => (rooms, Some(below)),
                None => (rooms, None),
            };
            let rooms: Vec<_> = rooms.split('|').map(str::trim).collect();
            ensure!(indent / 2 <= inside.len(), "indented too far: `{line}`");
            inside.truncate(indent / 2);
            let folder = folders.entry(inside.join("::")).or_default();
            for room in &rooms {
                ensure!(
                    !room.is_empty() && room.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'),
                    "`{room}` is no module's name: `{line}`"
                );
                if folder.insert((*room).to_owned(), floor).is_some() {
                    bail!("`{room}` stands on two floors");
                }
            }
            inside.push(rooms[0]);
            if let Some(below) = below {
                let below = below.split('|').map(|room| room.trim().to_owned());
                only.insert(inside.join("::"), below.collect());
            }
        }
        Ok(Map {
            name: name.to_owned(),
            folders,
            only,
        })
    }

    /// The folder of the sources, relative to the repository.
    pub fn folder(&self) -> String {
        match self.name.as_str() {
            "xtask" => "xtask/src".to_owned(),
            name => format!("crates/{name}/src"),
        }
    }

    /// How many floors there are in total.
    pub fn floors(&self) -> usize {
        self.folders
            .values()
            .map(|rooms| {
                let mut floors: Vec<_> = rooms.values().collect();
                floors.sort_unstable();
                floors.dedup();
                floors.len()
            })
            .sum()
    }

    /// The floor of a room in a folder, counted from the top; `None` if the folder has no floors of its own.
    /// An error if it has some, but none for this room.
    pub fn floor(&self, folder: &[String], room: &str) -> Result<Option<usize>, ()> {
        match self.folders.get(&folder.join("::")) {
            None => Ok(None),
            Some(rooms) => rooms.get(room).copied().map(Some).ok_or(()),
        }
    }

    /// Whether this room of a folder may import that one: only the list on the room's own line is checked.
    pub fn may(&self, folder: &[String], from: &str, to: &str) -> bool {
        let from = [folder, &[from.to_owned()]].concat().join("::");
        let only = self.only.get(&from);
        only.is_none_or(|only| only.iter().any(|room| room == to))
    }

    /// Every room that the map names, by its full path.
    pub fn rooms(&self) -> Vec<String> {
        let mut all: Vec<_> = self
            .folders
            .iter()
            .flat_map(|(folder, rooms)| {
                rooms.keys().map(move |room| match folder.as_str() {
                    "" => room.clone(),
                    folder => format!("{folder}::{room}"),
                })
            })
            .collect();
        all.sort();
        all
    }
}
