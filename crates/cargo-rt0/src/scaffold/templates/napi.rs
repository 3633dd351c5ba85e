//! A Node.js package, built by @napi-rs/cli.

use super::Contents;

pub(super) const CONTENTS: Contents = Contents {
    files: &[
        ("Cargo.toml", include_str!("napi/Cargo.toml.in")),
        ("build.rs", include_str!("napi/build.rs.in")),
        ("src/lib.rs", include_str!("napi/lib.rs.in")),
        ("package.json", include_str!("napi/package.json.in")),
        ("host.mjs", include_str!("napi/host.mjs.in")),
        ("README.md", include_str!("napi/README.md.in")),
        (
            ".gitignore",
            "/target\n/node_modules\n/index.js\n/index.d.ts\n/*.node\n/*.tgz\n",
        ),
    ],
    next: "npm install\nnpm run build\nnode host.mjs\n",
    more: "README.md says how to test and pack it.",
};
