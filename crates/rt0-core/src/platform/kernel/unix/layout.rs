//! Checks what the crate assumes about the C library's types against the crate `libc`, whose tests check it
//! against the headers. All of this happens at compile time.

use core::mem::{offset_of, size_of};

use crate::platform::weak_symbols::{DlInfo, RawKey};

const _: () = {
    // We keep a handle of `pthread_create` in a word.
    assert!(size_of::<libc::pthread_t>() == size_of::<usize>());
    // The room for attributes in `thread/pthread.rs`.
    assert!(size_of::<libc::pthread_attr_t>() <= 128);
    assert!(align_of::<libc::pthread_attr_t>() <= 16);
    assert!(size_of::<libc::pthread_key_t>() == size_of::<RawKey>());
    assert!(size_of::<DlInfo>() == size_of::<libc::Dl_info>());
    assert!(offset_of!(DlInfo, file) == offset_of!(libc::Dl_info, dli_fname));
    assert!(offset_of!(DlInfo, base) == offset_of!(libc::Dl_info, dli_fbase));
    assert!(offset_of!(DlInfo, symbol) == offset_of!(libc::Dl_info, dli_sname));
    assert!(offset_of!(DlInfo, address) == offset_of!(libc::Dl_info, dli_saddr));
};
