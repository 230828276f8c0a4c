//! Puts a WebAssembly module together again from the text that carries it inside a JavaScript file.
//!
//! A module alternates what is alike only apart: an opcode, the number of a local, an opcode, an alignment, an offset.
//! The text holds each kind in a stream of its own, in which compressors find more repetitions. `xtask/pack.mjs` and
//! `xtask/encode.mjs` write it: as characters (`src/characters.rs`), which stand for these bytes.
//!
//! | Part | Content |
//! |---|---|
//! | kinds | for each opcode, what follows it (`kind`) |
//! | lengths | for each stream, how many bytes it has |
//! | outline | how long the next is |
//! |  | the module up to its code, with the number of that section |
//! |  | how many functions there are |
//! |  | for each function, its locals |
//! |  | the module behind its code |
//! | opcodes | those of all instructions |
//! | alignments | those of all accesses to memory |
//! | 256 streams | for each opcode, what else follows it |
//!
//! So of the instructions `local.get 3` and `i32.load align=4 offset=8`, which are the bytes 20 03 28 02 08, 20 and 28
//! are in the opcodes, 02 in the alignments, 03 in the stream of the opcode 20, and 08 in that of 28. How long the code
//! and each function is follows from what they hold.
//!
//! Numbers are as in a module (LEB128).

#![cfg_attr(target_arch = "wasm32", no_std)]

mod characters;
mod output;
mod stream;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "wasm32")]
mod web;

use output::Output;
use stream::Stream;

/// How many opcodes there are.
const OPCODES: usize = 256;

/// What follows an opcode; everything else is nothing.
mod kind {
    /// A number: of a local, a function, a label, or a constant.
    pub const NUMBER: u8 = 1;
    /// An alignment and an offset.
    pub const MEMORY: u8 = 2;
    /// The type of a block, which begins.
    pub const BLOCK: u8 = 3;
    /// Nothing, and the block ends, or the function.
    pub const END: u8 = 4;
    /// Bytes. Their stream has before them how many they are.
    pub const BYTES: u8 = 5;
}

/// Fills `module` with the bytes that the text stands for, on the way through `packed`.
pub fn unpack(text: &[u8], packed: &mut [u8], module: &mut [u8]) {
    characters::decode(text, &mut Output::new(packed));
    if let Some(mut packed) = Packed::new(packed) {
        packed.write(&mut Output::new(module));
    }
}

/// The streams, each from where it is to be read on.
struct Packed<'a> {
    kinds: &'a [u8; OPCODES],
    outline: Stream<'a>,
    opcodes: Stream<'a>,
    alignments: Stream<'a>,
    operands: [Stream<'a>; OPCODES],
}

impl<'a> Packed<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let (kinds, bytes) = bytes.split_first_chunk()?;
        let mut lengths = Stream::new(bytes);
        // The streams begin behind all lengths.
        let mut contents = lengths;
        for _ in 0..3 + OPCODES {
            contents.number(|_| {});
        }
        let mut streams = [contents; 3 + OPCODES];
        for stream in &mut streams {
            *stream = contents.split_off(lengths.number(|_| {}));
        }
        let ([outline, opcodes, alignments], operands) = streams.split_first_chunk()?;
        let (outline, opcodes, alignments) = (*outline, *opcodes, *alignments);
        Some(Self { kinds, outline, opcodes, alignments, operands: *operands.first_chunk()? })
    }

    fn write(&mut self, module: &mut Output) {
        for _ in 0..self.outline.number(|_| {}) {
            self.outline.copy_byte(module);
        }
        let code = module.length();
        for _ in 0..self.outline.copy_number(module) {
            self.write_function(module);
        }
        module.insert_length(code);
        for byte in self.outline {
            module.push(byte);
        }
    }

    fn write_function(&mut self, module: &mut Output) {
        let function = module.length();
        // The locals: how many there are of which type.
        for _ in 0..self.outline.copy_number(module) {
            self.outline.copy_number(module);
            self.outline.copy_byte(module);
        }
        let mut depth = 1;
        while depth > 0
            && let Some(opcode) = self.opcodes.next()
        {
            module.push(opcode);
            depth += self.write_operands(opcode, module);
        }
        module.insert_length(function);
    }

    /// Returns by how many blocks what comes next is deeper.
    fn write_operands(&mut self, opcode: u8, module: &mut Output) -> i32 {
        let opcode = usize::from(opcode);
        let (Some(kind), Some(operands)) = (self.kinds.get(opcode), self.operands.get_mut(opcode))
        else {
            return 0;
        };
        match *kind {
            kind::END => return -1,
            kind::BLOCK => {
                operands.copy_number(module);
                return 1;
            }
            kind::MEMORY => {
                self.alignments.copy_number(module);
                operands.copy_number(module);
            }
            kind::NUMBER => {
                operands.copy_number(module);
            }
            kind::BYTES => {
                for _ in 0..operands.number(|_| {}) {
                    operands.copy_byte(module);
                }
            }
            _ => {}
        }
        0
    }
}
