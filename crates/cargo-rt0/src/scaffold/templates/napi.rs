//! A Node.js package, built by @napi-rs/cli.

use super::Contents;

pub(super) const CONTENTS: Contents = Contents {
    files: &[(".gitignore", "/target\n")],
    next: "",
    more: "",
};
