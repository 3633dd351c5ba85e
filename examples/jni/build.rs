fn main() {
    rt0_build::setup();
}
