#![no_main]

libfuzzer_sys::fuzz_target!(|library: rt0_fuzz::made::Library| rt0_fuzz::header(&library));
