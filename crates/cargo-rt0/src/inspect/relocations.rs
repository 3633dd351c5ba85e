//! What the dynamic relocations of each processor mean.

use object::elf;

/// The kinds that a report tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An address inside the file: the price of being loadable anywhere.
    Relative,
    /// The address of a named symbol.
    Symbol,
    /// A function reached through the procedure linkage table.
    Call,
    /// A thread-local that is allocated when a thread first uses it.
    DynamicTls,
    /// A thread-local at a fixed place in every thread: dlopen may refuse the file.
    StaticTls,
    /// A function that chooses the address (IFUNC).
    Chosen,
    /// Anything else.
    Other,
}

/// What a relocation of this type means on this processor.
pub fn kind(machine: u16, r_type: u32) -> Kind {
    use Kind::*;
    // Per processor: relative, named, call, dynamic TLS, static TLS, chosen.
    let table: [&[u32]; 6] = match machine {
        elf::EM_X86_64 => [
            &[elf::R_X86_64_RELATIVE],
            &[elf::R_X86_64_64, elf::R_X86_64_GLOB_DAT],
            &[elf::R_X86_64_JUMP_SLOT],
            &[
                elf::R_X86_64_DTPMOD64,
                elf::R_X86_64_DTPOFF64,
                elf::R_X86_64_TLSDESC,
            ],
            &[elf::R_X86_64_TPOFF64, elf::R_X86_64_TPOFF32],
            &[elf::R_X86_64_IRELATIVE],
        ],
        elf::EM_386 => [
            &[elf::R_386_RELATIVE],
            &[elf::R_386_32, elf::R_386_GLOB_DAT],
            &[elf::R_386_JMP_SLOT],
            &[
                elf::R_386_TLS_DTPMOD32,
                elf::R_386_TLS_DTPOFF32,
                elf::R_386_TLS_DESC,
            ],
            &[elf::R_386_TLS_TPOFF, elf::R_386_TLS_TPOFF32],
            &[elf::R_386_IRELATIVE],
        ],
        elf::EM_AARCH64 => [
            &[elf::R_AARCH64_RELATIVE],
            &[elf::R_AARCH64_ABS64, elf::R_AARCH64_GLOB_DAT],
            &[elf::R_AARCH64_JUMP_SLOT],
            &[
                elf::R_AARCH64_TLS_DTPMOD,
                elf::R_AARCH64_TLS_DTPREL,
                elf::R_AARCH64_TLSDESC,
            ],
            &[elf::R_AARCH64_TLS_TPREL],
            &[elf::R_AARCH64_IRELATIVE],
        ],
        elf::EM_ARM => [
            &[elf::R_ARM_RELATIVE],
            &[elf::R_ARM_ABS32, elf::R_ARM_GLOB_DAT],
            &[elf::R_ARM_JUMP_SLOT],
            &[
                elf::R_ARM_TLS_DTPMOD32,
                elf::R_ARM_TLS_DTPOFF32,
                elf::R_ARM_TLS_DESC,
            ],
            &[elf::R_ARM_TLS_TPOFF32],
            &[elf::R_ARM_IRELATIVE],
        ],
        elf::EM_RISCV => [
            &[elf::R_RISCV_RELATIVE],
            &[elf::R_RISCV_32, elf::R_RISCV_64],
            &[elf::R_RISCV_JUMP_SLOT],
            &[
                elf::R_RISCV_TLS_DTPMOD32,
                elf::R_RISCV_TLS_DTPMOD64,
                elf::R_RISCV_TLS_DTPREL32,
                elf::R_RISCV_TLS_DTPREL64,
                elf::R_RISCV_TLSDESC,
            ],
            &[elf::R_RISCV_TLS_TPREL32, elf::R_RISCV_TLS_TPREL64],
            &[elf::R_RISCV_IRELATIVE],
        ],
        elf::EM_PPC64 => [
            &[elf::R_PPC64_RELATIVE],
            &[elf::R_PPC64_ADDR64, elf::R_PPC64_GLOB_DAT],
            &[elf::R_PPC64_JMP_SLOT],
            &[elf::R_PPC64_DTPMOD64, elf::R_PPC64_DTPREL64],
            &[elf::R_PPC64_TPREL64],
            &[elf::R_PPC64_IRELATIVE],
        ],
        elf::EM_S390 => [
            &[elf::R_390_RELATIVE],
            &[elf::R_390_64, elf::R_390_GLOB_DAT],
            &[elf::R_390_JMP_SLOT],
            &[elf::R_390_TLS_DTPMOD, elf::R_390_TLS_DTPOFF],
            &[elf::R_390_TLS_TPOFF],
            &[elf::R_390_IRELATIVE],
        ],
        _ => return Other,
    };
    let kinds = [Relative, Symbol, Call, DynamicTls, StaticTls, Chosen];
    let row = table.iter().position(|types| types.contains(&r_type));
    row.map_or(Other, |row| kinds[row])
}
