//! Reading as much as there is of an answer that breaks the contract, if it is a list: one such entry must
//! not hide the others, which are gone at the broker when they were taken.

use super::field::Field;
use super::json_text::{ReadScalar, is_whole, parts, properties};
use super::output::Output;
use super::read::{read_entry, read_property};
use super::resource::{Effect, Resource};
use super::value::{Value, push};

/// How many values are read of one entry. One that has more is handed over as its text.
const MOST_VALUES_OF_ENTRY: usize = 100_000;

impl Resource {
    /// Reads what can be read of an answer that breaks the contract. An entry that does has two more
    /// properties: `problem`, what is wrong with it, and `raw`, its text. `None` if the answer is
    /// no list. One without an end is none either, unless what it holds is gone at the broker: who
    /// compares lists would take for removed what is only missing.
    #[must_use]
    pub fn salvage(&self, answer: &str, in_xml: bool, scalar: ReadScalar) -> Option<Value> {
        let list = self.list()?;
        if self.effect != Effect::Consume && !self.has_end(answer, in_xml) {
            return None;
        }
        let answer = if in_xml {
            self.salvage_xml(answer).ok()?
        } else {
            salvage_json(list, answer, scalar)?
        };
        let mut properties = Vec::new();
        for field in self.response.fields {
            let value = match answer.get(field.name) {
                Some(Value::Array(entries)) if field.kind.entry_fields().is_some() => {
                    Some(Value::Array(entries.clone()))
                }
                found => read_property(field, found.unwrap_or(&Value::Null)).ok()?,
            };
            if let Some(value) = value {
                push(&mut properties, field.name, value);
            }
        }
        Some(Value::Object(properties))
    }

    fn has_end(&self, answer: &str, in_xml: bool) -> bool {
        let (_, element) = self.elements.unwrap_or_default();
        let end = answer.trim_ascii().strip_suffix('>').unwrap_or_default().trim_ascii();
        if in_xml { end.ends_with(element) } else { is_whole(answer) }
    }
}

fn salvage_json(list: &Output, answer: &str, scalar: ReadScalar) -> Option<Value> {
    let fields = list.kind.entry_fields()?;
    if !answer.trim_ascii().starts_with('{') {
        return None;
    }
    let mut entries = Vec::new();
    let mut has_begun = false;
    for (name, part) in parts(answer, scalar)? {
        has_begun |= list.is(&name);
        // What can't be told apart any more may hold entries.
        if list.is(&name) || name.is_empty() {
            let items = parts(part, scalar).filter(|_| part.starts_with('['));
            for (_, item) in items.unwrap_or_else(|| vec![(name, part)]) {
                if item != "null" {
                    let (found, problem) = properties(item, MOST_VALUES_OF_ENTRY, scalar);
                    let is_none = !item.starts_with('{');
                    let problem = problem.or_else(|| is_none.then(|| NO_OBJECT.into()));
                    entries.push(read_entry(fields, &found, problem, item));
                }
            }
        }
    }
    if !has_begun {
        return None;
    }
    let (mut answer, _) = properties(answer.trim_ascii(), MOST_VALUES_OF_ENTRY, scalar);
    answer.put(list.name, Value::Array(entries));
    Some(answer)
}

const NO_OBJECT: &str = "it is not an object";

#[cfg(test)]
mod tests {
    use super::super::NAMESPACE;
    use super::super::read::MOST_VALUES;
    use super::*;
    use crate::resources::xmpp;

    fn scalar(text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }

    /// The entries as JSON, as they come from the first or from the second reading.
    fn entries(resource: &Resource, answer: &str, in_xml: bool) -> Vec<String> {
        let read = resource.read(answer, in_xml, &scalar);
        let response = read.ok().or_else(|| resource.salvage(answer, in_xml, &scalar)).unwrap();
        let Value::Object(properties) = response else { panic!("no object") };
        let [(_, Value::Array(entries))] = properties.as_slice() else { panic!("no single list") };
        entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect()
    }

    const GOOD: &str = r#"{"from":"a@x","to":"b@x","type":"chat","timestamp":0,"Content":[]}"#;
    const READ: &str = r#"{"from":"a@x","to":"b@x","type":"chat","timestamp":"1970-01-01T00:00:00Z","Content":[]}"#;

