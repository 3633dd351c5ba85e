//! A Python package, built by maturin.

use super::Contents;

pub(super) const CONTENTS: Contents = Contents {
    files: &[
        ("Cargo.toml", include_str!("pyo3/Cargo.toml.in")),
        ("build.rs", include_str!("pyo3/build.rs.in")),
        ("pyproject.toml", include_str!("pyo3/pyproject.toml.in")),
        ("src/lib.rs", include_str!("pyo3/lib.rs.in")),
        ("hosts/host.py", include_str!("pyo3/host.py.in")),
        ("README.md", include_str!("pyo3/README.md.in")),
        (".gitignore", "/target\n/.venv\n__pycache__/\n"),
    ],
    next: "python3 -m venv .venv\n.venv/bin/pip install .\n.venv/bin/python hosts/host.py\n",
    more: "README.md has the commands for a wheel.",
};
