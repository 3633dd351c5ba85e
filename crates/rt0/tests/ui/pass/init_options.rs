//! All options of init together, with an async init and both hooks.
#![deny(warnings)]

struct Engine;

mod threads {
    pub fn attach() {}
}

#[rt0::init(
    start = "lazy",
    wait = "2min",
    exit_timeout = "0s",
    runtime = "current_thread",
    workers = 2,
    thread_name = "engine",
    stack_size = 1_048_576,
    retry = "on-call",
    retry_pause = "0ms",
    during_shutdown = "wait",
    collector_signals = "usr",
    on_thread_start = threads::attach,
    on_thread_stop = || threads::attach(),
)]
async fn init(args: rt0::Args) -> Result<Engine, String> {
    let _ = args.generation();
    Ok(Engine)
}

#[rt0::main]
async fn run(engine: rt0::SharedState<Engine>, stop: rt0::Stop) {
    let _engine = engine;
    stop.await;
}

#[rt0::exit]
async fn leave(engine: rt0::SharedState<Engine>) -> Result<(), String> {
    let _engine = engine;
    Ok(())
}

#[rt0::export]
fn name(engine: rt0::State<'_, Engine>, also: rt0::SharedState<Engine>) -> Result<(), String> {
    let _ = (engine, also);
    Ok(())
}

fn main() {
    rt0::ready(None).map(drop).unwrap();
}
