//! A Java class with a native library.

use super::Contents;

pub(super) const CONTENTS: Contents = Contents {
    files: &[(".gitignore", "/target\n")],
    next: "",
    more: "",
};
