//! The library's own `pow`: tokio calls it once, in a statistic, and for that alone a load would have to find
//! and map `libm.so.6`.
//!
//! It is the `libm` crate's, which is within one unit in the last place, because with `lto = "fat"` nobody can
//! tell tokio's call from the author's. `cargo rt0 build` puts it there if the library needs nothing else of
//! the C library's mathematics.

rt0_core::define_function!("rt0_pow", pow);

extern "C" fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}
