//! Any address: a processor may keep a tag in the upper bits (aarch64), or have programs there (32 bits, s390x).

#[inline(always)]
pub fn is_possible(at: usize) -> bool {
    at != 0
}

#[inline(always)]
pub fn wraps(at: usize, bytes: usize) -> bool {
    at.checked_add(bytes).is_none()
}
