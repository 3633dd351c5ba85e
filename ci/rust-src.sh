#!/usr/bin/env bash
# Puts the standard library's sources, in exactly the version of the `rustc` in use, into DIRECTORY, for
# `cargo xtask cross` and `sanitize`, which build std themselves. They come from Debian's package rust-src;
# newer suites have newer versions. The script uses this system's mirror, but leaves its package lists alone.
#
#   ci/rust-src.sh DIRECTORY
#
# Afterwards DIRECTORY/library exists. If it has the right version already, nothing is done.
set -euo pipefail

dir=${1:?ci/rust-src.sh DIRECTORY}
version=$(rustc -vV | sed -n 's/^release: //p')
if [ -e "$dir/library/std/Cargo.toml" ] && [ "$(cat "$dir/version" 2>/dev/null)" = "$version" ]; then
    exit 0
fi
for tool in apt-get apt-cache dpkg-deb; do
    command -v "$tool" >/dev/null || { echo "error: $tool is missing: this works on Debian only" >&2; exit 1; }
done
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

# apt's sources have two forms: `deb [options] ADDRESS suite ...`, and `URIs: ADDRESS ...`.
mirror=$(
    { find /etc/apt/sources.list /etc/apt/sources.list.d -type f -exec cat {} + 2>/dev/null || true; } |
        sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p; s/^URIs: *//p' | tr ' ' '\n' |
        grep -E '/debian/?$' | sed -n 1p
) || { echo "error: apt's sources name no mirror of Debian" >&2; exit 1; }

# A separate state for apt, which nothing else uses.
apt=$dir/apt
mkdir -p "$apt"/{lists/partial,cache/archives/partial,preferences.d,sources.d}
: >"$apt/status"
: >"$apt/sources.list"
for suite in trixie trixie-backports forky sid; do
    echo "deb $mirror $suite main" >>"$apt/sources.list"
done
options=(
    -o "Dir::Etc::SourceList=$apt/sources.list"
    -o "Dir::Etc::SourceParts=$apt/sources.d"
    -o Dir::Etc::Preferences=/dev/null
    -o "Dir::Etc::PreferencesParts=$apt/preferences.d"
    -o "Dir::State::Lists=$apt/lists"
    -o "Dir::State::Status=$apt/status"
    -o "Dir::Cache=$apt/cache"
    -o Acquire::Languages=none
    -o APT::Update::Post-Invoke-Success::=
    -o APT::Sandbox::User=
)
apt-get "${options[@]}" -qq update
package=$(
    apt-cache "${options[@]}" madison rust-src |
        awk -F '[| ]+' -v begin="$version+" 'index($3, begin) == 1 && !seen++ { print $3 }'
)
if [ -z "$package" ]; then
    echo "error: no suite of Debian has rust-src $version; there are:" >&2
    apt-cache "${options[@]}" madison rust-src >&2
    exit 1
fi
(cd "$apt" && apt-get "${options[@]}" -qq download "rust-src=$package")
rm -rf "$dir/unpacked" "$dir/library"
dpkg-deb -x "$apt"/rust-src_*.deb "$dir/unpacked"
mv "$dir"/unpacked/usr/src/rustc-*/library "$dir/library"
cp "$dir"/unpacked/usr/src/rustc-*/Cargo.lock "$dir/" 2>/dev/null || true
rm -rf "$dir/unpacked" "$apt"
echo "$version" >"$dir/version"
