//! Bytes that are read one after the other.

use crate::output::Output;

#[derive(Clone, Copy)]
pub struct Stream<'a>(&'a [u8]);

impl<'a> Stream<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Its next bytes, which it skips.
    pub fn split_off(&mut self, length: usize) -> Self {
        let (taken, rest) = self.0.split_at_checked(length).unwrap_or((self.0, &[]));
        self.0 = rest;
        Self(taken)
    }

    pub fn copy_byte(&mut self, module: &mut Output) {
        module.push(self.next().unwrap_or_default());
    }

    /// Copies a number, and returns it as far as it fits.
    pub fn copy_number(&mut self, module: &mut Output) -> usize {
        self.number(|byte| module.push(byte))
    }

    /// Reads a number, and shows its bytes.
    pub fn number(&mut self, mut show: impl FnMut(u8)) -> usize {
        let mut number = 0;
        let mut shift = 0;
        for byte in self {
            show(byte);
            number |= usize::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        number
    }
}

impl Iterator for Stream<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }
}
