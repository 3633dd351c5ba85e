//! Checks the hot path of gated exports: what a call costs once the library is ready.
//!
//! It reads the machine code of a library built in release mode, so it sees what hosts run. It covers only
//! x86-64 so far.

#[cfg(target_arch = "x86_64")]
mod project;

#[cfg(not(target_arch = "x86_64"))]
#[test]
fn hot_paths() {
    println!("skipped: asm: the hot path is held on x86-64 only");
}

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use std::ops::Range;
    use std::process::Command;

    use iced_x86::{
        Code, Decoder, DecoderOptions, FlowControl, Instruction, Mnemonic, OpKind, Register,
    };
    use object::{Object, ObjectSection, ObjectSymbol};

    use crate::project::Project;

    const SOURCE: &str = r#"
use std::ffi::c_char;
use std::sync::OnceLock;

struct Engine(u64);

#[rt0::init]
fn init() -> Engine {
    Engine(1)
}

#[rt0::export(or = 0)]
fn count(engine: rt0::State<'_, Engine>, more: u64) -> u64 {
    engine.0.wrapping_add(more)
}

static LAZY: OnceLock<Engine> = OnceLock::new();

#[unsafe(no_mangle)]
pub extern "C" fn lazy_count(more: u64) -> u64 {
    LAZY.get_or_init(|| Engine(1)).0.wrapping_add(more)
}

#[rt0::export(or = -1)]
fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

#[unsafe(no_mangle)]
pub extern "C" fn plain_add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

#[rt0::export]
fn total(a: u64, b: u64) -> Result<u64, String> {
    Ok(a.wrapping_add(b))
}

/// # Safety
/// The pointers are checked as far as they can be.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn plain_total(a: u64, b: u64, out: *mut u64, _err: *mut *mut c_char) -> i32 {
    if out.is_null() || !out.is_aligned() {
        return -9;
    }
    unsafe { *out = a.wrapping_add(b) };
    0
}
"#;

    const ASYNC: &str = r#"
