//! The wait for the boot, for a caller that has the GIL.

use pyo3::Python;

/// Waits for the boot with the GIL released: for `#[rt0::gated(wait = rt0_pyo3::detach)]` and
/// [`rt0::ready_with`].
///
/// A thread that has no GIL gets it first, to know that. If there is no interpreter, or none that takes threads any
/// more, it just waits.
pub fn detach(wait: rt0::Wait<'_>) {
    if Python::try_attach(|py| py.detach(&mut *wait)).is_none() {
        wait();
    }
}
