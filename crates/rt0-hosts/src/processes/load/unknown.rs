//! Windows does not say it, and Android's C library only from version 10 on.

pub fn load() -> Option<f64> {
    None
}
