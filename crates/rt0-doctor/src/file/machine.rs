//! The processor that a file is for.

use object::elf;

use super::Dynamic;

/// What a file says of its processor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    number: u16,
    is_64: bool,
}

/// The processors' numbers in ELF, and their names in Rust: first those with addresses of 64 bits.
const KNOWN: &[(u16, &str, &str)] = &[
    (elf::EM_X86_64, "x86_64", ""),
    (elf::EM_386, "", "x86"),
    (elf::EM_AARCH64, "aarch64", ""),
    (elf::EM_ARM, "", "arm"),
    (elf::EM_RISCV, "riscv64", "riscv32"),
    (elf::EM_S390, "s390x", "s390"),
    (elf::EM_PPC64, "powerpc64", ""),
    (elf::EM_LOONGARCH, "loongarch64", "loongarch32"),
];

impl Machine {
    /// That of a file.
    pub fn of(file: &Dynamic) -> Machine {
        Machine {
            number: file.machine,
            is_64: file.is_64,
        }
    }

    /// That of this program.
    pub fn native() -> Machine {
        let is_64 = cfg!(target_pointer_width = "64");
        let here = std::env::consts::ARCH;
        let known = KNOWN
            .iter()
            .find(|(_, long, short)| *long == here || *short == here);
        Machine {
            number: known.map_or(elf::EM_NONE, |(number, ..)| *number),
            is_64,
        }
    }

    /// Its name.
    pub fn name(self) -> String {
        let name = KNOWN
            .iter()
            .find(|(number, ..)| *number == self.number)
            .map_or("", |(_, long, short)| if self.is_64 { long } else { short });
        match name.is_empty() {
            false => name.to_owned(),
            true => format!("ELF's processor {}", self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_has_a_name() {
        assert_eq!(Machine::native().name(), std::env::consts::ARCH);
        let named = |number, is_64| Machine { number, is_64 }.name();
        assert_eq!(named(elf::EM_S390, true), "s390x");
        assert_eq!(named(elf::EM_RISCV, false), "riscv32");
        // As x32 has it: no name of its own.
        assert_eq!(named(elf::EM_X86_64, false), "ELF's processor 62");
        assert_eq!(named(9999, true), "ELF's processor 9999");
    }
}
