//! UniFFI's own bindings generator, and then the lines that Python needs at its end.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// UniFFI's bindings generator, for the program `uniffi-bindgen` of your package, in place of
/// `uniffi::uniffi_bindgen_main`. It has the same command line.
///
/// ```ignore
/// fn main() {
///     rt0_uniffi::uniffi_bindgen_main();
/// }
/// ```
///
/// Python modules then end the library before Python itself ends, and wait for that as long as the exit of the process
/// may: `exit_timeout` of `#[rt0::init]`. Bindings for other languages are left as they are.
pub fn uniffi_bindgen_main() {
    uniffi::uniffi_bindgen_main();
    let Some(dir) = out_dir(std::env::args_os()) else {
        return;
    };
    if let Err(error) = add_endings(&dir) {
        eprintln!("{}: {error}", dir.display());
        std::process::exit(1);
    }
}

/// What makes a Python module one of a library with `setup!`.
const END: &str = "\ndef rt0_end(";

const ENDING: &str = include_str!("ending.py");

fn add_endings(dir: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let Ok(text) = String::from_utf8(fs::read(&path)?) else {
            // Not UniFFI's.
            continue;
        };
        if text.contains(END) && !text.ends_with(ENDING) {
            fs::write(&path, text + "\n\n" + ENDING)?;
        }
    }
    Ok(())
}

/// Where the bindings went: UniFFI has accepted the command line.
fn out_dir(arguments: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let mut arguments = arguments.map(|argument| argument.into_string().unwrap_or_default());
    while let Some(argument) = arguments.next() {
        if argument == "--out-dir" || argument == "-o" {
            return arguments.next().map(PathBuf::from);
        }
        let of_long = argument.strip_prefix("--out-dir=");
        let of_short = argument
            .strip_prefix("-o")
            .filter(|_| !argument.starts_with("--"));
        let named = of_long.or(of_short.map(|text| text.strip_prefix('=').unwrap_or(text)));
        if let Some(dir) = named {
            return Some(PathBuf::from(dir));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{ENDING, add_endings, out_dir};
    use std::ffi::OsString;
    use std::fs;
    use std::path::Path;

    #[test]
    fn the_folder_is_found_however_it_is_written() {
        for line in ["--out-dir x", "--out-dir=x", "-o x", "-o=x", "-ox"] {
            let line = format!("uniffi-bindgen generate --language python {line} libstore.so");
            let dir = out_dir(line.split(' ').map(OsString::from));
            assert_eq!(dir.as_deref(), Some(Path::new("x")), "{line}");
        }
        assert_eq!(
            out_dir(["scaffolding"].map(OsString::from).into_iter()),
            None
        );
    }

    #[test]
    fn modules_of_rt0s_libraries_get_the_lines_once() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let of_rt0 = "import ctypes\ndef rt0_end():\n    pass\n";
        fs::write(dir.join("store.py"), of_rt0).unwrap();
        fs::write(dir.join("other.py"), "import ctypes\n").unwrap();
        fs::write(dir.join("latin1.py"), [b'#', 0xe9]).unwrap();
        for _ in 0..2 {
            add_endings(dir).unwrap();
            let store = fs::read_to_string(dir.join("store.py")).unwrap();
            assert_eq!(store, format!("{of_rt0}\n\n{ENDING}"));
            let other = fs::read_to_string(dir.join("other.py")).unwrap();
            assert_eq!(other, "import ctypes\n");
        }
    }
}
