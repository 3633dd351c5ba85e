#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rt0_fuzz::doctor(data));
