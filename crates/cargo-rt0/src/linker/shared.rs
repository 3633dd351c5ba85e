//! What every shared library is linked with, unless its own build script has asked for it already (`rt0-build`).

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use rt0_abi::linking;

/// The options that the command line lacks.
pub fn options(args: &[OsString], has_wrapped: bool, soname: Option<&str>) -> Vec<OsString> {
    let mut out: Vec<OsString> = linking::marks()
        .chain(linking::wraps().take_while(|_| has_wrapped))
        .map(|argument| argument.to_string().into())
        .filter(|argument| !args.contains(argument))
        .collect();
    if let Some(soname) = soname
        && !args.iter().any(names_it)
    {
        out.push(format!("{}{soname}", linking::Linker::Elf.soname()).into());
    }
    out
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

    #[test]
    fn what_a_build_script_has_asked_for_is_not_added_again() {
        let all = options(&[], true, Some("libx.so"));
        assert!(all.contains(&"-Wl,-wrap,dlsym".into()));
        assert!(all.contains(&"-Wl,-z,nodelete".into()));
        assert_eq!(all.last(), Some(&"-Wl,-soname,libx.so".into()));
        assert_eq!(options(&all, true, Some("libx.so")), words(&[]));
        let without = options(&[], false, None);
        assert_eq!(without, words(&["-Wl,-z,nodelete", "-Wl,-z,now"]));
    }

    #[test]
    fn an_authors_own_soname_stays() {
        for own in [
            "-Wl,-soname,mine.so",
            "-Wl,--soname=mine.so",
            "-Wl,-h,mine.so",
        ] {
            let more = options(&words(&[own]), false, Some("libx.so"));
            assert!(!more.contains(&"-Wl,-soname,libx.so".into()), "{own}");
        }
    }
}
