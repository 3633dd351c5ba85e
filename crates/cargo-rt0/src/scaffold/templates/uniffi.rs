//! A Python module, made by UniFFI.

use super::Contents;

pub(super) const CONTENTS: Contents = Contents {
    files: &[
        ("Cargo.toml", include_str!("uniffi/Cargo.toml.in")),
        ("build.rs", include_str!("uniffi/build.rs.in")),
        ("src/lib.rs", include_str!("uniffi/lib.rs.in")),
        (
            "src/bin/uniffi-bindgen.rs",
            include_str!("uniffi/uniffi-bindgen.rs.in"),
        ),
        ("python/host.py", include_str!("uniffi/host.py.in")),
        ("README.md", include_str!("uniffi/README.md.in")),
        (
            ".gitignore",
            "/target\n/python/@CRATE@.py\n/python/lib@CRATE@.*\n",
        ),
    ],
    next: "cargo build --release --lib\n\
        cargo run --features bindgen --bin uniffi-bindgen -- generate --language python --out-dir python target/release/lib@CRATE@.so\n\
        cp target/release/lib@CRATE@.so python\n\
        python3 python/host.py\n",
    more: "README.md has what to do for other languages.",
};