    /// One odd message between two good ones: what comes of it, without its raw text, which is checked.
    fn odd(message: &str) -> String {
        let answer = format!(r#"{{"Messages":[{GOOD},{message},{GOOD}]}}"#);
        let entries = entries(&xmpp::POP_MESSAGES, &answer, false);
        let [first, odd, last] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!([first.as_str(), last.as_str()], [READ, READ]);
        let raw = format!(r#","raw":{}}}"#, serde_json::to_string(message).unwrap());
        format!("{}}}", odd.strip_suffix(&raw).unwrap_or_else(|| panic!("{odd} without {raw}")))
    }

    #[test]
    fn an_odd_message_comes_as_far_as_it_can_be_read() {
        for (message, expected) in [
            (
                r#"{"from":"a@x","to":"b@x","timestamp":0,"Content":[]}"#,
                r#"{"from":"a@x","to":"b@x","type":"","timestamp":"1970-01-01T00:00:00Z","Content":[],"problem":"type is missing"}"#,
            ),
            (
                r#"{"from":"a@x","to":"b@x","type":"chat","timestamp":"soon","Content":[]}"#,
                r#"{"from":"a@x","to":"b@x","type":"chat","timestamp":"","Content":[],"problem":"timestamp is not a point in time"}"#,
            ),
            (
                r#"{"from":"a@x","Content":"<a>","id":7}"#,
                r#"{"from":"a@x","to":"","type":"","timestamp":"","Content":[],"problem":"id is not a string"}"#,
            ),
            (
                "5",
                r#"{"from":"","to":"","type":"","timestamp":"","Content":[],"problem":"it is not an object"}"#,
            ),
        ] {
            assert_eq!(odd(message), expected);
        }
    }

    #[test]
    fn no_depth_and_no_size_of_a_message_loses_the_others() {
        let start = r#"{"from":"a@x","to":"b@x","type":"chat","timestamp":0,"Content":"#;
        let read = READ.strip_suffix('}').unwrap();
        for depth in [250, 1_000_000] {
            let message = format!("{start}{}{}}}", "[".repeat(depth), "]".repeat(depth));
            let expected = format!(r#"{read},"problem":"Content is nested too deeply"}}"#);
            assert_eq!(odd(&message), expected);
        }
        let large = format!("{start}[{}{{}}]}}", "{},".repeat(MOST_VALUES));
        let expected = format!(r#"{read},"problem":"Content has too many parts"}}"#);
        assert_eq!(odd(&large), expected);
    }

    #[test]
    fn what_is_no_json_is_the_last_message() {
        let of = |answer: &str| entries(&xmpp::POP_MESSAGES, answer, false);
        let unreadable = |raw: &str| {
            let kind = if raw.starts_with('{') { "JSON" } else { "an object" };
            let raw = serde_json::to_string(raw).unwrap();
            format!(
                r#"{{"from":"","to":"","type":"","timestamp":"","Content":[],"problem":"it is not {kind}","raw":{raw}}}"#
            )
        };
        for (answer, last) in [
            (format!(r#"{{"Messages":[{GOOD},"#), ""),
            (format!(r#"{{"Messages":[{GOOD}"#), ""),
            (format!(r#"{{"Messages":[{GOOD}]"#), ""),
            (format!(r#"{{"Messages":[{GOOD},{{"from"#), r#"{"from"#),
            (format!(r#"{{"Messages":[{GOOD},x,y]}}"#), "x"),
            (format!(r#"{{"Messages":[{GOOD}],oops"#), "oops"),
        ] {
            let expected = [READ.to_string(), unreadable(last)];
            assert_eq!(of(&answer)[..2], expected, "{answer}");
        }
        // A list that is none is its only entry.
        assert_eq!(of(r#"{"Messages":7}"#).len(), 1);
        assert_eq!(of(&format!(r#"{{"messages":{GOOD}}}"#)), [READ]);
        assert_eq!(of(&format!(r#"{{"Messages":[null,5,{GOOD}]}}"#))[1], READ);
        for no_list in ["", "[]", "5", "<html>", "{", "{\"Messa", "{\"Messages\""] {
            let salvaged = xmpp::POP_MESSAGES.salvage(no_list, false, &scalar);
            assert!(salvaged.is_none(), "{no_list}");
        }
    }

    fn in_xml(messages: &str) -> String {
        format!("<MessagesResult xmlns='{NAMESPACE}'>{messages}</MessagesResult>")
    }

    const GOOD_XML: &str = "<Message from='a@x' to='b@x' type='chat' timestamp='0'/>";

    #[test]
    fn in_xml_an_odd_message_leaves_the_others_too() {
        let start = "<Message from='a@x' to='b@x' type='chat' timestamp='0'>";
        let of = |content: String| format!("{start}{content}</Message>");
        let deep = |depth| "<b>".repeat(depth) + &"</b>".repeat(depth);
        let namespaces = format!("<x xmlns='{}'>{}</x>", "u".repeat(1_000), "<a/>".repeat(10_000));
        let declarations: String = (0..200).map(|number| format!(" xmlns:p{number}='u'")).collect();
        for (message, problem) in [
            (GOOD_XML.replace("type='chat'", ""), "type is missing"),
            (GOOD_XML.replace("'0'", "'soon'"), "timestamp is not a point in time"),
            (of(deep(100)), "its XML has elements nested too deep"),
            (of(deep(1_000_000)), "its XML has elements nested too deep"),
            (of("<b/>".repeat(250_000)), "its XML has too many parts"),
            (of(namespaces), "its XML has namespaces that are too long, too often"),
            (
                of(format!("<x xmlns='{}'/>", "u".repeat(40_000))),
                "its XML has a namespace longer than 1024 characters",
            ),
            (
                of(format!("<x{declarations}/>")),
                "its XML has more than 100 declarations of namespaces",
            ),
            (of("<a b='</Message>'/>".into()), "its XML has a \"<\" in an attribute"),
            (
                of("<!-- </Message> --><![CDATA[</Message>]]><a></b>".into()),
                "its XML has an end tag does not match",
            ),
            (of("&nbsp;".into()), "its XML has an unknown entity"),
            (
                "<Message from='a@x' from=''><a/></Message>".into(),
                "its XML has a duplicate attribute",
            ),
        ] {
            let document = in_xml(&format!("{GOOD_XML}{message}{GOOD_XML}"));
            let entries = entries(&xmpp::POP_MESSAGES, &document, true);
            let [first, odd, last] = entries.as_slice() else { panic!("{problem}: {entries:?}") };
            assert_eq!([first.as_str(), last.as_str()], [READ, READ]);
            let (told, raw) = (serde_json::to_string(problem), serde_json::to_string(&message));
            let end = format!(r#","problem":{},"raw":{}}}"#, told.unwrap(), raw.unwrap());
            assert!(odd.ends_with(&end), "{odd}");
            let is_read = !problem.contains("duplicate");
            assert_eq!(odd.contains(r#""from":"a@x","to":"b@x""#), is_read, "{odd}");
        }
    }

    #[test]
    fn in_xml_what_has_no_end_is_the_last_message() {
        let start = format!("<MessagesResult xmlns='{NAMESPACE}'>{GOOD_XML}");
        for rest in
            ["", "<Message from='a@x'", "<Message from='a@x'>", "<Message><a></Message>", "</x>"]
        {
            let entries = entries(&xmpp::POP_MESSAGES, &format!("{start}{rest}"), true);
            assert_eq!(entries[0], READ);
            assert!(entries[1].contains(r#""problem":"its XML has "#), "{entries:?}");
            assert!(entries.len() < 4, "{entries:?}");
        }
        assert!(xmpp::POP_MESSAGES.salvage("<html></html>", true, &scalar).is_none());
    }

    #[test]
    fn in_xml_a_text_with_a_fault_leaves_the_messages_around_it() {
        let document = in_xml(&format!("{GOOD_XML}&nbsp;{GOOD_XML}"));
        let entries = entries(&xmpp::POP_MESSAGES, &document, true);
        let [first, odd, last] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!([first.as_str(), last.as_str()], [READ, READ]);
        assert!(odd.ends_with(r#""problem":"its XML has an unknown entity","raw":"&nbsp;"}"#));
    }

    #[test]
    fn a_list_without_an_end_is_none_unless_it_was_taken() {
        let xml = |rest: &str| {
            format!("<Roster xmlns='{NAMESPACE}'><RosterItems><Item bareJid='c@x'/>{rest}")
        };
        for (answer, is_xml, is_whole) in [
            (r#"{"RosterItems":[{}]}"#.to_string(), false, true),
            (r#"{"RosterItems":[{},{}"#.into(), false, false),
            (r#"{"RosterItems":[{}]"#.into(), false, false),
            (xml("</RosterItems></Roster>\n"), true, true),
            (xml("</RosterItems></Roster >"), true, true),
            (xml(""), true, false),
            (xml("</RosterItems>"), true, false),
            (xml("</RosterItems></Roster"), true, false),
        ] {
            let salvaged = xmpp::GET_ROSTER.salvage(&answer, is_xml, &scalar);
            assert_eq!(salvaged.is_some(), is_whole, "{answer}");
        }
    }

    #[test]
    fn one_odd_contact_does_not_hide_the_others() {
        let good =
            r#"{"bareJid":"b@x","pendingSubscription":true,"status":"None","name":"","Groups":[]}"#;
        let answer = format!(r#"{{"RosterItems":[{good},{{"bareJid":"c@x"}},{good}]}}"#);
        let odd = r#"{"bareJid":"c@x","pendingSubscription":false,"status":"","name":"","Groups":[],"problem":"pendingSubscription is missing","raw":"{\"bareJid\":\"c@x\"}"}"#;
        assert_eq!(entries(&xmpp::GET_ROSTER, &answer, false), [good, odd, good]);
        let item = "<Item bareJid='b@x' pendingSubscription=' 1 ' status='None' name=''/>";
        let document = format!(
            "<Roster xmlns='{NAMESPACE}'><RosterItems>{item}<Item bareJid='c@x'/>{item}</RosterItems></Roster>"
        );
        let entries = entries(&xmpp::GET_ROSTER, &document, true);
        assert_eq!([&entries[0], &entries[2]], [good, good]);
        assert!(entries[1].contains(r#""problem":"pendingSubscription is missing","raw":"<Item"#));
    }
}
