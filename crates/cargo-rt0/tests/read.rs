//! `cargo rt0 header` and `cargo rt0 inspect` on files of every kind, good and bad. `outputs.rs` checks the
//! exact text that they print.
//!
//! On Linux only: most of the files are made by this machine's compiler, as ELF.
#![cfg(target_os = "linux")]

mod common;

use common::{Probe, bad, elf, faulty_library, good, macho, rt0, run};
use object::{Architecture, Endianness};
use rt0_abi::{kind, tag};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn header(path: &Path) -> std::process::Output {
    rt0().arg("header").arg(path).output().unwrap()
}

fn inspect(path: &Path) -> std::process::Output {
    rt0().arg("inspect").arg(path).output().unwrap()
}

#[test]
fn every_processor_gives_the_same_header() {
    let dir = tempfile::tempdir().unwrap();
    let mut texts = Vec::new();
    for (arch, endian, shown) in [
        (
            Architecture::X86_64,
            Endianness::Little,
            "x86_64, 64 bits, little-endian",
        ),
        (
            Architecture::I386,
            Endianness::Little,
            "i386, 32 bits, little-endian",
        ),
        (
            Architecture::Aarch64,
            Endianness::Little,
            "aarch64, 64 bits, little-endian",
        ),
        (
            Architecture::Arm,
            Endianness::Big,
            "arm, 32 bits, big-endian",
        ),
        (
            Architecture::Riscv64,
            Endianness::Little,
            "riscv64, 64 bits, little-endian",
        ),
        (
            Architecture::PowerPc64,
            Endianness::Little,
            "powerpc64, 64 bits, little-endian",
        ),
        (
            Architecture::PowerPc64,
            Endianness::Big,
            "powerpc64, 64 bits, big-endian",
        ),
        (
            Architecture::S390x,
            Endianness::Big,
            "s390x, 64 bits, big-endian",
        ),
    ] {
        let path = dir.path().join("far.o");
        let notes = elf::notes(1, endian == Endianness::Big);
        fs::write(&path, elf::object(arch, endian, &notes)).unwrap();
        texts.push(good(&header(&path)));
        let text = good(&inspect(&path));
        assert!(text.contains(shown), "{text}");
        assert!(
            text.contains("far_count(const char *word, size_t word_len"),
            "{text}"
        );
    }
    assert!(texts[0].contains("/** Zählt. */\nint32_t far_count("));
    assert!(texts.iter().all(|text| *text == texts[0]));
}

#[test]
fn an_archive_is_read_member_by_member() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let file = |name: &str, notes: &[u8]| {
        let bytes = elf::object(Architecture::X86_64, Endianness::Little, notes);
        fs::write(dir.join(name), bytes).unwrap();
        dir.join(name).to_str().unwrap().to_owned()
    };
    let (far, empty) = (file("far.o", &elf::notes(1, false)), file("empty.o", &[]));
    fs::write(dir.join("lib.rmeta"), "rust metadata").unwrap();
    let meta = dir.join("lib.rmeta").to_str().unwrap().to_owned();
    let archive = dir.join("libfar.a");
    let name = archive.to_str().unwrap();
    run("ar", &["rcS", name, &meta, &empty, &far]);
    assert!(good(&header(&archive)).contains("int32_t far_count("));
}

