#!/usr/bin/env bash
# Installs, on Debian, what `cargo xtask cross` needs: C compilers and C libraries for other processors,
# and an emulator. What is there already is left alone.
set -euo pipefail

packages=(qemu-user)
for processor in i686:i386 aarch64:arm64 riscv64:riscv64 powerpc64le:ppc64el s390x:s390x; do
    packages+=("gcc-${processor%:*}-linux-gnu" "libc6-dev-${processor#*:}-cross")
done
packages+=(gcc-arm-linux-gnueabihf libc6-dev-armhf-cross)

. "$(dirname "$0")/packages.sh"
