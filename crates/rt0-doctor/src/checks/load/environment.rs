//! A thread that reads the environment while the host, which has no other thread, changes it.

use std::ffi::{CString, c_void};
use std::time::{Duration, Instant};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Library, Made, Subject};

/// The check.
pub const CHECK: Check = Check {
    id: "load-environment",
    severity: Severity::Error,
    hazard: "L3",
    title: "the library's threads do not read the environment while the host changes it",
    page: page!("load-environment"),
    needs: Needs::Nothing,
    runs: 3,
    how: How::Dynamic(run),
};

/// For how long the host changes its environment.
const STORM: Duration = Duration::from_millis(200);

fn run(subject: &Subject) -> Verdict {
    perturb();
    // Its constructor runs after the library's, in the same dlopen: so early can a host change its environment.
    let made = Made::new(Some(&subject.plan.library), Some(during_the_load))?;
    subject.step("loading the library, and changing the environment at the end of the load");
    Library::open(&made.path())
        .map_err(|why| Stop::could_not(format!("the library can't be loaded: {why}")))?;
    subject.step("changing the environment after the load");
    storm(STORM);
    let library = subject.ready()?;
    subject.step("changing the environment between calls");
    for call in subject.prepare_all(&library)? {
        call.check()?;
        storm(Duration::from_millis(20));
    }
    Ok(format!(
        "nothing happened while the host changed it for {STORM:?} from the load on"
    ))
}

extern "C" fn during_the_load() {
    storm(Duration::from_millis(20));
}

/// Freed memory is overwritten at once, so that whoever reads it notices.
fn perturb() {
    const M_PERTURB: i32 = -6;
    // SAFETY: the name is a C string; glibc alone has a function of this name, with this type, and the process has
    // one thread.
    unsafe {
        let found = libc::dlsym(libc::RTLD_DEFAULT, c"mallopt".as_ptr());
        if !found.is_null() {
            let mallopt = std::mem::transmute::<*mut c_void, extern "C" fn(i32, i32) -> i32>(found);
            mallopt(M_PERTURB, 0xa5);
        }
    }
}

/// Empties the environment and fills it again, as often as there is time.
fn storm(time: Duration) {
    let names: Vec<CString> = (0..40)
        .filter_map(|n| CString::new(format!("RT0_DOCTOR_{n}")).ok())
        .collect();
    let end = Instant::now() + time;
    while Instant::now() < end {
        // SAFETY: this is the host's only thread; that no other reads the environment meanwhile is what is checked.
        unsafe {
            libc::clearenv();
            for name in &names {
                libc::setenv(name.as_ptr(), c"a value".as_ptr(), 1);
            }
        }
    }
}
