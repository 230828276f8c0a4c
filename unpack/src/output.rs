//! The module that comes out.

/// The bytes that are written so far. What exceeds the room for them is dropped.
pub struct Output<'a> {
    bytes: &'a mut [u8],
    length: usize,
}

impl<'a> Output<'a> {
    pub const fn new(bytes: &'a mut [u8]) -> Self {
        Self { bytes, length: 0 }
    }

    pub const fn length(&self) -> usize {
        self.length
    }

    pub fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    /// Inserts, before what is written from `start` on, how long that is.
    pub fn insert_length(&mut self, start: usize) {
        let length = self.length - start;
        let mut rest = length;
        self.push(0);
        while rest > 0x7f {
            rest >>= 7;
            self.push(0);
        }
        let Some(bytes) = self.bytes.get_mut(start..self.length) else { return };
        let digits = bytes.len() - length;
        bytes.copy_within(..length, digits);
        for (place, byte) in bytes.iter_mut().take(digits).enumerate() {
            let more = if place + 1 < digits { 0x80 } else { 0 };
            *byte = (length >> (7 * place)) as u8 & 0x7f | more;
        }
    }
}
