//! Puts a WebAssembly module together again from the text that carries it inside a JavaScript file.
//!
//! The text holds side by side what is alike and alternates in the module: all opcodes, all numbers of
//! locals that are read, all offsets at which one opcode loads. Compressors find more repetitions there.
//! `xtask/encode.mjs` writes it, as characters ([`characters`]) of these bytes:
//!
//! | Part | Bytes |
//! |---|---|
//! | kinds | what follows each opcode in an instruction ([`kind`]) |
//! | lengths | how many bytes each stream has |
//! | outline | how long the module is up to its code; the module without its instructions, and without how long code and functions are |
//! | opcodes | those of all instructions |
//! | alignments | those of all accesses to memory |
//! | 256 streams | what else follows each opcode |
//!
//! Numbers are those of WebAssembly (LEB128).

#![cfg_attr(target_arch = "wasm32", no_std)]

mod characters;
mod output;
mod stream;
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

/// What is not unpacked yet.
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
        let mut streams = [Stream::new(bytes); 3 + OPCODES];
        let mut lengths = Stream::new(bytes);
        let mut bytes = lengths;
        for _ in &streams {
            bytes.number(|_| {});
        }
        for stream in &mut streams {
            *stream = bytes.split_off(lengths.number(|_| {}));
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
