#!/usr/bin/env bash
# Runs rt0-native on the Android device that adb knows: an emulator in CI. It must have been built:
#   cargo build -p rt0-native -p pane --target x86_64-linux-android
set -euo pipefail

folder=${1:-target/x86_64-linux-android/debug}
there=/data/local/tmp
adb push "$folder/rt0-native" "$folder/libpane.so" "$there"
# The shell there gives the program's exit code back.
adb shell "cd $there && chmod 755 rt0-native && ./rt0-native $there/libpane.so"
