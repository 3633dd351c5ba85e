//! The instruction that jumps to another function and passes on all arguments: one for each processor.

#[cfg(target_arch = "x86_64")]
#[doc(hidden)]
#[macro_export]
macro_rules! __jump {
    () => {
        "jmp {target}"
    };
}

#[cfg(target_arch = "x86")]
#[doc(hidden)]
#[macro_export]
macro_rules! __jump {
    () => {
        "jmp {target}@PLT"
    };
}

#[cfg(any(
    target_arch = "aarch64",
    target_arch = "arm",
    target_arch = "powerpc64"
))]
#[doc(hidden)]
#[macro_export]
macro_rules! __jump {
    () => {
        "b {target}"
    };
}

#[cfg(target_arch = "riscv64")]
#[doc(hidden)]
#[macro_export]
macro_rules! __jump {
    () => {
        "tail {target}"
    };
}

#[cfg(target_arch = "s390x")]
#[doc(hidden)]
#[macro_export]
macro_rules! __jump {
    () => {
        "jg {target}@PLT"
    };
}
