//! The constructor: what the dynamic loader calls when it has loaded the library.
//!
//! Each file format has a file of its own, for how the loader finds the constructor and what it passes. The
//! steps are the same everywhere and are written here. `library.rs` has the table that a library begins with.
//!
//! The constructor runs under the loader lock, on a thread of the host, before anything of std is set up. So
//! it never waits, takes no lock of ours and allocates nothing. The functions of the C library that we call
//! may lock or allocate.

#[cfg(not(any(target_vendor = "apple", windows)))]
mod elf;
mod library;
#[cfg(target_vendor = "apple")]
mod macho;
#[cfg(windows)]
mod pe;

#[cfg(not(any(target_vendor = "apple", windows)))]
pub use self::elf::enter;
#[cfg(target_vendor = "apple")]
pub use self::macho::enter;
#[cfg(windows)]
pub use self::pe::enter;

use crate::generation::page;
use crate::generation::timeline::Mark;
use crate::library::arguments::{self, Given};
use crate::library::{Library, Start, settings};
use crate::platform::loader::{self, namespace};
use crate::platform::{image, kernel, thread};
use crate::{boot, call, exit, fork, sabotage};

/// The steps of a load.
fn construct(library: &'static Library, given: Option<Given>) {
    page().timeline.set(Mark::Constructor);
    if library.is_never_unloaded() {
        image::pin();
    }
    fork::prepare(library.is_never_unloaded());
    namespace::detect();
    exit::register_at_load();
    match sabotage::NO_ARGUMENTS_COPY {
        true => arguments::capture_noted(given),
        false => (library.capture)(given),
    }
    let start = settings::of(library).start;
    let apart = namespace::is_other() && !sabotage::NO_NAMESPACE_CHECK;
    if library.is_never_unloaded() && start != Start::Quiet && !image::is_program() {
        // A library that can be unloaded has nothing inside that needs the loader. And where a `dlclose`
        // waits for its threads, they must not wait for the loader. A quiet library has no boot thread.
        if !apart {
            // In a namespace of its own the boot thread passes no barrier, so nobody waits for this thread.
            boot::note_constructor_thread();
        }
        loader::prefetch_symbols();
    }
    if library.counts_calls
        && !apart
        && thread::is_alone() == Some(true)
        && !sabotage::NO_EARLY_FENCE
    {
        kernel::prepare_to_fence_all_threads();
    }
    let at_load = image::self_starting() && start == Start::Load;
    if at_load && !apart {
        boot::schedule(library);
    }
    if sabotage::NO_EARLY_RETURN && at_load && !apart {
        let _ = call::pass(library, library.default_deadline());
    }
    page().timeline.set(Mark::Returned);
}

/// Makes a library of the crate: defines its constructor, and the symbol by which the core finds its table.
///
/// `library!(TABLE)` takes the path of a `static` [`Library`](crate::Library). The symbol can exist only once
/// in a linked file. So two crates that both use this macro can't be in one library, and the linker's message
/// names both.
#[macro_export]
macro_rules! library {
    ($table:path) => {
        $crate::__entry!($table);
        $crate::define_word!("rt0_init_of_this_library", $table);
    };
}

/// A pointer to the constructor, in the section where the loader looks for constructors.
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
                // This reference makes the linker include the object with the table's symbol.
                ::core::hint::black_box(&raw const rt0_init_of_this_library);
                // SAFETY: called by the loader with what it passes to constructors.
                unsafe { $crate::load::enter(&$table, argc, argv, envp) }
            }
            constructor
        };
    };
}
