//! The constructor: what the dynamic loader calls when it has loaded the library.
//!
//! One file per format of files for how the loader finds it and what it is given; the steps are the
//! same everywhere and stand here.
//!
//! It runs under the loader lock, on a thread of the host, before anything of std is set up. So: no
//! waiting, no lock of ours, no memory of an allocator's; what we ask the C library for may take either.

#[cfg_attr(not(any(target_vendor = "apple", windows)), path = "elf.rs")]
#[cfg_attr(target_vendor = "apple", path = "macho.rs")]
#[cfg_attr(windows, path = "pe.rs")]
mod format;
pub use self::format::{CAN_UNLOAD, enter};

use crate::args::Given;
use crate::generation::page;
use crate::library::{Library, Start};
use crate::timeline::Mark;
use crate::{args, boot, exit, generation, image, loader, namespace, sabotage, settings};

/// The steps of a load.
fn construct(library: &'static Library, given: Option<Given>) {
    page().timeline.set(Mark::Constructor);
    if library.stays() {
        image::pin();
    }
    generation::prepare(library.stays());
    exit::prepare();
    args::capture(given);
    let start = settings::start(library);
    if library.stays() && start != Start::Quiet && !image::is_program() {
        // One that can be unloaded has nothing inside that needs the loader; and where a `dlclose`
        // waits for its threads, they must not wait for the loader. A quiet one has no boot thread.
        boot::in_constructor();
        loader::look_ahead();
    }
    let at_load = image::self_starting() && start == Start::Load;
    let apart = namespace::is_other() && !sabotage::NO_NAMESPACE_CHECK;
    if at_load && !apart {
        boot::schedule(library);
    }
    if sabotage::NO_EARLY_RETURN && at_load && !apart {
        let _ = boot::pass(library, boot::default_deadline(library));
    }
    page().timeline.set(Mark::Returned);
}

/// A pointer to the constructor, in the section where the loader looks for such.
#[cfg(not(windows))]
#[doc(hidden)]
#[macro_export]
macro_rules! __constructor {
    ($section:literal, $table:path) => {
        #[used]
        #[unsafe(link_section = $section)]
        static CONSTRUCTOR: unsafe extern "C" fn(
            ::core::ffi::c_int,
            *const *const ::core::ffi::c_char,
            *const *const ::core::ffi::c_char,
        ) = {
            unsafe extern "C" {
                static rt0_init_of_this_library: ::core::ffi::c_void;
            }

            unsafe extern "C" fn constructor(
                argc: ::core::ffi::c_int,
                argv: *const *const ::core::ffi::c_char,
                envp: *const *const ::core::ffi::c_char,
            ) {
                // A reference that makes the linker take in the object with the table's symbol.
                ::core::hint::black_box(&raw const rt0_init_of_this_library);
                // SAFETY: called by the loader with what it passes to constructors.
                unsafe { $crate::entry::enter(&$table, argc, argv, envp) }
            }
            constructor
        };
    };
}
