//! The floors, as ARCHITECTURE.md draws them.
//!
//! ```text
//! ~~~floors rt0-core
//! load               what the loader calls
//! library | fork     two rooms of one floor: neither imports the other
//! protocol > sync    it imports nothing but `sync`
//! platform
//!   kernel           the floors inside `platform`
//!   assembler
//! ~~~
//! ```
//!
//! (With backquotes for the tildes.) A floor is the name of a module; what follows two spaces is for readers. The
//! crate's own file is above all, and `sabotage`, where there is one, below.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};

/// The floors of one crate.
pub struct Map {
    /// The package.
    pub name: String,
    /// By the path of a folder's module, `""` for the crate, `platform::kernel`: its rooms, each with its floor.
    folders: HashMap<String, HashMap<String, usize>>,
    /// By the path of a module that may import but these: their names, in the same folder.
    only: HashMap<String, Vec<String>>,
}

impl Map {
    /// The maps in a text.
    ///
    /// # Errors
    /// A map that never ends; a line that can't be read; a module named twice.
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
        // The modules that the present line lies in.
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

    /// Where the sources are, from the repository.
    pub fn folder(&self) -> String {
        match self.name.as_str() {
            "xtask" => "xtask/src".to_owned(),
            name => format!("crates/{name}/src"),
        }
    }

    /// How many floors there are in all.
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

    /// The floor of a room in a folder, the top one first; `None` when the folder has no floors of its own. An
    /// error when it has some, and this room is on none.
    pub fn floor(&self, folder: &[String], room: &str) -> Result<Option<usize>, ()> {
        match self.folders.get(&folder.join("::")) {
            None => Ok(None),
            Some(rooms) => rooms.get(room).copied().map(Some).ok_or(()),
        }
    }

    /// Whether this room of a folder may import that one, as far as its line names what it may import.
    pub fn may(&self, folder: &[String], from: &str, to: &str) -> bool {
        let from = [folder, &[from.to_owned()]].concat().join("::");
        let only = self.only.get(&from);
        only.is_none_or(|only| only.iter().any(|room| room == to))
    }

    /// Every room that the map names, by its whole path.
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
