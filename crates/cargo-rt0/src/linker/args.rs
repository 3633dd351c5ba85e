//! The command line of a C compiler that links.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::this_system::text;

/// The arguments with each `@file` replaced by the file's contents. The compiler writes such a file when the
/// command line would be too long.
///
/// # Errors
/// A file exists but cannot be read.
pub fn expand(args: &[OsString]) -> Result<Vec<OsString>> {
    let mut out = Vec::new();
    for arg in args {
        match arg.as_encoded_bytes().strip_prefix(b"@") {
            Some(path) if PathBuf::from(text(path)).is_file() => {
                let path = PathBuf::from(text(path));
                let words = fs::read(&path).map_err(|e| {
                    Error::failed(format!("cannot read {}", path.display())).because(e)
                })?;
                out.extend(split(&words));
            }
            _ => out.push(arg.clone()),
        }
    }
    Ok(out)
}

/// The words of a response file: blanks separate words, quotes keep them together, a backslash takes the next
/// byte literally.
pub fn split(bytes: &[u8]) -> Vec<OsString> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote: Option<u8> = None;
    let mut bytes = bytes.iter().copied();
    while let Some(byte) = bytes.next() {
        match (byte, quote) {
            (b'\\', _) => word.get_or_insert_default().extend(bytes.next()),
            (b'"' | b'\'', None) => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (byte, Some(open)) if byte == open => quote = None,
            (byte, None) if byte.is_ascii_whitespace() => words.extend(word.take()),
            (byte, _) => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    words.iter().map(|word| text(word)).collect()
}

/// Whether a shared library is being linked. Apple's compilers have a word of their own.
pub fn is_shared(args: &[OsString]) -> bool {
    args.iter()
        .any(|arg| arg == "-shared" || arg == "-dynamiclib")
}

/// The version script, however it is given.
pub fn version_script(args: &[OsString]) -> Option<PathBuf> {
    file_of(args, b"--version-script")
}

/// The list of exported symbols, which Apple's linkers have in place of a version script.
pub fn exported_list(args: &[OsString]) -> Option<PathBuf> {
    file_of(args, b"-exported_symbols_list")
}

/// The file that follows this option of the linker.
fn file_of(args: &[OsString], option: &[u8]) -> Option<PathBuf> {
    let mut rest = args.iter().filter(|arg| *arg != "-Xlinker");
    while let Some(arg) = rest.next() {
        let bytes = arg.as_encoded_bytes();
        let bytes = bytes.strip_prefix(b"-Wl,").unwrap_or(bytes);
        let Some(value) = bytes.strip_prefix(option) else {
            continue;
        };
        let path = match value.split_first() {
            Some((b'=' | b',', path)) => path.to_vec(),
            _ => {
                let next = rest.next()?.as_encoded_bytes();
                next.strip_prefix(b"-Wl,").unwrap_or(next).to_vec()
            }
        };
        return Some(PathBuf::from(text(&path)));
    }
    None
}

/// The file that is written.
pub fn output(args: &[OsString]) -> Option<PathBuf> {
    let mut rest = args.iter().skip_while(|arg| *arg != "-o");
    rest.nth(1).map(PathBuf::from)
}

/// The definition file, which tells a linker for Windows what to export.
pub fn definition_file(args: &[OsString]) -> Option<PathBuf> {
    args.iter().find_map(|arg| {
        let bytes = arg.as_encoded_bytes();
        let path = bytes.strip_prefix(b"-Wl,").unwrap_or(bytes);
        path.ends_with(b".def").then(|| PathBuf::from(text(path)))
    })
}

/// The options by which a driver chooses the target, and so its own files.
pub fn target_options(args: &[OsString]) -> Vec<&OsString> {
    driver_options(args, &TARGET)
}

/// The options by which a driver chooses the target and the linker.
pub fn choosing_linker(args: &[OsString]) -> Vec<&OsString> {
    const STARTS: [&[u8]; 3] = [b"-B", b"-fuse-ld=", b"--ld-path="];
    driver_options(args, &[&TARGET[..], &STARTS].concat())
}

/// How the options begin by which a driver chooses the target.
const TARGET: [&[u8]; 4] = [b"-m", b"--target=", b"--sysroot=", b"--gcc-toolchain="];

/// The options that begin with one of these, and those that name the target in two words.
fn driver_options<'a>(args: &'a [OsString], starts: &[&[u8]]) -> Vec<&'a OsString> {
    let mut found = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "-target" || arg == "--sysroot" {
            found.push(arg);
            found.extend(rest.next());
        } else if starts
            .iter()
            .any(|start| arg.as_encoded_bytes().starts_with(start))
        {
            found.push(arg);
        }
    }
    found
}

