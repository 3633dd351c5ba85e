#!/usr/bin/env bash
# Installs, on Debian, what only `cargo xtask soak` has use for: hosts in languages whose collectors stop threads
# by signals. What is there already is left alone.
set -euo pipefail

packages=(
    gdc       # a host in D
    mono-mcs mono-runtime  # a host on Mono
)
. "$(dirname "$0")/packages.sh"
install_missing
