//! What every shared library is linked with, unless its own build script has asked for it already (`rt0-build`).

use std::ffi::OsString;

use rt0_abi::linking::{self, Linker};

/// The options that the command line lacks.
pub fn options(
    args: &[OsString],
    has_wrapped: bool,
    linker: Linker,
    soname: Option<&str>,
) -> Vec<OsString> {
    let mut out: Vec<OsString> = linker
        .marks()
        .chain(linking::wraps().take_while(|_| has_wrapped))
        .map(|argument| argument.to_string().into())
        .filter(|argument| !args.contains(argument) && !is_overruled(argument, args))
        .collect();
    if let Some(soname) = soname
        && !args.iter().any(names_it)
    {
        out.push(format!("{}{soname}", linker.soname()).into());
    }
    out
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

    #[test]
    fn what_a_build_script_has_asked_for_is_not_added_again() {
        let options =
            |args: &[OsString], wrapped, soname| options(args, wrapped, Linker::Elf, soname);
        let all = options(&[], true, Some("libx.so"));
        assert!(all.contains(&"-Wl,-wrap,dlsym".into()));
        assert!(all.contains(&"-Wl,-z,nodelete".into()));
        assert_eq!(all.last(), Some(&"-Wl,-soname,libx.so".into()));
        assert_eq!(options(&all, true, Some("libx.so")), words(&[]));
        let without = options(&[], false, None);
        assert_eq!(without, words(&["-Wl,-z,nodelete", "-Wl,-z,now"]));
    }

    #[test]
    fn a_file_for_android_fits_large_pages() {
        let all = options(&[], false, Linker::Android, None);
        assert!(all.contains(&"-Wl,-z,max-page-size=16384".into()));
        let all = options(&all, false, Linker::Android, None);
        assert_eq!(all, words(&[]));
    }

    #[test]
    fn an_authors_own_soname_stays() {
        for own in [
            "-Wl,-soname,mine.so",
            "-Wl,--soname=mine.so",
            "-Wl,-h,mine.so",
        ] {
            let more = options(&words(&[own]), false, Linker::Elf, Some("libx.so"));
            assert!(!more.contains(&"-Wl,-soname,libx.so".into()), "{own}");
        }
    }
}
