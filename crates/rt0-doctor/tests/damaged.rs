//! Files that are damaged, or crafted: a check that only reads them has a verdict or says that it could not run. It
//! neither panics nor takes more memory or time than the file can need. `fuzz/` looks further.

use rt0_doctor::check::How;
use rt0_doctor::checks;
use rt0_doctor::file::File;
use rt0_doctor::plan::Plan;

/// A small library with exports, in the repository.
const LIBRARY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../fuzz/corpus/doctor/far.so"
);

/// How many files are made of it.
const FILES: u32 = 20_000;

#[test]
fn a_damaged_file_makes_no_check_panic() {
    let plan = Plan::default();
    let library = std::fs::read(LIBRARY).unwrap();
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = |below: usize| {
        // xorshift64: the same files each time.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    let (mut read, mut refused) = (0, 0);
    for _ in 0..FILES {
        let mut bytes = library.clone();
        for _ in 0..=next(4) {
            let at = next(bytes.len());
            bytes[at] = match next(3) {
                0 => 0,
                1 => 0xff,
                _ => next(256) as u8,
            };
        }
        if next(8) == 0 {
            bytes.truncate(next(library.len()));
        }
        let Ok(file) = File::read(&plan, &bytes) else {
            refused += 1;
            continue;
        };
        read += 1;
        for check in checks::all() {
            if let How::Static(run) = check.how {
                let _ = run(&file);
            }
        }
    }
    // Both happen, or nothing was tried.
    assert!(
        read > 1000 && refused > 1000,
        "{read} read, {refused} refused"
    );
}
