//! `#[rt0::init]`: the library itself, its settings and its lifecycle calls.

use proc_macro2::{Span, TokenStream as Tokens};
use quote::{format_ident, quote, quote_spanned};
use syn::{Error, Expr, ItemFn, LitStr, Result, ReturnType, Type};

use crate::describe;
use crate::function;
use crate::options::{Options, milliseconds};
use crate::prefix::{depend_on_manifest, prefix};
use crate::returned::is_unit;
use crate::syntax::{error_argument, first_argument, last_name, place};

struct Settings {
    start: String,
    wait_ms: Option<u32>,
    exit_ms: u32,
    /// `None`: the default, which depends on the feature `tokio`.
    runtime: Option<String>,
    workers: usize,
    thread_name: String,
    stack_size: usize,
    retry: bool,
    retry_pause_ms: u32,
    waits_for_shutdown: bool,
    collector_signals: String,
    /// What the author does on each thread of the runtime: `on_thread_start` and `on_thread_stop`.
    on_thread: [Option<Expr>; 2],
    async_exports: bool,
    tracing: bool,
}

impl Settings {
    /// The version of the rules that the library's description follows: the oldest that has all that is in it.
    fn abi(&self) -> Tokens {
        if self.async_exports || self.tracing {
            quote!(::rt0::__private::ABI_VERSION)
        } else {
            quote!(::rt0::__private::ABI_VERSION_OF_CALLS)
        }
    }
}

const ON_THREAD: [&str; 2] = ["on_thread_start", "on_thread_stop"];

pub fn expand(options: Tokens, item: Tokens) -> Result<Tokens> {
    let settings = settings(Options::parse(options)?)?;
    let function = function::parse("init", item)?;
    function::check_plain("init", &function.sig)?;
    if function.sig.inputs.len() > 1 {
        return Err(Error::new_spanned(
            &function.sig.inputs,
            "init takes nothing, or one `rt0::Args`",
        ));
    }
    let is_async = function.sig.asyncness.is_some();
    if is_async && settings.runtime.as_deref() == Some("none") {
        return Err(Error::new_spanned(
            function.sig.asyncness,
            "an async init needs a runtime, but this library has `runtime = \"none\"`",
        ));
    }
    let prefix = prefix()?;
    let require = is_async.then(|| quote!(::rt0::__private::require_async!("an async init");));
    let (state, call) = state_and_call(&function)?;
    // SAFETY: it is what this init returns, and there is only one init in a library that links.
    let implement = state.map(|state| {
        quote! {
            unsafe impl ::rt0::__private::IsState for #state {
                #[inline(never)]
                fn library() -> &'static ::rt0::__private::rt0_core::Library {
                    &__rt0_init::LIBRARY
                }
            }
        }
    });
    let takes_args = !function.sig.inputs.is_empty();
    let config = config(&settings, &prefix, takes_args);
    let on_thread = on_thread(&settings);
    let lifecycle = lifecycle(&prefix, &settings.abi());
    let ops = settings.async_exports.then(|| ops(&prefix));
    let events = settings.tracing.then(|| events(&prefix));
    let record = record(&function, &settings, &prefix);
    let manifest = depend_on_manifest();
    Ok(quote! {
        #function
        #implement

        #on_thread

        // In the function's scope, so that the types in its signature resolve.
        #[doc(hidden)]
        #[allow(clippy::all, clippy::pedantic)]
        fn __rt0_run_init(
            __rt0_boot: &::rt0::__private::Booting<'_>,
        ) -> ::core::result::Result<
            ::rt0::__private::AnyState,
            ::rt0::__private::std::string::String,
        > {
            #call
        }

        #[doc(hidden)]
        #[allow(unused_imports, missing_docs, clippy::all, clippy::pedantic)]
        mod __rt0_init {

            #[cfg(panic = "abort")]
            ::core::compile_error!("rt0 returns panics to the host as errors, which needs unwinding: remove `panic = \"abort\"` from this library's profile in Cargo.toml");
            #require
            #manifest

            static CONFIG: ::rt0::__private::Config = #config;
            pub(super) static LIBRARY: ::rt0::__private::rt0_core::Library = ::rt0::__private::library(&CONFIG);
            ::rt0::__private::rt0_core::library!(LIBRARY);

            #lifecycle
            #ops
            #events
            #record
        }
    })
}

