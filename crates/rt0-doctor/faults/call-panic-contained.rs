//@ call: weekday(i32 2) -> i32 = 9
//! The length of a day's name.

const NAMES: [&str; 7] = [
    "Sunday", "Monday", "Wednesday", "Thursday", "Friday", "Saturday", "",
];

fn length(day: i32) -> i32 {
    NAMES[day as usize].len() as i32
}

#[unsafe(no_mangle)]
pub extern "C" fn weekday(day: i32) -> i32 {
    #[cfg(fault)]
    return length(day);
    #[cfg(not(fault))]
    std::panic::catch_unwind(|| length(day)).unwrap_or(-1)
}
