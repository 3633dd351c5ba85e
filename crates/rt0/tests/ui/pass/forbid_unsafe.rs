//! Code that rt0's macros generate does not count as the author's own unsafe code.
#![forbid(unsafe_code)]

struct State(u32);

#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Pair {
    one: u8,
    other: u64,
}

#[derive(Clone, Copy, rt0::CType)]
#[repr(u8)]
enum Side {
    Left,
    Right,
}

#[rt0::handle]
struct Open(u32);

#[rt0::init]
fn init() -> Result<State, String> {
    Ok(State(1))
}

#[rt0::main]
fn run(_state: rt0::SharedState<State>, _stop: rt0::Stop) {}

#[rt0::exit]
fn leave(_state: rt0::SharedState<State>) {}

#[rt0::export(or = -1)]
fn plain(state: rt0::State<'_, State>) -> i32 {
    state.0 as i32
}

#[rt0::export]
fn all(
    pairs: &mut [Pair],
    pair: &mut Pair,
    text: Option<&str>,
    side: Side,
    open: &mut Open,
    maybe: Option<&mut Pair>,
) -> Result<Vec<Pair>, String> {
    pairs[0].one = text.map_or(0, |text| text.len() as u8);
    pair.other = match side {
        Side::Left => 1,
        Side::Right => maybe.map_or(2, |maybe| maybe.other),
    };
    open.0 += 1;
    Ok(pairs.to_vec())
}

#[rt0::export]
fn open() -> Result<Box<Open>, String> {
    Ok(Box::new(Open(0)))
}

#[rt0::gated(or_else = |_error| -1)]
fn gated() -> i32 {
    1
}

fn main() {
    gated();
}
