//! Libraries that authors build with their language's own tools, in that language's host: the projects of
//! `examples/`.

mod jni;
mod musllinux;
mod napi;
mod project;
mod pyo3;
mod uniffi;
