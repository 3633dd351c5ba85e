#!/usr/bin/env bash
# Installs, on Debian, what only `cargo xtask soak` needs: hosts in languages whose collectors stop threads
# with signals, and linkers that few have. Packages that are already installed are left alone.
set -euo pipefail

packages=(
    gdc       # a host in D
    mono-mcs mono-runtime  # a host on Mono
)
. "$(dirname "$0")/packages.sh"
install_missing

# A linker that cargo-zigbuild uses.
install_zig
# A linker. Compiling it takes three minutes, once.
wild=0.10.0
if ! wild --version 2>/dev/null | grep "Wild $wild" >/dev/null; then
    echo "installing: wild $wild"
    env -u CARGO_TARGET_DIR cargo install --quiet --locked "wild-linker@$wild"
fi

# Miri, of a nightly compiler. Not every nightly has it; without it `cargo xtask miri` says so.
if ! RUSTUP_AUTO_INSTALL=0 cargo +nightly miri --version >/dev/null 2>&1; then
    echo "installing: miri"
    rustup toolchain install nightly --profile minimal --component miri,rust-src ||
        echo "Miri can't be installed: the soak goes on without it" >&2
fi
