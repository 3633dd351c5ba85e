//! Converts texts of Windows, which are 16-bit units, to bytes and back. The bytes are UTF-8. A text of
//! Windows may have half of a surrogate pair without the other half: that is encoded as if UTF-8 allowed it
//! ("WTF-8"). Nothing is lost.

/// Writes texts into a buffer, each ending with a zero. If something does not fit, it is left out, and the
/// buffer counts as full.
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    len: usize,
    /// The first half of a pair, until we know what follows.
    high: Option<u16>,
}

impl<'a> Writer<'a> {
    pub fn new(buffer: &'a mut [u8]) -> Writer<'a> {
        Writer {
            buffer,
            len: 0,
            high: None,
        }
    }

    pub fn unit(&mut self, unit: u16) {
        match (self.high.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                self.code(0x1_0000 + (u32::from(high - 0xd800) << 10) + u32::from(unit - 0xdc00));
            }
            (high, unit) => {
                if let Some(high) = high {
                    self.code(high.into());
                }
                match unit {
                    0xd800..=0xdbff => self.high = Some(unit),
                    _ => self.code(unit.into()),
                }
            }
        }
    }

    /// Ends a text.
    pub fn end(&mut self) {
        if let Some(high) = self.high.take() {
            self.code(high.into());
        }
        self.bytes(&[0]);
    }

    /// How many bytes are written.
    pub fn len(&self) -> usize {
        self.len
    }

    fn code(&mut self, code: u32) {
        let rest = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
        match code {
            0..0x80 => self.bytes(&[code as u8]),
            0x80..0x800 => self.bytes(&[0xc0 | (code >> 6) as u8, rest(0)]),
            0x800..0x1_0000 => self.bytes(&[0xe0 | (code >> 12) as u8, rest(6), rest(0)]),
            _ => self.bytes(&[0xf0 | (code >> 18) as u8, rest(12), rest(6), rest(0)]),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        match self.buffer.get_mut(self.len..self.len + bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.len += bytes.len();
            }
            None => self.len = self.buffer.len(),
        }
    }
}

/// The units of a text that a [`Writer`] has written.
pub fn units(text: &[u8]) -> impl Iterator<Item = u16> + '_ {
    let mut rest = text.iter();
    let mut low = None;
    core::iter::from_fn(move || {
        if let Some(low) = low.take() {
            return Some(low);
        }
        let first = *rest.next()?;
        let (mut code, more) = match first {
            0..0x80 => (u32::from(first), 0),
            0x80..0xe0 => (u32::from(first & 0x1f), 1),
            0xe0..0xf0 => (u32::from(first & 0x0f), 2),
            _ => (u32::from(first & 0x07), 3),
        };
        for byte in rest.by_ref().take(more) {
            code = code << 6 | u32::from(byte & 0x3f);
        }
        Some(match code.checked_sub(0x1_0000) {
            None => code as u16,
            Some(beyond) => {
                low = Some(0xdc00 | (beyond & 0x3ff) as u16);
                0xd800 | (beyond >> 10 & 0x3ff) as u16
            }
        })
    })
}
