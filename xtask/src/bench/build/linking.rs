//! How a peer is linked: as its author would, or as `cargo rt0 build` links.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{folder, readelf, run};
use crate::host;
use crate::run::root;

/// How a peer is linked.
#[derive(Clone, Debug, PartialEq)]
pub enum Linking {
    /// By plain cargo.
    Usual,
    /// As rt0's library is: [`Linking::of`] reads how.
    AsRt0 {
        /// Whether the unwinder is inside the library.
        unwinder_inside: bool,
        /// An object with `pow`, if rt0's library needs no libm.
        pow: Option<PathBuf>,
    },
}

impl Linking {
    /// How rt0's library was linked.
    ///
    /// # Errors
    /// It can't be read.
    pub fn of(library: &Path) -> Result<Linking> {
        let needed = needed(library)?;
        let needs = |name: &str| needed.lines().any(|line| line.contains(name));
        let pow = if needs("[libm.so") {
            None
        } else {
            Some(pow()?)
        };
        Ok(Linking::AsRt0 {
            unwinder_inside: !needs("[libgcc_s.so"),
            pow,
        })
    }

    /// The arguments for the compiler.
    pub fn arguments(&self, soname: &str) -> Vec<String> {
        let Linking::AsRt0 {
            unwinder_inside,
            pow,
        } = self
        else {
            return Vec::new();
        };
        let mut options = [
            "-z,nodelete",
            "-z,now",
            &format!("-soname,{soname}"),
            "-Bsymbolic-functions",
        ]
        .map(|option| format!("link-arg=-Wl,{option}"))
        .to_vec();
        if *unwinder_inside {
            let linker = root().join("bench/link/static-unwinder.sh");
            options.push(format!("linker={}", linker.display()));
        }
        options.extend(
            pow.iter()
                .map(|object| format!("link-arg={}", object.display())),
        );
        options
            .into_iter()
            .flat_map(|option| ["-C".to_owned(), option])
            .collect()
    }
}

/// The libraries that the file asks the loader for.
fn needed(library: &Path) -> Result<String> {
    Ok(readelf("-dW", library)?
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .collect::<Vec<_>>()
        .join("\n"))
}

fn pow() -> Result<PathBuf> {
    let object = folder("")?.join("pow.o");
    let mut command = host::compiler()?.command();
    command
        .args(["-std=c11", "-O2", "-fPIC", "-fno-builtin", "-c", "-o"])
        .arg(&object);
    command.arg(root().join("bench/link/pow.c"));
    run(command)?;
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_gets_what_rt0_has() {
        assert!(Linking::Usual.arguments("x.so").is_empty());
        let said = |unwinder_inside, pow: Option<&str>| {
            let pow = pow.map(PathBuf::from);
            Linking::AsRt0 {
                unwinder_inside,
                pow,
            }
            .arguments("x.so")
            .join(" ")
        };
        let flags = "-C link-arg=-Wl,-z,nodelete -C link-arg=-Wl,-z,now -C link-arg=-Wl,-soname,x.so \
             -C link-arg=-Wl,-Bsymbolic-functions";
        assert_eq!(said(false, None), flags);
        let inside = said(true, Some("pow.o"));
        assert!(inside.contains("bench/link/static-unwinder.sh"), "{inside}");
        assert!(inside.ends_with("-C link-arg=pow.o"), "{inside}");
    }
}
