//! What is read takes memory, and work, in proportion to its length: eight times the text, eight times
//! the allocations. Counted by an allocator, for a clock would tell of the machine.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test, helpers included")]

use counting::cost;
use neuron_agent_api::resources::{account, xmpp};
use neuron_agent_api::syntax::xml::{check_content, embed};
use neuron_agent_api::wire::{NAMESPACE, Resource, Value, elements_in};

mod counting;

/// Holds the reading of a text of growing length to its cost: at most so many bytes for each of the
/// text at a time, and no more for each of a long text than of a short one.
fn grows_evenly<T>(
    label: &str,
    a_byte: usize,
    make: impl Fn(usize) -> String,
    read: impl Fn(&str) -> T,
) {
    let [short, long] = [1_000, 8_000].map(|size| {
        let text = make(size);
        let (most, all) = cost(|| read(&text));
        assert!(most <= a_byte * text.len() + 64 * 1024, "{label}: {most} for {}", text.len());
        (text.len(), most, all)
    });
    let times = long.0 / short.0 + 2;
    assert!(long.1 <= short.1 * times + 64 * 1024, "{label}, at a time: {short:?}, {long:?}");
    assert!(long.2 <= short.2 * times + 64 * 1024, "{label}, in all: {short:?}, {long:?}");
}

fn scalar(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// Reads an answer as the client does.
fn answer(resource: &Resource, text: &str, in_xml: bool) -> Option<Value> {
    resource.read(text, in_xml, &scalar).ok().or_else(|| resource.salvage(text, in_xml, &scalar))
}

const ATTRIBUTES: &str = "from='a@x' to='b@x' type='chat' timestamp='0'";

fn message(content: &str) -> String {
    format!(
        "<MessagesResult xmlns='{NAMESPACE}'><Message {ATTRIBUTES}>{content}</Message></MessagesResult>"
    )
}

type Make = fn(usize) -> String;

/// Content of some size that was made to take more than its length.
fn contents() -> Vec<(&'static str, Make)> {
    vec![
        ("one namespace, many elements", |size| {
            format!("<x xmlns='u{}'>{}</x>", "n".repeat(size), "<a/>".repeat(size))
        }),
        ("a namespace as long as may be", |size| {
            format!("<x xmlns='u{}'>{}</x>", "n".repeat(1_000), "<a/>".repeat(size))
        }),
        ("one prefix, many elements", |size| {
            format!("<x xmlns:p='u{}'>{}</x>", "n".repeat(size), "<p:a/>".repeat(size))
        }),
        ("one prefix, many attributes", |size| {
            let attributes: String = (0..900).map(|number| format!(" p:a{number}=''")).collect();
            let elements = format!("<a{attributes}/>").repeat(size / 900 + 1);
            format!("<x xmlns:p='u{}'>{elements}</x>", "n".repeat(1_000))
        }),
        ("two namespaces in turn", |size| {
            let (a, b) = ("n".repeat(1_000), "m".repeat(1_000));
            format!("<p:x xmlns:p='u{a}' xmlns:q='u{b}'>{}</p:x>", "<q:a><p:b/></q:a>".repeat(size))
        }),
        ("many prefixes", |size| {
            let declarations: String =
                (0..90).map(|number| format!(" xmlns:p{number}='u{number}'")).collect();
            format!("<x{declarations}>{}</x>", "<p0:a/>".repeat(size))
        }),
        ("many names", |size| (0..size).map(|number| format!("<a{number}/>")).collect()),
        ("nested", |size| "<a>".repeat(size) + &"</a>".repeat(size)),
        ("references", |size| "<a b='&amp;&#229;'>&lt;</a>".repeat(size)),
        ("names that are taken", |size| {
            let names = |number: usize| "__".repeat(number) + "a";
            let count = size.isqrt();
            let attributes: String = (0..count).map(|n| format!(" {}=''", names(n))).collect();
            let children: String = (0..count).map(|n| format!("<{}/>", names(n))).collect();
            format!("<x{attributes}>{children}</x>")
        }),
    ]
}

#[test]
fn content_of_any_kind() {
    for (label, content) in contents() {
        grows_evenly(label, 8, content, |text| check_content(text).is_ok());
        grows_evenly(label, 8, content, |text| embed(text).is_ok());
        grows_evenly(label, 300, content, |text| elements_in(text).is_ok());
    }
}

#[test]
fn messages_in_xml() {
    for (label, content) in contents() {
        let document = |size| message(&content(size));
        grows_evenly(label, 300, document, |text| answer(&xmpp::POP_MESSAGES, text, true).unwrap());
        let many = |size: usize| {
            let one = format!("<Message {ATTRIBUTES}>{}</Message>", content(20));
            format!("<MessagesResult xmlns='{NAMESPACE}'>{}", one.repeat(size / 20))
        };
        grows_evenly(label, 300, many, |text| answer(&xmpp::POP_MESSAGES, text, true).unwrap());
    }
}

#[test]
fn requests_in_xml() {
    for (label, content) in contents() {
        // What no field claims, as in a login, which anybody may send.
        let unknown = |size| format!("<Login xmlns='{NAMESPACE}'>{}</Login>", content(size));
        grows_evenly(label, 32, unknown, |text| account::LOGIN.read_xml_request(text).is_ok());
        let custom = |size| {
            let content = content(size);
            format!(
                "<SendPresenceSubscription xmlns='{NAMESPACE}' to='b@x'>{content}</SendPresenceSubscription>"
            )
        };
        let resource = &xmpp::SEND_PRESENCE_SUBSCRIPTION;
        // Written anew it may be longer, and then it is bounded.
        let (most, _) = cost(|| resource.read_xml_request(&custom(20_000)).is_ok());
        assert!(most < 16 * 1024 * 1024, "{label}: {most}");
    }
}

#[test]
fn messages_in_json() {
    let start = r#"{"from":"a@x","to":"b@x","type":"chat","timestamp":0,"Content":"#;
    let contents: [(&str, Make); 5] = [
        ("nested", |size| "[".repeat(size) + &"]".repeat(size)),
        ("numbers", |size| format!("[0{}]", ",0".repeat(size))),
        ("objects", |size| format!("[{{}}{}]", ",{}".repeat(size))),
        ("escapes", |size| format!("\"{}\"", "\\u00e5\\n".repeat(size))),
        ("without an end", |size| "[{\"a\":".repeat(size)),
    ];
    for (label, content) in contents {
        let one = |size| format!(r#"{{"Messages":[{start}{}}}]}}"#, content(size));
        grows_evenly(label, 200, one, |text| answer(&xmpp::POP_MESSAGES, text, false).unwrap());
        let many = |size: usize| {
            let message = format!("{start}{}}},", content(20));
            format!(r#"{{"Messages":[{}null]}}"#, message.repeat(size / 20))
        };
        grows_evenly(label, 200, many, |text| answer(&xmpp::POP_MESSAGES, text, false).unwrap());
    }
}
