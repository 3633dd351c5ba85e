//! What a process has at a moment, to see what grows.

use std::ffi::c_void;

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

/// The same for memory that is not the C library's.
const RESIDENT: i64 = 16 << 10;

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
        for _ in 0..200 {
            if last.0.threads <= 0 && last.0.descriptors <= 0 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
            last = self.less_than_now();
        }
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
            Some(heap) if heap > each(HEAP) => found.push(format!("{heap} bytes of the heap")),
            _ if self.0.resident > each(RESIDENT) => {
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

/// Private memory that is resident, in bytes.
fn resident() -> i64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let mut words = text.split(' ').map(|word| word.parse().unwrap_or(0));
    let (resident, shared): (i64, i64) = (words.nth(1).unwrap_or(0), words.next().unwrap_or(0));
    // SAFETY: it has no preconditions.
    (resident - shared) * unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as i64
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