/// Wherever it can be placed, and whether or not the loader has to come with it.
#[test]
fn a_program_is_called_one_however_it_is_linked() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let notes = elf::notes(1, false);
    let object = elf::object(Architecture::X86_64, Endianness::Little, &notes);
    fs::write(dir.join("far.o"), object).unwrap();
    let main = dir.join("main.c");
    fs::write(&main, "int main(void) { return 0; }\n").unwrap();
    let (main, object) = (main.to_str().unwrap(), dir.join("far.o"));
    for (how, what) in [
        ("-no-pie", "program"),
        ("-pie", "program"),
        ("-static", "program"),
        ("-static-pie", "program"),
        ("-shared", "shared library"),
    ] {
        let out = dir.join("out");
        let (object, name) = (object.to_str().unwrap(), out.to_str().unwrap());
        run("cc", &[how, "-fPIC", main, object, "-o", name]);
        // The shared library lacks symbols that it declares, which is another matter.
        let said = inspect(&out).stdout;
        let text = String::from_utf8_lossy(&said);
        assert!(
            text.contains(&format!("{what}, x86_64, 64 bits")),
            "{how}: {text}"
        );
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("far.o");
    let file = elf::object(
        Architecture::X86_64,
        Endianness::Little,
        &elf::notes(1, false),
    );
    fs::write(&path, file).unwrap();
    for command in ["header", "inspect"] {
        let mut child = rt0();
        child
            .arg(command)
            .arg(&path)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = child.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty());
    }
}

/// Numbers that look random but are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// Any bytes must give a result or an error.
fn look(path: &Path, bytes: Vec<u8>) {
    let image = cargo_rt0::image::Image::from_bytes(path, bytes);
    if let Ok(description) = cargo_rt0::description::read(&image) {
        let _ = cargo_rt0::header::generate(&description, &image.name());
    }
    if let Ok(report) = cargo_rt0::inspect::inspect(&image) {
        let _ = report.to_text();
    }
}

#[test]
fn no_cut_and_no_changed_byte_makes_it_panic() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "probe");
    good(&probe.build(&["--release", "--static", "--", "-C", "strip=symbols"]));
    let shared = fs::read(probe.out("libprobe.so")).unwrap();
    let archive = fs::read(probe.out("libprobe.a")).unwrap();
    let small = elf::object(Architecture::S390x, Endianness::Big, &elf::notes(1, true));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let far = macho::object(Architecture::Aarch64, &elf::notes(1, false));
    // Without its linker there is one kind of file less.
    let dylib = macho::dylib(dir.path(), Architecture::Aarch64, &["far_kept"]);
    let dylib = dylib.map_or_else(Vec::new, |path| fs::read(path).unwrap());
    let all = [
        (&small, 2000),
        (&far, 2000),
        (&dylib, 2000),
        (&shared, 150),
        (&archive, 15),
    ];
    for (bytes, rounds) in all.into_iter().filter(|(bytes, _)| !bytes.is_empty()) {
        let path = Path::new("libprobe.so");
        // The tables are in the first bytes, and the section headers are at the end.
        let headers = bytes.len().saturating_sub(4000);
        for round in 0..rounds {
            let end = random.below(bytes.len());
            look(path, bytes[..end].to_vec());
            let mut changed = bytes.clone();
            for _ in 0..1 + round % 4 {
                let at = match random.below(3) {
                    0 => random.below(bytes.len()),
                    1 => random.below(bytes.len().min(1500)),
                    _ => headers + random.below(bytes.len() - headers),
                };
                changed[at] = random.below(256) as u8;
            }
            look(path, changed);
        }
    }
}

