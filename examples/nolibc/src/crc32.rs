//! CRC-32 as in zip and Ethernet, eight bytes at a time ("slicing by 8": one table for each byte).

use core::sync::atomic::{AtomicU32, Ordering};

/// The polynomial, lowest bit first.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// Always accessed with Relaxed: the gate orders what the boot wrote before the calls.
static TABLES: [[AtomicU32; 256]; 8] = [const { [const { AtomicU32::new(0) }; 256] }; 8];

fn entry(table: usize, byte: u32) -> u32 {
    TABLES[table & 7][(byte & 0xff) as usize].load(Ordering::Relaxed)
}

/// Fills the tables: what a byte does to the sum, alone and with up to seven more bytes after it.
pub fn make_tables() {
    for byte in 0..=255 {
        let mut sum = byte;
        for _ in 0..8 {
            sum = (sum >> 1) ^ (POLYNOMIAL & 0u32.wrapping_sub(sum & 1));
        }
        TABLES[0][byte as usize].store(sum, Ordering::Relaxed);
    }
    for (before, table) in TABLES[1..].iter().enumerate() {
        for (byte, place) in (0..).zip(table) {
            let sum = entry(before, byte);
            place.store((sum >> 8) ^ entry(0, sum), Ordering::Relaxed);
        }
    }
}

/// The checksum of these bytes. Call it only after passing the gate.
pub fn checksum(bytes: &[u8]) -> u32 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let mut sum = !0;
    for &[a, b, c, d, e, f, g, h] in eights {
        let low = sum ^ u32::from_le_bytes([a, b, c, d]);
        let high = u32::from_le_bytes([e, f, g, h]);
        sum = (0..4).fold(0, |sum, i| {
            let shift = 8 * i as u32;
            sum ^ entry(7 - i, low >> shift) ^ entry(3 - i, high >> shift)
        });
    }
    let with = |sum: u32, &byte: &u8| (sum >> 8) ^ entry(0, sum ^ u32::from(byte));
    !rest.iter().fold(sum, with)
}
