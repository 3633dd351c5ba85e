//! How busy the machine is: no check fails because others use it.

/// So many times slower than alone is a process on the busiest machine that counts.
pub const BUSIEST: u32 = 5;

/// How many processes or threads have shared a processor, on average over the last minute; from 1 to [`BUSIEST`].
pub fn times_busy() -> u32 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = text
        .split(' ')
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(1.0);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    (load / processors as f64)
        .ceil()
        .clamp(1.0, f64::from(BUSIEST)) as u32
}

/// How many threads the whole system has.
pub fn tasks() -> u64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let tasks = text
        .split(' ')
        .nth(3)
        .and_then(|word| word.split('/').nth(1)?.parse().ok());
    tasks.unwrap_or(1000)
}
