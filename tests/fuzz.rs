//! A million texts for each reader of foreign texts: none may panic, and none may allocate more than in
//! proportion to its length. These texts are too short to show work that grows faster than a text does:
//! `src/wire/work_tests.rs` counts that for long ones.
//!
//! The texts are made of pieces that the readers care about and of bytes that they don't, from a
//! seed that is printed; `FUZZ_SEED` and `FUZZ_CASES` replay or widen a run. What a run finds belongs
//! into the unit tests of the module that it was found in.

#![allow(clippy::indexing_slicing, clippy::print_stdout, reason = "a test, helpers included")]

use neuron_agent_api::resources;
use neuron_agent_api::syntax::date_time::to_unix_seconds;
use neuron_agent_api::syntax::host::is_host;
use neuron_agent_api::syntax::jid::Jid;
use neuron_agent_api::syntax::language::is_language_tag;
use neuron_agent_api::syntax::xml::{check_content, embed};
use neuron_agent_api::wire::{Value, elements_in};

mod counting;

const CASES: u64 = 1_000_000;

/// What the readers of a text may allocate in all, for each of its bytes and besides. Every resource
/// reads it in turn.
const ALLOCATED_PER_BYTE: usize = 300;
const ALLOCATED_BESIDES: usize = 64 * 1024;

/// SplitMix64: small, and good enough to choose pieces with.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }

    fn text(&mut self, pieces: &[&str]) -> String {
        let mut text = String::new();
        for _ in 0..self.roll(10) {
            match self.roll(8) {
                0 => text.extend(char::from_u32(self.roll(0x11_0000) as u32)),
                1 => text.push(char::from(self.roll(128) as u8)),
                _ => text.push_str(pieces[self.roll(pieces.len())]),
            }
        }
        text
    }
}

fn environment(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

fn fuzz(label: &str, pieces: &[&str], read: impl Fn(&str)) {
    let seed = environment("FUZZ_SEED", 20_261_123);
    let cases = environment("FUZZ_CASES", CASES);
    println!("{label}: {cases} cases from seed {seed}");
    let mut dice = Dice(seed);
    for _ in 0..cases {
        let text = dice.text(pieces);
        let (_, allocated) = counting::cost(|| read(&text));
        let limit = ALLOCATED_PER_BYTE * text.len() + ALLOCATED_BESIDES;
        assert!(allocated <= limit, "{label}: {allocated} bytes for {text:?}");
    }
}

const XML: &[&str] = &[
    "<a>",
    "</a>",
    "<a",
    "/>",
    ">",
    "<b:c xmlns:b='u'>",
    "</b:c>",
    " xmlns='v'",
    " d=\"e\"",
    "='",
    "'",
    "&amp;",
    "&#65;",
    "&#x10FFFF;",
    "&#xFFFFFFFFF;",
    "&",
    ";",
    "<!--",
    "-->",
    "--",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0'?>",
    "<!DOCTYPE a [",
    "\u{FEFF}",
    "å",
    "😀",
    "\r\n",
    "\t",
    "text",
    "xmlns:",
    ":",
];

#[test]
fn xml_content() {
    fuzz("xml_content", XML, |text| {
        let sound = check_content(text).is_ok();
        assert_eq!(embed(text).is_ok(), sound, "{text:?}");
        if sound {
            // What is put into another element is sound there too, and holds the same elements.
            let embedded = embed(text).unwrap();
            assert!(check_content(&format!("<r xmlns='w'>{embedded}</r>")).is_ok(), "{text:?}");
        }
        let _ = elements_in(text);
    });
}

#[test]
fn xml_documents() {
    let mut pieces = XML.to_vec();
    pieces.extend([
        "<StanzaResult xmlns='https://waher.se/Schema/BrokerAgent.xsd'",
        " sent='true'",
        " id='1'",
        "<MessagesResult xmlns='https://waher.se/Schema/BrokerAgent.xsd'>",
        "<Message from='a'>",
        "</Message>",
        "</MessagesResult>",
        "<Groups><Item>",
        "</Item></Groups>",
    ]);
    let resources: Vec<_> = resources::all().filter(|it| it.elements.is_some()).collect();
    fuzz("xml_documents", &pieces, |text| {
        let resource = resources[text.len() % resources.len()];
        if let Ok(answer) = resource.read_xml_response(text) {
            let _ = resource.check_response(&answer);
        }
        let _ = resource.salvage(text, true, &scalar);
        let _ = resource.read_xml_request(text);
    });
}

#[test]
fn json_answers() {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "true",
        "1",
        "-0.5e9",
        "1e999",
        "\"",
        "\\",
        "\\ud800",
        "\"sent\":true",
        "\"id\":\"1\"",
        "\"RosterItem\":{",
        "\"Groups\":[",
        "\"bareJid\":\"b@x\"",
        "\"Messages\":[{",
        "\"Stanza\":\"<a/>\"",
        "\"__proto__\":{}",
        "\"expires\":1700000000",
    ];
    fuzz("json_answers", &pieces, |text| {
        let answer = Value::from_json(text, usize::MAX, &scalar).ok();
        let expected = serde_json::from_str::<Value>(text).ok().map(without_prototypes);
        assert_eq!(answer, expected, "{text:?}");
        for resource in resources::all() {
            let read =
                answer.as_ref().is_some_and(|answer| resource.check_response(answer).is_ok());
            assert_eq!(resource.read(text, false, &scalar).is_ok(), read, "{text:?}");
            let _ = resource.salvage(text, false, &scalar);
        }
    });
}

fn scalar(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// The reader leaves out what would be an object's prototype.
fn without_prototypes(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(without_prototypes).collect()),
        Value::Object(properties) => Value::Object(
            properties
                .into_iter()
                .filter(|(name, _)| name != "__proto__")
                .map(|(name, value)| (name, without_prototypes(value)))
                .collect(),
        ),
        other => other,
    }
}

#[test]
fn addresses() {
    let pieces = [
        "a",
        "bob",
        "@",
        "/",
        ".",
        ":",
        "-",
        "[",
        "]",
        "::1",
        "127.0.0.1",
        "xn--",
        "å",
        " ",
        "example.org",
    ];
    fuzz("addresses", &pieces, |text| {
        if let Ok(jid) = Jid::parse(text) {
            assert!(!jid.domain().is_empty() && jid.domain().len() <= 1023);
            // An address can't end the attribute or element that it stands in, but for a resource.
            let bare = text.split('/').next().unwrap_or_default();
            assert!(!bare.contains(['<', '>', '&', '"', '\'']), "{text:?}");
        }
        if is_host(text) {
            assert!(!text.contains(['/', '?', '#', '@', '\\', ' ']), "{text:?}");
        }
    });
}

#[test]
fn small_syntaxes() {
    let pieces = [
        "en",
        "sv",
        "-",
        "SE",
        "x",
        "a",
        "1",
        "Latn",
        "2026-11-23",
        "T",
        "05:37:42",
        "Z",
        "+01:00",
        ".5",
    ];
    fuzz("small_syntaxes", &pieces, |text| {
        let _ = (is_language_tag(text), to_unix_seconds(text));
    });
}