fn settings(mut options: Options) -> Result<Settings> {
    if let Some(prefix) = options.text("prefix")? {
        return Err(Error::new(
            prefix.span(),
            "set the prefix in Cargo.toml, where every attribute reads it: [package.metadata.rt0] prefix = \"...\"",
        ));
    }
    let settings = Settings {
        start: options
            .word("start", &["load", "lazy", "manual", "quiet"])?
            .unwrap_or("load".to_owned()),
        wait_ms: match options.text("wait")? {
            None => Some(30_000),
            Some(text) => wait(&text)?,
        },
        exit_ms: match options.text("exit_timeout")? {
            None => 1000,
            Some(text) => exit_timeout(&text)?,
        },
        runtime: options.word("runtime", &["multi_thread", "current_thread", "none"])?,
        workers: options.number("workers", 1..=32_768)?.unwrap_or(0),
        thread_name: options
            .text("thread_name")?
            .map(|name| name.value())
            .unwrap_or_default(),
        stack_size: options
            .number("stack_size", 65_536..=1_073_741_824)?
            .unwrap_or(0),
        retry: options.word("retry", &["never", "on-call"])?.as_deref() == Some("on-call"),
        retry_pause_ms: match options.text("retry_pause")? {
            None => 1000,
            Some(text) => retry_pause(&text)?,
        },
        waits_for_shutdown: options
            .word("during_shutdown", &["error", "wait"])?
            .as_deref()
            == Some("wait"),
        collector_signals: options
            .word("collector_signals", &["none", "usual", "usr"])?
            .unwrap_or("usual".to_owned()),
        on_thread: [options.expr(ON_THREAD[0])?, options.expr(ON_THREAD[1])?],
        async_exports: options.flag("async_exports")?.unwrap_or(false),
        tracing: options.flag("tracing")?.unwrap_or(false),
    };
    options.finish(
        "`start`, `wait`, `exit_timeout`, `runtime`, `workers`, `thread_name`, `stack_size`, `retry`, `retry_pause`, \
         `during_shutdown`, `collector_signals`, `on_thread_start`, `on_thread_stop`, `async_exports` and `tracing`",
    )?;
    if settings.async_exports && settings.runtime.as_deref() == Some("none") {
        return Err(Error::new(
            Span::call_site(),
            "async exports need a runtime, but this library has `runtime = \"none\"`",
        ));
    }
    if let (Some("none"), Some(function)) = (
        settings.runtime.as_deref(),
        settings.on_thread.iter().flatten().next(),
    ) {
        return Err(Error::new_spanned(
            function,
            "this library has `runtime = \"none\"`, and so no threads of a runtime",
        ));
    }
    Ok(settings)
}

/// `"500ms"`, `"5s"`, `"2min"`, or `"none"`.
fn wait(text: &LitStr) -> Result<Option<u32>> {
    let value = text.value();
    if value == "none" {
        return Ok(None);
    }
    match milliseconds(&value) {
        Some(ms) if ms > 0 => Ok(Some(ms)),
        _ => Err(Error::new(
            text.span(),
            "`wait` is a whole number above zero with a unit, as in \"500ms\", \"5s\" or \"2min\", or \"none\" to wait forever",
        )),
    }
}

/// `"500ms"`, `"5s"`, `"0s"`; at most an hour.
fn exit_timeout(text: &LitStr) -> Result<u32> {
    milliseconds(&text.value())
        .filter(|ms| *ms <= 3_600_000)
        .ok_or_else(|| {
            Error::new(
                text.span(),
                "`exit_timeout` is a whole number with a unit, as in \"500ms\" or \"5s\", of at most an hour; \"0s\" does not wait",
            )
        })
}

/// `"0ms"`, `"1s"`: at most a day, as in the host's environment.
fn retry_pause(text: &LitStr) -> Result<u32> {
    match milliseconds(&text.value()) {
        Some(ms) if ms <= 86_400_000 => Ok(ms),
        _ => Err(Error::new(
            text.span(),
            "`retry_pause` is a whole number with a unit, as in \"500ms\", \"5s\" or \"2min\", of at most a day",
        )),
    }
}

