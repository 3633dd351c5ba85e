//! A Java class with a native library.

use super::Contents;

pub(super) const CONTENTS: Contents = Contents {
    files: &[
        ("Cargo.toml", include_str!("jni/Cargo.toml.in")),
        ("build.rs", include_str!("jni/build.rs.in")),
        ("src/lib.rs", include_str!("jni/lib.rs.in")),
        (
            "java/@CRATE@/@CLASS@.java",
            include_str!("jni/Class.java.in"),
        ),
        ("build.sh", include_str!("jni/build.sh.in")),
        ("README.md", include_str!("jni/README.md.in")),
        (".gitignore", "/target\n"),
    ],
    next: "sh build.sh\njava -jar target/@CRATE@.jar\n",
    more: "README.md says what is where.",
};
