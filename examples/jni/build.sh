#!/bin/sh
# Builds target/engine.jar: the Java classes, and the native library beside them.
set -eu
cd "$(dirname "$0")"
target=${CARGO_TARGET_DIR:-target}
cargo build --release --quiet
rm -rf "$target/java"
javac --release 8 -Xlint:-options -d "$target/java" java/engine/*.java
arch=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/ *os.arch = //p')
mkdir -p "$target/java/native/$arch"
cp "$target/release/libengine_jni.so" "$target/java/native/$arch/"
jar --create --file "$target/engine.jar" --main-class engine.Demo -C "$target/java" .
