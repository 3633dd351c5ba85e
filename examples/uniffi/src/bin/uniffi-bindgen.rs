fn main() {
    rt0_uniffi::uniffi_bindgen_main();
}
