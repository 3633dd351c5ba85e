//! What `init` is given, on Windows: the texts there are 16-bit units, which std turns into its own.
//! Nothing of them is lost, whatever they are. See `../args.rs`.

use std::ffi::{OsStr, OsString};
use std::os::windows::ffi::{OsStrExt, OsStringExt};
use std::sync::OnceLock;

use rt0_core::{args, generation, sys};

/// The host's arguments and environment as they were when the library was loaded, and which boot this
/// is.
///
/// Read these rather than `std::env`: the host may change its environment at any time from another
/// thread. Where the platform does not tell them they are absent, never wrong.
#[derive(Clone, Copy, Debug)]
pub struct Args {
    generation: u32,
    fork_child: bool,
}

/// The core's copy, as std has texts. Made at the first look, and never again.
struct Copy {
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
}

fn copy() -> &'static Copy {
    static COPY: OnceLock<Copy> = OnceLock::new();
    let text = |bytes: &[u8]| OsString::from_wide(&sys::units(bytes).collect::<Vec<_>>());
    COPY.get_or_init(|| Copy {
        arguments: args::arguments().map(text).collect(),
        variables: args::environment()
            .filter_map(|entry| {
                // A name may begin with one: cmd keeps each drive's directory so.
                let equals = entry.iter().skip(1).position(|&byte| byte == b'=')? + 1;
                Some((text(&entry[..equals]), text(&entry[equals + 1..])))
            })
            .collect(),
    })
}

/// Whether two names are those of one variable: Windows does not tell capitals from small letters there,
/// of any alphabet.
fn is_same(one: &OsStr, other: &OsStr) -> bool {
    const EQUAL: i32 = 2;
    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn CompareStringOrdinal(
            one: *const u16,
            one_len: i32,
            other: *const u16,
            other_len: i32,
            ignore_case: i32,
        ) -> i32;
    }
    let [one, other] = [one, other].map(|name| name.encode_wide().collect::<Vec<_>>());
    let [Ok(one_len), Ok(other_len)] = [one.len(), other.len()].map(i32::try_from) else {
        return false;
    };
    // SAFETY: two texts of these lengths, which are read.
    unsafe { CompareStringOrdinal(one.as_ptr(), one_len, other.as_ptr(), other_len, 1) == EQUAL }
}

impl Args {
    pub(crate) fn now() -> Args {
        Args {
            generation: generation::number(),
            fork_child: generation::in_fork_child(),
        }
    }

    /// The host's arguments, the program's name first.
    pub fn args(&self) -> impl Iterator<Item = &'static OsStr> {
        copy().arguments.iter().map(OsString::as_os_str)
    }

    /// An environment variable of the host. Capitals and small letters of its name are the same.
    pub fn var(&self, name: impl AsRef<OsStr>) -> Option<&'static OsStr> {
        let name = name.as_ref();
        self.vars()
            .find_map(|(key, value)| is_same(key, name).then_some(value))
    }

    /// All environment variables of the host, as name and value.
    pub fn vars(&self) -> impl Iterator<Item = (&'static OsStr, &'static OsStr)> {
        let pair = |(name, value): &'static (OsString, OsString)| (&**name, &**value);
        copy().variables.iter().map(pair)
    }

    /// The number of this generation: 1 for the first boot, one more for each after a shutdown.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Whether this process is a fork's child of the one that loaded the library: there is no fork.
    pub fn is_fork_child(&self) -> bool {
        self.fork_child
    }
}
