//! The gate before async functions: of any executor, `Send`, with references and generators around them.
#![deny(warnings)]

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use rt0_generators::{boxes, methods, wraps};

#[rt0::init]
fn init() -> Words {
    Words("to be".to_owned())
}

struct Words(String);

type Outcome<T> = Result<T, rt0::Error>;

#[rt0::gated]
async fn plain() -> Outcome<usize> {
    other().await;
    Ok(rt0::spawn(async { 7 }).await.unwrap())
}

async fn other() {}

#[rt0::gated]
async fn borrows<T: AsRef<str>>(text: &T) -> Result<&str, rt0::Error> {
    other().await;
    Ok(text.as_ref())
}

#[rt0::gated(or = 0)]
async fn or_a_value() -> usize {
    7
}

#[rt0::gated(error = |error| error.to_string())]
async fn with_its_own_error() -> Result<usize, String> {
    Ok(7)
}

#[wraps]
#[rt0::gated]
pub async fn below() -> Outcome<usize> {
    Ok(7)
}

#[rt0::gated]
#[wraps]
pub async fn above() -> Outcome<usize> {
    Ok(7)
}

#[rt0::gated]
#[boxes]
async fn above_one_that_boxes() -> Outcome<usize> {
    Ok(7)
}

struct Engine(usize);

#[methods]
impl Engine {
    #[rt0::gated]
    pub async fn size(&self) -> Outcome<usize> {
        Ok(self.0)
    }
}

async fn travels() -> Outcome<usize> {
    let here = rt0::ready_async().await?;
    let there = here.clone();
    drop(here);
    let thread = std::thread::spawn(move || there.state::<Words>().0.len());
    Ok(thread.join().unwrap())
}

fn shares() -> Outcome<usize> {
    let here = rt0::ready(None)?.share();
    let thread = std::thread::spawn(move || here.state::<Words>().0.len());
    Ok(thread.join().unwrap())
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The smallest executor.
fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

fn is_send<F: Future + Send>(future: F) -> F {
    future
}

fn main() {
    assert_eq!(run(is_send(plain())).unwrap(), 7);
    assert_eq!(run(is_send(borrows(&"seven"))).unwrap(), "seven");
    assert_eq!(run(is_send(or_a_value())), 7);
    assert_eq!(run(is_send(with_its_own_error())), Ok(7));
    assert_eq!(run(is_send(below::called())).unwrap(), 7);
    assert_eq!(run(is_send(above::called())).unwrap(), 7);
    assert_eq!(run(is_send(above_one_that_boxes())).unwrap(), 7);
    assert_eq!(run(is_send(Engine(7).size_called())).unwrap(), 7);
    assert_eq!(run(is_send(travels())).unwrap(), 5);
    assert_eq!(shares().unwrap(), 5);
}
