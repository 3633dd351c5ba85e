//! What every addon's build does.

fn main() {
    napi_build::setup();
}
