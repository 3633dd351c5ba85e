//! A fiber's stack. Windows keeps the bounds of a thread's stack in the thread's block, and looks there
//! before it unwinds. A fiber is the documented way to change them.

use core::ffi::c_void;
use core::ptr::null_mut;

use crate::platform::address_space;
use crate::platform::kernel::{api, current_fiber};

pub fn on_own_stack<F: FnOnce() -> R, R>(size: usize, f: F) -> Option<R> {
    if !address_space::has_room_for(size) {
        return None;
    }
    // SAFETY: the other functions take no pointer that Windows dereferences. The fiber gets the type that it
    // expects, and is deleted once it has switched back. `f` does not unwind: the library's table promises
    // that for the boot function, and an `extern "system"` function would abort.
    unsafe {
        let was_fiber = api::IsThreadAFiber() != 0;
        let home = if was_fiber {
            current_fiber()
        } else {
            api::ConvertThreadToFiberEx(null_mut(), api::FIBER_FLAG_FLOAT_SWITCH)
        };
        if home.is_null() {
            return None;
        }
        let mut call = Call {
            f: Some(f),
            result: None,
            home,
        };
        let fiber = api::CreateFiberEx(
            0,
            size,
            api::FIBER_FLAG_FLOAT_SWITCH,
            on_the_other_side::<F, R>,
            (&raw mut call).cast(),
        );
        if !fiber.is_null() {
            api::SwitchToFiber(fiber);
            api::DeleteFiber(fiber);
        }
        if !was_fiber {
            api::ConvertFiberToThread();
        }
        call.result
    }
}

struct Call<F, R> {
    f: Option<F>,
    result: Option<R>,
    home: *mut c_void,
}

unsafe extern "system" fn on_the_other_side<F: FnOnce() -> R, R>(call: *mut c_void) {
    // SAFETY: `on_own_stack` passes a `Call` of these types, and uses it only after the switch back.
    let call = unsafe { &mut *call.cast::<Call<F, R>>() };
    call.result = call.f.take().map(|f| f());
    // SAFETY: `on_own_stack` waits in that fiber. Nothing switches back here: a fiber that returned would end
    // the thread.
    unsafe { api::SwitchToFiber(call.home) };
}
