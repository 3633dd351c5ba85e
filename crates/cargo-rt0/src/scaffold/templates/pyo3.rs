//! A Python package, built by maturin.

use super::Contents;

pub(super) const CONTENTS: Contents = Contents {
    files: &[(".gitignore", "/target\n")],
    next: "",
    more: "",
};
