//! The wait for the boot, for a caller that has the GIL.

use pyo3::Python;

use crate::sabotage;

/// Waits for the boot with the GIL released: for `#[rt0::gated(wait = rt0_pyo3::detach)]` and
/// [`rt0::ready_with`].
///
/// A thread that has no GIL gets it first, to know that. If there is no interpreter, or none that takes threads any
/// more, it just waits.
pub fn detach(wait: rt0::Wait<'_>) {
    let released = |py: Python<'_>| match sabotage::NO_DETACH {
        false => py.detach(&mut *wait),
        true => wait(),
    };
    if Python::try_attach(released).is_none() {
        wait();
    }
}
