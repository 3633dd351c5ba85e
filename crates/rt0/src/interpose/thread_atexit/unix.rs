//! The library's own `__cxa_thread_atexit_impl`.
//!
//! std registers the destructor of a thread-local with the C library's function of that name. glibc's version
//! takes the loader lock, and every thread that std makes registers a destructor before it does anything
//! else. So while some thread is inside a `dlopen`, no thread of the library could start. So the linker
//! puts this function in its place, in this library only, if `cargo rt0 build` or `rt0-build` asks it to. The
//! name is not visible outside, so a host's own thread-locals are not affected.
//!
//! ```text
//!   pthread key ── value of this thread ──► Node ──► Node ──► null      the newest first
//! ```
//!
//! The key's value always *is* the list. If a destructor registers another one, that is put on the list and
//! runs next. When the whole list has run, the value is null, and the C library is done with the key. If a
//! destructor of another key registers something after that, the C library runs our key again, in one of its
//! further rounds (four in all). What is registered in the last round does not run, as with any key.
//!
//! `exit` runs no destructors of keys: see [`run_for_this_thread`].
//!
//! In a fork's child the other threads' lists still exist, but belong to no thread. When such a child exits,
//! a leak checker would report them, and everything that the thread-locals held. So each list is also
//! reachable through an [`Anchor`], and all anchors through a static.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::{c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use rt0_core::platform::thread::key::Key;
use rt0_core::platform::weak_symbols::RawKey;
use rt0_core::platform::{image, weak_symbols};
use rt0_core::sabotage;

use crate::interpose::keys;

rt0_core::define_function!(".weak ", "__wrap___cxa_thread_atexit_impl", register);

unsafe extern "C" {
    /// The symbol that `define_function` defines.
    fn __wrap___cxa_thread_atexit_impl(
        run: Destructor,
        object: *mut c_void,
        file: *mut c_void,
    ) -> c_int;
}

type Destructor = unsafe extern "C" fn(*mut c_void);

struct Node {
    run: Destructor,
    object: *mut c_void,
    next: *mut Node,
    /// The list's anchor; null if there was no memory for one.
    anchor: *const Anchor,
}

/// Points to one thread's list. Never freed: when its thread ends, another thread can take it.
struct Anchor {
    list: AtomicPtr<Node>,
    taken: AtomicBool,
    /// The anchor made before this one.
    next: AtomicPtr<Anchor>,
}

/// The anchor made last.
static ANCHORS: AtomicPtr<Anchor> = AtomicPtr::new(null_mut());

impl Anchor {
    /// Takes a free anchor, or makes a new one. Null if there is no memory for it.
    fn take() -> *const Anchor {
        if sabotage::NO_KEPT_LOCALS {
            return null();
        }
        // Acquire pairs with the Release in `add`.
        let mut at = ANCHORS.load(Ordering::Acquire).cast_const();
        // SAFETY: null, or an anchor that `add` has put there, which is never freed.
        while let Some(anchor) = unsafe { at.as_ref() } {
            // Relaxed, here and below: nobody follows the pointer in an anchor.
            if !anchor.taken.swap(true, Ordering::Relaxed) {
                return at;
            }
            at = anchor.next.load(Ordering::Relaxed);
        }
        Anchor::add()
    }

    fn add() -> *const Anchor {
        // SAFETY: the layout of an `Anchor` is not empty.
        let new = unsafe { System.alloc(Layout::new::<Anchor>()) }.cast::<Anchor>();
        if new.is_null() {
            return null();
        }
        let mut last = ANCHORS.load(Ordering::Relaxed);
        loop {
            // SAFETY: `new` is aligned memory for an `Anchor`, which nobody else knows yet.
            unsafe {
                new.write(Anchor {
                    list: AtomicPtr::new(null_mut()),
                    taken: AtomicBool::new(true),
                    next: AtomicPtr::new(last),
                });
            }
            // Release pairs with the Acquire in `take`.
            match ANCHORS.compare_exchange(last, new, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return new,
                Err(now) => last = now,
            }
        }
    }

    /// Makes the anchor point to the list's first node. If that is null, the list is empty, and another
    /// thread can take the anchor.
    ///
    /// # Safety
    /// `anchor` is null, or this thread got it from [`Anchor::take`].
    unsafe fn hold(anchor: *const Anchor, list: *mut Node) {
        // SAFETY: our caller says so; an anchor is never freed.
        if let Some(anchor) = unsafe { anchor.as_ref() } {
            anchor.list.store(list, Ordering::Relaxed);
            if list.is_null() {
                anchor.taken.store(false, Ordering::Relaxed);
            }
        }
    }
}

static KEY: Key = Key::new();

/// Whether std already has its own key. If it tries to make one and can't, it aborts.
static STD_HAS_KEY: AtomicBool = AtomicBool::new(false);

pub(crate) fn is_in_place() -> bool {
    let ours: weak_symbols::ThreadAtExit = __wrap___cxa_thread_atexit_impl;
    weak_symbols::thread_atexit().is_some_and(|used| used as usize == ours as usize)
}

