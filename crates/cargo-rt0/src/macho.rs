//! What the load commands of a Mach-O file say: Apple's systems have them where ELF has a dynamic section.

use std::collections::BTreeSet;

use object::macho::{self, LC_DYLD_CHAINED_FIXUPS, LC_DYLD_EXPORTS_TRIE, MachHeader64};
use object::read::macho::{LoadCommandVariant, MachHeader, MachOFile64};
use object::{Endianness, FileFlags, Object};

/// A file for a processor with 64 bits: Apple's loader knows no others any more.
pub type File<'data> = MachOFile64<'data, Endianness>;

/// What C puts before each name.
pub const UNDERSCORE: u8 = b'_';

/// What a file's load commands say.
#[derive(Clone, Debug, Default)]
pub struct Commands<'data> {
    /// The name by which other files depend on it.
    pub install_name: Option<&'data [u8]>,
    /// Its current and its compatibility version.
    pub versions: Option<[Version; 2]>,
    /// The libraries that it needs.
    pub needed: Vec<&'data [u8]>,
    /// What it was built for.
    pub system: Option<System>,
    /// Where the names are that other files can see.
    exports: Option<(u32, u32)>,
    /// The bytes by which the loader changes addresses and binds symbols.
    pub fixups: u64,
    /// The bytes of the symbol table and its names.
    pub symbols: u64,
    /// Whether some symbols are bound at their first call.
    pub lazy: bool,
}

/// A system and its oldest version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct System {
    /// Apple's number of the platform.
    pub platform: u32,
    /// The oldest version that can load the file.
    pub oldest: Version,
    /// The version of the SDK that it was linked with.
    pub sdk: Version,
}

/// A version as these files have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(pub u32);

impl Version {
    /// The first two numbers.
    pub fn major_minor(self) -> (u32, u32) {
        (self.0 >> 16, self.0 >> 8 & 0xff)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (major, minor) = self.major_minor();
        write!(f, "{major}.{minor}")?;
        match self.0 & 0xff {
            0 => Ok(()),
            patch => write!(f, ".{patch}"),
        }
    }
}

impl System {
    /// As Apple writes it.
    pub fn name(self) -> &'static str {
        match self.platform {
            macho::PLATFORM_MACOS => "macOS",
            macho::PLATFORM_IOS => "iOS",
            macho::PLATFORM_TVOS => "tvOS",
            macho::PLATFORM_WATCHOS => "watchOS",
            macho::PLATFORM_XROS => "visionOS",
            macho::PLATFORM_MACCATALYST => "Mac Catalyst",
            macho::PLATFORM_IOSSIMULATOR
            | macho::PLATFORM_TVOSSIMULATOR
            | macho::PLATFORM_WATCHOSSIMULATOR
            | macho::PLATFORM_XROSSIMULATOR => "a simulator",
            _ => "another of Apple's systems",
        }
    }
}

impl Commands<'_> {
    /// The bytes of the names that other files can see.
    pub fn exports_size(&self) -> u64 {
        self.exports.map_or(0, |(_, size)| size.into())
    }
}

/// Reads them.
///
/// # Errors
/// The file is damaged.
pub fn read<'data>(file: &File<'data>) -> object::read::Result<Commands<'data>> {
    let endian = file.endian();
    let mut out = Commands::default();
    let mut commands = file.macho_load_commands()?;
    while let Some(command) = commands.next()? {
        match command.variant()? {
            LoadCommandVariant::IdDylib(id) => {
                out.install_name = Some(command.string(endian, id.dylib.name)?);
                let versions = [id.dylib.current_version, id.dylib.compatibility_version];
                out.versions = Some(versions.map(|version| Version(version.get(endian))));
            }
            LoadCommandVariant::Dylib(needed) => {
                out.needed.push(command.string(endian, needed.dylib.name)?);
            }
            LoadCommandVariant::BuildVersion(version) => {
                out.system = Some(System {
                    platform: version.platform.get(endian),
                    oldest: Version(version.minos.get(endian)),
                    sdk: Version(version.sdk.get(endian)),
                });
            }
            // Older linkers say it so.
            LoadCommandVariant::VersionMin(version) => {
                out.system.get_or_insert(System {
                    platform: match command.cmd() {
                        macho::LC_VERSION_MIN_MACOSX => macho::PLATFORM_MACOS,
                        macho::LC_VERSION_MIN_IPHONEOS => macho::PLATFORM_IOS,
                        macho::LC_VERSION_MIN_TVOS => macho::PLATFORM_TVOS,
                        _ => macho::PLATFORM_WATCHOS,
                    },
                    oldest: Version(version.version.get(endian)),
                    sdk: Version(version.sdk.get(endian)),
                });
            }
            LoadCommandVariant::LinkeditData(data) => {
                let (at, size) = (data.dataoff.get(endian), data.datasize.get(endian));
                match command.cmd() {
                    LC_DYLD_EXPORTS_TRIE => out.exports = Some((at, size)),
                    LC_DYLD_CHAINED_FIXUPS => out.fixups = size.into(),
                    _ => {}
                }
            }
            LoadCommandVariant::DyldInfo(info) => {
                out.exports = Some((info.export_off.get(endian), info.export_size.get(endian)));
                let sizes = [
                    info.rebase_size,
                    info.bind_size,
                    info.weak_bind_size,
                    info.lazy_bind_size,
                ];
                out.fixups = sizes.iter().map(|size| u64::from(size.get(endian))).sum();
                out.lazy = info.lazy_bind_size.get(endian) > 0;
            }
            LoadCommandVariant::Symtab(table) => {
                let entry = size_of::<<MachHeader64<Endianness> as MachHeader>::Nlist>() as u64;
                out.symbols = u64::from(table.nsyms.get(endian)) * entry
                    + u64::from(table.strsize.get(endian));
            }
            _ => {}
        }
    }
    // Those that the whole program must agree on are not looked up one by one.
    if let FileFlags::MachO { flags } = file.flags() {
        out.lazy &= flags & macho::MH_BINDATLOAD == 0;
    }
    Ok(out)
}

