//! The targets, and what compiles and runs the hosts of each.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use super::{musl, zig};

/// A target, as Rust, GCC and the emulator call it.
#[derive(Debug)]
pub struct Target {
    /// Rust's name.
    pub triple: &'static str,
    /// The prefix of GCC's tools, and the name of the directory with its C library.
    gnu: &'static str,
    /// What runs its programs.
    machine: Machine,
}

#[derive(Debug)]
enum Machine {
    /// This one, with its own compiler and C library.
    This,
    /// This one, with the loader and the C library of [`Target::gnu`].
    Loader(&'static str),
    /// `qemu-NAME`.
    Emulator(&'static str),
    /// This one, with musl in place of its C library.
    Musl,
    /// `qemu-NAME -cpu MODEL`, for static programs with the library's archive inside; and how zig calls the target
    /// and the processor.
    Static {
        emulator: &'static str,
        model: &'static str,
        zig: &'static str,
        cpu: &'static str,
    },
    /// This one, with wine.
    Wine,
}

/// What runs a program for Windows. Debian keeps it out of PATH.
pub const WINE: &str = "/usr/lib/wine/wine64";

/// Those that pass all tests.
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
    // ARMv6 code on an ARMv6 processor, that of the first Raspberry Pi: with a C library for it as well.
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
    /// Whether it is Windows.
    pub fn is_windows(&self) -> bool {
        matches!(self.machine, Machine::Wine)
    }

    /// The C compiler of its hosts.
    pub fn compiler(&self) -> String {
        match self.machine {
            Machine::This => "cc".to_owned(),
            Machine::Musl => musl::compiler(),
            Machine::Static { zig, cpu, .. } => zig::compiler(zig, cpu, self.gnu),
            _ => format!("{}-gcc", self.gnu),
        }
    }

    /// Where its C library is.
    fn root(&self) -> PathBuf {
        Path::new("/usr").join(self.gnu)
    }

    /// What runs a host: the words before its path.
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

    /// The options that every host is linked with.
    pub fn link(&self) -> Option<String> {
        let Machine::Loader(loader) = self.machine else {
            return None;
        };
        let lib = self.root().join("lib");
        let lib = lib.display();
        // The old kind of rpath also holds for the libraries that a library needs.
        Some(format!(
            "-Wl,--dynamic-linker={lib}/{loader} -Wl,--disable-new-dtags -Wl,-rpath,{lib}"
        ))
    }

    /// The modules of tests that it has besides those of all targets: for what its C library does in its
    /// own way.
    pub fn more_tests(&self) -> &'static [&'static str] {
        match self.machine {
            Machine::Musl => &["unload/shutdown", "manners/signals"],
            _ => &[],
        }
    }

    /// Whether its hosts are static programs.
    pub fn is_static(&self) -> bool {
        matches!(self.machine, Machine::Static { .. })
    }

    /// How many times slower its hosts are than this machine's own.
    pub fn times_slower(&self) -> u32 {
        match self.machine {
            Machine::Emulator(_) | Machine::Static { .. } => 5,
            _ => 1,
        }
    }

    /// How many threads of the emulator the host can see.
    pub fn emulators_threads(&self) -> u32 {
        match self.machine {
            Machine::Emulator(_) | Machine::Static { .. } => 1,
            _ => 0,
        }
    }

    /// What this machine lacks.
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

    /// The flags for the Rust compiler, besides where std is. `dir` gets the files that they name.
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

fn runs(program: &str) -> bool {
    let mut words = program.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).arg("--version").stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
