//! Async exports through real hosts (docs/async.md).

mod surface;
