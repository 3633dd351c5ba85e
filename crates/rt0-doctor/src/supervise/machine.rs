//! How busy the machine is: no check fails because others use it.

/// How many processes or threads have shared a processor, on average over the last minute; at least 1.
pub fn times_busy() -> u32 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = text
        .split(' ')
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(1.0);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    (load / processors as f64).ceil().clamp(1.0, 5.0) as u32
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
