//! Windows: the loader tells std, by a callback of std's own. There is no key to be made, and nothing to be put in
//! anybody's place.

pub(crate) fn prepare() -> bool {
    true
}

pub(crate) fn run_for_this_thread() {}