/// Makes our key, if std registers its thread-locals here at all, and then makes std create its own key. The
/// C library runs the destructors of keys in the order in which the keys were made, and once std's own key
/// has run, nothing can ask for the current thread any more.
pub(crate) fn prepare() -> bool {
    let used = is_in_place();
    keys::one_at_a_time(|| {
        // Relaxed: `one_at_a_time` orders it.
        if STD_HAS_KEY.load(Ordering::Relaxed) {
            return true;
        }
        if used {
            make_key();
        }
        // In a Rust program that has the library among its dependencies, std belongs to the program.
        let program = !image::self_starting();
        if !program && !key_is_left() {
            return sabotage::NO_KEY_CHECK;
        }
        keys::out_of_the_hosts_way(1, std::thread::current);
        STD_HAS_KEY.store(true, Ordering::Relaxed);
        true
    })
}

pub(crate) fn run_for_this_thread() {
    run_all();
}

/// `__cxa_thread_atexit_impl`. 0 when it is registered.
unsafe extern "C" fn register(run: Destructor, object: *mut c_void, file: *mut c_void) -> c_int {
    if !sabotage::NO_THREAD_ATEXIT && push(run, object) {
        return 0;
    }
    // No key or no memory is left. The C library's own function needs no key, but it takes the loader lock.
    match weak_symbols::real_thread_atexit() {
        // SAFETY: our caller's arguments, passed on.
        Some(register) => unsafe { register(run, object, file) },
        None => -1,
    }
}

/// False when there is no key, or no memory.
fn push(run: Destructor, object: *mut c_void) -> bool {
    if key().is_none() {
        return false;
    }
    // Not the author's allocator: the thread-local being registered may belong to it.
    // SAFETY: the layout of a `Node` is not empty.
    let node = unsafe { System.alloc(Layout::new::<Node>()) }.cast::<Node>();
    if node.is_null() {
        return false;
    }
    let next = first();
    // SAFETY: null, or a node that this thread made below.
    let anchor = match unsafe { next.as_ref() } {
        Some(next) => next.anchor,
        None => Anchor::take(),
    };
    // SAFETY: `node` is aligned memory for a `Node`, and only this thread knows it.
    unsafe {
        node.write(Node {
            run,
            object,
            next,
            anchor,
        });
    }
    let kept = set_first(node);
    // SAFETY: the anchor is this thread's. The node is from this allocator, with this layout; if it is not on
    // the list, nobody else has it.
    unsafe {
        if kept {
            Anchor::hold(anchor, node);
        } else {
            Anchor::hold(anchor, next);
            System.dealloc(node.cast(), Layout::new::<Node>());
        }
    }
    kept
}

/// The key's destructor. The C library has set the key's value to null and passes the old one: this thread's
/// list.
unsafe extern "C" fn at_thread_end(list: *mut c_void) {
    set_first(list.cast());
    run_all();
}

fn run_all() {
    loop {
        let node = first();
        if node.is_null() {
            return;
        }
        // SAFETY: the key's value on this thread points to a node that `push` made on this thread. Only this
        // function frees it.
        let Node {
            run,
            object,
            next,
            anchor,
        } = unsafe { node.read() };
        // Take the node off the list before the destructor runs, which may register more, or end the process.
        set_first(next);
        // SAFETY: the anchor is this thread's. `push` got the node from `System`, with this layout, and it is
        // off the list.
        unsafe {
            Anchor::hold(anchor, next);
            System.dealloc(node.cast(), Layout::new::<Node>());
        }
        if !sabotage::NO_LOCALS_DROPPED {
            // SAFETY: whoever registered `run` promised that it can be called once with `object` at the
            // thread's end.
            unsafe { run(object) };
        }
    }
}

/// Our key, made when it is first needed. `None` if all keys are in use, or all but one: that one is left for
/// std, which aborts if it gets no key of its own. Our key is never deleted, because the library is never
/// unloaded.
fn key() -> Option<RawKey> {
    KEY.made().or_else(|| keys::one_at_a_time(make_key))
}

/// Like [`key`], for a caller that is inside `keys::one_at_a_time`.
fn make_key() -> Option<RawKey> {
    let key_is_left = || STD_HAS_KEY.load(Ordering::Relaxed) || key_is_left();
    // Two: std's own key must come after ours.
    // SAFETY: the library is never unloaded, and the key's values are lists of nodes.
    keys::out_of_the_hosts_way(2, || unsafe { KEY.make(at_thread_end, key_is_left) })
}

/// Whether the C library still has a free key.
fn key_is_left() -> bool {
    let (Some(create), Some(delete)) = (
        weak_symbols::pthread_key_create(),
        weak_symbols::pthread_key_delete(),
    ) else {
        return false;
    };
    let mut key = 0;
    // SAFETY: POSIX; nobody else knows this key.
    unsafe { create(&mut key, None) == 0 && delete(key) == 0 }
}

/// This thread's list.
fn first() -> *mut Node {
    KEY.get().cast()
}

/// False if the C library has no memory for the value. That can happen only on the first use in a thread.
fn set_first(list: *mut Node) -> bool {
    KEY.set(list.cast())
}
