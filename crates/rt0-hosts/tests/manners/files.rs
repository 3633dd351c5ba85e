//! What the loader will do with a built file, with and without optimisations.

use std::path::Path;

use object::read::elf::{Dyn, ElfFile64, ProgramHeader};
use object::{Endianness, Object, RelocationFlags, elf};
use rt0_hosts::fixture::{fixture, plain, released};
use rt0_hosts::{cc, scratch};

use crate::dynamic;

const NEEDED: [&str; 2] = ["libc.so.6", "ld-linux-x86-64.so.2"];

/// Only in a file that plain cargo has built, for std's symbols.
const NEEDED_BY_PLAIN: &str = "libgcc_s.so.1";

/// What is wrong with this file, and the libraries that it needs.
fn look(path: &Path) -> (Vec<String>, Vec<String>) {
    let bytes = std::fs::read(path).expect("it was built");
    let file = ElfFile64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
    let endian = file.endian();
    let mut wrong = Vec::new();

    let mut dynamic_tls = false;
    for (_, relocation) in file.dynamic_relocations().into_iter().flatten() {
        let RelocationFlags::Elf { r_type } = relocation.flags() else {
            continue;
        };
        match r_type {
            elf::R_X86_64_TPOFF64 | elf::R_X86_64_TPOFF32 => {
                wrong.push("static TLS: a relocation".to_owned());
            }
            elf::R_X86_64_DTPMOD64 | elf::R_X86_64_TLSDESC => dynamic_tls = true,
            _ => {}
        }
    }
    if !dynamic_tls {
        wrong.push("no TLS at all: is the look right?".to_owned());
    }

    let headers = file.elf_program_headers();
    let mut stack = None;
    for header in headers {
        let flags = header.p_flags(endian);
        match header.p_type(endian) {
            elf::PT_GNU_STACK => stack = Some(flags),
            elf::PT_LOAD if flags & elf::PF_W != 0 && flags & elf::PF_X != 0 => {
                wrong.push("memory that is written and run".to_owned());
            }
            _ => {}
        }
    }
    if stack.is_none_or(|flags| flags & elf::PF_X != 0) {
        wrong.push("an executable stack".to_owned());
    }
    if !headers
        .iter()
        .any(|header| header.p_type(endian) == elf::PT_GNU_RELRO)
    {
        wrong.push("relocated data stays writable".to_owned());
    }

    let (entries, strings) = dynamic::section(&file, &bytes);
    for entry in entries {
        let value = entry.d_val(endian);
        let flag = |bit: u32| value & u64::from(bit) != 0;
        match entry.tag32(endian) {
            Some(elf::DT_TEXTREL) => wrong.push("text relocations".to_owned()),
            Some(elf::DT_RPATH | elf::DT_RUNPATH) => wrong.push("a search path".to_owned()),
            Some(elf::DT_FLAGS) => {
                for (bit, what) in [
                    (elf::DF_STATIC_TLS, "static TLS: the flag"),
                    (elf::DF_TEXTREL, "text relocations: the flag"),
                ] {
                    wrong.extend(flag(bit).then(|| what.to_owned()));
                }
            }
            _ => {}
        }
    }
    (wrong, dynamic::needed(&file, entries, strings))
}

#[test]
fn built_files_ask_nothing_unusual_of_the_loader() {
    let probe = released("probe");
    let files = [
        (fixture("probe").library(), false),
        (fixture("calm").library(), false),
        (probe.library(), false),
        (plain("bare", "").library(), true),
    ];
    for (path, is_plain) in files {
        let (wrong, needed) = look(Path::new(&path));
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
        println!("{path}: {needed:?}");
        for name in &needed {
            let allowed = NEEDED.contains(&&**name) || is_plain && name == NEEDED_BY_PLAIN;
            assert!(allowed, "{path} needs {name}");
        }
    }
}

/// The check itself finds what is wrong with a bad file.
#[test]
fn a_file_that_is_wrong_is_seen() {
    let source = scratch().join("wrong.c");
    std::fs::create_dir_all(scratch()).expect("the target directory can be written");
    let text = "__thread int here __attribute__((tls_model(\"initial-exec\")));\n\
                int get(void) { return here; }\n";
    std::fs::write(&source, text).expect("the target directory can be written");
    let args = [
        "-shared",
        "-fPIC",
        "-Wl,-z,execstack",
        "-Wl,-z,norelro",
        "-Wl,-rpath,/nowhere",
    ];
    let path = cc::c(source.to_str().expect("a path of ours"), &args);
    let (wrong, _) = look(&path);
    for what in [
        "static TLS: a relocation",
        "static TLS: the flag",
        "an executable stack",
        "relocated data stays writable",
        "a search path",
    ] {
        assert!(
            wrong.iter().any(|wrong| wrong == what),
            "not {what}: {wrong:?}"
        );
    }
}
