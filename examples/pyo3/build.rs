//! Asks the linker for what protects the programs that load the library.

fn main() {
    rt0_build::setup();
}
