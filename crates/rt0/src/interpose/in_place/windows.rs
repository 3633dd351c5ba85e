//! Windows: the loader tells threads of their ends itself, the environment has a lock, and a host does not close
//! handles that are not its own.

use super::InPlace;

pub(crate) fn look() -> InPlace {
    InPlace {
        threads: None,
        environment: None,
        descriptors: None,
    }
}
