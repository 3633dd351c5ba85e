//! What is put into the library so that a load need not find, map and bind another one for it: the unwinder,
//! in place of `libgcc_s.so.1`, and one function in place of `libm.so.6`.
//!
//! The unwinder is the C compiler's own static one, `libgcc_eh.a`, under the name by which rustc asks for the
//! shared one. It stays shared where there is none, where the author says so, where the link contains C++ or
//! another language that throws through frames of several files, and under a sanitizer, which watches the
//! shared one.
//!
//! Only the linked file shows whether that was of use. If it was not, the file is linked again without it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use memchr::memmem;
use object::archive::THIN_MAGIC;
use object::read::archive::ArchiveFile;
use object::{FileKind, Object, ObjectSymbol};

use super::{VARIABLE, args, inputs};
use crate::c_library;
use crate::error::{Error, Result};
use crate::image::Image;
use crate::imports::{self, Import};
use crate::this_system::link;

/// rt0's function that answers the unwinder's question for a file's tables.
const FINDER: &str = "rt0_dl_find_object";

/// rt0's function that sets the unwinder up before it is used from outside. Not every processor needs it.
const SETTER: &str = "rt0_unwind_set_gr";

/// rt0's `pow`.
const POW: &str = "rt0_pow";

/// The functions that say what a frame of these languages does with an exception.
const PERSONALITIES: [&str; 6] = [
    "__gxx_personality_",
    "__gnu_objc_personality_",
    "__objc_personality_",
    "__gnat_personality_",
    "__gdc_personality_",
    "__gccgo_personality_",
];

/// What an instrumented file refers to.
const SANITIZERS: [&str; 4] = ["__asan_init", "__hwasan_init", "__msan_init", "__tsan_init"];

/// C++'s libraries, as a driver is told of them.
const LIBRARIES_OF_CPP: [&str; 4] = ["-lstdc++", "-lc++", "-lc++abi", "-lsupc++"];

/// What a link puts into the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inside {
    /// The folder where the linker finds the static unwinder under the shared one's name.
    unwinder: Option<PathBuf>,
    /// Whether [`SETTER`] is there.
    setter: bool,
    /// Whether rt0's `pow` takes the place of the C library's.
    pow: bool,
}

/// Chooses for this link. The new files lie beside the compiler's temporary ones, and are deleted with them.
///
/// # Errors
/// The files can't be written.
pub fn choose(linker: &Path, args: &[OsString], beside: &Path) -> Result<Inside> {
    let has = |option: &str| args.iter().any(|arg| arg == option);
    let mut names = vec![FINDER, SETTER, POW];
    names.extend(PERSONALITIES.iter().chain(&SANITIZERS));
    // What only the linker's search finds is looked into, too.
    let libraries = args::libraries(args).into_iter().map(OsString::from);
    let all: Vec<OsString> = args.iter().cloned().chain(libraries).collect();
    let present = inputs::present(&all, &names);
    let is_present = |name: &&str| present.contains(name);
    let throws =
        PERSONALITIES.iter().any(&is_present) || LIBRARIES_OF_CPP.iter().any(|option| has(option));
    let watched = SANITIZERS.iter().any(&is_present);
    let mut inside = Inside {
        unwinder: None,
        setter: is_present(&SETTER),
        pow: has("-lm") && is_present(&POW) && only_rust_needs_pow(&all),
    };
    if has("-lgcc_s")
        && is_present(&FINDER)
        && !throws
        && !watched
        && let Some(archive) = unwinder(linker, args)
    {
        let folder = beside.with_file_name("rt0-unwinder");
        let name = folder.join("libgcc_s.a");
        // The compiler sometimes links again.
        let _ = fs::remove_file(&name);
        fs::create_dir_all(&folder)
            .and_then(|()| link(&archive, &name))
            .map_err(|e| Error::failed(format!("cannot write {}", name.display())).because(e))?;
        inside.unwinder = Some(folder);
    }
    Ok(inside)
}

impl Inside {
    /// The further arguments.
    pub fn options(&self) -> Vec<OsString> {
        let mut out = Vec::new();
        if let Some(folder) = &self.unwinder {
            // The linker takes the first folder that has the library in any form, and looks into these before
            // its own.
            let mut option = OsString::from("-L");
            option.push(folder);
            out.push(option);
            out.extend(replace("_dl_find_object", FINDER));
            if self.setter {
                out.push("-Wl,--wrap=_Unwind_SetGR".into());
                out.extend(replace("__wrap__Unwind_SetGR", SETTER));
            }
            // On some processors the unwinder needs GCC's own functions.
            out.push("-lgcc".into());
        }
        if self.pow {
            out.extend(replace("pow", POW));
        }
        out
    }

    /// Whether nothing is put in.
    pub fn is_empty(&self) -> bool {
        self.unwinder.is_none() && !self.pow
    }

    /// What to leave out in another link, because it was of no use in this file. `None` if all is well.
    pub fn without_the_useless(&self, output: &Path) -> Option<Inside> {
        let image = Image::open(output).ok()?;
        let objects = image.objects().ok()?;
        let budget = &mut image.budget();
        let imports = match objects.first()? {
            object::File::Elf32(elf) => imports::read(elf, budget).ok()?,
            object::File::Elf64(elf) => imports::read(elf, budget).ok()?,
            _ => return None,
        };
        let useful = self.useful(&imports);
        (useful != *self).then_some(useful)
    }

