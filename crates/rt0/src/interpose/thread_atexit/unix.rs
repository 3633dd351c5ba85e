//! A `__cxa_thread_atexit_impl` of the library's own.
//!
//! std registers the destructor of a thread-local with the C library's function of that name. glibc's
//! takes the loader lock, and every thread that std makes registers one before it does anything else.
//! While some thread is inside a `dlopen`, no thread of the library would get going. So
//! `cargo rt0 build` has the linker put this one in its place, for this library alone: the name is not
//! visible outside, and a host's own thread-locals go where they always went. Plain cargo leaves
//! glibc's.
//!
//! ```text
//!   pthread key ── value of this thread ──► Node ──► Node ──► null      the newest first
//! ```
//!
//! The value of the key *is* the list, at any time: what a destructor registers is on it, and runs next.
//! When the list has run, the value is null, and the C library is done with it; a destructor of another
//! key that registers something after that makes it look again, in as many rounds as it makes (four).
//! What is registered in the last of them is not run, as with any key.
//!
//! `exit` runs no destructors of keys: see [`run_for_this_thread`].
//!
//! In a fork's child the other threads' lists are still there, and nobody's. A checker of leaks that looks at
//! such a child when it exits would say so of them, and of all that the thread-locals held. So each list
//! hangs on an [`Anchor`] as well, which a static leads to.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::{c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use rt0_core::platform::thread::key::Key;
use rt0_core::platform::weak_symbols::RawKey;
use rt0_core::platform::{image, kernel, weak_symbols};
use rt0_core::sabotage;

use crate::interpose::keys;

rt0_core::define_function!("rt0_thread_atexit", register);

unsafe extern "C" {
    /// What `define_function` defines.
    fn rt0_thread_atexit(run: Destructor, object: *mut c_void, file: *mut c_void) -> c_int;
}

type Destructor = unsafe extern "C" fn(*mut c_void);

struct Node {
    run: Destructor,
    object: *mut c_void,
    next: *mut Node,
    /// That of the list; null: there was no memory for one.
    anchor: *const Anchor,
}

/// Leads to one thread's list. Never freed: a thread that ends leaves it to the next.
struct Anchor {
    list: AtomicPtr<Node>,
    taken: AtomicBool,
    /// The one made before it.
    next: AtomicPtr<Anchor>,
}

/// The anchor made last.
static ANCHORS: AtomicPtr<Anchor> = AtomicPtr::new(null_mut());

impl Anchor {
    /// One that nobody has any more, or a new one; null where there is no memory for it.
    fn take() -> *const Anchor {
        if sabotage::NO_KEPT_LOCALS {
            return null();
        }
        // Acquire pairs with the Release in `add`.
        let mut at = ANCHORS.load(Ordering::Acquire).cast_const();
        // SAFETY: null, or what `add` has put there: an anchor for ever.
        while let Some(anchor) = unsafe { at.as_ref() } {
            // Relaxed, here and below: what it leads to nobody follows.
            if !anchor.taken.swap(true, Ordering::Relaxed) {
                return at;
            }
            at = anchor.next.load(Ordering::Relaxed);
        }
        Anchor::add()
    }

