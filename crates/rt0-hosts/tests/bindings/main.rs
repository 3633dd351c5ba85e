//! Generated bindings, held against one list of calls with right answers: `hosts/bindings/cases.json`.
//!
//! On Linux only: the packages are built and installed with Linux's tools, and their hosts load `libNAME.so`.
#![cfg(target_os = "linux")]

/// Tests of hosts that say at the end that all is right, each run with these words.
macro_rules! hosts {
    ($($(#[$attribute:meta])* $name:ident: $($word:expr),+;)+) => {
        $($(#[$attribute])*
        #[test]
        fn $name() {
            right(stringify!($name), &[$($word),+]);
        })+
    };
}

mod coverage;
mod cpp_cases;
mod go_calls;
mod in_cpp;
mod in_go;
mod in_java;
mod in_python;
mod in_typescript;
mod package;
mod plain_header;
mod python_types;
mod typescript_types;
mod without;
