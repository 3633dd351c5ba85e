//! How a record of the description gets into the built file.

/// The bytes of a note, with the alignment of notes.
#[repr(C, align(4))]
pub struct Note<const N: usize>(pub [u8; N]);

/// Puts a record into the section that [`rt0_abi`] describes.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_note {
    ($kind:expr, $items:expr) => {
        const _: () = {
            const ITEMS: &[$crate::__private::Item] = &$items;
            // The compiler keeps it because of `used`; the linker keeps it because it is a note.
            #[used]
            #[cfg_attr(
                not(any(target_vendor = "apple", windows)),
                unsafe(link_section = ".note.rt0")
            )]
            #[cfg_attr(windows, unsafe(link_section = ".rt0note"))]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__rt0_note"))]
            static NOTE: $crate::__private::Note<{ $crate::__private::encoded_len(ITEMS) }> =
                $crate::__private::Note($crate::__private::encode($kind, ITEMS));
        };
    };
}

/// Keeps a word of [`rt0_core::define_word`] in a library although all references to it are weak.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_keep_word {
    ($word:ident) => {
        const _: () = {
            struct Address(*const ::core::ffi::c_void);
            // SAFETY: it holds an address that nobody follows.
            unsafe impl ::core::marker::Sync for Address {}

            unsafe extern "C" {
                static $word: ::core::ffi::c_void;
            }

            #[used]
            static KEEP: Address = Address(&raw const $word);
        };
    };
}
