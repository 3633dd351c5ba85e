//! Small Mach-O files with a description inside: object files, and libraries that LLVM's linker makes of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use object::write::{MachOBuildVersion, Object, Symbol, SymbolSection};
use object::{Architecture, BinaryFormat, Endianness, SectionKind, SymbolFlags};
use object::{SymbolKind, SymbolScope, macho};

use super::{as_linker, elf, script};

/// The name of a processor for Apple's linkers, and for Rust.
pub fn names(arch: Architecture) -> (&'static str, &'static str) {
    match arch {
        Architecture::Aarch64 => ("arm64", "aarch64-apple-darwin"),
        _ => ("x86_64", "x86_64-apple-darwin"),
    }
}

/// The functions of the library that [`elf::notes`] describes, and two that it does not declare.
pub fn functions() -> Vec<String> {
    let lifecycle = rt0_abi::LIFECYCLE.map(|name| format!("far_{name}"));
    let others = ["far_count", "far_kept", "leak"].map(str::to_owned);
    lifecycle.into_iter().chain(others).collect()
}

/// A relocatable file for a processor, with these notes and functions that do nothing.
pub fn object(arch: Architecture, notes: &[u8]) -> Vec<u8> {
    let mut file = Object::new(BinaryFormat::MachO, arch, Endianness::Little);
    let mut version = MachOBuildVersion::default();
    version.platform = macho::PLATFORM_MACOS;
    version.minos = 0x000b_0000;
    version.sdk = 0x000b_0000;
    file.set_macho_build_version(version);
    let section = rt0_abi::SECTION_MACHO.as_bytes().to_vec();
    let section = file.add_section(b"__DATA".to_vec(), section, SectionKind::Data);
    file.append_section_data(section, notes, 4);
    let text = file.section_id(object::write::StandardSection::Text);
    for name in functions() {
        let value = file.append_section_data(text, &[0; 4], 4);
        file.add_symbol(Symbol {
            name: name.into_bytes(),
            value,
            size: 4,
            kind: SymbolKind::Text,
            scope: SymbolScope::Dynamic,
            weak: false,
            section: SymbolSection::Section(text),
            flags: SymbolFlags::None,
        });
    }
    file.write().unwrap()
}

/// LLVM's linker for Apple's systems, which comes with Rust.
pub fn linker() -> Option<PathBuf> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir"])
        .output();
    let libraries = PathBuf::from(String::from_utf8(output.ok()?.stdout).ok()?.trim());
    let linker = libraries.parent()?.join("bin/gcc-ld/ld64.lld");
    linker.exists().then_some(linker)
}

/// What stands for Apple's compiler: the linker alone, with options in its own spelling.
const COMPILER: &str = "\
for argument do
    shift
    case $argument in
    -Wl,*) IFS=,; for part in ${argument#-Wl,}; do set -- \"$@\" \"$part\"; done; unset IFS ;;
    -mmacosx-version-min=*) set -- \"$@\" -platform_version macos \"${argument#*=}\" \"${argument#*=}\" ;;
    -dynamiclib) set -- \"$@\" -dylib ;;
    -Xlinker) ;;
    *) set -- \"$@\" \"$argument\" ;;
    esac
done
";

/// Links `far.o` of this folder into `libfar.dylib` by way of the tool, as rustc calls it; `keep` stays visible
/// besides the declared symbols.
pub fn link(dir: &Path, linker: &Path, arch: Architecture, keep: &[&str], more: &[&str]) -> Output {
    let (arch, target) = names(arch);
    let compiler = dir.join("cc");
    script(
        &compiler,
        &format!("#!/bin/sh\n{COMPILER}exec {} \"$@\"\n", linker.display()),
    );
    let list = functions();
    let list: String = list.iter().map(|name| format!("_{name}\n")).collect();
    fs::write(dir.join("list"), list).unwrap();
    let told = [
        ("keep", keep.into()),
        ("inside", true.into()),
        ("soname", "@rpath/libfar.dylib".into()),
        ("target", target.into()),
    ];
    let mut tool = as_linker(dir, &told);
    tool.args(["-Wl,-exported_symbols_list", "-Wl,list", "far.o"])
        .args(["-arch", arch, "-mmacosx-version-min=11.0.0"])
        .args(["-o", "libfar.dylib", "-dynamiclib"])
        .args(more);
    tool.output().unwrap()
}

/// Such a library, `libfar.dylib` in this folder; `None` without the linker.
pub fn dylib(dir: &Path, arch: Architecture, keep: &[&str]) -> Option<PathBuf> {
    let linker = linker()?;
    fs::write(dir.join("far.o"), object(arch, &elf::notes(1, false))).unwrap();
    super::good(&link(dir, &linker, arch, keep, &[]));
    Some(dir.join("libfar.dylib"))
}
