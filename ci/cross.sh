#!/usr/bin/env bash
# Installs, on Debian, what `cargo xtask cross` needs: C compilers and C libraries for other processors, an
# emulator, and wine. Packages that are already installed are left alone.
set -euo pipefail

. "$(dirname "$0")/packages.sh"

packages=(binutils gcc libc6-dev python3-venv)
packages+=(qemu-user gcc-arm-linux-gnueabihf libc6-dev-armhf-cross musl-tools)
packages+=(gcc-mingw-w64-x86-64-posix wine64)
for processor in i686:i386 aarch64:arm64 riscv64:riscv64 powerpc64le:ppc64el s390x:s390x; do
    packages+=("gcc-${processor%:*}-linux-gnu" "libc6-dev-${processor#*:}-cross")
done
# An unwinder for musl: GCC's, as Debian builds it, needs glibc. Any version of LLVM's will do.
compgen -G '/usr/lib/llvm-*/lib/libunwind.a' >/dev/null || packages+=("$(newest '^libunwind-[0-9]+-dev$')")
install_missing
# A C compiler, a C library and an unwinder for ARMv6: Debian has none.
install_zig
# A wheel for musl.
install_maturin
