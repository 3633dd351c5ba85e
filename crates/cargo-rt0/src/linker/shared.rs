//! What every shared library is linked with, unless its own build script has asked for it already (`rt0-build`).

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use rt0_abi::linking;

use super::Task;

/// The number in the file that is also in the name of its debug information.
const BUILD_ID: &str = "-Wl,--build-id";

/// The options that the command line lacks.
pub fn options(args: &[OsString], has_wrapped: bool, task: &Task) -> Vec<OsString> {
    let mut out: Vec<OsString> = linking::marks()
        .chain(linking::wraps().take_while(|_| has_wrapped))
        .map(|argument| argument.to_string().into())
        .filter(|argument| !args.contains(argument))
        .collect();
    // Of several names the last counts, for every linker.
    if let Some(soname) = &task.soname
        && (task.installed || !args.iter().any(names_it))
    {
        out.push(format!("{}{soname}", linking::Linker::Elf.soname()).into());
    }
    if task.installed && !args.iter().any(is_build_id) {
        out.push(BUILD_ID.into());
    }
    out
}

/// Whether an argument asks for a build id, in a form of the author's choice.
fn is_build_id(arg: &OsString) -> bool {
    arg.as_bytes().starts_with(BUILD_ID.as_bytes())
}

/// Whether an argument gives the file a name, in any of the spellings that linkers know.
fn names_it(arg: &OsString) -> bool {
    let bytes = arg.as_bytes();
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
        }
    }

    #[test]
    fn what_a_build_script_has_asked_for_is_not_added_again() {
        let built = task(Some("libx.so"), false);
        let all = options(&[], true, &built);
        assert!(all.contains(&"-Wl,-wrap,dlsym".into()));
        assert!(all.contains(&"-Wl,-z,nodelete".into()));
        assert_eq!(all.last(), Some(&"-Wl,-soname,libx.so".into()));
        assert_eq!(options(&all, true, &built), words(&[]));
        let without = options(&[], false, &task(None, false));
        assert_eq!(without, words(&["-Wl,-z,nodelete", "-Wl,-z,now"]));
    }

    #[test]
    fn an_authors_own_soname_stays_unless_the_library_is_installed() {
        for own in [
            "-Wl,-soname,mine.so",
            "-Wl,--soname=mine.so",
            "-Wl,-h,mine.so",
        ] {
            let more =
                |installed| options(&words(&[own]), false, &task(Some("libx.so"), installed));
            let name = OsString::from("-Wl,-soname,libx.so");
            assert!(!more(false).contains(&name), "{own}");
            assert!(more(true).contains(&name), "{own}");
        }
    }

    #[test]
    fn an_installed_library_has_a_build_id_of_the_authors_form() {
        let installed = task(Some("libx.so.1"), true);
        assert!(options(&[], false, &installed).contains(&BUILD_ID.into()));
        let own = words(&["-Wl,--build-id=uuid"]);
        assert!(!options(&own, false, &installed).contains(&BUILD_ID.into()));
        assert!(!options(&[], false, &task(None, false)).contains(&BUILD_ID.into()));
    }
}
