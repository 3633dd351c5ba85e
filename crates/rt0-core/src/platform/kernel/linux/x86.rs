//! Linux on 32-bit x86.

use core::arch::{asm, global_asm};
use core::ffi::c_void;

use super::ThreadEntry;
use super::syscall::Argument;
use crate::platform::assembler::{begin_function, end_function};

pub const LARGEST_PAGE: usize = 4096;

pub const MAP_NORESERVE: usize = 0x4000;
pub const MMAP_IN_MEMORY: bool = false;

pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: this processor's ABI for thread-local storage keeps the pointer's own value in the word that it
    // points to, and every C library that makes threads follows it.
    unsafe {
        asm!(
            "mov {}, gs:[0]",
            out(reg) pointer,
            options(nostack, readonly, preserves_flags),
        );
    }
    pointer
}

pub mod nr {
    /// mmap2(2), whose offset is in units of 4096 bytes.
    pub const MMAP: usize = 192;
    pub const MUNMAP: usize = 91;
    pub const MPROTECT: usize = 125;
    pub const MADVISE: usize = 219;
    pub const FUTEX: usize = 240;
    pub const CLOCK_GETTIME: usize = 265;
    pub const NANOSLEEP: usize = 162;
    pub const OPENAT: usize = 295;
    pub const READ: usize = 3;
    pub const CLOSE: usize = 6;
    pub const GETPID: usize = 20;
    pub const GETTID: usize = 224;
    pub const PRCTL: usize = 172;
    pub const RT_SIGACTION: usize = 174;
    pub const RT_SIGPROCMASK: usize = 175;
    pub const SCHED_YIELD: usize = 158;
    pub const MEMBARRIER: usize = 375;
    pub const CLONE: usize = 120;
    pub const SET_TID_ADDRESS: usize = 258;
    pub const EXIT: usize = 1;
    pub const FUTEX_TIME64: usize = 422;
    pub const CLOCK_GETTIME64: usize = 403;
    pub const SET_THREAD_AREA: usize = 243;
}

pub unsafe fn syscall(number: usize, args: [Argument; 6]) -> isize {
    // SAFETY: passed on to our caller; the array has six words.
    unsafe { call_kernel(number, args.as_ptr().cast()) }
}

global_asm!(
    begin_function!("rt0_call_kernel"),
    ".cfi_startproc",
    "push ebp",
    ".cfi_def_cfa_offset 8",
    ".cfi_offset ebp, -8",
    "push edi",
    ".cfi_def_cfa_offset 12",
    ".cfi_offset edi, -12",
    "push esi",
    ".cfi_def_cfa_offset 16",
    ".cfi_offset esi, -16",
    "push ebx",
    ".cfi_def_cfa_offset 20",
    ".cfi_offset ebx, -20",
    "mov eax, [esp + 20]", // number
    "mov ebp, [esp + 24]", // args, until the last is loaded
    "mov ebx, [ebp]",
    "mov ecx, [ebp + 4]",
    "mov edx, [ebp + 8]",
    "mov esi, [ebp + 12]",
    "mov edi, [ebp + 16]",
    "mov ebp, [ebp + 20]",
    "int 0x80", // preserves all but eax
    "pop ebx",
    ".cfi_def_cfa_offset 16",
    ".cfi_restore ebx",
    "pop esi",
    ".cfi_def_cfa_offset 12",
    ".cfi_restore esi",
    "pop edi",
    ".cfi_def_cfa_offset 8",
    ".cfi_restore edi",
    "pop ebp",
    ".cfi_def_cfa_offset 4",
    ".cfi_restore ebp",
    "ret",
    ".cfi_endproc",
    end_function!("rt0_call_kernel"),
);

unsafe extern "C" {
    /// The kernel takes arguments in two registers that `asm!` does not allow as operands: esi and ebp.
    ///
    /// # Safety
    /// As for [`syscall`]; `args` points to six words.
    #[link_name = "rt0_call_kernel"]
    fn call_kernel(number: usize, args: *const usize) -> isize;
}

pub fn trap() -> ! {
    // SAFETY: it touches nothing, and does not return.
    unsafe { asm!("ud2", options(noreturn, nomem, nostack)) }
}

global_asm!(
    begin_function!("rt0_call_on_stack"),
    ".cfi_startproc",
    "push ebp", // the frame's link, by which debuggers find the caller
    ".cfi_def_cfa_offset 8",
    ".cfi_offset ebp, -8",
    "mov ebp, esp", // kept over the call: ebp is callee-saved
    ".cfi_def_cfa_register ebp",
    "mov eax, [ebp + 8]",  // data
    "mov ecx, [ebp + 12]", // function
    "mov esp, [ebp + 16]", // onto the other stack
    "sub esp, 16",         // keeps the stack aligned, and holds the argument
    "mov [esp], eax",
    "call ecx",
    "mov esp, ebp", // and back
    "pop ebp",
    ".cfi_def_cfa esp, 4",
    ".cfi_restore ebp",
    "ret",
    ".cfi_endproc",
    end_function!("rt0_call_on_stack"),
);

