//! Two archives in one program, linked by LLVM's linker for Apple's systems, which comes with Rust.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use object::write::{MachOBuildVersion, Object, Relocation, Symbol, SymbolSection};
use object::{Architecture, BinaryFormat, Endianness, RelocationFlags, SectionKind};
use object::{Object as _, ObjectSection, SymbolFlags, SymbolKind, SymbolScope, macho};

use super::bsd::{self, Member};
use super::{Extras, make, member};
use crate::build::tools::{Compiler, Tools};
use crate::image::Image;
use crate::inspect::inspect;
use crate::macho as commands;

const ARCHES: [(Architecture, &str, &str); 2] = [
    (Architecture::Aarch64, "arm64", "aarch64-apple-darwin"),
    (Architecture::X86_64, "x86_64", "x86_64-apple-darwin"),
];

/// A word with the address of each of these; C's names but for the bounds of sections.
struct Refers<'a>(&'a [&'a str]);

/// An object file that defines these functions, has these sections, and refers to names of others.
fn object(arch: Architecture, defines: &[&str], sections: &[&str], refers: &Refers<'_>) -> Vec<u8> {
    let mut file = Object::new(BinaryFormat::MachO, arch, Endianness::Little);
    let mut version = MachOBuildVersion::default();
    version.platform = macho::PLATFORM_MACOS;
    version.minos = 0x000b_0000;
    version.sdk = 0x000b_0000;
    file.set_macho_build_version(version);
    let symbol = |name: &str, value, section| Symbol {
        name: name.as_bytes().to_vec(),
        value,
        size: 0,
        kind: SymbolKind::Text,
        scope: SymbolScope::Dynamic,
        weak: false,
        section,
        flags: SymbolFlags::None,
    };
    let text = file.section_id(object::write::StandardSection::Text);
    for name in defines {
        let value = file.append_section_data(text, &[0; 16], 4);
        file.add_symbol(symbol(name, value, SymbolSection::Section(text)));
    }
    for name in sections {
        let name = name.as_bytes().to_vec();
        let section = file.add_section(b"__DATA".to_vec(), name, SectionKind::Data);
        file.append_section_data(section, &[7; 8], 8);
    }
    let data = file.section_id(object::write::StandardSection::Data);
    for name in refers.0 {
        let offset = file.append_section_data(data, &[0; 8], 8);
        let to = file.add_symbol(symbol(name, 0, SymbolSection::Undefined));
        let flags = match arch {
            Architecture::Aarch64 => (macho::ARM64_RELOC_UNSIGNED, 3),
            _ => (macho::X86_64_RELOC_UNSIGNED, 3),
        };
        let flags = RelocationFlags::MachO {
            r_type: flags.0,
            r_pcrel: false,
            r_length: flags.1,
        };
        let relocation = Relocation {
            offset,
            symbol: to,
            addend: 0,
            flags,
        };
        file.add_relocation(data, relocation).unwrap();
    }
    file.write().unwrap()
}

/// As the compiler makes it: everything is visible.
fn compiled(arch: Architecture, name: &str) -> Vec<u8> {
    let call = format!("{name}_call");
    let refers = Refers(&["rt0_table", "rust_eh_personality", "malloc_of_the_system"]);
    let files = [
        ("first.o", object(arch, &[&call], &[], &refers)),
        (
            "second.o",
            object(
                arch,
                &["rt0_table", "rust_eh_personality", "leak"],
                &["__rt0_init", "__other"],
                &Refers(&[]),
            ),
        ),
    ];
    let members = files.map(|(name, data)| Member {
        name: name.as_bytes().to_vec(),
        data,
    });
    let mut index = Vec::new();
    for (at, one) in members.iter().enumerate() {
        member::defined(&one.data, |name| index.push((name.to_vec(), at))).unwrap();
    }
    bsd::write(&members, &index).unwrap()
}

fn linker() -> Option<PathBuf> {
    let root = Compiler::ask().ok()?;
    let tools = root.sysroot.join("lib/rustlib").join(&root.host);
    let linker = tools.join("bin/gcc-ld/ld64.lld");
    linker.is_file().then_some(linker)
}

fn link(linker: &Path, dir: &Path, arch: &str, archives: [&str; 2]) -> Output {
    let mut command = Command::new(linker);
    command.current_dir(dir).args(["-arch", arch]);
    command.args(["-platform_version", "macos", "11.0", "11.0"]);
    command.args(["-undefined", "dynamic_lookup", "main.o"]);
    command.args(archives).args(["-o", "main"]);
    command.output().unwrap()
}

#[test]
fn two_archives_fit_into_a_program_which_shows_only_what_they_declare() {
    let Some(linker) = linker() else {
        let test = "two_archives_fit_into_a_program_which_shows_only_what_they_declare";
        rt0_skips::skipped(test, "no ld64.lld beside rustc");
        return;
    };
    let compiler = Compiler::ask().unwrap();
    for (arch, apples, target) in ARCHES {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let tools = Tools::find("cc".into(), target, &compiler).unwrap();
        // The host has a function of a name that is inside, too.
        let main = object(
            arch,
            &["main", "leak"],
            &[],
            &Refers(&["one_call", "two_call"]),
        );
        fs::write(dir.join("main.o"), main).unwrap();
        let kept = BTreeSet::new();
        for name in ["one", "two"] {
            let raw = dir.join(format!("raw{name}.a"));
            fs::write(&raw, compiled(arch, name)).unwrap();
            let extras = Extras {
                kept: &kept,
                debug: false,
                unwinder: None,
            };
            let bytes = make(&raw, &[format!("{name}_call")], &extras, name, &tools).unwrap();
            fs::write(dir.join(format!("lib{name}.a")), bytes).unwrap();
        }
        let raw = link(&linker, dir, apples, ["rawone.a", "rawtwo.a"]);
        let said = String::from_utf8_lossy(&raw.stderr).into_owned();
        assert!(said.contains("duplicate symbol: _leak"), "{said}");
        let done = link(&linker, dir, apples, ["libone.a", "libtwo.a"]);
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );

        let bytes = fs::read(dir.join("main")).unwrap();
        let object::File::MachO64(file) = object::File::parse(&*bytes).unwrap() else {
            panic!("no Mach-O file");
        };
        let found = commands::exports(&commands::read(&file).unwrap(), &bytes).unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|name| name.escape_ascii().to_string())
            .collect();
        let visible = [
            "__mh_execute_header",
            "_leak",
            "_main",
            "_one_call",
            "_two_call",
        ];
        assert_eq!(found, visible, "{apples}");
        let of_ours = |name: &str| {
            let sections = file.sections();
            let named = sections.filter(|s| s.name().is_ok_and(|found| found.starts_with(name)));
            named.map(|section| section.size()).collect::<Vec<_>>()
        };
        assert_eq!(of_ours("__rt0_init"), [8, 8], "one for each library");
        assert_eq!(of_ours("__other"), [16]);
    }
}

