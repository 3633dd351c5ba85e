//! Every Unix but Android says it in the same way.

pub fn load() -> Option<f64> {
    let mut load = [0.0];
    // SAFETY: getloadavg(3) writes at most the one element.
    let known = unsafe { libc::getloadavg(load.as_mut_ptr(), 1) } == 1;
    known.then_some(load[0])
}