unsafe extern "C" {
    #[link_name = "rt0_call_on_stack"]
    pub fn call_on_stack(
        data: *mut c_void,
        function: unsafe extern "C" fn(*mut c_void),
        top: *mut u8,
    );
}

pub const POINTER_AT: usize = 2048;

pub unsafe fn clone(
    flags: usize,
    top: usize,
    exit_word: usize,
    pointer: usize,
    entry: ThreadEntry,
    record: *mut c_void,
) -> isize {
    let number = match place() {
        Ok(number) => number,
        Err(error) => return error,
    };
    let segment = Segment::new(number, pointer);
    // The field `record` is aligned to 16 bytes, as the stack must be at a call.
    let found = (top - 32 - size_of::<Found>().next_multiple_of(16) + 8) as *mut Found;
    let result;
    // SAFETY: the thread's stack is ours to write. On this thread it is a system call like any other, which
    // reads the segment before it returns. On the new thread, all registers have the values from here except
    // esp and eax, and the code below ends with a call that does not return.
    unsafe {
        found.write(Found {
            selector: number << 3 | 3,
            entry,
            record,
            rest: [0; 3],
        });
        asm!(
            "push esi", // not allowed as an operand
            "mov esi, edx",
            "int 0x80",
            "test eax, eax",
            "jnz 2f",
            "xor ebp, ebp", // no frame before this one
            "pop eax",
            "mov gs, ax",
            "pop eax",
            "call eax",
            "ud2",
            "2:",
            "pop esi",
            inlateout("eax") nr::CLONE => result,
            in("ebx") flags,
            in("ecx") found,
            in("edx") &raw const segment,
            in("edi") exit_word,
        );
    }
    result
}

pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: uses no memory once the stack is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "int 0x80",
            "xor ebx, ebx",
            "mov eax, {exit}", // exit(2): this thread alone
            "int 0x80",
            "ud2",
            exit = const nr::EXIT,
            in("eax") nr::MUNMAP,
            in("ebx") at,
            in("ecx") len,
            options(noreturn),
        );
    }
}

/// What the thread finds on its stack, from the lowest address on.
#[repr(C)]
struct Found {
    /// The selector of its segment.
    selector: u32,
    entry: ThreadEntry,
    /// On top of the stack at the call, so aligned to 16 bytes.
    record: *mut c_void,
    rest: [usize; 3],
}

/// The kernel's `struct user_desc`: a segment. On this processor the thread pointer is a segment, and
/// clone(2) needs its number. Each thread has a table of three segments, which begins as a copy of its
/// creator's. So a new thread's segment replaces the one that its creator uses. If the creator uses none, it
/// goes into a free entry.
#[repr(C)]
struct Segment {
    number: u32,
    base: usize,
    limit: u32,
    flags: u32,
}

impl Segment {
    /// The whole address space, starting at `base`. The flags: 32 bits, writable data, limit in pages,
    /// usable.
    fn new(number: u32, base: usize) -> Segment {
        Segment {
            number,
            base,
            limit: 0xf_ffff,
            flags: 1 | 1 << 4 | 1 << 6,
        }
    }

    /// A free entry: not writable, not present.
    fn none(number: u32) -> Segment {
        Segment {
            number,
            base: 0,
            limit: 0,
            flags: 1 << 3 | 1 << 5,
        }
    }
}

/// set_thread_area(2), for the calling thread. If asked for a free entry, the kernel writes its number.
///
/// # Safety
/// Nothing uses the entry.
unsafe fn set(segment: &mut Segment) -> isize {
    // SAFETY: the kernel only reads and writes the structure, and the entry is free, as our caller promises.
    unsafe { syscall!(nr::SET_THREAD_AREA, &raw mut *segment) }
}

/// The number of the entry for a new thread's segment, or the kernel's error if no entry is free.
fn place() -> Result<u32, isize> {
    const FREE_ONE: u32 = u32::MAX;
    let selector: u32;
    // SAFETY: it only reads a register.
    unsafe { asm!("mov {:e}, gs", out(reg) selector, options(nomem, nostack, preserves_flags)) };
    // A selector of a user program, in this table.
    if selector & 7 == 3 {
        return Ok(selector >> 3);
    }
    let mut found = Segment::new(FREE_ONE, 0);
    // SAFETY: a free entry, which is freed again at once. Nothing uses it in between: other threads have
    // their own tables, and signals are blocked.
    unsafe {
        let result = set(&mut found);
        if result < 0 {
            return Err(result);
        }
        set(&mut Segment::none(found.number));
    }
    Ok(found.number)
}
