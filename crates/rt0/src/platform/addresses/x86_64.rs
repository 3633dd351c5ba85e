//! On x86-64 programs have the lower half of the address space, also with tags in the upper bits (LAM): the highest
//! bit is 0. So null and the upper half are one comparison, and nothing that begins in the lower half wraps.

#[inline(always)]
pub fn is_possible(at: usize) -> bool {
    at as isize > 0
}

#[inline(always)]
pub fn wraps(_at: usize, _bytes: usize) -> bool {
    false
}
