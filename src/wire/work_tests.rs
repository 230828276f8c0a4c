//! Readers of foreign texts do work in proportion to the length of these. `tests/growth.rs` holds them to
//! what they allocate, this to what they look at, which [`work`] counts: a clock would measure the machine.

use super::{Resource, Value};
use crate::resources::xmpp;
use crate::text::work;

/// The length of a text, in bytes. Work that grew with its square would be thousands for each byte.
const LENGTH: usize = 4_000;

/// What reading a text may look at for each of its bytes; about twice the most that is seen.
const MOST_FOR_A_BYTE: usize = 30;

const XML: &[&str] = &[
    "<a>",
    "</a>",
    "<b c='d'/>",
    "<a",
    "/>",
    " d=\"e\"",
    "='",
    "&amp;",
    "&",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?a ",
    "?>",
    "<Message from='a'>",
    "</Message>",
    "text",
];

const JSON: &[&str] =
    &["{", "}", "[", "]", ",", ":", "null", "1", "\"a\"", "\"", "\\", "\"a\":", "{}", " "];

fn scalar(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// Reads texts of a start and three pieces that are repeated.
fn holds(start: &str, pieces: &[&str], read: impl Fn(&str)) {
    for first in pieces {
        for second in pieces {
            for third in pieces {
                let sequence = [*first, second, third].concat();
                let text = start.to_owned() + &sequence.repeat(LENGTH / sequence.len());
                let done = work::of(|| read(&text));
                let most = MOST_FOR_A_BYTE * text.len();
                assert!(done <= most, "{done} for {} bytes: {start} {sequence}…", text.len());
            }
        }
    }
}

fn answer(resource: &Resource, text: &str, in_xml: bool) {
    if resource.read(text, in_xml, &scalar).is_err() {
        let _ = resource.salvage(text, in_xml, &scalar);
    }
}

#[test]
fn work_on_xml_is_in_proportion() {
    let list = format!("<MessagesResult xmlns='{}'>", super::NAMESPACE);
    for start in [list.as_str(), &format!("{list}<Message from='a'>")] {
        holds(start, XML, |text| answer(&xmpp::POP_MESSAGES, text, true));
    }
    holds("", XML, |text| {
        let _ = crate::syntax::xml::embed(text);
    });
}

#[test]
fn work_on_json_is_in_proportion() {
    for start in ["{\"Messages\":[", "{\"Messages\":[{\"Content\":", ""] {
        holds(start, JSON, |text| answer(&xmpp::POP_MESSAGES, text, false));
    }
}