/// The type of the state, unless it is `()`, and the expression that runs the function.
fn state_and_call(function: &ItemFn) -> Result<(Option<&Type>, Tokens)> {
    let name = &function.sig.ident;
    let args = function
        .sig
        .inputs
        .first()
        .map(|input| quote_spanned!(place(input)=> __rt0_boot.args()));
    let mut call = quote!(#name(#args));
    if function.sig.asyncness.is_some() {
        call = quote!(__rt0_boot.block_on(#call));
    }
    let returned = match &function.sig.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(&**ty),
    };
    let (state, call) = match returned {
        Some(ty) if last_name(ty).as_deref() == Some("Result") => {
            let state = first_argument(ty).ok_or_else(|| {
                Error::new_spanned(
                    ty,
                    "write out the types of the `Result`: `Result<State, Error>`",
                )
            })?;
            let of_error = error_argument(ty);
            let call = quote!(#call.map_err(|error| ::rt0::__private::shown #of_error (&error)));
            // With its type, because a `Result` may be an alias that puts something else around its argument.
            (Some(state), quote!(__rt0_boot.fallible::<#state>(#call)))
        }
        None => (None, quote!(__rt0_boot.state::<()>(#call))),
        Some(state) => (Some(state), quote!(__rt0_boot.state::<#state>(#call))),
    };
    let state = state.filter(|ty| !is_unit(ty));
    match state.filter(|ty| is_known_foreign(ty)) {
        None => Ok((state, call)),
        Some(ty) => Err(Error::new_spanned(
            ty,
            "the state must be a type of your own: wrap this one, as in `struct State(...);`",
        )),
    }
}

/// Types of std and of the language, recognized by their names. For types of other crates the compiler's own
/// error must do, which does not say how to fix it.
fn is_known_foreign(ty: &Type) -> bool {
    const PLAIN: &str = " bool char f32 f64 i8 i16 i32 i64 i128 isize \
        u8 u16 u32 u64 u128 usize String ";
    const GENERIC: &str = " Arc BTreeMap BTreeSet Box HashMap HashSet Mutex Option RwLock Vec ";
    let is_in = |names: &str, name: String| names.contains(&format!(" {name} "));
    match ty {
        Type::Path(_) => last_name(ty).is_some_and(|name| match first_argument(ty) {
            None => is_in(PLAIN, name),
            Some(_) => is_in(GENERIC, name),
        }),
        Type::Tuple(_) | Type::Array(_) | Type::Reference(_) => true,
        _ => false,
    }
}

/// Functions that run the author's, in the scope of the author's init.
fn on_thread(settings: &Settings) -> Tokens {
    let run = |(option, function): (&str, &Option<Expr>)| {
        let function = function.as_ref()?;
        let name = format_ident!("__rt0_{option}");
        let run = quote_spanned!(place(function)=> ::rt0::__private::on_thread(#option, #function));
        Some(quote! {
            #[doc(hidden)]
            fn #name() { #run }
        })
    };
    ON_THREAD
        .into_iter()
        .zip(&settings.on_thread)
        .filter_map(run)
        .collect()
}

fn config(settings: &Settings, prefix: &str, takes_args: bool) -> Tokens {
    let on_thread = ON_THREAD
        .iter()
        .zip(&settings.on_thread)
        .map(|(option, function)| {
            let (field, name) = (format_ident!("{option}"), format_ident!("__rt0_{option}"));
            match function {
                Some(_) => quote!(#field: ::rt0::__private::on_runtimes_threads(super::#name),),
                None => quote!(#field: ::core::option::Option::None,),
            }
        });
    let start = match settings.start.as_str() {
        "lazy" => quote!(Lazy),
        "manual" => quote!(Manual),
        "quiet" => quote!(Quiet),
        _ => quote!(Load),
    };
    let collector_signals = match settings.collector_signals.as_str() {
        "none" => quote!(None),
        "usr" => quote!(Usr),
        _ => quote!(Usual),
    };
    let wait = match settings.wait_ms {
        Some(ms) => quote!(::core::option::Option::Some(#ms)),
        None => quote!(::core::option::Option::None),
    };
    let runtime = match settings.runtime.as_deref() {
        Some("multi_thread") => quote!(MultiThread),
        Some("current_thread") => quote!(CurrentThread),
        Some(_) => quote!(None),
        None => quote!(DEFAULT),
    };
    let ops = settings.async_exports.then(|| quote!(OPS_PART,));
    let events = settings.tracing.then(|| quote!(EVENTS_PART,));
    let parts = quote!(#ops #events);
    let exit_ms = settings.exit_ms;
    let (workers, name, stack) = (settings.workers, &settings.thread_name, settings.stack_size);
    let (retry, pause, waits) = (
        settings.retry,
        settings.retry_pause_ms,
        settings.waits_for_shutdown,
    );
    quote! {
        ::rt0::__private::Config {
            name: #prefix,
            start: ::rt0::__private::Start::#start,
            wait_ms: #wait,
            exit_ms: #exit_ms,
            runtime: ::rt0::__private::RuntimeKind::#runtime.possible(),
            workers: #workers,
            thread_name: #name,
            stack_size: #stack,
            forked: ::rt0::__private::text_for(#prefix),
            retry: #retry,
            retry_pause_ms: #pause,
            waits_for_shutdown: #waits,
            collector_signals: ::rt0::__private::CollectorSignals::#collector_signals,
            takes_args: #takes_args,
            #(#on_thread)*
            parts: &[#parts],
            init: super::__rt0_run_init,
        }
    }
}

/// A call that the library has once, under its prefix.
fn own_call(
    prefix: &str,
    name: &str,
    params: &Tokens,
    result: &Tokens,
    body: impl Fn(&str) -> Tokens,
) -> Tokens {
    let symbol = format!("{prefix}_{name}");
    let name = format_ident!("{name}");
    let body = body(&symbol);
    quote! {
        #[unsafe(export_name = #symbol)]
        unsafe extern "C" fn #name(#params) -> #result {
            // SAFETY: the host keeps to the C header.
            #[allow(unused_unsafe)]
            unsafe { #body }
        }
    }
}

/// The calls about ops and queues, and what ties async exports to this init.
fn ops(prefix: &str) -> Tokens {
    let ops = quote!(::rt0::__private::ops);
    let (op, queue) = (quote!(op: *mut #ops::Op), quote!(queue: *mut #ops::Queue));
    let new_queue = quote!(queue: *mut *mut #ops::Queue);
    let err = quote!(err: *mut *mut ::core::ffi::c_char);
    let call = |name: &str, params: Tokens, arguments: Tokens| {
        own_call(prefix, name, &params, &quote!(i32), |symbol| {
            let name = format_ident!("{name}");
            quote!(#ops::exports::#name(#symbol, #arguments))
        })
    };
    let calls = [
        call(
            "op_wait",
            quote!(#op, timeout_ms: i32),
            quote!(op, timeout_ms),
        ),
        call("op_cancel", op.clone(), quote!(op)),
        call("op_free", op, quote!(op)),
        call(
            "queue_new",
            quote!(limit: u32, #new_queue, #err),
            quote!(limit, queue, err),
        ),
        call(
            "queue_call",
            quote! {
                limit: u32,
                done: ::core::option::Option<#ops::exports::Done>,
                user: *mut ::core::ffi::c_void,
                #new_queue,
                #err
            },
            quote!(limit, done, user, queue, err),
        ),
        call("queue_free", queue.clone(), quote!(queue)),
        call(
            "queue_take",
            quote!(#queue, tags: *mut u64, room: usize, count: *mut usize, timeout_ms: i32),
            quote!(queue, tags, room, count, timeout_ms),
        ),
        call(
            "queue_fd",
            quote!(#queue, fd: *mut isize, #err),
            quote!(queue, fd, err),
        ),
    ];
    quote! {
        ::rt0::__private::if_async! {
            "the option `async_exports`", "remove the option", {
                const OPS_PART: &dyn ::rt0::__private::Part = #ops::PART;
                ::rt0::__private::rt0_core::define_mark!(
                    "an_async_export_needs_rt0_init_with_async_exports"
                );
                #(#calls)*
            } {
                const OPS_PART: &dyn ::rt0::__private::Part = ::rt0::__private::NO_PART;
            }
        }
    }
}

/// The call by which a host hears of the library's events.
fn events(prefix: &str) -> Tokens {
    let events = quote!(::rt0::__private::events);
    let params = quote! {
        level: i32,
        event: ::core::option::Option<#events::Callback>,
        user: *mut ::core::ffi::c_void
    };
    let call = own_call(
        prefix,
        rt0_abi::EVENTS,
        &params,
        &quote!(i32),
        |_| quote!(#events::register(level, event, user)),
    );
    quote! {
        ::rt0::__private::if_tracing! {
            {
                const EVENTS_PART: &dyn ::rt0::__private::Part = #events::PART;
                #call
            } {
                const EVENTS_PART: &dyn ::rt0::__private::Part = ::rt0::__private::NO_PART;
            }
        }
    }
}

/// The lifecycle calls under the library's prefix.
fn lifecycle(prefix: &str, abi: &Tokens) -> Tokens {
    let call = |name: &str, params: Tokens, result: Tokens, arguments: Tokens| {
        own_call(prefix, name, &params, &result, |_| {
            let name = format_ident!("{name}");
            quote!(::rt0::__private::lifecycle::#name(#arguments))
        })
    };
    let none = Tokens::new();
    let calls = [
        call("abi_version", none.clone(), quote!(u32), abi.clone()),
        call("start", none.clone(), quote!(i32), quote!(&LIBRARY)),
        call(
            "wait",
            quote!(timeout_ms: i32),
            quote!(i32),
            quote!(&LIBRARY, timeout_ms),
        ),
        call("state", none.clone(), quote!(i32), none.clone()),
        call(
            "last_error",
            none.clone(),
            quote!(*const ::core::ffi::c_char),
            none.clone(),
        ),
        call(
            "shutdown",
            quote!(timeout_ms: i32),
            quote!(i32),
            quote!(&LIBRARY, timeout_ms),
        ),
        call(
            "report",
            none,
            quote!(*mut ::core::ffi::c_char),
            quote!(&LIBRARY),
        ),
        call(
            "free",
            quote!(buffer: *mut ::core::ffi::c_void),
            quote!(i32),
            quote!(buffer),
        ),
    ];
    quote!(#(#calls)*)
}

/// What rt0 has its own functions for, if the linker puts them in place.
fn own_functions() -> String {
    let names: Vec<_> = rt0_abi::linking::functions().collect();
    names.join(" ")
}

fn record(function: &ItemFn, settings: &Settings, prefix: &str) -> Tokens {
    let wait_ms = settings.wait_ms.map_or(-1, i64::from);
    let mut items = vec![
        describe::text(quote!(NAME), prefix),
        quote!(::rt0::__private::Item::text(
            ::rt0::__private::tag::CRATE,
            ::core::env!("CARGO_PKG_NAME")
        )),
        quote!(::rt0::__private::Item::text(
            ::rt0::__private::tag::VERSION,
            ::core::env!("CARGO_PKG_VERSION")
        )),
        describe::number(quote!(ABI), settings.abi()),
        describe::text(quote!(START), &settings.start),
        describe::number(quote!(WAIT_MS), quote!(#wait_ms)),
        quote!(::rt0::__private::Item::text(
            ::rt0::__private::tag::RUNTIME,
            CONFIG_RUNTIME
        )),
        // rt0 contains std, and a library that boots std keeps its own file in memory.
        describe::number(quote!(PINS_ITSELF), quote!(1)),
        describe::text(quote!(OWN_FUNCTIONS), &own_functions()),
    ];
    for (tag, is_on) in [
        (quote!(OPS), settings.async_exports),
        (quote!(EVENTS), settings.tracing),
    ] {
        items.extend(is_on.then(|| describe::number(tag, quote!(1))));
    }
    items.extend(describe::docs(&function.attrs));
    let record = describe::record(quote!(LIBRARY), &items);
    let runtime = match settings.runtime.as_deref() {
        Some("multi_thread") => quote!(MultiThread),
        Some("current_thread") => quote!(CurrentThread),
        Some(_) => quote!(None),
        None => quote!(DEFAULT),
    };
    quote! {
        const CONFIG_RUNTIME: &str = ::rt0::__private::RuntimeKind::#runtime.name();
        #record
    }
}
