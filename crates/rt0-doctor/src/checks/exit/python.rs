//! A host in Python.

use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use crate::calls::{Arg, Call, Later, Ty};
use crate::plan::Plan;
use crate::subject::{program, signal_name};

/// The exit code of a program that ends as it should.
pub const CODE: i32 = 57;

/// The exit code of a program that lacks what it needs.
pub const NO_CTYPES: i32 = 58;

/// An interpreter.
pub struct Python {
    program: String,
    /// Its name and version.
    pub version: String,
}

/// How a program ended.
pub struct Ended {
    /// Its exit code; `None` if it was killed.
    pub code: Option<i32>,
    /// The same, as the end of a sentence.
    pub how: String,
    /// What it printed.
    pub printed: String,
}

impl Python {
    /// The interpreter that `python3` is, behind whatever scripts.
    pub fn find() -> Option<Python> {
        let ask = "import sys, platform; print(sys.executable); \
                   print(platform.python_implementation(), platform.python_version())";
        let output = program::run(Command::new("python3").args(["-c", ask]))
            .ok()?
            .output;
        let text = String::from_utf8(output.stdout).ok()?;
        let mut lines = text.lines();
        let (program, version) = (lines.next()?.to_owned(), lines.next()?.to_owned());
        (version.starts_with("CPython") && output.status.success())
            .then_some(Python { program, version })
    }

    /// Runs a program to its end.
    ///
    /// # Errors
    /// It can't be started.
    pub fn run(&self, script: &str) -> Result<Ended, String> {
        let ended = program::run(Command::new(&self.program).args(["-I", "-S", "-c", script]))
            .map_err(|e| format!("{} can't be run: {e}", self.program))?;
        let output = ended.output;
        let code = output.status.code();
        let how = match (code, output.status.signal()) {
            _ if ended.has_flooded => "printed without end, and was killed".to_owned(),
            (Some(code), _) => format!("ended with exit code {code}"),
            (None, signal) => format!("was killed by {}", signal_name(signal.unwrap_or(0))),
        };
        let printed = [output.stdout, output.stderr].concat();
        Ok(Ended {
            code,
            how,
            printed: String::from_utf8_lossy(&printed).into_owned(),
        })
    }
}

/// A program that loads the library, makes its calls, waits until it was called back on another thread, says so, and
/// ends. It waits as [`crate::subject::wait_until`] does. It registers the shutdown, if there is one, where the
/// interpreter ends.
pub fn script(plan: &Plan, called_back: &str) -> String {
    let mut out = format!(
        "import os, sys, time, atexit, threading
try:
    import ctypes
except ImportError:
    sys.exit({NO_CTYPES})
others = 0
@ctypes.CFUNCTYPE(ctypes.c_size_t)
def callback():
    global others
    if threading.get_ident() != main:
        others += 1
    return 0
main = threading.get_ident()
lib = ctypes.CDLL({})
",
        literal(plan.library.to_string_lossy().as_bytes()) + ".decode()"
    );
    if let Some(shutdown) = &plan.shutdown {
        let _ = writeln!(out, "atexit.register(lambda: {})", call(shutdown));
    }
    for one in plan.setup.iter().chain(&plan.calls) {
        let _ = match &one.later {
            Some(later) => writeln!(out, "{}", in_steps(one, later)),
            None => writeln!(out, "{}", call(one)),
        };
    }
    let _ = writeln!(
        out,
        "def is_busy():
    for thread in os.listdir('/proc/self/task'):
        try: stat = open('/proc/self/task/' + thread + '/stat').read()
        except OSError: continue
        if int(thread) != os.getpid() and stat.rpartition(')')[2].split()[0] == 'R': return True
    return False
counted = looks = 0
while not others and counted < 500 and looks < 1500:
    time.sleep(0.001)
    counted += not is_busy()
    looks += 1
if others: print({}, flush=True)
sys.exit({CODE})",
        literal(called_back.as_bytes()) + ".decode()"
    );
    out
}

fn call(call: &Call) -> String {
    let args: Vec<String> = call.args.iter().map(argument).collect();
    format!("lib.{}({})", call.symbol, args.join(", "))
}

/// A call whose result comes later: begun, waited for, ended, and then made at once.
fn in_steps(one: &Call, later: &Later) -> String {
    let [begin, wait, end, free] = later.symbols(&one.symbol);
    let args: Vec<String> = one.args.iter().map(argument).collect();
    let (own, outs) = args.split_at(args.len() - later.outs);
    let own: String = own.iter().map(|arg| format!("{arg}, ")).collect();
    format!(
        "op = ctypes.c_void_p()
if lib.{begin}({own}ctypes.c_int32({}), None, ctypes.c_uint64(1), ctypes.byref(op), None) == 0:
    if lib.{wait}(op, ctypes.c_int32({})) != 0: lib.{free}(op)
    elif lib.{end}(op, {}) != {}: {}",
        later.timeout_ms,
        Later::PATIENCE,
        outs.join(", "),
        rt0_abi::Status::TimedOut.code(),
        call(one)
    )
}

fn argument(arg: &Arg) -> String {
    match arg {
        Arg::Int(Ty::Ptr, value) => format!("ctypes.c_void_p({value})"),
        Arg::Int(ty, value) => format!("ctypes.{}({value})", integer(*ty)),
        Arg::Float(Ty::F32, value) => format!("ctypes.c_float({value:?})"),
        Arg::Float(_, value) => format!("ctypes.c_double({value:?})"),
        Arg::Str(text) => literal(text.as_bytes()),
        Arg::Text(text) => format!(
            "{}, ctypes.c_size_t({})",
            literal(text.as_bytes()),
            text.len()
        ),
        Arg::Bytes { bytes, with_length } => match with_length {
            true => format!("{}, ctypes.c_size_t({})", literal(bytes), bytes.len()),
            false => literal(bytes),
        },
        Arg::Buffer(size) => format!("ctypes.create_string_buffer({size})"),
        Arg::Null => "None".to_owned(),
        Arg::Callback => "callback".to_owned(),
    }
}

fn integer(ty: Ty) -> &'static str {
    match ty {
        Ty::Bool | Ty::U8 => "c_uint8",
        Ty::I8 => "c_int8",
        Ty::I16 => "c_int16",
        Ty::U16 => "c_uint16",
        Ty::I32 => "c_int32",
        Ty::U32 => "c_uint32",
        Ty::I64 => "c_int64",
        Ty::U64 => "c_uint64",
        Ty::Isize => "c_ssize_t",
        _ => "c_size_t",
    }
}

/// Bytes, as Python writes them.
fn literal(bytes: &[u8]) -> String {
    format!("b'{}'", bytes.escape_ascii())
}