    fn useful(&self, imports: &[Import]) -> Inside {
        let needs = |beginning: &str| {
            let of = |import: &Import| {
                let library = import.library.as_ref();
                library.is_some_and(|library| library.starts_with(beginning))
            };
            imports.iter().any(of)
        };
        let throws = imports.iter().any(|import| {
            let is_of = |name: &&str| import.symbol.starts_with(name);
            import.symbol.starts_with("_Unwind_") || PERSONALITIES.iter().any(is_of)
        });
        Inside {
            unwinder: self
                .unwinder
                .clone()
                .filter(|_| !throws && !needs("libgcc_s.") && !needs("libstdc++.")),
            setter: self.setter,
            pow: self.pow && !needs("libm."),
        }
    }
}

/// The options that put one function in another's place.
fn replace(name: &str, ours: &str) -> [OsString; 2] {
    [
        format!("-Wl,--undefined={ours}").into(),
        format!("-Wl,--defsym={name}={ours}").into(),
    ]
}

/// The static unwinder of the C compiler that links, for the target that it is told.
fn unwinder(linker: &Path, args: &[OsString]) -> Option<PathBuf> {
    let mut cc = Command::new(linker);
    cc.args(args::target_options(args)).env_remove(VARIABLE);
    c_library::find(&mut cc, "libgcc_eh.a").filter(|path| path.is_file())
}

/// Whether `pow` is needed, and only by what rustc has compiled. C code might look at `errno` afterwards,
/// and counts on the C library's own results; Rust promises none to the last place.
fn only_rust_needs_pow(args: &[OsString]) -> bool {
    let mut needed = false;
    for path in args::inputs(args) {
        let Ok(bytes) = fs::read(&path) else { continue };
        // What such an archive names lies elsewhere. The compiler makes none.
        if bytes.starts_with(&THIN_MAGIC) {
            return false;
        }
        if memmem::find(&bytes, b"pow\0").is_none() {
            continue;
        }
        for (name, data) in members(&path, &bytes) {
            if needs_pow(data) {
                if !name.ends_with(b".rcgu.o") {
                    return false;
                }
                needed = true;
            }
        }
    }
    needed
}

/// The object files in an input, with their names.
fn members<'a>(path: &'a Path, bytes: &'a [u8]) -> Vec<(&'a [u8], &'a [u8])> {
    if FileKind::parse(bytes) != Ok(FileKind::Archive) {
        return vec![(path.as_os_str().as_encoded_bytes(), bytes)];
    }
    let Ok(archive) = ArchiveFile::parse(bytes) else {
        return Vec::new();
    };
    let members = archive.members().flatten();
    members
        .filter_map(|member| Some((member.name(), member.data(bytes).ok()?)))
        .collect()
}

fn needs_pow(object: &[u8]) -> bool {
    object::File::parse(object).is_ok_and(|file| {
        let mut symbols = file.symbols();
        symbols.any(|symbol| symbol.is_undefined() && symbol.name_bytes() == Ok(b"pow"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(symbol: &str, library: Option<&str>) -> Import {
        Import {
            symbol: symbol.to_owned(),
            library: library.map(str::to_owned),
            version: None,
        }
    }

    #[test]
    fn what_the_file_still_takes_from_elsewhere_is_left_there() {
        let all = Inside {
            unwinder: Some("/t/rt0-unwinder".into()),
            setter: true,
            pow: true,
        };
        let left = |symbol, library| {
            let useful =
                all.useful(&[import("malloc", Some("libc.so.6")), import(symbol, library)]);
            (useful.unwinder.is_some(), useful.pow)
        };
        assert_eq!(left("free", Some("libc.so.6")), (true, true));
        assert_eq!(left("exp", Some("libm.so.6")), (true, false));
        assert_eq!(left("_Unwind_Resume", Some("libgcc_s.so.1")), (false, true));
        assert_eq!(left("_Unwind_Resume", None), (false, true));
        assert_eq!(left("__gxx_personality_v0", None), (false, true));
        assert_eq!(left("_Znwm", Some("libstdc++.so.6")), (false, true));
    }

    /// A script of the shell stands for the compiler.
    #[cfg(unix)]
    #[test]
    fn the_unwinder_stays_shared_beside_what_needs_the_processes_own() {
        let dir = tempfile::tempdir().unwrap();
        let beside = dir.path().join("list");
        let archive = dir.path().join("libgcc_eh.a");
        fs::write(&archive, "").unwrap();
        let driver = dir.path().join("driver");
        write_script(&driver, &format!("#!/bin/sh\necho {}\n", archive.display()));
        let chosen = |inside: &str, args: &[&str]| {
            let object = dir.path().join("a.o");
            fs::write(&object, inside).unwrap();
            let mut all: Vec<OsString> = args.iter().map(OsString::from).collect();
            all.push(object.into());
            choose(&driver, &all, &beside).unwrap().unwinder.is_some()
        };
        assert!(chosen(FINDER, &["-lgcc_s"]));
        assert!(!chosen(FINDER, &["-lc"]), "nobody asks for one");
        assert!(!chosen("", &["-lgcc_s"]), "an older rt0");
        for other in PERSONALITIES.iter().chain(&SANITIZERS) {
            assert!(
                !chosen(&format!("{FINDER} {other}"), &["-lgcc_s"]),
                "{other}"
            );
        }
        for library in LIBRARIES_OF_CPP {
            assert!(!chosen(FINDER, &["-lgcc_s", library]), "{library}");
        }
        fs::remove_file(&archive).unwrap();
        assert!(!chosen(FINDER, &["-lgcc_s"]), "there is none");
    }

    #[cfg(unix)]
    fn write_script(path: &Path, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        fs::write(path, text).unwrap();
        fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }
}
