//! Init and the hooks in a module of their own, with their types outside it.
#![deny(warnings)]

struct Engine;

#[derive(Debug)]
struct Problem;

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a problem")
    }
}

mod start {
    #[rt0::init]
    fn init(args: rt0::Args) -> Result<super::Engine, super::Problem> {
        match args.generation() {
            0 => Err(super::Problem),
            _ => Ok(super::Engine),
        }
    }

    pub mod run {
        #[rt0::main]
        fn main(engine: rt0::SharedState<super::super::Engine>, stop: rt0::Stop) {
            let _engine = engine;
            stop.wait();
        }

        #[rt0::exit]
        fn exit(
            engine: rt0::SharedState<super::super::Engine>,
        ) -> Result<(), super::super::Problem> {
            let _engine = engine;
            Ok(())
        }
    }
}

#[rt0::export]
fn name(engine: rt0::State<'_, Engine>) -> Result<(), String> {
    let _ = engine;
    Ok(())
}

fn main() {
    rt0::ready(None).map(drop).unwrap();
}
