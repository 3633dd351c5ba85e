//! Windows: the loader calls std directly when a thread ends. There is no key to make and no function to
//! replace.

pub(crate) fn prepare() -> bool {
    true
}

pub(crate) fn run_for_this_thread() {}
