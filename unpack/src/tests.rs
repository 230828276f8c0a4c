use super::{OPCODES, kind, unpack};

/// One function, whose instructions are those of the example and `end`.
const MODULE: [u8; 25] = [
    0, b'a', b's', b'm', 1, 0, 0, 0, // what a module begins with
    0x0a, 11, 1, // code: its number, its length, one function
    9, 1, 4, 0x7f, 0x20, 3, 0x28, 2, 8, 0x0b, // its length, its locals, its instructions
    0, 2, 1, b'x', // a custom section
];

/// The same, packed.
fn packed() -> Vec<u8> {
    let mut kinds = [0; OPCODES];
    kinds[0x0b] = kind::END;
    kinds[0x20] = kind::NUMBER;
    kinds[0x28] = kind::MEMORY;
    let outline = [&[9][..], &MODULE[..9], &[1], &[1, 4, 0x7f], &MODULE[21..]].concat();
    let mut streams = vec![outline, vec![0x20, 0x28, 0x0b], vec![2]];
    streams.resize(3 + OPCODES, Vec::new());
    streams[3 + 0x20].push(3);
    streams[3 + 0x28].push(8);
    let lengths: Vec<u8> =
        streams.iter().map(|stream| u8::try_from(stream.len()).unwrap()).collect();
    [&kinds[..], &lengths, &streams.concat()].concat()
}

/// Bytes as characters, of which the lowest are the frequent ones.
fn text_of(bytes: &[u8]) -> Vec<u8> {
    const FREQUENT: u8 = 86;
    let character = |byte: u8| b'#' + byte % FREQUENT;
    let first = |byte: u8| match byte / FREQUENT {
        0 => character(byte),
        1 => b'}',
        _ => b'~',
    };
    let mut text: Vec<u8> = (0..=u8::MAX).map(first).collect();
    for &byte in bytes {
        text.push(first(byte));
        if byte >= FREQUENT {
            text.push(character(byte));
        }
    }
    text
}

#[test]
fn a_module_comes_back() {
    let packed = packed();
    let mut module = [0; MODULE.len()];
    unpack(&text_of(&packed), &mut vec![0; packed.len()], &mut module);
    assert_eq!(module, MODULE);
}

#[test]
fn every_byte_has_its_characters() {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    let mut decoded = [0; 256];
    crate::characters::decode(&text_of(&bytes), &mut crate::output::Output::new(&mut decoded));
    assert_eq!(decoded.as_slice(), bytes);
}

#[test]
fn a_text_that_ends_early_and_too_little_room_are_the_end() {
    let packed = packed();
    let text = text_of(&packed);
    for length in 0..=text.len() {
        let text = text.get(..length).unwrap();
        for room in [0, 10, MODULE.len()] {
            unpack(text, &mut vec![0; packed.len()], &mut vec![0; room]);
        }
    }
}
