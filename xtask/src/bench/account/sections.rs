//! The bytes of a file, by what they are.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{Account, Loaded};
use crate::bench::build::readelf;

const PLACES: [&str; 7] = [
    "code",
    "tables for unwinding",
    "constants",
    "relocations",
    "variables, and constants with addresses",
    "symbols and notes",
    "headers and padding",
];

/// The account.
pub fn account(libraries: &[Loaded]) -> Result<Account> {
    Account::new(
        ("Bytes of the stripped file", "bytes"),
        PLACES,
        libraries,
        |library| {
            let said = readelf("-SW", library.library)?;
            Ok(places(&said, file(library.library)?))
        },
    )
}

fn file(path: &Path) -> Result<f64> {
    Ok(fs::metadata(path)?.len() as f64)
}

fn places(said: &str, size: f64) -> [f64; PLACES.len()] {
    let mut places = [0.0; PLACES.len()];
    let last = PLACES.len() - 1;
    for (name, bytes) in said.lines().filter_map(section) {
        let begins = |all: &[&str]| all.iter().any(|begin| name.starts_with(begin));
        let place = if begins(&[".text", ".plt"]) {
            0
        } else if begins(&[".eh_frame", ".gcc_except_table"]) {
            1
        } else if begins(&[".rodata"]) {
            2
        } else if begins(&[".rela", ".relr"]) {
            3
        } else if begins(&[
            ".data",
            ".got",
            ".init_array",
            ".fini_array",
            ".dynamic",
            ".tdata",
        ]) {
            4
        } else if begins(&[".dyn", ".gnu", ".note", ".hash"]) {
            5
        } else {
            last
        };
        places[place] += bytes;
    }
    places[last] = size - places[..last].iter().sum::<f64>();
    places
}

/// The name and the bytes in the file of a line such as `[ 1] .text PROGBITS 0000 000000 000010 00`.
fn section(line: &str) -> Option<(&str, f64)> {
    let mut words = line
        .trim()
        .strip_prefix('[')?
        .split_once(']')?
        .1
        .split_whitespace();
    let (name, kind) = (words.next()?, words.next()?);
    let size = u64::from_str_radix(words.nth(2)?, 16).ok()?;
    (kind != "NOBITS").then_some((name, size as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_the_file_has_a_place() {
        let said = "  [Nr] Name Type Address Off Size ES Flg\n\
                    \x20 [ 0]                   NULL            0000 000000 000000 00\n\
                    \x20 [ 1] .dynsym           DYNSYM          0000 000000 000018 18   A\n\
                    \x20 [ 2] .rela.dyn         RELA            0000 000000 000010 18   A\n\
                    \x20 [12] .text             PROGBITS        0000 000000 000100 00  AX\n\
                    \x20 [13] .eh_frame_hdr     PROGBITS        0000 000000 000004 00   A\n\
                    \x20 [14] .data.rel.ro      PROGBITS        0000 000000 000008 00  WA\n\
                    \x20 [15] .bss              NOBITS          0000 000000 010000 00  WA\n\
                    \x20 [16] .shstrtab         STRTAB          0000 000000 000020 00\n";
        assert_eq!(
            places(said, 400.0),
            [256.0, 4.0, 0.0, 16.0, 8.0, 24.0, 92.0]
        );
    }
}
