//! The functions of Windows that we call, declared as in Microsoft's manual. Every process has their
//! libraries.

use core::ffi::{c_char, c_void};

pub type Handle = *mut c_void;
pub type Bool = i32;
pub type ThreadStart = unsafe extern "system" fn(*mut c_void) -> u32;
pub type FiberStart = unsafe extern "system" fn(*mut c_void);

pub const INFINITE: u32 = u32::MAX;
pub const MEM_COMMIT: u32 = 0x1000;
pub const MEM_RESERVE: u32 = 0x2000;
pub const MEM_RELEASE: u32 = 0x8000;
pub const PAGE_NOACCESS: u32 = 1;
pub const PAGE_READWRITE: u32 = 4;
pub const STACK_SIZE_PARAM_IS_A_RESERVATION: u32 = 0x1_0000;
pub const FIBER_FLAG_FLOAT_SWITCH: u32 = 1;
pub const GET_MODULE_HANDLE_EX_FLAG_PIN: u32 = 1;
pub const GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS: u32 = 4;

#[link(name = "kernel32")]
unsafe extern "system" {
    pub fn CloseHandle(object: Handle) -> Bool;
    pub fn ConvertFiberToThread() -> Bool;
    pub fn ConvertThreadToFiberEx(parameter: *mut c_void, flags: u32) -> *mut c_void;
    pub fn CreateFiberEx(
        commit: usize,
        reserve: usize,
        flags: u32,
        start: FiberStart,
        parameter: *mut c_void,
    ) -> *mut c_void;
    pub fn CreateThread(
        attributes: *const c_void,
        stack_size: usize,
        start: ThreadStart,
        parameter: *mut c_void,
        flags: u32,
        id: *mut u32,
    ) -> Handle;
    pub fn DeleteFiber(fiber: *mut c_void);
    pub fn FreeEnvironmentStringsW(strings: *mut u16) -> Bool;
    pub fn FreeLibrary(module: Handle) -> Bool;
    pub fn FreeLibraryAndExitThread(module: Handle, exit_code: u32) -> !;
    pub fn GetCommandLineW() -> *const u16;
    pub fn GetCurrentThread() -> Handle;
    pub fn GetCurrentThreadId() -> u32;
    pub fn GetCurrentProcessId() -> u32;
    pub fn GetEnvironmentStringsW() -> *mut u16;
    pub fn GetModuleHandleExW(flags: u32, name: *const u16, module: *mut Handle) -> Bool;
    pub fn GetModuleHandleW(name: *const u16) -> Handle;
    pub fn GetProcAddress(module: Handle, name: *const c_char) -> *mut c_void;
    pub fn GetProcessHeap() -> Handle;
    pub fn HeapAlloc(heap: Handle, flags: u32, bytes: usize) -> *mut c_void;
    pub fn HeapFree(heap: Handle, flags: u32, memory: *mut c_void) -> Bool;
    pub fn IsThreadAFiber() -> Bool;
    pub fn QueryPerformanceCounter(count: *mut i64) -> Bool;
    pub fn QueryPerformanceFrequency(frequency: *mut i64) -> Bool;
    pub fn SwitchToFiber(fiber: *mut c_void);
    pub fn SwitchToThread() -> Bool;
    pub fn VirtualAlloc(at: *mut c_void, size: usize, kind: u32, protect: u32) -> *mut c_void;
    pub fn VirtualFree(at: *mut c_void, size: usize, kind: u32) -> Bool;
    pub fn WaitForSingleObject(object: Handle, milliseconds: u32) -> u32;
}

// Windows 8 and later.
#[link(name = "synchronization")]
unsafe extern "system" {
    pub fn WaitOnAddress(
        address: *const c_void,
        compare: *const c_void,
        size: usize,
        milliseconds: u32,
    ) -> Bool;
    pub fn WakeByAddressAll(address: *const c_void);
}