/// The names that other files can see, as the loader looks them up: in a tree whose branches are parts of names.
///
/// # Errors
/// The tree is damaged.
pub fn exports(commands: &Commands<'_>, bytes: &[u8]) -> Result<BTreeSet<Vec<u8>>, &'static str> {
    const DAMAGED: &str = "is damaged: its list of exports has no end";
    let Some((at, size)) = commands.exports else {
        return Ok(BTreeSet::new());
    };
    let (at, size) = (at as usize, size as usize);
    let tree = at.checked_add(size).and_then(|end| bytes.get(at..end));
    let tree = tree.ok_or("is truncated: its list of exports is missing")?;
    let mut found = BTreeSet::new();
    let mut open = vec![(0, Vec::new())];
    // Every branch takes at least two bytes, unless the tree has circles. Names are as long as their branches.
    let (mut branches, mut letters) = (tree.len() / 2 + 1, tree.len().saturating_mul(64));
    while let Some((node, name)) = open.pop() {
        // An empty tree has no root.
        let Some(rest) = tree.get(node..).filter(|rest| !rest.is_empty()) else {
            continue;
        };
        let (terminal, rest) = number(rest).ok_or(DAMAGED)?;
        if terminal > 0 {
            found.insert(name.clone());
        }
        let rest = usize::try_from(terminal)
            .ok()
            .and_then(|skip| rest.get(skip..));
        let (&children, mut rest) = rest.and_then(<[u8]>::split_first).ok_or(DAMAGED)?;
        for _ in 0..children {
            let end = rest.iter().position(|byte| *byte == 0).ok_or(DAMAGED)?;
            let (part, after) = rest.split_at(end);
            let (child, after) = number(&after[1..]).ok_or(DAMAGED)?;
            rest = after;
            branches = branches.checked_sub(1).ok_or(DAMAGED)?;
            letters = letters
                .checked_sub(name.len() + part.len())
                .ok_or(DAMAGED)?;
            let child = usize::try_from(child).map_err(|_| DAMAGED)?;
            open.push((child, [&name, part].concat()));
        }
    }
    Ok(found)
}

/// A number in seven bits a byte, the lowest first; and the bytes after it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(7 * at as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

/// A symbol's name in C.
pub fn c_name(name: &[u8]) -> &[u8] {
    name.strip_prefix(&[UNDERSCORE]).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{Commands, Version, exports};

    fn names(tree: &[u8]) -> Result<Vec<String>, &'static str> {
        let commands = Commands {
            exports: Some((0, tree.len() as u32)),
            ..Commands::default()
        };
        let found = exports(&commands, tree)?;
        let text = |name: &Vec<u8>| String::from_utf8_lossy(name).into_owned();
        Ok(found.iter().map(text).collect())
    }

    #[test]
    fn names_are_the_branches_on_the_way() {
        // `_f` is a name, and so are `_far` and `_fox`.
        let tree = b"\0\x01_f\0\x06\x02\0\x08\x02ar\0\x12ox\0\x16\x02\0\0\0\x02\0\0\0";
        assert_eq!(names(tree).unwrap(), ["_f", "_far", "_fox"]);
        assert!(names(b"").unwrap().is_empty());
        assert!(names(b"\0\0").unwrap().is_empty());
    }

    #[test]
    fn a_tree_that_leads_back_to_itself_comes_to_an_end() {
        for tree in [
            &b"\0\x01a\0\0"[..],
            b"\0\x02a\0\0b\0\0",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\0",
        ] {
            assert!(names(tree).is_err(), "{tree:?}");
        }
        assert!(names(b"\0\x01a").is_err());
    }

    #[test]
    fn a_version_has_a_third_number_only_if_it_is_not_zero() {
        assert_eq!(Version(0x000b_0000).to_string(), "11.0");
        assert_eq!(Version(0x000a_0f07).to_string(), "10.15.7");
    }
}