/// The arguments that can be object files or archives of object files.
pub fn inputs(args: &[OsString]) -> impl Iterator<Item = PathBuf> {
    let files = args
        .iter()
        .filter(|arg| !arg.as_encoded_bytes().starts_with(b"-"));
    files.map(PathBuf::from).filter(|path| {
        let ending = path.extension().unwrap_or_default();
        ending == "o" || ending == "rlib" || ending == "a"
    })
}

/// The archives that the arguments name as libraries (`-lNAME`), as far as they lie in folders that the arguments name,
/// too. The compiler so passes the C code of the crate itself.
pub fn libraries(args: &[OsString]) -> Vec<PathBuf> {
    let (mut folders, mut names, mut is_static) = (Vec::new(), Vec::new(), false);
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let arg = arg.as_encoded_bytes();
        if let Some(options) = arg.strip_prefix(b"-Wl,") {
            for option in options.split(|byte| *byte == b',') {
                match option {
                    b"-Bstatic" => is_static = true,
                    b"-Bdynamic" => is_static = false,
                    _ => {}
                }
            }
            continue;
        }
        let mut value = |option: &[u8]| {
            let value = arg.strip_prefix(option)?;
            match value.is_empty() {
                true => rest.next().map(|next| next.as_encoded_bytes()),
                false => Some(value),
            }
        };
        if let Some(folder) = value(b"-L") {
            folders.push(PathBuf::from(text(folder)));
        } else if let Some(name) = value(b"-l") {
            names.push((name, is_static));
        }
    }
    let found = |(name, is_static): (&[u8], bool)| {
        let (archive, shared) = match name.strip_prefix(b":") {
            Some(file) => (text(file), None),
            None => {
                let file = |ending: &[u8]| text(&[b"lib", name, ending].concat());
                (file(b".a"), (!is_static).then(|| file(b".so")))
            }
        };
        let is_shared = |folder: &PathBuf| {
            let file = shared.as_ref().map(|file| folder.join(file));
            file.is_some_and(|file| file.is_file())
        };
        // The first folder that has it counts.
        let mut folders = folders.iter();
        let first = folders.find(|at| is_shared(at) || at.join(&archive).is_file())?;
        (!is_shared(first)).then(|| first.join(&archive))
    };
    names.into_iter().filter_map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<OsString> {
        list.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_response_file_is_split_as_the_linker_does() {
        assert_eq!(
            split(b"-o\n/a\\ b/c.so \"x y\" '' 'q\"'\\\\\n\t-shared\n"),
            words(&["-o", "/a b/c.so", "x y", "", "q\"\\", "-shared"])
        );
        assert_eq!(split(b"a\\"), words(&["a"]));
    }

    #[test]
    fn the_version_script_is_found_however_it_is_named() {
        for list in [
            &["-Wl,--version-script=/t m/list", "-shared"][..],
            &["-Wl,--version-script,/t m/list"],
            &["--version-script=/t m/list"],
            &["--version-script", "/t m/list"],
            &["-Wl,--version-script", "-Wl,/t m/list"],
        ] {
            let found = version_script(&words(list));
            assert_eq!(found, Some(PathBuf::from("/t m/list")), "{list:?}");
        }
        assert_eq!(
            version_script(&words(&["-o", "x", "--version-script"])),
            None
        );
    }

    #[test]
    fn the_list_of_exports_is_found_however_it_is_named() {
        for list in [
            &["-dynamiclib", "-Wl,-exported_symbols_list,/t m/list"][..],
            &["-Wl,-exported_symbols_list", "-Wl,/t m/list"],
            &[
                "-Xlinker",
                "-exported_symbols_list",
                "-Xlinker",
                "/t m/list",
            ],
        ] {
            let found = exported_list(&words(list));
            assert_eq!(found, Some(PathBuf::from("/t m/list")), "{list:?}");
        }
        assert!(is_shared(&words(&["-dynamiclib"])));
    }

    #[test]
    fn the_definition_file_is_found_with_and_without_the_drivers_prefix() {
        for list in [
            &["-shared", "-Wl,/t m/list.def"][..],
            &["/t m/list.def", "a.o"],
        ] {
            let found = definition_file(&words(list));
            assert_eq!(found, Some(PathBuf::from("/t m/list.def")), "{list:?}");
        }
        assert_eq!(definition_file(&words(&["a.o", "-lx"])), None);
    }

    #[test]
    fn the_output_is_the_word_after_its_option() {
        let found = output(&words(&["a.o", "-o", "/t m/x.so", "-shared"]));
        assert_eq!(found, Some(PathBuf::from("/t m/x.so")));
        assert_eq!(output(&words(&["a.o", "-o"])), None);
    }

    #[test]
    fn only_what_can_hold_objects_is_an_input() {
        let found: Vec<_> =
            inputs(&words(&["-o", "x.so", "a.o", "b.rlib", "-Lc.a", "d.a"])).collect();
        assert_eq!(found, ["a.o", "b.rlib", "d.a"].map(PathBuf::from));
    }

    #[test]
    fn a_library_is_found_where_the_linker_finds_it() {
        let dir = tempfile::tempdir().unwrap();
        let [one, two] = ["one", "two"].map(|name| dir.path().join(name));
        for file in [&one, &two] {
            fs::create_dir(file).unwrap();
        }
        for file in [
            one.join("libboth.so"),
            two.join("libboth.a"),
            two.join("libx.a"),
        ] {
            fs::write(file, "").unwrap();
        }
        let [one, two] = [one.to_str().unwrap(), two.to_str().unwrap()];
        let second = format!("-L{two}");
        let found = |list: &[&str]| {
            let list = [&["-L", one, &second, "-lnone"], list].concat();
            let found = libraries(&words(&list)).into_iter();
            found
                .map(|path| path.strip_prefix(two).unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let archive = |name: &str| vec![PathBuf::from(name)];
        assert_eq!(found(&["-lx"]), archive("libx.a"));
        assert_eq!(found(&["-l", "x"]), archive("libx.a"));
        assert_eq!(found(&["-l:libx.a"]), archive("libx.a"));
        assert!(found(&["-lboth"]).is_empty());
        assert_eq!(found(&["-Wl,-Bstatic", "-lboth"]), archive("libboth.a"));
        assert!(found(&["-Wl,-Bstatic", "-Wl,-O1,-Bdynamic", "-lboth"]).is_empty());
    }

    #[test]
    fn the_driver_is_asked_for_the_target_that_it_links_for() {
        let args = words(&[
            "-shared",
            "-m32",
            "-o",
            "x",
            "-target",
            "a-b",
            "--sysroot=/s",
            "-lm",
            "-fuse-ld=lld",
            "-B/own",
        ]);
        let target = ["-m32", "-target", "a-b", "--sysroot=/s"];
        assert_eq!(target_options(&args), target);
        let linker = [&target[..], &["-fuse-ld=lld", "-B/own"]].concat();
        assert_eq!(choosing_linker(&args), linker);
    }
}
