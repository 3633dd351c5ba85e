//! What every shared library is linked with, unless its own build script has asked for it already (`rt0-build`).

use std::ffi::OsString;

use rt0_abi::linking::{self, Linker};

use super::Task;

/// The number in the file that is also in the name of its debug information.
const BUILD_ID: &str = "-Wl,--build-id";

/// The options that the command line lacks.
pub fn options(args: &[OsString], has_wrapped: bool, linker: Linker, task: &Task) -> Vec<OsString> {
    let mut out: Vec<OsString> = linker
        .marks()
        .chain(linking::wraps().take_while(|_| has_wrapped))
        .map(|argument| argument.to_string().into())
        .filter(|argument| !args.contains(argument) && !is_overruled(argument, args))
        .collect();
    // Of several names the last counts, for every linker.
    if let Some(soname) = &task.soname
        && (task.installed || !args.iter().any(names_it))
    {
        out.push(format!("{}{soname}", linker.soname()).into());
    }
    if task.installed && !args.iter().any(is_build_id) {
        out.push(BUILD_ID.into());
    }
    out
}

/// Whether an argument asks for a build id, in a form of the author's choice.
fn is_build_id(arg: &OsString) -> bool {
    arg.as_encoded_bytes().starts_with(BUILD_ID.as_bytes())
}

/// Whether the author has chosen a size of pages: the last one counts.
fn is_overruled(argument: &OsString, args: &[OsString]) -> bool {
    let sets = |arg: &OsString| arg.to_string_lossy().contains("max-page-size=");
    sets(argument) && args.iter().any(sets)
}

/// Whether an argument gives the file a name, in any of the spellings that linkers know.
fn names_it(arg: &OsString) -> bool {
    let bytes = arg.as_encoded_bytes();
    let bytes = bytes.strip_prefix(b"-Wl,").unwrap_or(bytes);
    ["-soname", "--soname", "-h,"]
        .iter()
        .any(|option| bytes.starts_with(option.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<OsString> {
        list.iter().map(OsString::from).collect()
    }

    fn task(soname: Option<&str>, installed: bool) -> Task {
        Task {
            linker: "cc".into(),
            keep: Vec::new(),
            seen: "seen".into(),
            inside: true,
            soname: soname.map(str::to_owned),
            installed,
            target: "x86_64-unknown-linux-gnu".to_owned(),
            version: "0.1.0".to_owned(),
        }
    }

    fn elf(args: &[OsString], has_wrapped: bool, task: &Task) -> Vec<OsString> {
        options(args, has_wrapped, Linker::Elf, task)
    }

    #[test]
    fn what_a_build_script_has_asked_for_is_not_added_again() {
        let built = task(Some("libx.so"), false);
        let all = elf(&[], true, &built);
        assert!(all.contains(&"-Wl,-wrap,dlsym".into()));
        assert!(all.contains(&"-Wl,-z,nodelete".into()));
        assert_eq!(all.last(), Some(&"-Wl,-soname,libx.so".into()));
        assert_eq!(elf(&all, true, &built), words(&[]));
        let without = elf(&[], false, &task(None, false));
        assert_eq!(without, words(&["-Wl,-z,nodelete", "-Wl,-z,now"]));
    }

    #[test]
    fn a_file_for_android_fits_large_pages() {
        let none = task(None, false);
        let all = options(&[], false, Linker::Android, &none);
        assert!(all.contains(&"-Wl,-z,max-page-size=16384".into()));
        let all = options(&all, false, Linker::Android, &none);
        assert_eq!(all, words(&[]));
    }

    #[test]
    fn an_authors_own_soname_stays_unless_the_library_is_installed() {
        for own in [
            "-Wl,-soname,mine.so",
            "-Wl,--soname=mine.so",
            "-Wl,-h,mine.so",
        ] {
            let more = |installed| elf(&words(&[own]), false, &task(Some("libx.so"), installed));
            let name = OsString::from("-Wl,-soname,libx.so");
            assert!(!more(false).contains(&name), "{own}");
            assert!(more(true).contains(&name), "{own}");
        }
    }

    #[test]
    fn an_installed_library_has_a_build_id_of_the_authors_form() {
        let installed = task(Some("libx.so.1"), true);
        assert!(elf(&[], false, &installed).contains(&BUILD_ID.into()));
        let own = words(&["-Wl,--build-id=uuid"]);
        assert!(!elf(&own, false, &installed).contains(&BUILD_ID.into()));
        assert!(!elf(&[], false, &task(None, false)).contains(&BUILD_ID.into()));
    }
}
