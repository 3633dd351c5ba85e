fn main() {
    napi_build::setup();
    rt0_build::setup();
}
