#!/usr/bin/env bash
# Installs, on Debian, what only `cargo xtask soak` needs: hosts in languages whose collectors stop threads
# with signals. Packages that are already installed are left alone.
set -euo pipefail

packages=(
    gdc       # a host in D
    mono-mcs mono-runtime  # a host on Mono
)
. "$(dirname "$0")/packages.sh"
install_missing
