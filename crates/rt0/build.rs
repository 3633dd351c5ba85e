//! Tells the build scripts of crates that depend on rt0 what their linker must do. `rt0-build` passes it on.

use rt0_abi::linking::{self, metadata};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let system = System::of_the_target();
    tell(metadata::VERSION, env!("CARGO_PKG_VERSION"));
    tell(metadata::LINKING, &metadata::FORM.to_string());
    tell(metadata::ARGUMENTS, &system.arguments());
    tell(metadata::SONAME, system.soname());
    tell(metadata::HIDE_DEPENDENCIES, system.hide_dependencies());
}

fn tell(name: &str, value: &str) {
    println!("cargo::metadata={name}={value}");
}

/// A family of linkers.
enum System {
    /// Linkers of ELF files that know the options of GNU's.
    Elf,
    /// Apple's. It can't put one function in another's place for the calls of one file alone.
    Apple,
    /// Windows: the loader's lock, the environment and the handles need no functions of our own, and the
    /// library pins itself.
    Windows,
}

impl System {
    fn of_the_target() -> System {
        let is = |variable: &str, value: &str| std::env::var(variable).is_ok_and(|v| v == value);
        if is("CARGO_CFG_TARGET_OS", "windows") {
            System::Windows
        } else if is("CARGO_CFG_TARGET_VENDOR", "apple") {
            System::Apple
        } else {
            System::Elf
        }
    }

    fn arguments(&self) -> String {
        match self {
            System::Elf => {
                let all: Vec<_> = linking::shared_library()
                    .map(|arg| arg.to_string())
                    .collect();
                all.join(" ")
            }
            System::Apple | System::Windows => String::new(),
        }
    }

    fn soname(&self) -> &str {
        match self {
            System::Elf => linking::SONAME,
            System::Apple => linking::INSTALL_NAME,
            System::Windows => "",
        }
    }

    fn hide_dependencies(&self) -> &str {
        match self {
            System::Elf => linking::HIDE_DEPENDENCIES,
            System::Apple | System::Windows => "",
        }
    }
}