    fn add() -> *const Anchor {
        // SAFETY: an `Anchor` has a size.
        let new = unsafe { System.alloc(Layout::new::<Anchor>()) }.cast::<Anchor>();
        if new.is_null() {
            return null();
        }
        let mut last = ANCHORS.load(Ordering::Relaxed);
        loop {
            // SAFETY: aligned memory for one, which nobody else knows yet.
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

    /// The list begins with this node; null: it is over, and the anchor another thread's.
    ///
    /// # Safety
    /// `anchor` is null, or of [`Anchor::take`] and this thread's.
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

/// Whether std has a key of its own, without which it aborts when it comes to make one.
static STD_HAS_ONE: AtomicBool = AtomicBool::new(false);

/// Makes the key, when std's thread-locals come here at all, and then has std make its own. The C library goes
/// through the keys of a thread in the order in which they were made, and after std's own key nobody can ask
/// for the current thread any more.
pub(crate) fn prepare() -> bool {
    let ours: weak_symbols::ThreadAtExit = rt0_thread_atexit;
    let used = weak_symbols::thread_atexit().is_some_and(|used| used as usize == ours as usize);
    keys::one_at_a_time(|| {
        // Relaxed: `one_at_a_time` orders it.
        if STD_HAS_ONE.load(Ordering::Relaxed) {
            return true;
        }
        if used {
            make_key();
        }
        // In a Rust program that has the library among its dependencies std is the program's own.
        let program = !image::self_starting();
        if !program && !one_is_left() {
            return sabotage::NO_KEY_CHECK;
        }
        keys::out_of_the_hosts_way(1, std::thread::current);
        STD_HAS_ONE.store(true, Ordering::Relaxed);
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
    // No key is left, or no memory. The C library's own needs no key; but it needs the loader.
    // SAFETY: our caller's arguments, passed on; the name belongs to a function of this type.
    unsafe { system().map_or(-1, |register| register(run, object, file)) }
}

/// False when there is no key, or no memory.
fn push(run: Destructor, object: *mut c_void) -> bool {
    if key().is_none() {
        return false;
    }
    // Not the author's allocator: it may be its thread-local that is being registered.
    // SAFETY: a `Node` has a size.
    let node = unsafe { System.alloc(Layout::new::<Node>()) }.cast::<Node>();
    if node.is_null() {
        return false;
    }
    let next = first();
    // SAFETY: null, or this thread's own node, made below.
    let anchor = match unsafe { next.as_ref() } {
        Some(next) => next.anchor,
        None => Anchor::take(),
    };
    // SAFETY: `node` is aligned memory for one, and only this thread knows it.
    unsafe {
        node.write(Node {
            run,
            object,
            next,
            anchor,
        });
    }
    let kept = set_first(node);
    // SAFETY: the anchor is this thread's. The node is from this allocator, with this layout; where it is not
    // on the list nobody else has it.
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

/// The key's destructor: the C library has taken the value, this thread's list, out of it.
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
        // SAFETY: what this thread's value leads to was made by `push`, on this thread, and is freed here
        // alone.
        let Node {
            run,
            object,
            next,
            anchor,
        } = unsafe { node.read() };
        // Off the list before it runs: it may register more, or end the process.
        set_first(next);
        // SAFETY: the anchor is this thread's. The node is from `System`, with this layout, in `push`; it is off
        // the list.
        unsafe {
            Anchor::hold(anchor, next);
            System.dealloc(node.cast(), Layout::new::<Node>());
        }
        if !sabotage::NO_LOCALS_DROPPED {
            // SAFETY: whoever registered it promised that it can be called so, once, at the thread's end.
            unsafe { run(object) };
        }
    }
}

/// The key, made by the first who needs it. `None`: all are in use, or all but one, which is left to std:
/// it has a key of its own, and aborts when it gets none. Ours is never given back, because the library is
/// never unloaded.
fn key() -> Option<RawKey> {
    KEY.made().or_else(|| keys::one_at_a_time(make_key))
}

/// The same, for whoever is alone.
fn make_key() -> Option<RawKey> {
    let one_is_left = || STD_HAS_ONE.load(Ordering::Relaxed) || one_is_left();
    // One more for std's, which is to come after it.
    // SAFETY: the library is never unloaded, and the values are lists.
    keys::out_of_the_hosts_way(2, || unsafe { KEY.make(at_thread_end, one_is_left) })
}

/// Whether the C library has a key for whoever asks next.
fn one_is_left() -> bool {
    let (Some(create), Some(delete)) = (
        weak_symbols::pthread_key_create(),
        weak_symbols::pthread_key_delete(),
    ) else {
        return false;
    };
    let mut key = 0;
    // SAFETY: POSIX; nobody is told of this one.
    unsafe { create(&mut key, None) == 0 && delete(key) == 0 }
}

/// This thread's list.
fn first() -> *mut Node {
    KEY.get().cast()
}

/// False when the C library has no memory for it: on the first use in a thread only.
fn set_first(list: *mut Node) -> bool {
    KEY.set(list.cast())
}

/// The C library's own, past ours.
fn system() -> Option<weak_symbols::ThreadAtExit> {
    let dlsym = weak_symbols::dlsym()?;
    // SAFETY: POSIX; the name is a C string.
    let found = unsafe { dlsym(kernel::RTLD_DEFAULT, c"__cxa_thread_atexit_impl".as_ptr()) };
    if found.is_null() {
        return None;
    }
    // SAFETY: what has this name is such a function: the Itanium C++ ABI's support library says so.
    Some(unsafe { std::mem::transmute::<*mut c_void, weak_symbols::ThreadAtExit>(found) })
}
