#!/usr/bin/env bash
# Installs, on Debian, what the tests need besides Rust. What is there already is left alone.
set -euo pipefail

if ! command -v cargo >/dev/null; then
    echo "error: cargo is missing: install Rust with rustup, or Debian's rustup package" >&2
    exit 1
fi

packages=(
    binutils    # ld and objcopy, for archives; gold, where it is no package of its own
    gcc g++ libc6-dev  # hosts in C, a library in C++
    gdb         # where a host hangs
    libgc-dev  # a host with a collector
    liblua5.4-dev  # examples/lua
    lld mold    # other linkers
    make        # installs what authors in C need
    musl-tools  # hosts with another C library
    pkg-config  # how an archive is linked
    python3     # a host in Python
    python3-venv  # where gunicorn is put, which forks its workers
    util-linux  # unshare and setpriv, for hosts with less than usual
)
# A host that is started with a library; wherever it comes from.
command -v node >/dev/null || packages+=(nodejs)
# Newer Debians have it apart.
if apt-cache show binutils-gold >/dev/null 2>&1; then packages+=(binutils-gold); fi
. "$(dirname "$0")/packages.sh"
install_missing

# Rust's own parts: rustup has them, other installations bring their own.
for part in clippy rustfmt; do
    cargo "${part/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$part"
done

# A host that forks its workers, at a version that the tests know.
install_python gunicorn==27.0.1

# Holds the licences and sources of dependencies against deny.toml. Two minutes of compiling, once.
deny=0.20.2
if [ "$(cargo deny --version 2>/dev/null)" != "cargo-deny $deny" ]; then
    echo "installing: cargo-deny $deny"
    env -u CARGO_TARGET_DIR cargo install --quiet --locked "cargo-deny@$deny"
fi
