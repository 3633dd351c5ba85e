//@ sound-flags: -C link-arg=-Wl,-z,nodelete
// The two differ in what the linker is told.

#[unsafe(no_mangle)]
pub extern "C" fn start() -> usize {
    let thread = std::thread::spawn(|| std::env::args().count());
    thread.join().unwrap_or(0)
}
