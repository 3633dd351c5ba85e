//! What an object file of the library brings along when a linker takes it from an archive.
//!
//! A linker takes from an archive only the object files that something refers to. `needs!(FUNCTION)`
//! adds such a reference to the function that contains it. It costs no instruction.

#[cfg(all(unix, not(target_vendor = "apple")))]
macro_rules! needs {
    ($function:path) => {
        // SAFETY: no instruction, only a relocation that changes nothing.
        unsafe {
            core::arch::asm!(
                "2:",
                ".reloc 2b, BFD_RELOC_NONE, {}",
                sym $function,
                options(nomem, nostack, preserves_flags),
            );
        }
    };
}

/// Other formats of object files have no relocation that does nothing.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
macro_rules! needs {
    ($function:path) => {};
}

pub(crate) use needs;
