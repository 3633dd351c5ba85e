//! PE: the headers say what the file is; it is kept for ever by asking the loader.

use core::ffi::c_void;

use crate::platform::kernel;
use crate::platform::kernel::api::GET_MODULE_HANDLE_EX_FLAG_PIN;
use crate::sabotage;

unsafe extern "C" {
    /// The linker defines it: the header of the file that we are part of.
    static __ImageBase: c_void;
}

/// The callback hears of it.
pub(crate) const CAN_UNLOAD: bool = true;

pub fn is_program() -> bool {
    /// Where the old header says how far off the new one is.
    const NEW_HEADER: usize = 0x3c;
    /// Where that one, behind its signature, has the file's characteristics.
    const CHARACTERISTICS: usize = 22;
    const IMAGE_FILE_DLL: u16 = 0x2000;
    let base = (&raw const __ImageBase).cast::<u8>();
    // SAFETY: the linker defines the symbol at the headers of the very file that we run from, which are
    // mapped and laid out as Microsoft's description of the format says.
    unsafe {
        let header = base.add(NEW_HEADER).cast::<u32>().read_unaligned();
        let flags = base.add(header as usize + CHARACTERISTICS);
        flags.cast::<u16>().read_unaligned() & IMAGE_FILE_DLL == 0
    }
}

pub fn pin() {
    if !is_program() && !sabotage::NO_PIN {
        kernel::this_module(GET_MODULE_HANDLE_EX_FLAG_PIN);
    }
}

/// Windows does not refuse it.
pub(crate) fn pin_again() {}
