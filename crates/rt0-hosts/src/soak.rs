//! How often a test repeats what would fail only by chance: a few times, or in a soak (`RT0_SOAK`) often.

/// Whether this is a soak.
pub fn is_soak() -> bool {
    std::env::var_os("RT0_SOAK").is_some()
}

/// The first number, or in a soak the second.
pub fn runs(few: u32, many: u32) -> u32 {
    if is_soak() { many } else { few }
}
