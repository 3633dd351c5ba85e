//! A library with a C interface.

use super::Contents;

pub(super) const CONTENTS: Contents = Contents {
    files: &[
        ("Cargo.toml", include_str!("c/Cargo.toml.in")),
        ("src/lib.rs", include_str!("c/lib.rs.in")),
        ("hosts/host.c", include_str!("c/host.c.in")),
        ("hosts/host.py", include_str!("c/host.py.in")),
        ("README.md", include_str!("c/README.md.in")),
        (".gitignore", "/target\n"),
    ],
    next: "cargo rt0 build\n\
        cargo rt0 bindings target/rt0/debug/lib@CRATE@.so --lang python --bundle --out target/bindings\n\
        python3 hosts/host.py\n",
    more: "README.md has the commands for C.",
};
