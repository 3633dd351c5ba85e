//! Thread-locals at a fixed place in every thread: the C library has little room for them.

use object::elf::{self, PT_TLS};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::File;
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-static-tls",
    severity: Severity::Error,
    hazard: "G3",
    title: "the thread-locals are dynamic, so that the library loads at any time",
    page: page!("elf-static-tls"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

/// What glibc keeps free for libraries that are loaded late, by default and shared by all of them.
const RESERVE: u64 = 512;

fn run(file: &File<'_>) -> Verdict {
    let dynamic = &file.dynamic;
    let fixed = |kind: &u32| is_static(dynamic.machine, *kind);
    let count = dynamic
        .relocations
        .iter()
        .filter(|(_, kind)| fixed(kind))
        .count();
    let size: u64 = dynamic.segments(PT_TLS).map(|segment| segment.size).sum();
    if !dynamic.static_tls && count == 0 {
        return Ok(match size {
            0 => "it has no thread-locals".to_owned(),
            size => format!("its {size} bytes of thread-locals are dynamic"),
        });
    }
    let what = match count {
        0 => format!("{size} bytes of static thread-locals"),
        count => format!("{size} bytes of static thread-locals ({count} relocations)"),
    };
    Err(match size {
        ..=RESERVE => Stop::warn(format!(
            "{what} take from the little that glibc keeps free; musl refuses the file"
        )),
        _ => Stop::fail(format!(
            "{what}: dlopen fails with \"cannot allocate memory in static TLS block\" when little is free, and musl \
             refuses the file"
        )),
    })
}

/// Whether a relocation of this type holds the distance of a thread-local from the thread's pointer.
fn is_static(machine: u16, kind: u32) -> bool {
    let kinds: &[u32] = match machine {
        elf::EM_X86_64 => &[elf::R_X86_64_TPOFF64, elf::R_X86_64_TPOFF32],
        elf::EM_386 => &[elf::R_386_TLS_TPOFF, elf::R_386_TLS_TPOFF32],
        elf::EM_AARCH64 => &[elf::R_AARCH64_TLS_TPREL],
        elf::EM_ARM => &[elf::R_ARM_TLS_TPOFF32],
        elf::EM_RISCV => &[elf::R_RISCV_TLS_TPREL32, elf::R_RISCV_TLS_TPREL64],
        elf::EM_S390 => &[elf::R_390_TLS_TPOFF],
        elf::EM_PPC64 => &[elf::R_PPC64_TPREL64],
        elf::EM_LOONGARCH => &[elf::R_LARCH_TLS_TPREL32, elf::R_LARCH_TLS_TPREL64],
        _ => &[],
    };
    kinds.contains(&kind)
}
