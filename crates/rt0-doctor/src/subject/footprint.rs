//! What a process has at a moment, to see what grows.

use std::ffi::c_void;
use std::time::Duration;

use super::patience::wait_until;
use super::system::{descriptors, threads};

/// What the process has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    heap: Option<i64>,
    resident: i64,
    threads: i64,
    descriptors: i64,
    keys: i64,
}

/// What it has more than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth(Footprint);

/// How many bytes of the heap a repetition may cost: what is kept once, and grows by doubling, is no leak.
const HEAP: i64 = 128;

/// And how many all together: what a busy library has in hand at one moment, and not at another.
const IN_HAND: i64 = 48 << 10;

/// How long a thread that was told to end may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// The same for memory that is not the C library's.
const RESIDENT: i64 = 16 << 10;
const RESIDENT_IN_HAND: i64 = 8 << 20;

impl Footprint {
    /// What it has now.
    pub fn now() -> Footprint {
        Footprint {
            heap: heap(),
            resident: resident(),
            threads: threads().len() as i64,
            descriptors: descriptors().len() as i64,
            keys: keys_in_use(),
        }
    }

    /// What it has more now. A thread that has been told to end may take a moment, so it is looked at until the numbers
    /// are as before, but not for long.
    pub fn growth(&self) -> Growth {
        let mut last = self.less_than_now();
        wait_until(PATIENCE, || {
            last = self.less_than_now();
            last.0.threads <= 0 && last.0.descriptors <= 0
        });
        last
    }

    fn less_than_now(&self) -> Growth {
        let now = Footprint::now();
        Growth(Footprint {
            heap: now.heap.zip(self.heap).map(|(now, before)| now - before),
            resident: now.resident - self.resident,
            threads: now.threads - self.threads,
            descriptors: now.descriptors - self.descriptors,
            keys: now.keys - self.keys,
        })
    }
}

impl Growth {
    /// What is too much after so many repetitions.
    pub fn beyond(&self, times: u32) -> Option<String> {
        let each = |most: i64| most * i64::from(times);
        let mut found = Vec::new();
        match self.0.heap {
            Some(heap) if heap > each(HEAP) + IN_HAND => {
                found.push(format!("{heap} bytes of the heap"))
            }
            _ if self.0.resident > each(RESIDENT) + RESIDENT_IN_HAND => {
                found.push(format!("{} KiB of memory", self.0.resident >> 10));
            }
            _ => {}
        }
        for (count, what) in [
            (self.0.threads, "threads"),
            (self.0.descriptors, "descriptors"),
            (self.0.keys, "thread-specific keys"),
        ] {
            // One or two may be there for good from some moment on.
            if count > 2.max(i64::from(times) / 20) {
                found.push(format!("{count} {what}"));
            }
        }
        (!found.is_empty()).then(|| found.join(", "))
    }
}

impl std::fmt::Display for Growth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(heap) = self.0.heap {
            write!(f, "{heap:+} bytes of the heap, ")?;
        }
        let Footprint {
            resident,
            threads,
            descriptors,
            keys,
            ..
        } = self.0;
        write!(
            f,
            "{:+} KiB of memory, {threads:+} threads, {descriptors:+} descriptors, {keys:+} keys",
            resident >> 10
        )
    }
}

/// How much of glibc's heap is in use; other C libraries do not tell.
fn heap() -> Option<i64> {
    /// What `mallinfo2` gives.
    #[repr(C)]
    struct Info([usize; 10]);
    const IN_USE: usize = 7;
    const MAPPED: usize = 4;
    // SAFETY: the name is a C string.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"mallinfo2".as_ptr()) };
    if found.is_null() {
        return None;
    }
    // SAFETY: glibc alone has a function of this name, with this type.
    let info =
        unsafe { std::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> Info>(found)().0 };
    Some((info[IN_USE] + info[MAPPED]) as i64)
}

/// Anonymous memory that is resident, in bytes, without glibc's heap: that has its own figure, and keeps in store what
/// was freed, now more and now less.
fn resident() -> i64 {
    let text = std::fs::read_to_string("/proc/self/smaps").unwrap_or_default();
    let mut total = 0;
    let mut is_heap = false;
    for line in text.lines() {
        if let Some(size) = line.strip_prefix("Anonymous:") {
            let size = size.trim().trim_end_matches(" kB").parse().unwrap_or(0);
            total += if is_heap { 0 } else { size };
        } else if let Some((start, rest)) = line.split_once('-')
            && let Ok(start) = u64::from_str_radix(start, 16)
        {
            // The heaps of threads begin at such addresses.
            let is_aligned = start % (64 << 20) == 0;
            let is_nameless = rest.split_whitespace().nth(5).is_none();
            is_heap = rest.ends_with("[heap]") || (is_aligned && is_nameless);
        }
    }
    total << 10
}

/// How many thread-specific keys nobody can have, because they are in use.
fn keys_in_use() -> i64 {
    let mut free = Vec::new();
    let mut key = 0;
    // SAFETY: it writes the key, which has no destructor.
    while free.len() < 4096 && unsafe { libc::pthread_key_create(&raw mut key, None) } == 0 {
        free.push(key);
    }
    for key in &free {
        // SAFETY: it was made above, and nobody has a value for it.
        unsafe { libc::pthread_key_delete(*key) };
    }
    -(free.len() as i64)
}