#[rt0::export]
async fn later(engine: rt0::SharedState<Engine>, more: u64) -> Result<u64, String> {
    Ok(engine.0.wrapping_add(more))
}
"#;

    /// The value of the gate's word in the state READY.
    const READY: u32 = 3;

    /// How many instructions the gate costs: a compare, a branch, and one move, because the compiler
    /// optimizes neither side of the branch fully. We promise 4; this test holds the 3 that we have reached.
    const GATE: usize = 3;

    /// With a compiler before Rust 1.87, whose load is an instruction of its own. This is what we promise.
    const GATE_BEFORE_LABELS: usize = 4;

    /// How many instructions an export with state costs where each thread's slot is found at once: the
    /// comparison of the passes takes 4, the announcement 2, the gate 2, the state 1, the end 3.
    const ANNOUNCED: usize = 12;

    /// The same with a compiler before Rust 1.87: two loads, and two jumps over longer ways.
    const ANNOUNCED_BEFORE_LABELS: usize = 16;

    /// How many more it costs where the slot is found by the thread pointer. The look at the table takes 8 in place
    /// of 1.
    const BY_POINTER: usize = 7;

    /// How many of them a library may cost more that keeps its state in a `OnceLock`.
    const MORE_THAN_LAZY: usize = 8;

    struct Library {
        file: Vec<u8>,
        has_labels: bool,
    }

    impl Library {
        /// `profile` is the rest of its Cargo.toml.
        fn build(name: &str, profile: &str) -> Library {
            let source = SOURCE.replace("hot_paths", name);
            Library::of(name, ", default-features = false", profile, &source)
        }

        /// The same with async exports beside the others.
        fn with_async_exports(name: &str, profile: &str) -> Library {
            let source = SOURCE.replace("#[rt0::init]", "#[rt0::init(async_exports)]") + ASYNC;
            Library::of(name, "", profile, &source)
        }

        fn of(name: &str, features: &str, profile: &str, source: &str) -> Library {
            let project = Project::new(name, features, profile, source);
            Library {
                file: project.library(name),
                has_labels: has_labels(),
            }
        }

        fn object(&self) -> object::File<'_> {
            object::File::parse(&*self.file).expect("an object file")
        }

        fn symbol(&self, name: &str) -> Range<u64> {
            let object = self.object();
            let symbol = object.symbols().find(|symbol| symbol.name() == Ok(name));
            let symbol = symbol.unwrap_or_else(|| panic!("no symbol {name}"));
            symbol.address()..symbol.address() + symbol.size()
        }

        fn code(&self, name: &str) -> Vec<Instruction> {
            let range = self.symbol(name);
            let object = self.object();
            let text = object.section_by_name(".text").expect("code");
            let bytes = text.data_range(range.start, range.end - range.start);
            let bytes = bytes.ok().flatten().expect("the function's bytes");
            Decoder::with_ip(64, bytes, range.start, DecoderOptions::NONE)
                .into_iter()
                .collect()
        }

        /// The instructions that usually run, up to the return: no branch is taken, except where what is in
        /// memory is as expected.
        fn hot_path(&self, name: &str) -> Vec<Instruction> {
            self.path(name, false)
        }

        /// The same where what is compared first is not at the known distance from the thread pointer.
        fn path_by_pointer(&self, name: &str) -> Vec<Instruction> {
            self.path(name, true)
        }

        fn path(&self, name: &str, by_pointer: bool) -> Vec<Instruction> {
            let code = self.code(name);
            let mut path: Vec<Instruction> = Vec::new();
            let mut next = code[0].ip();
            while let Some(instruction) = code.iter().find(|one| one.ip() == next) {
                let compared = path.last().filter(|before| {
                    before.mnemonic() == Mnemonic::Cmp && before.op0_kind() == OpKind::Memory
                });
                let jumps = instruction.flow_control() == FlowControl::UnconditionalBranch;
                let as_expected = jumps
                    || compared.is_some_and(|compare| match instruction.mnemonic() {
                        Mnemonic::Je => true,
                        Mnemonic::Jne => by_pointer && compare.memory_segment() == Register::FS,
                        _ => false,
                    });
                next = match as_expected {
                    true => instruction.near_branch_target(),
                    false => instruction.next_ip(),
                };
                path.push(*instruction);
                if instruction.flow_control() == FlowControl::Return {
                    return path;
                }
            }
            panic!("{name} does not return:\n{}", text(&code));
        }

        /// Panics unless the whole function reads the gate's page exactly once, with a compare and a branch,
        /// and before any other memory access.
        fn expect_gate(&self, name: &str, path: &[Instruction]) {
            let shown = text(path);
            let page = self.symbol("rt0_generation");
            let looks = |instruction: &Instruction| {
                instruction.is_ip_rel_memory_operand()
                    && page.contains(&instruction.ip_rel_memory_address())
            };
            let all = self.code(name).iter().filter(|i| looks(i)).count();
            assert_eq!(all, 1, "{name} looks at the gate {all} times:\n{shown}");
            let at = path.iter().position(looks);
            let at = at.unwrap_or_else(|| panic!("{name}: the gate is not on the way:\n{shown}"));
            let compared = if self.has_labels { at } else { at + 1 };
            let (compare, branch) = (&path[compared], &path[compared + 1]);
            let load = &path[at];
            assert!(
                compared == at
                    || load.code() == Code::Mov_r32_rm32
                        && load.op0_register() == compare.op0_register(),
                "{name} does not compare what it loads:\n{shown}"
            );
            assert!(
                matches!(compare.code(), Code::Cmp_rm32_imm8 | Code::Cmp_rm32_imm32)
                    && compare.immediate32() == READY,
                "{name} does not compare the gate's word with READY:\n{shown}"
            );
            assert_eq!(branch.mnemonic(), Mnemonic::Jne, "{name}:\n{shown}");
            for before in &path[..at] {
                let registers_only = before.op_kinds().all(|kind| kind != OpKind::Memory);
                assert!(
                    registers_only && before.mnemonic() == Mnemonic::Mov,
                    "{name}: `{before}` comes before the gate:\n{shown}"
                );
            }
        }
    }

    fn text(code: &[Instruction]) -> String {
        code.iter()
            .map(|instruction| format!("    {instruction}\n"))
            .collect()
    }

    fn expect_cost(name: &str, gated: &[Instruction], plain: &[Instruction], gate: usize) {
        assert!(
            gated.len() <= plain.len() + gate,
            "{name} costs {} instructions more than without the gate; it was {gate}\n\
             gated:\n{}plain:\n{}",
            gated.len() - plain.len(),
            text(gated),
            text(plain)
        );
    }

    fn expect_no_frame(name: &str, path: &[Instruction]) {
        for instruction in path {
            let calls = matches!(
                instruction.flow_control(),
                FlowControl::Call | FlowControl::IndirectCall
            );
            let frame = instruction.stack_pointer_increment() != 0
                && instruction.flow_control() != FlowControl::Return;
            let moves = instruction.op0_kind() == OpKind::Register
                && instruction.op0_register() == Register::RSP;
            assert!(
                !calls && !frame && !moves,
                "{name}: `{instruction}` has no place here:\n{}",
                text(path)
            );
        }
    }

    /// Whether the compiler can make the compare with memory and the branch one piece of assembly. With an older one the
    /// load is apart, and the compiler does not know which way is the usual one.
    fn has_labels() -> bool {
        let rustc = Command::new("rustc").arg("--version").output();
        let said = String::from_utf8(rustc.expect("a compiler").stdout).expect("its version");
        let minor = said.split('.').nth(1).expect("a version of three numbers");
        minor.parse::<u32>().expect("a number") >= 87
    }

    /// What `cargo rt0 build` sets for rt0's crates.
    const SIZE: &str = "[profile.release.package.rt0]\nopt-level = \"s\"\ncodegen-units = 1\n\
        [profile.release.package.rt0-core]\nopt-level = \"s\"\ncodegen-units = 1\n";

    #[test]
    fn hot_paths() {
        for (name, profile) in [("hot_paths", ""), ("hot_paths_for_size", SIZE)] {
            check(name, &Library::build(name, profile));
        }
    }

    #[test]
    fn async_exports_cost_the_others_nothing() {
        let name = "hot_paths_beside_async";
        check(name, &Library::with_async_exports(name, ""));
    }

    fn check(name: &str, library: &Library) {
        let gate = if library.has_labels {
            GATE
        } else {
            GATE_BEFORE_LABELS
        };
        let (add, total) = (format!("{name}_add"), format!("{name}_total"));
        // A plain value.
        let (gated, plain) = (library.hot_path(&add), library.hot_path("plain_add"));
        library.expect_gate(&add, &gated);
        expect_no_frame("add", &gated);
        expect_cost("add", &gated, &plain, gate);

        // The state. Nothing is called or saved on the way, and each end is a comparison that does not branch.
        let count = format!("{name}_count");
        let (gated, lazy) = (library.hot_path(&count), library.hot_path("lazy_count"));
        println!("with state:\n{}lazy:\n{}", text(&gated), text(&lazy));
        expect_no_frame("count", &gated);
        // An addition from memory, a move, and the return.
        let body = 3;
        let announced = if library.has_labels {
            ANNOUNCED
        } else {
            ANNOUNCED_BEFORE_LABELS
        };
        assert!(
            gated.len() <= announced + body,
            "count costs {} instructions:\n{}",
            gated.len(),
            text(&gated)
        );
        assert!(gated.len() <= lazy.len() + MORE_THAN_LAZY + announced - ANNOUNCED);
        // Where there is no static TLS. (Behind a load there is no telling by the instructions which way is meant.)
        if library.has_labels {
            let by_pointer = library.path_by_pointer(&count);
            println!("by the thread pointer:\n{}", text(&by_pointer));
            expect_no_frame("count", &by_pointer);
            assert!(
                by_pointer.len() > gated.len() && by_pointer.len() <= gated.len() + BY_POINTER,
                "by the thread pointer, count costs {} instructions:\n{}",
                by_pointer.len(),
                text(&by_pointer)
            );
        }
        // A `Result`. The gate comes first, before anything is saved or checked.
        let (gated, plain) = (library.hot_path(&total), library.hot_path("plain_total"));
        library.expect_gate(&total, &gated);
        expect_no_frame("total", &gated);
        expect_cost("total", &gated, &plain, gate);
    }
}
