//! The targets, and what compiles and runs the hosts of each.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{musl, zig};
use crate::run::runs;

/// A target, with its names for Rust, GCC and the emulator.
#[derive(Debug)]
pub struct Target {
    /// Rust's name.
    pub triple: &'static str,
    /// The prefix of GCC's tools, which also names the directory with the C library.
    gnu: &'static str,
    /// How its programs are run.
    machine: Machine,
}

#[derive(Debug)]
enum Machine {
    /// Directly, with this machine's compiler and C library.
    This,
    /// Directly, with the loader and the C library of [`Target::gnu`].
    Loader(&'static str),
    /// `qemu-NAME`.
    Emulator(&'static str),
    /// Directly, with musl instead of this machine's C library.
    Musl,
    /// With `qemu-NAME -cpu MODEL`, as static programs that contain the library's archive. The last two
    /// fields are zig's names of the target and the processor.
    Static {
        emulator: &'static str,
        model: &'static str,
        zig: &'static str,
        cpu: &'static str,
    },
    /// With wine.
    Wine,
}

/// Runs a program for Windows. Debian does not put it in PATH.
pub const WINE: &str = "/usr/lib/wine/wine64";

/// The targets that pass all tests.
pub const TARGETS: &[Target] = &[
    Target {
        triple: "x86_64-unknown-linux-gnu",
        gnu: "x86_64-linux-gnu",
        machine: Machine::This,
    },
    Target {
        triple: "i686-unknown-linux-gnu",
        gnu: "i686-linux-gnu",
        machine: Machine::Loader("ld-linux.so.2"),
    },
    Target {
        triple: "aarch64-unknown-linux-gnu",
        gnu: "aarch64-linux-gnu",
        machine: Machine::Emulator("aarch64"),
    },
    Target {
        triple: "armv7-unknown-linux-gnueabihf",
        gnu: "arm-linux-gnueabihf",
        machine: Machine::Emulator("arm"),
    },
    // ARMv6 code, as for the first Raspberry Pi. Debian's C library for it is ARMv7 code, so the emulated
    // processor is a newer one.
    Target {
        triple: "arm-unknown-linux-gnueabihf",
        gnu: "arm-linux-gnueabihf",
        machine: Machine::Emulator("arm"),
    },
    Target {
        triple: "riscv64gc-unknown-linux-gnu",
        gnu: "riscv64-linux-gnu",
        machine: Machine::Emulator("riscv64"),
    },
    Target {
        triple: "powerpc64le-unknown-linux-gnu",
        gnu: "powerpc64le-linux-gnu",
        machine: Machine::Emulator("ppc64le"),
    },
    Target {
        triple: "s390x-unknown-linux-gnu",
        gnu: "s390x-linux-gnu",
        machine: Machine::Emulator("s390x"),
    },
    Target {
        triple: "x86_64-unknown-linux-musl",
        gnu: "x86_64-linux-musl",
        machine: Machine::Musl,
    },
    // ARMv6 code on an ARMv6 processor, that of the first Raspberry Pi, with an ARMv6 C library too.
    Target {
        triple: "arm-unknown-linux-musleabihf",
        gnu: "arm-linux-gnueabihf",
        machine: Machine::Static {
            emulator: "arm",
            model: "arm1176",
            zig: "arm-linux-musleabihf",
            cpu: "arm1176jzf_s",
        },
    },
    Target {
        triple: "x86_64-pc-windows-gnu",
        gnu: "x86_64-w64-mingw32",
        machine: Machine::Wine,
    },
];

impl Target {
    /// Whether this is Windows.
    pub fn is_windows(&self) -> bool {
        matches!(self.machine, Machine::Wine)
    }

    /// The C compiler for its hosts.
    pub fn compiler(&self) -> String {
        match self.machine {
            Machine::This => "cc".to_owned(),
            Machine::Musl => musl::compiler(),
            Machine::Static { zig, cpu, .. } => zig::compiler(zig, cpu, self.gnu),
            _ => format!("{}-gcc", self.gnu),
        }
    }

    /// The folder of its C library.
    fn root(&self) -> PathBuf {
        Path::new("/usr").join(self.gnu)
    }

    /// The command that runs a host: the words before the host's path.
    pub fn runner(&self) -> Option<String> {
        match self.machine {
            Machine::Emulator(name) => Some(format!("qemu-{name} -L {}", self.root().display())),
            Machine::Static {
                emulator, model, ..
            } => Some(format!("qemu-{emulator} -cpu {model}")),
            Machine::Wine => Some(WINE.to_owned()),
            _ => None,
        }
    }

    /// The options for linking every host.
    pub fn link(&self) -> Option<String> {
        let Machine::Loader(loader) = self.machine else {
            return None;
        };
        let lib = self.root().join("lib");
        let lib = lib.display();
        // The old kind of rpath also applies to the libraries that a library needs.
        Some(format!(
            "-Wl,--dynamic-linker={lib}/{loader} -Wl,--disable-new-dtags -Wl,-rpath,{lib}"
        ))
    }

    /// Additional modules of tests, for what the target's C library does differently, and for wheels.
    pub fn more_tests(&self) -> &'static [&'static str] {
        match self.machine {
            Machine::Musl => &["unload/shutdown", "manners/signals", "ecosystems/musllinux"],
            _ => &[],
        }
    }

    /// Whether its hosts are static programs.
    pub fn is_static(&self) -> bool {
        matches!(self.machine, Machine::Static { .. })
    }

    /// How many times slower its hosts run than this machine's own.
    pub fn times_slower(&self) -> u32 {
        match self.machine {
            Machine::Emulator(_) | Machine::Static { .. } => 5,
            _ => 1,
        }
    }

    /// How many of the emulator's threads the host can see.
    pub fn emulators_threads(&self) -> u32 {
        match self.machine {
            Machine::Emulator(_) | Machine::Static { .. } => 1,
            _ => 0,
        }
    }

    /// What this machine lacks for the target.
    pub fn missing(&self) -> Option<String> {
        let mut programs = vec![self.compiler()];
        if let Machine::Emulator(name) | Machine::Static { emulator: name, .. } = self.machine {
            programs.push(format!("qemu-{name}"));
        }
        if self.is_windows() {
            programs.push(WINE.to_owned());
        }
        let missing = programs.into_iter().find(|program| !runs(program));
        let missing = missing.or_else(|| match self.machine {
            Machine::Musl => musl::missing(),
            _ => None,
        });
        Some(format!("{} is missing: ci/cross.sh installs it", missing?))
    }

    /// The flags for the Rust compiler, except for the path of std. Files that they name are written to
    /// `dir`.
    ///
    /// # Errors
    /// They can't be made.
    pub fn rust_flags(&self, dir: &Path) -> Result<Vec<String>> {
        match self.machine {
            Machine::Musl => musl::rust_flags(dir),
            _ => Ok(Vec::new()),
        }
    }
}