#[test]
fn what_a_library_needs_and_why_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let more = "double pow(double, double); double power(double x) { return pow(x, x); }\n";
    common::write(&dir.path().join("more.c"), more);
    let file = faulty_library(dir.path(), &["more.c", "-lm"]);
    let text = String::from_utf8(inspect(&file).stdout).unwrap();
    let has = |line: &str| text.lines().any(|found| found.starts_with(line));
    assert!(has("needs          libm.so.6 for pow"), "{text}");
    let command = &mut rt0();
    let json = command.args(["inspect", "--json"]).arg(&file).output();
    let report: serde_json::Value = serde_json::from_slice(&json.unwrap().stdout).unwrap();
    let link = &report["link"];
    assert_eq!(link["needed"][0], "libm.so.6");
    assert_eq!(link["imports"]["libm.so.6"][0], "pow");
    // On x86-64; other processors had their first glibc later.
    if cfg!(all(target_arch = "x86_64", target_env = "gnu")) {
        let row = "glibc          2.29 or later, for pow";
        assert!(has(row) && link["glibc"]["version"] == "2.29", "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_library_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let build = |extra: &[&str]| {
        let library = faulty_library(dir, extra);
        let mut inspect = rt0();
        inspect.args(["inspect", "--json"]).arg(library);
        inspect.output().unwrap()
    };
    let output = build(&["-ftls-model=initial-exec"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["link"]["tls"], "static");
    assert_eq!(report["link"]["pinned"], false);
    assert!(report["relocations"]["static_tls"].as_u64().unwrap() > 0);
    assert_eq!(
        report["symbols"]["surplus"],
        serde_json::json!(["leak", "path"])
    );
    assert_eq!(report["symbols"]["missing"].as_array().unwrap().len(), 7);
    assert_eq!(report["findings"].as_array().unwrap().len(), 4);

    let output = build(&["-Wl,-z,nodelete"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["link"]["tls"], "dynamic");
    assert_eq!(report["findings"].as_array().unwrap().len(), 2);

    // Like a library of an old rt0, which took everything that is not null to be present.
    let source = dir.join("open.c");
    fs::write(
        &source,
        "#define MAYBE(x) extern int x __attribute__((weak, visibility(\"hidden\"))); int *const at_##x = &x;\n\
         MAYBE(__ehdr_start) MAYBE(rt0_main_of_this_library_if_any) MAYBE(rt0_in_archive)\n\
         #ifdef KNOWS\n\
         MAYBE(rt0_defined_by_nobody)\n\
         #endif\n",
    )
    .unwrap();
    let open = source.to_str().unwrap();
    let believes = |options: &[&str]| {
        let output = build(&[options, &["-Wl,-z,nodelete", open]].concat());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["findings"].to_string().contains("gold")
    };
    assert!(!believes(&["-fuse-ld=bfd"]));
    // On Debian gold comes with the binutils; elsewhere it may be missing.
    if Path::new("/usr/bin/ld.gold").exists() {
        assert!(believes(&["-fuse-ld=gold"]));
        assert!(!believes(&["-fuse-ld=gold", "-DKNOWS"]));
    }

    // Without its section table, the description can still be read from a segment.
    let path = dir.join("libfar.so");
    let mut bytes = fs::read(&path).unwrap();
    bytes[0x28..0x30].fill(0);
    bytes[0x3c..0x40].fill(0);
    fs::write(&path, bytes).unwrap();
    assert!(good(&header(&path)).contains("int32_t far_count("));
}

/// An object file with these notes, in this directory.
fn object_with(dir: &Path, name: &str, notes: &[u8]) -> PathBuf {
    let path = dir.join(name);
    let bytes = elf::object(Architecture::X86_64, Endianness::Little, notes);
    fs::write(&path, bytes).unwrap();
    path
}

/// What a compiler sees of a header without its comments. Other headers come before it, and then after it.
fn compiled(dir: &Path, header: &str, language: &str) -> String {
    const OTHERS: &str = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <errno.h>\n\
        #include <limits.h>\n#include <math.h>\n#include <signal.h>\n#include <unistd.h>\n\
        #include <sys/types.h>\n#include <sys/stat.h>\n#include <sys/sysmacros.h>\n#include <netdb.h>\n\
        #include <assert.h>\n#include <time.h>\n#include <wchar.h>\n";
    fs::write(dir.join("far.h"), header).unwrap();
    for text in [
        format!("{OTHERS}#include \"far.h\"\n"),
        format!("#include \"far.h\"\n{OTHERS}"),
    ] {
        let source = dir.join("uses.c");
        fs::write(&source, text).unwrap();
        let source = source.to_str().unwrap();
        run(
            "cc",
            &[
                "-D_GNU_SOURCE",
                "-fsyntax-only",
                "-Wall",
                "-Werror",
                "-x",
                language,
                source,
            ],
        );
    }
    let source = dir.join("alone.c");
    fs::write(&source, header).unwrap();
    run(
        "cc",
        &[
            "-fpreprocessed",
            "-E",
            "-P",
            "-x",
            language,
            source.to_str().unwrap(),
        ],
    )
}

#[test]
fn a_crafted_file_can_put_no_code_into_a_header() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let call: &[(u8, &[u8])] = &[(tag::NAME, b"far_count"), (tag::TYPE, b"Ry")];
    for attack in [
        "x */ __attribute__((constructor)) void attack(void) {} /*",
        "x\n#define attack\n",
        "x\\\n*/ int attack; /*",
        "x *\u{202e}/ int attack; /*",
        "x ??/\n*/ int attack; /*",
        "*/int attack;/*",
    ] {
        let free = [
            elf::library("far", attack),
            elf::note(kind::EXPORT, call, false),
        ]
        .concat();
        let path = object_with(dir, "free.o", &free);
        let text = good(&header(&path));
        for language in ["c", "c++"] {
            let code = compiled(dir, &text, language);
            assert!(!code.contains("attack"), "{text}");
        }
        let attack = attack.as_bytes();
        let named: [&[(u8, &[u8])]; 4] = [
            &[(tag::NAME, attack), (tag::TYPE, b"Ry")],
            &[
                (tag::NAME, b"far_x"),
                (tag::TYPE, b"Ry"),
                (tag::PARAM, attack),
                (tag::TYPE, b"l"),
            ],
            &[
                (tag::NAME, b"far_x"),
                (tag::RUST_NAME, attack),
                (tag::TYPE, b"Ry"),
            ],
            &[
                (tag::NAME, b"far_x"),
                (tag::TYPE, b"0"),
                (tag::CRATE, b"far"),
                (tag::PARAM, attack),
                (tag::TYPE, b"l"),
            ],
        ];
        for items in named {
            let notes = [
                elf::library("far", "1"),
                elf::note(kind::EXPORT, items, false),
            ]
            .concat();
            let path = object_with(dir, "named.o", &notes);
            for output in [header(&path), inspect(&path)] {
                let text = bad(&output, 2);
                assert!(
                    text.contains("a name has a character") && !text.contains("attack"),
                    "{text}"
                );
            }
        }
        let path = object_with(
            dir,
            "crate.o",
            &elf::library(std::str::from_utf8(attack).unwrap(), "1"),
        );
        assert!(bad(&header(&path), 2).contains("a name has a character"));
    }
}

#[test]
fn names_that_headers_have_as_macros_are_changed_and_the_header_compiles() {
    let dir = tempfile::tempdir().unwrap();
    let names = [
        "class",
        "new",
        "errno",
        "stdin",
        "NULL",
        "EOF",
        "BUFSIZ",
        "unix",
        "UINT32_MAX",
        "SIGINT",
        "INT_MAX",
        "NAN",
        "INFINITY",
        "I",
        "st_atime",
        "sa_handler",
        "si_pid",
        "h_addr",
        "st_mtime",
        "s6_addr",
        "si_value",
        "assert",
        "major",
        "makedev",
        "isnan",
        "offsetof",
        "FILE",
        "__x",
        "__LINE__",
        "_Bool",
        "defined",
        "sigev_notify_function",
        "ifr_name",
        "d_fileno",
        "math_errhandling",
        "true",
        "bool",
        "co_await",
    ];
    let mut notes = elf::library("far", "1");
    for (at, (flat, ty)) in [(false, b"l"), (true, b"r")].iter().enumerate() {
        let symbol = format!("far_f{at}");
        let mut items: Vec<(u8, &[u8])> = vec![(tag::NAME, symbol.as_bytes()), (tag::TYPE, b"R0")];
        let doubled = names.iter().chain(flat.then_some(&"EOF"));
        items
            .extend(doubled.flat_map(|name| [(tag::PARAM, name.as_bytes()), (tag::TYPE, &ty[..])]));
        notes.extend(elf::note(kind::EXPORT, &items, false));
    }
    let mut items: Vec<(u8, &[u8])> = vec![(tag::NAME, b"far_S")];
    items.extend(
        names
            .iter()
            .flat_map(|name| [(tag::FIELD, name.as_bytes()), (tag::TYPE, &b"l"[..])]),
    );
    notes.extend(elf::note(kind::STRUCT, &items, false));
    let value = 1i64.to_le_bytes();
    let items: &[(u8, &[u8])] = &[
        (tag::NAME, b"far_E"),
        (tag::TYPE, b"l"),
        (tag::VARIANT, b"FAR_E_EOF"),
        (tag::VALUE, &value),
        (tag::VARIANT, b"INT_LEAST8_MAX"),
        (tag::VALUE, &value),
    ];
    notes.extend(elf::note(kind::ENUM, items, false));
    let path = object_with(dir.path(), "far.o", &notes);
    let text = good(&header(&path));
    for language in ["c", "c++"] {
        let code = compiled(dir.path(), &text, language);
        for name in [
            "UINT32_MAX_",
            "EOF_",
            "EOF_2",
            "st_atime_",
            "si_pid_",
            "arg_Bool",
            "INT_LEAST8_MAX_",
        ] {
            let words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            assert!(words.into_iter().any(|word| word == name), "{name}: {code}");
        }
    }
    assert_eq!(good(&header(&path)), text, "the same names every time");

    let items: &[(u8, &[u8])] = &[(tag::NAME, b"st_atime"), (tag::TYPE, b"R0")];
    let path = object_with(dir.path(), "far.o", &elf::note(kind::EXPORT, items, false));
    let text = bad(&header(&path), 2);
    assert!(
        text.contains("export `st_atime`: it is a macro of C's headers"),
        "{text}"
    );
}

#[test]
fn nothing_from_a_file_reaches_a_terminal_or_json_raw() {
    let dir = tempfile::tempdir().unwrap();
    let hidden = "1\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\u{7f}\u{202e}\u{2066}\u{2028}\u{e0041}\r\u{8}";
    let items: &[(u8, &[u8])] = &[
        (tag::NAME, b"far_x"),
        (tag::TYPE, b"l"),
        (tag::OR, hidden.as_bytes()),
        (tag::DOCS, hidden.as_bytes()),
    ];
    let notes = [
        elf::library("far", hidden),
        elf::note(kind::EXPORT, items, false),
    ]
    .concat();
    let path = object_with(dir.path(), "a\u{1b}[31m\u{202e}b.o", &notes);
    let empty = object_with(dir.path(), "c\u{9b}d\u{1b}.o", &[]);
    let plain = |output: &std::process::Output| {
        for bytes in [&output.stdout, &output.stderr] {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let bad = text
                .chars()
                .find(|c| rt0_abi::decode::is_hidden(*c) && *c != '\n');
            assert_eq!(bad, None, "{text:?}");
        }
    };
    for words in [
        &["inspect"][..],
        &["inspect", "--json"],
        &["inspect", "--quiet"],
        &["header"],
    ] {
        for file in [&path, &empty, &dir.path().join("no\u{1b}ne\u{202e}")] {
            plain(&rt0().args(words).arg(file).output().unwrap());
        }
    }
    let output = rt0()
        .args(["inspect", "--json"])
        .arg(&path)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_str(&good(&output)).unwrap();
    assert_eq!(report["library"]["version"], hidden);
    assert_eq!(report["exports"][0]["or"], hidden);
}

/// Work that grew with the square of the file's size would take hours here.
#[test]
fn a_crafted_file_costs_what_its_size_does() {
    const MANY: usize = 40_000;
    let dir = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..MANY).map(|at| format!("far_T{at}")).collect();
    let same = |kind: u32, name: &[u8], opens: u8| {
        let mut items: Vec<(u8, &[u8])> = vec![(tag::NAME, name), (tag::TYPE, b"R0")];
        items.extend((0..MANY).flat_map(|_| [(opens, &b"a"[..]), (tag::TYPE, &b"r"[..])]));
        elf::note(kind, &items, false)
    };
    let each = |make: &dyn Fn(usize) -> Vec<u8>| (0..MANY).flat_map(make).collect::<Vec<u8>>();
    let by_value = |at: usize| {
        let name = names[(at + 1) % MANY].as_bytes();
        [&[b'S', name.len() as u8], name].concat()
    };
    let chain = |at: usize| {
        let (name, ty) = (names[at].as_bytes(), by_value(at));
        let ty = if at + 1 < MANY { &ty[..] } else { b"l" };
        elf::note(
            kind::STRUCT,
            &[(tag::NAME, name), (tag::FIELD, b"inner"), (tag::TYPE, ty)],
            false,
        )
    };
    let pairs = |at: usize| {
        let (handle, export) = (names[at].as_bytes(), format!("far_f{at}"));
        let export: &[(u8, &[u8])] = &[
            (tag::NAME, export.as_bytes()),
            (tag::TYPE, b"R0"),
            (tag::PARAM, b"a"),
            (tag::TYPE, b"l"),
        ];
        [
            elf::note(kind::HANDLE, &[(tag::NAME, handle)], false),
            elf::note(kind::EXPORT, export, false),
        ]
        .concat()
    };
    let deep = [vec![b'p'; 1_000_000], vec![b'l']].concat();
    let deep: &[(u8, &[u8])] = &[(tag::NAME, b"far_x"), (tag::TYPE, &deep)];
    for (what, notes, is_read) in [
        ("parameters", same(kind::EXPORT, b"far_x", tag::PARAM), true),
        ("structs", each(&chain), true),
        ("handles and exports", each(&pairs), true),
        (
            "the same, over and over",
            each(&|_| elf::note(kind::HANDLE, &[(tag::NAME, b"far_H")], false)),
            true,
        ),
        ("depth", elf::note(kind::EXPORT, deep, false), false),
    ] {
        let path = object_with(
            dir.path(),
            "far.o",
            &[elf::library("far", "1"), notes].concat(),
        );
        for command in ["header", "inspect"] {
            let tool = rt0();
            let mut limited = Command::new("timeout");
            limited
                .arg("300")
                .arg(tool.get_program())
                .args(tool.get_args());
            let output = limited.args([command]).arg(&path).output().unwrap();
            let expected = if is_read { 0 } else { 2 };
            assert_eq!(output.status.code(), Some(expected), "{what}: {command}");
        }
    }
}

