//! The attributes of rt0. Users take them from the crate `rt0`, which documents the whole.

mod ctype;
mod describe;
mod export;
mod function;
mod gated;
mod handle;
mod hook;
mod init;
mod lower;
mod options;
mod prefix;
mod returned;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;

fn answer(result: syn::Result<Tokens>) -> TokenStream {
    result
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// The start of the library: runs once per generation, on the boot thread.
///
/// The function takes nothing or `rt0::Args`, is sync or async, and returns the library's state or a
/// `Result` of it. The state must be a type of the author's own crate, `Send` and `Sync`; `()` stands
/// for none. An error, printed with `{:#}`, or a panic is what every call of the library then answers.
///
/// There is one such function in a library: a second one, in whichever crate, is an error at link time
/// that names both.
///
/// # Options
/// | option | meaning | when left out |
/// |---|---|---|
/// | `start = "load"` | boot when the library is loaded; `"lazy"`: at the first call; `"manual"`: when the host calls `NAME_start`; `"quiet"`: at the first call, and no thread is made, see below | `"load"` |
/// | `wait = "5s"` | how long a call waits for boot: a number with `ms`, `s` or `min`, or `"none"` for ever | `"30s"` |
/// | `runtime = "multi_thread"` | tokio with workers; `"current_thread"`: tokio on the boot thread alone; `"none"` | `"multi_thread"`, or `"none"` without the feature `tokio` |
/// | `workers = 4` | how many workers, from 1 to 32768 | one for each processor |
/// | `thread_name = "engine"` | what the threads' names begin with | the library's name |
/// | `stack_size = 4194304` | the stack of the library's threads, in bytes, from 65536 to 1073741824 | 8 MiB for the boot thread, 2 MiB for the others |
/// | `exit_timeout = "5s"` | how long the exit of the process may wait for the library's orderly end, an hour at the most; `"0s"`: main is told to stop, and nobody waits. See below | `"1s"` |
/// | `retry = "on-call"` | what a call does that finds a failed boot: `"never"`: it gets the error; `"on-call"`: it ends the failed generation and boots the next one, see below | `"never"` |
/// | `retry_pause = "1s"` | how long after the failure it does so; until then calls get the error at once | `"1s"` |
/// | `during_shutdown = "wait"` | what a call does that comes during a shutdown: `"error"`: it gets `STOPPED`; `"wait"`: it waits, with its deadline, until the shutdown is over, and boots afresh | `"error"` |
/// | `collector_signals = "usr"` | which signals of a host's collector may stop the library's threads: `"usual"`: SIGPWR, SIGXCPU and the real-time signals; `"usr"`: SIGUSR1 and SIGUSR2 as well; `"none"`. See below | `"usual"` |
///
/// What the host's environment says goes before `start`, `workers`, `thread_name`, `stack_size`,
/// `exit_timeout`, `retry`, `retry_pause` and `collector_signals`: the crate's documentation lists the variables.
///
/// # The exit of the process
/// When the host calls `exit`, or returns from its main, the generation ends as in a shutdown: calls of
/// other threads have half of `exit_timeout` (in the environment: `RT0_EXIT_TIMEOUT`) to leave, main is
/// told to stop, exit runs, the state is dropped. That is another thread's work, and when the time is
/// over, the process goes on to its end, however far it has come. Under the start policy `quiet` the
/// thread that called `exit` does it: there the time bounds an async exit, but not one that blocks its
/// thread, nor a destructor that never returns.
///
/// # Retry
/// With `retry = "on-call"` one call boots again, however many come; the others wait for that boot with
/// their deadlines, and get its error if it fails once more. Each boot is a generation of its own, as
/// `rt0::Args` says. A call from one of the library's own threads, one that only asks (`NAME_wait(0)`), and
/// one out of a callback of another call, which would have to end before, never boots again.
///
/// # The host's signals
/// Asynchronous signals are blocked on the library's threads: the host's take them. A collector stops all
/// threads that have called into its virtual machine by a signal, and waits for each: a library's thread that
/// calls the host back is one. Such signals are open on the library's threads where the host has a handler for
/// them, and neither the thread that loads the library nor the host's first one blocks them. The threads look
/// again when the host has called for the first time. Mono and Boehm's collector use the usual ones; a
/// host whose collector stops threads by SIGUSR1 or SIGUSR2, as D's does, says `RT0_COLLECTOR_SIGNALS=usr` in
/// its environment.
///
/// Where such a signal comes, the host's handler runs on the library's thread and its stack, and `read` and the
/// like return EINTR unless the handler was installed with SA_RESTART. Rust's std goes on by itself; C code of
/// yours must try again. A thread that your code makes has the mask of the one that makes it.
///
/// # A library without threads
/// Under the start policy `quiet` the first call boots on its own thread, and rt0 makes none: for hosts
/// that must stay single-threaded until they fork. Any runtime becomes one that is driven by the calls
/// which are inside `rt0::block_on`, and by nobody else. The call that boots can't be interrupted: its
/// deadline does not hold for its own boot; other calls wait with theirs. A library with an
/// `#[rt0::main]` can't be quiet: its boot fails with an error that says so. What the author's code asks
/// for still makes threads: `spawn_blocking`, `tokio::fs`, `std::thread`.
///
/// What every symbol of the library begins with is the crate's library name, or what Cargo.toml says:
/// `[package.metadata.rt0] prefix = "name"`.
#[proc_macro_attribute]
pub fn init(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(init::expand(options.into(), item.into()))
}

/// A function that hosts call: a C symbol `PREFIX_name`, which waits until the library is ready.
///
/// The first parameters can be `rt0::State<'_, T>` or `rt0::SharedState<T>`, which hosts do not see.
/// The others, and the result, are numbers, `bool`, `&str`, `String`, `&[T]`, `&mut [T]`, `Vec<T>`, raw
/// pointers, `extern "C"` function pointers, and types with `#[derive(rt0::CType)]` or
/// `#[rt0::handle]`; some of them in an `Option`.
///
/// A shutdown waits for the call when it uses the state, a handle or the runtime: when it takes one of
/// the former, or its own text names `tokio::` or `rt0::`. A call that reaches the runtime only through
/// other functions says `enter`.
///
/// A function that returns `Result<T, E>`, with `E: Display`, reports every error as a code with a text. One that
/// does not must say what a failed gate or a panic gives: `or = VALUE`, or `or = abort`. The value is an
/// expression in safe code, made anew each time; if it panics, the process ends, and stderr says why.
///
/// What `&mut [T]` and `&mut T` lead to must not overlap with what another parameter leads to: the call is
/// refused with `INVALID_ARGUMENT`. Results may go where arguments were. Bytes between the fields of a struct
/// are zero in what hosts are given; after a call with `&mut` of such structs all of them are gone through.
///
/// An `unsafe fn` may be exported: its author says that any host which keeps to the C header may call it. A safe
/// one with `#[target_feature]` may not, for nobody says that the processor has the feature.
///
/// # Options
/// | option | meaning |
/// |---|---|
/// | `or = -1` | the value of a call that can't report its error, here -1; `or = abort` ends the process; `or = ()` for a function without a result |
/// | `enter` | the call runs in the context of the library's tokio runtime, as functions like `tokio::spawn` want it. It costs about 20 ns a call. Set by itself when the function's own text names `tokio::`, and when it takes a handle back, whose destructor may want it; `enter = false` takes that back |
/// | `uncancelled` | a `pthread_cancel` of the calling thread waits until the call is over. It costs two calls into the C library, some tens of nanoseconds at the most. Set by itself when the function's own text names `tokio::` or `rt0::`, when it says `enter`, and when it takes a function of the host's or takes a handle back; `uncancelled = false` takes that back. See below |
/// | `name = "other"` | the symbol is `PREFIX_other` |
///
/// # Threads that are cancelled
/// A C library cancels a thread by unwinding its stack from a *cancellation point*: `read`, `write`, a sleep,
/// a lock's condition. Rust's frames can't be unwound in that way: the process ends, with "FATAL: exception
/// not rethrown". rt0's own waiting is never such a point, at the gate, in `rt0::block_on`, in a shutdown. An
/// export that waits or writes by other means, and is called by threads that a host may cancel, says
/// `uncancelled`, as does one whose callbacks lie in a struct: the cancellation then acts at the thread's next
/// cancellation point after the call.
#[proc_macro_attribute]
pub fn export(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(export::expand(options.into(), item.into()))
}

/// Runs after a boot that succeeded, on the boot thread, for as long as it likes.
///
/// Takes `rt0::SharedState<T>` and `rt0::Stop`, each or none; sync or async; returns nothing or a
/// `Result` whose error the report shows. A shutdown sets `Stop` and waits for the function to return.
#[proc_macro_attribute]
pub fn main(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(hook::expand(hook::Kind::Main, options.into(), item.into()))
}

/// The orderly end of a generation: runs in a shutdown, when no call is inside and main has returned,
/// before the runtime ends.
///
/// Takes `rt0::SharedState<T>` or nothing; sync or async; returns nothing or a `Result` whose error the
/// shutdown reports. An async one that is not over by the shutdown's deadline is dropped.
#[proc_macro_attribute]
pub fn exit(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(hook::expand(hook::Kind::Exit, options.into(), item.into()))
}

/// Puts the gate alone in front of a function, whatever its interface.
///
/// For those who have a binding generator already, or write `extern "C"` by hand: the function waits
/// until the library is ready, and keeps it so until it returns. If it returns a `Result` whose error
/// can be made from `rt0::Error`, that is all. Otherwise it says what a failed gate gives:
/// `#[rt0::gated(or = -1)]`, or `#[rt0::gated(or_else = |error| ...)]` with a value made from the
/// `rt0::Error`.
///
/// `uncancelled` means the same as in [`macro@export`]; here it is set by itself when the function's own text
/// names `tokio::` or `rt0::`.
///
/// With `#[no_mangle]` or `#[export_name]` below this attribute, the symbol stays visible in what
/// `cargo rt0 build` makes. So do others that Cargo.toml lists:
/// `[package.metadata.rt0] keep = ["name", "start_*"]`.
#[proc_macro_attribute]
pub fn gated(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(gated::expand(options.into(), item.into()))
}

/// Makes a type of the author's an opaque handle: hosts get it as `Box<T>` and pass it back.
///
/// `Result<Box<T>, E>` gives one to the host, `&T` and `&mut T` use one, `Box<T>` takes it back, and the
/// function `PREFIX_T_free`, made by this, drops it. Hosts never hold an address: a handle that was
/// closed, is of another type or older than the last start is an error, and so is one that is in use
/// by another call when this one needs it alone. Numbers of handles are never used twice in a process.
/// `PREFIX_T_free` during a shutdown is the error `STOPPED` and frees nothing: the shutdown does, or is called
/// off, and the handle is as it was. The type must be `Send` and `Sync`.
#[proc_macro_attribute]
pub fn handle(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(handle::expand(options.into(), item.into()))
}

/// Lets a `#[repr(C)]` struct, or an enum without fields and with an integer `repr`, stand in the
/// interface of exports. It must be `Copy`. What a host passes is checked: a bool or an enum that is
/// out of range is an error.
#[proc_macro_derive(CType)]
pub fn ctype(item: TokenStream) -> TokenStream {
    answer(ctype::expand(item.into()))
}
