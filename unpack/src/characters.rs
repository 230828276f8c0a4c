//! Bytes as characters.
//!
//! The first 256 characters of a text are those of all bytes in their order. A byte that has a prefix there is a rare
//! one, which two characters stand for: a prefix and the character of a frequent byte. Rare bytes take them in their
//! order, first all with one prefix. Two prefixes are a run of zeros:
//!
//! | Code | Zeros | |
//! |---|---:|---|
//! | `}}` | 3 | the rest of a small number of four bytes |
//! | `}~` | 7 | the same, and a word of zeros |
//! | `~}` | 11 | the same, and two |
//! | `~~` | 15 | the same, and three |

use crate::output::Output;

/// The first of the two prefixes; they come after all other characters.
const PREFIX: u8 = b'}';

/// Writes the bytes of a text.
pub fn decode(text: &[u8], bytes: &mut Output) {
    let Some((characters, text)) = text.split_first_chunk() else { return };
    let meaning = meaning_of(characters);
    // 0 without a prefix, 1 or 2 after one.
    let mut page = 0;
    for &character in text {
        let Some(prefix) = character.checked_sub(PREFIX) else {
            bytes.push(meaning.get(place(page, character)).copied().unwrap_or_default());
            page = 0;
            continue;
        };
        if page == 0 {
            page = 1 + prefix;
            continue;
        }
        for _ in 0..3 + 8 * (page - 1) + 4 * prefix {
            bytes.push(0);
        }
        page = 0;
    }
}

/// The byte of each character, without a prefix and with each.
fn meaning_of(characters: &[u8; 256]) -> [u8; 3 * PAGE] {
    let mut meaning = [0; 3 * PAGE];
    let mut set = |page, character, byte| {
        if let Some(meaning) = meaning.get_mut(place(page, character)) {
            *meaning = byte;
        }
    };
    let mut page = 1;
    let mut next = characters.iter();
    for (byte, &character) in (0..=u8::MAX).zip(characters) {
        if character < PREFIX {
            set(0, character, byte);
            continue;
        }
        let mut free = next.find(|character| **character < PREFIX);
        if free.is_none() {
            page += 1;
            next = characters.iter();
            free = next.find(|character| **character < PREFIX);
        }
        if let Some(free) = free {
            set(page, *free, byte);
        }
    }
    meaning
}

/// How many characters ASCII has.
const PAGE: usize = 128;

fn place(page: u8, character: u8) -> usize {
    usize::from(page) * PAGE + usize::from(character)
}
