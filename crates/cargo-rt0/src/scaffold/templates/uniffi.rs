//! A Python module, made by UniFFI.

use super::Contents;

pub(super) const CONTENTS: Contents = Contents {
    files: &[(".gitignore", "/target\n")],
    next: "",
    more: "",
};