#[test]
fn the_archive_says_which_symbols_are_kept_and_hides_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let compiler = Compiler::ask().unwrap();
    for (arch, _, target) in ARCHES {
        let tools = Tools::find("cc".into(), target, &compiler).unwrap();
        let raw = dir.path().join("raw.a");
        fs::write(&raw, compiled(arch, "one")).unwrap();
        let kept = ["leak".to_owned()].into();
        let extras = Extras {
            kept: &kept,
            debug: false,
            unwinder: None,
        };
        let symbols = ["leak", "one_call"].map(String::from);
        let bytes = make(&raw, &symbols, &extras, "one", &tools).unwrap();
        let image = Image::from_bytes(&raw, bytes.clone());
        let report = inspect(&image).unwrap();
        assert_eq!(report.symbols.visible, symbols.clone().into());
        assert_eq!(
            report.symbols.surplus,
            ["one_call".to_owned()].into(),
            "{:?}",
            report.findings
        );
        // The same once more: the same bytes.
        assert_eq!(make(&raw, &symbols, &extras, "one", &tools).unwrap(), bytes);
    }
}

#[test]
fn what_is_not_such_an_object_file_is_said() {
    let bitcode = b"BC\xc0\xde and more than a header of a Mach-O file would have";
    let error = member::defined(bitcode, |_| {}).unwrap_err();
    assert!(error.contains("bitcode"), "{error}");
    let whole = object(Architecture::Aarch64, &["a"], &[], &Refers(&[]));
    let names = super::Names::new(&[], "x");
    for len in 0..whole.len() {
        // Damaged or not, nothing is read or written outside.
        let _ = member::rewrite(&whole[..len], &names);
    }
    assert!(member::rewrite(&whole[..whole.len() - 1], &names).is_err());
    assert!(member::rewrite(&whole, &names).is_ok());
}