#[test]
fn parts_of_a_file_that_lie_over_each_other_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let notes = elf::note(kind::HANDLE, &[(tag::NAME, b"far_H")], false).repeat(500);
    let path = object_with(
        dir.path(),
        "far.o",
        &[elf::library("far", "1"), notes].concat(),
    );
    let mut bytes = fs::read(&path).unwrap();
    // Appends the section headers again, and 2,000 copies of the notes' header.
    let at = u64::from_le_bytes(bytes[0x28..0x30].try_into().unwrap()) as usize;
    let count = usize::from(u16::from_le_bytes(bytes[0x3c..0x3e].try_into().unwrap()));
    let headers = bytes[at..at + 64 * count].to_vec();
    let largest = headers
        .chunks(64)
        .max_by_key(|header| u64::from_le_bytes(header[0x20..0x28].try_into().unwrap()));
    let notes = largest.unwrap().repeat(2000);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    let end = bytes.len() as u64;
    bytes.extend([headers, notes].concat());
    bytes[0x28..0x30].copy_from_slice(&end.to_le_bytes());
    bytes[0x3c..0x3e].copy_from_slice(&(count as u16 + 2000).to_le_bytes());
    fs::write(&path, bytes).unwrap();
    for output in [header(&path), inspect(&path)] {
        assert!(bad(&output, 2).contains("its sections overlap"));
    }
}
