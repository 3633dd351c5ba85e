//! The attributes of rt0. Authors use them through the crate `rt0`, which documents the whole.

mod codes;
mod ctype;
mod describe;
mod export;
mod function;
mod gated;
mod handle;
mod hook;
mod init;
mod keep;
mod lower;
mod options;
mod prefix;
mod returned;
mod syntax;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;

fn answer(result: syn::Result<Tokens>) -> TokenStream {
    result
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// Starts the library: the function runs once per generation, on the boot thread.
///
/// It takes nothing or `rt0::Args`, is sync or async, and returns the library's state or a `Result` of it.
/// The state must be a type of the author's own crate, `Send` and `Sync`, or `()` for none. If the function
/// returns an error (printed with `{:#}`) or panics, every call of the library reports that.
///
/// A library has one such function: a second one, in any of its crates, is an error at link time that
/// names both.
///
/// # Options
/// | option | meaning | when left out |
/// |---|---|---|
/// | `start = "load"` | boot when the library is loaded; `"lazy"`: at the first call; `"manual"`: when the host calls `NAME_start`; `"quiet"`: at the first call, and no thread is made, see below | `"load"` |
/// | `wait = "5s"` | how long a call waits for boot: a number with `ms`, `s` or `min`, or `"none"` to wait forever | `"30s"` |
/// | `runtime = "multi_thread"` | tokio with workers; `"current_thread"`: tokio on the boot thread alone; `"none"` | `"multi_thread"`, or `"none"` without the feature `tokio` |
/// | `workers = 4` | how many workers, from 1 to 32768 | one for each processor |
/// | `thread_name = "engine"` | what the threads' names begin with | the library's name |
/// | `stack_size = 4194304` | the stack of the library's threads, in bytes, from 65536 to 1073741824 | 8 MiB for the boot thread, 2 MiB for the others |
/// | `exit_timeout = "5s"` | how long the exit of the process may wait for the library's orderly end, at most an hour; `"0s"`: main is told to stop, but the exit does not wait. See below | `"1s"` |
/// | `retry = "on-call"` | what a call does after a failed boot: `"never"`: it returns the error; `"on-call"`: it ends the failed generation and boots the next one, see below | `"never"` |
/// | `retry_pause = "1s"` | how long after the failure a call boots again; until then calls return the error at once | `"1s"` |
/// | `during_shutdown = "wait"` | what a call does during a shutdown: `"error"`: it returns `STOPPED`; `"wait"`: it waits within its deadline until the shutdown is over, and boots the library again | `"error"` |
/// | `collector_signals = "usr"` | which signals of a host's collector may stop the library's threads: `"usual"`: SIGPWR, SIGXCPU and the real-time signals; `"usr"`: SIGUSR1 and SIGUSR2 as well; `"none"`. See below | `"usual"` |
/// | `async_exports` | adds the calls about ops and queues, which exports that are `async fn` need, see [`macro@export`] | no async exports |
/// | `tracing` | adds the call `NAME_events`, by which a host hears the library's `tracing` events; it needs rt0's feature `tracing` | no events |
/// | `on_thread_start = PATH`, `on_thread_stop = PATH` | what to do first and last on each thread of the runtime: a function, or a closure, see below | nothing |
///
/// The host's environment overrides `start`, `workers`, `thread_name`, `stack_size`, `exit_timeout`,
/// `retry`, `retry_pause` and `collector_signals`: the crate's documentation lists the variables.
///
/// # The exit of the process
/// When the host calls `exit`, or returns from its main, the generation ends as in a shutdown: calls on other
/// threads have half of `exit_timeout` (in the environment: `RT0_EXIT_TIMEOUT`) to return, main is told to
/// stop, exit runs, the state is dropped. Another thread does that. When the time is over, the process ends,
/// even if that thread has not finished. Under the start policy `quiet` the thread that called `exit` does
/// it: there the time limits an async exit, but not an exit that blocks its thread, nor a destructor that
/// never returns.
///
/// # Retry
/// With `retry = "on-call"` only one call boots again. The others wait for that boot within their deadlines,
/// and return its error if it fails too. Each boot is a generation of its own, as `rt0::Args` says. Some
/// calls never boot again: those from the library's own threads, those that only ask (`NAME_wait(0)`), and
/// those from a callback of another call, which would have to return first.
///
/// # The host's signals
/// Asynchronous signals are blocked on the library's threads: the host's threads take them. A garbage
/// collector stops every thread that has called into its virtual machine with a signal, and waits for each;
/// a library's thread that calls the host back is one of them. Such signals are unblocked on the library's
/// threads if the host has a handler for them, and neither the thread that loads the library nor the host's
/// first one blocks them. The threads check again after the host's first call. Mono and Boehm's collector
/// use the usual signals; a host whose collector stops threads with SIGUSR1 or SIGUSR2, as D's does, sets
/// `RT0_COLLECTOR_SIGNALS=usr` in its environment.
///
/// When such a signal arrives, the host's handler runs on the library's thread and its stack, and `read` and
/// similar calls return EINTR unless the handler was installed with SA_RESTART. Rust's std retries them; your
/// C code must do so too. A thread that your code creates inherits the signal mask of its creator.
///
/// # The runtime's threads
/// A thread that calls into a host's virtual machine may have to be made known to it: attached to the JVM as a
/// daemon, registered with a collector. `on_thread_start` runs on each thread that the runtime makes, workers
/// and those for blocking tasks, before its first task, and on the boot thread before main, or before it
/// drives a runtime of its own; `on_thread_stop` runs there at the end. Neither runs on the host's own threads,
/// nor for init. If one panics, the thread goes on, and the report has the panic as `thread_error`.
///
/// # A library without threads
/// Under the start policy `quiet` the first call boots on its own thread, and rt0 makes no threads: for hosts
/// that must stay single-threaded until they fork. The runtime then makes progress only in calls that are
/// inside `rt0::block_on`. The call that boots can't be interrupted: its deadline does not apply to its own
/// boot; other calls wait within theirs. A library with an `#[rt0::main]` can't be quiet: its boot fails with
/// an error that says so. The author's code can still make threads: `spawn_blocking`, `tokio::fs`,
/// `std::thread`.
///
/// # The prefix
/// Every symbol of the library begins with the crate's library name, or with the prefix that Cargo.toml
/// sets: `[package.metadata.rt0] prefix = "name"`.
#[proc_macro_attribute]
pub fn init(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(init::expand(options.into(), item.into()))
}

/// Exports a function to hosts: as the C symbol `PREFIX_name`, which waits until the library is ready.
///
/// The first parameters can be `rt0::State<'_, T>` or `rt0::SharedState<T>`, which hosts do not see.
/// The others, and the result, are numbers, `bool`, `&str`, `String`, `&[T]`, `&mut [T]`, `Vec<T>`, raw
/// pointers, `extern "C"` function pointers, and types with `#[derive(rt0::CType)]` or
/// `#[rt0::handle]`; some of them in an `Option`.
///
/// A shutdown waits for each call that uses the state, a handle or the runtime: a call that takes the state
/// or a handle, or whose function body names `tokio::` or `rt0::`. A call that reaches the runtime only
/// through other functions needs `enter`.
///
/// A function that returns `Result<T, E>`, with `E: Display`, reports every error as a code with a text. Any
/// other function must choose what it returns when the gate fails or it panics: `or = VALUE`, or `or =
/// abort`. The value is an expression in safe code, evaluated each time. If it panics, the process ends with
/// the reason on stderr.
///
/// The memory behind a `&mut [T]` or `&mut T` must not overlap with the memory of another parameter, or the
/// call returns `INVALID_ARGUMENT`. Results may be written over arguments. In structs that hosts receive, the
/// bytes between the fields are zero; a call with `&mut` of such structs goes through all of them before it
/// returns.
///
/// An `unsafe fn` may be exported: its author promises that any host that follows the C header may call it. A
/// safe function with `#[target_feature]` may not, because nothing guarantees that the processor has the
/// feature.
///
/// # Options
/// | option | meaning |
/// |---|---|
/// | `or = -1` | what a call returns if it can't report its error, here -1; `or = abort` ends the process; `or = ()` is for a function without a result |
/// | `enter` | the call runs in the context of the library's tokio runtime, which functions like `tokio::spawn` need. It costs about 20 ns a call. On by default if the function's body names `tokio::`, and if it takes a handle back, whose destructor may need it; `enter = false` turns it off |
/// | `uncancelled` | a `pthread_cancel` of the calling thread waits until the call is over. It costs two calls into the C library, at most some tens of nanoseconds. On by default if the function's body names `tokio::` or `rt0::`, with `enter`, and if it takes a callback or takes a handle back; `uncancelled = false` turns it off. See below |
/// | `timeout = "5s"` | only on an `async fn`: after which time it is given up, with a number and `ms`, `s` or `min`, unless the host says otherwise; never when left out |
/// | `name = "other"` | the symbol is `PREFIX_other` |
///
/// # Async functions
/// An `async fn` becomes three C functions: `PREFIX_name` waits for it, `PREFIX_name_begin` starts it as an *op* and
/// returns at once, `PREFIX_name_end` takes the op's result. The host hears that an op is done from a queue, which
/// event loops can watch, or waits for it. The library's init says `#[rt0::init(async_exports)]`, which adds the calls
/// about ops and queues; without it the library does not link.
///
/// The function returns a `Result`, and its future must be `Send`. It runs in the library's runtime, and outlives
/// the call that has begun it. So what it gets is lent by the op, not by the host: texts, slices and `&T` of plain
/// data are copied, `&T` and `&mut T` of a handle are held until the op is done, `Box<T>` is taken. It can't take
/// `&mut [T]`, `&mut T` of plain data, raw pointers and callbacks, nor `rt0::State`: `rt0::SharedState` is counted.
///
/// When the host cancels the op, the function is dropped at its next `.await`. If it takes `rt0::Cancel`, it is told
/// instead, and goes on to its own end. At its deadline, in a shutdown, and when the runtime is lost it is dropped
/// in any case. A host gets exactly one answer for each op.
///
/// ```ignore
/// #[rt0::export(timeout = "5s")]
/// async fn fetch(app: rt0::SharedState<App>, url: &str) -> Result<String, Error> { ... }
/// ```
///
/// # Threads that are cancelled
/// A C library cancels a thread by unwinding its stack from a *cancellation point*: `read`, `write`, a sleep,
/// a wait for a condition. Rust's frames can't be unwound that way: the process ends with "FATAL: exception
/// not rethrown". rt0's own waits are not cancellation points: at the gate, in `rt0::block_on`, in a
/// shutdown. An export needs `uncancelled` if it waits or writes by other means, or if its callbacks are in a
/// struct, and if it is called on threads that a host may cancel. The thread is then cancelled at its next
/// cancellation point after the call.
#[proc_macro_attribute]
pub fn export(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(export::expand(options.into(), item.into()))
}

/// Runs after a successful boot, on the boot thread, for as long as it likes.
///
/// It takes `rt0::SharedState<T>`, `rt0::Stop`, both or neither. It is sync or async, and returns nothing or
/// a `Result`, whose error the report shows. A shutdown sets `Stop` and waits for the function to return.
#[proc_macro_attribute]
pub fn main(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(hook::expand(hook::Kind::Main, options.into(), item.into()))
}

/// Ends a generation in order: it runs in a shutdown, when no call is inside and main has returned, before
/// the runtime ends.
///
/// It takes `rt0::SharedState<T>` or nothing. It is sync or async, and returns nothing or a `Result`, whose
/// error the shutdown reports. An async one that has not finished by the shutdown's deadline is dropped.
#[proc_macro_attribute]
pub fn exit(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(hook::expand(hook::Kind::Exit, options.into(), item.into()))
}

/// Puts only the gate in front of a function with any interface.
///
/// For authors who use a binding generator (PyO3, napi-rs, UniFFI, jni) or write `extern "C"` by hand: the
/// function waits until the library is ready, and keeps it ready until it returns. If it returns a `Result`,
/// or an alias of one, whose error converts from `rt0::Error`, nothing more is needed. Otherwise `error = PATH`
/// names a function that makes the error, or the author chooses what the function returns when the gate fails.
///
/// # Options
/// | option | meaning |
/// |---|---|
/// | `error = PATH` | makes the error of the function's `Result` from the `rt0::Error`: a function, or a closure |
/// | `or = -1` | what the function returns when the gate fails, here -1; `or = abort` ends the process |
/// | `or_else = PATH` | the same, made from the `rt0::Error`: a function, or a closure |
/// | `wait = PATH` | waits with a lock of the host's released, see below |
/// | `uncancelled` | as in [`macro@export`]; on by default if the function's body names `tokio::` or `rt0::` |
///
/// # A host with a lock
/// A function that a virtual machine calls holds its lock: Python's GIL, Ruby's GVL. If it waits for the boot
/// with that lock, and init needs the lock, each waits for the other until the call's deadline. `wait` says
/// how to wait without it. It is a closure, which can use the function's parameters, or a function, and does
/// what the closure of `rt0::ready_with` does. A library that is ready is entered without it.
///
/// ```ignore
/// #[pyfunction]
/// #[rt0::gated(wait = |wait| py.detach(wait))]
/// fn size(py: Python<'_>) -> PyResult<u64> { ... }
/// ```
///
/// # Async functions
/// On an `async fn` no thread waits: the function awaits `rt0::ready_async()`, on any executor, and holds an
/// `rt0::SharedReady` to its end. The executor is the caller's: its `tokio` functions are not those of the
/// library's runtime, which `rt0::spawn` and `rt0::handle` reach. A future that is dropped leaves the gate.
///
/// # With other attributes
/// It works above and below `#[pyfunction]`, `#[napi]`, `#[uniffi::export]`, `#[jni_mangle]` and
/// `#[no_mangle]`, and on the methods of an `impl` with `#[pymethods]`, `#[napi]` or `#[uniffi::export]`. An
/// attribute that turns the function into one that returns a future must stand below.
///
/// With `#[no_mangle]` or `#[export_name]`, the symbol stays visible in the files that `cargo rt0 build`
/// builds. So do the symbols that Cargo.toml lists: `[package.metadata.rt0] keep = ["name", "start_*"]`.
#[proc_macro_attribute]
pub fn gated(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(gated::expand(options.into(), item.into()))
}

/// Makes one of the author's types an opaque handle: hosts receive it as `Box<T>` and pass it back.
///
/// `Result<Box<T>, E>` gives a handle to the host, `&T` and `&mut T` use it, `Box<T>` takes it back, and the
/// function `PREFIX_T_free`, which this attribute makes, drops it. Hosts never hold an address: a handle that
/// is closed, has another type or is older than the last start is an error, and so is a handle that another
/// call is using when this call needs it alone. A handle's number is never used twice in a process. During a
/// shutdown `PREFIX_T_free` returns `STOPPED` and frees nothing: the shutdown frees the handle, or is called
/// off and leaves the handle unchanged. The type must be `Send` and `Sync`.
#[proc_macro_attribute]
pub fn handle(options: TokenStream, item: TokenStream) -> TokenStream {
    answer(handle::expand(options.into(), item.into()))
}

/// Lets exports take and return a `#[repr(C)]` struct, or an enum without fields and with an integer `repr`.
/// The type must be `Copy`. Values from a host are checked: an invalid bool or enum is an error.
#[proc_macro_derive(CType)]
pub fn ctype(item: TokenStream) -> TokenStream {
    answer(ctype::expand(item.into()))
}

/// Gives each error of an enum a number, by which hosts tell them apart, and tells hosts their names: the header has a
/// constant for each, bindings an exception. `#[code(2)]` stands on a variant; those without it have the number 1 and
/// no name. Variants may share a number: the first one's name and documentation are the ones that hosts see.
///
/// ```ignore
/// #[derive(Debug, rt0::ErrorCode)]
/// enum Error {
///     /// The query is not valid.
///     #[code(2)]
///     BadQuery(String),
///     /// Another process writes to the index.
///     #[code(3)]
///     Busy,
///     Other(std::io::Error),
/// }
/// ```
#[proc_macro_derive(ErrorCode, attributes(code))]
pub fn error_code(item: TokenStream) -> TokenStream {
    answer(codes::expand(item.into()))
}
