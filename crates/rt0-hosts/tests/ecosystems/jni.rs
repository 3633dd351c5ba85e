//! The jni crate, in the Java virtual machine.
