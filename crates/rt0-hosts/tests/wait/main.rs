//! Wait: calls that wait for the start, their deadlines and errors, and how calls end (W in
//! `docs/hazards.md`).

mod awaited;
mod closures;
mod failure;
mod gate;
mod leaving;
mod loader_lock;
mod outside;
mod retry;
mod stack;
