//! The queued messages of an account.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::message::Message;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::{count, object, size};
use neuron_agent_api::resources::xmpp;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&xmpp::POP_MESSAGES, pop_messages),
    Route::new(&xmpp::CLEAR_MESSAGES, clear_messages),
];

/// The maximum size of an answer, in bytes, unless a single message is larger: half of what clients
/// accept by default. The rest is returned by the next call.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// Takes the oldest messages out of the inbox, subscription stanzas included (see [`Message`]).
fn pop_messages(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let max = size(arguments.integer("maxCount")?);
    let size = |message: &Message| message.size(call.encoding);
    let popped = broker.caller_mut(call)?.inbox.pop_within(max, MAX_ANSWER_BYTES, size);
    let entries = popped.into_iter().map(Message::entry).collect();
    Ok(object([("Messages", Value::Array(entries))]))
}

/// Deletes all queued messages, and returns how many there were.
fn clear_messages(broker: &mut Broker, call: &Call<'_>, _: &Arguments) -> Answer {
    Ok(object([("count", count(broker.caller_mut(call)?.inbox.clear()))]))
}

#[cfg(test)]
mod tests {
    use super::MAX_ANSWER_BYTES;
    use crate::core::message::Message;
    use crate::core::testing::{Pair, log_in, pair, try_answer};
    use crate::core::{Request, to_json_answer};
    use jid::BareJid;
    use neuron_agent_api::resources::xmpp::{
        CLEAR_MESSAGES, POP_MESSAGES, SEND_PRESENCE_SUBSCRIPTION, SEND_TEXT_MESSAGE,
        SEND_XML_MESSAGE,
    };
    use neuron_agent_api::wire::{Encoding, Value};

    #[test]
    fn messages_are_popped_once_and_the_oldest_first() {
        let mut pair = pair();
        for id in 0..5 {
            let body = format!(r#"{{"to":"bob@localhost","message":"x","id":"{id}"}}"#);
            pair.as_alice(&SEND_TEXT_MESSAGE, &body).unwrap();
        }
        let mut pop = |body: &str| {
            let answer = pair.as_bob(&POP_MESSAGES, body).unwrap();
            let ids = answer.split(r#"{"id":""#).skip(1);
            ids.map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<String>()
        };
        assert_eq!(pop(r#"{"maxCount":2}"#), "01");
        assert_eq!(pop(r#"{"maxCount":"1"}"#), "2");
        assert_eq!(pop(r#"{"maxCount":null}"#), "34");
        assert_eq!(pop("{}"), "");
        assert!(pair.as_bob(&POP_MESSAGES, r#"{"maxCount":0}"#).is_err());
    }

    fn send(pair: &mut Pair, xml: &str) {
        let xml = serde_json::to_string(xml).unwrap();
        let body = format!(r#"{{"to":"bob@localhost","xml":{xml}}}"#);
        assert!(pair.as_alice(&SEND_XML_MESSAGE, &body).unwrap().contains("true"));
    }

    /// Contents whose sizes differ most between memory, JSON and XML.
    fn contents() -> Vec<String> {
        let namespace = "u".repeat(1024);
        let names = (0..11_000).map(|name| format!("<n{name}/>")).collect::<String>();
        let long = format!("<a>{}</a>", "x".repeat(1_000_000));
        vec![
            "<a/>".into(),
            long.clone(),
            long.clone(),
            long,
            format!("<a>{}</a>", "\"\\".repeat(200_000)),
            format!("<a>{}</a>", "&amp;".repeat(100_000)),
            "<b/>".repeat(10_000),
            "<b/>".repeat(70_000),
            format!("<a>{}</a>", "<b/>".repeat(200_000)),
            format!("<a xmlns='{namespace}'>{}</a>", "<b/>".repeat(3_000)),
            format!("<a xmlns='{namespace}'>{}</a>", "<b/>".repeat(60_000)),
            format!("<a>{names}</a>"),
            format!("<a>{}</a>", "<b c='\"' d='&quot;&#10;'/>".repeat(20_000)),
        ]
    }

    #[test]
    fn an_answer_is_limited_and_the_rest_comes_with_the_next() {
        for encoding in [Encoding::Json, Encoding::Xml] {
            let mut pair = pair();
            let bob = BareJid::new("bob@localhost").unwrap();
            let mut sent = 0;
            for content in contents() {
                send(&mut pair, &content);
                sent += 1;
            }
            let inbox = &mut pair.broker.user_mut(&bob).unwrap().inbox;
            let (mut popped, mut answers) = (0, 0);
            loop {
                let size = |message: &Message| message.size(encoding);
                let messages = inbox.pop_within(usize::MAX, MAX_ANSWER_BYTES, size);
                if messages.is_empty() {
                    break;
                }
                (popped, answers) = (popped + messages.len(), answers + 1);
                let foreseen: usize = messages.iter().map(size).sum();
                let entries = messages.into_iter().map(Message::entry).collect();
                let answer = Value::Object(vec![("Messages".into(), Value::Array(entries))]);
                let length = match encoding {
                    Encoding::Json => {
                        let json = to_json_answer(&POP_MESSAGES, answer);
                        serde_json::to_string(&json).unwrap().len()
                    }
                    Encoding::Xml => POP_MESSAGES.xml_response(&answer).unwrap().len(),
                };
                // What surrounds the messages is not part of the estimate.
                assert!(length <= foreseen + 256, "{length} {foreseen}");
                assert!(length <= MAX_ANSWER_BYTES + 256, "{length}");
            }
            assert_eq!(popped, sent);
            assert!(answers > 1, "all fitted into one answer");
        }
    }

    #[test]
    fn content_that_is_too_large_for_objects_is_returned_as_xml() {
        let mut pair = pair();
        for content in contents() {
            send(&mut pair, &content);
            let request = Request::read(&POP_MESSAGES, Value::object().into()).unwrap();
            let answer = try_answer(&mut pair, false, &POP_MESSAGES, &request).unwrap();
            let answer = to_json_answer(&POP_MESSAGES, answer);
            let Some(Value::Array(messages)) = answer.get("Messages") else { panic!() };
            assert_eq!(messages.len(), 1);
            match messages[0].get("Content").unwrap() {
                Value::Array(elements) => assert!(!elements.is_empty()),
                Value::String(xml) => assert!(xml.starts_with('<'), "{xml}"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn messages_are_cleared_and_counted() {
        let mut pair = pair();
        let body = r#"{"to":"bob@localhost","message":"x"}"#;
        pair.as_alice(&SEND_TEXT_MESSAGE, body).unwrap();
        pair.as_alice(&SEND_TEXT_MESSAGE, body).unwrap();
        assert_eq!(pair.as_bob(&CLEAR_MESSAGES, "{}").unwrap(), r#"{"count":2}"#);
        assert_eq!(pair.as_bob(&CLEAR_MESSAGES, "{}").unwrap(), r#"{"count":0}"#);
        assert_eq!(pair.as_bob(&POP_MESSAGES, "{}").unwrap(), r#"{"Messages":[]}"#);
    }

    #[test]
    fn a_subscription_request_is_a_message_and_is_delivered_again_to_a_new_session() {
        let mut pair = pair();
        let body =
            r#"{"to":"bob@localhost","customXml":"<a xmlns='u'/>","language":"sv","id":"1"}"#;
        pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, body).unwrap();
        let request = concat!(
            r#"{"Messages":[{"id":"1","from":"alice@localhost","to":"bob@localhost","lang":"sv","#,
            r#""type":"subscribe","timestamp":1700000000,"Content":["#,
            r#"{"__name":"a","__ns":"u","xmlns":"u"},"#,
            r#"{"__name":"legalId","__ns":"urn:neuron-agent-api:broker","#,
            r#""xmlns":"urn:neuron-agent-api:broker","#,
            r#""id":"2c1f3a52-7d0e-8a41-b60c-9f5be2d4c781@legal.localhost"}]}]}"#
        );
        assert_eq!(pair.as_bob(&POP_MESSAGES, "{}").unwrap(), request);
        assert_eq!(pair.as_bob(&POP_MESSAGES, "{}").unwrap(), r#"{"Messages":[]}"#);
        log_in(&mut pair.broker, "bob", "builder");
        log_in(&mut pair.broker, "bob", "builder");
        assert_eq!(pair.as_bob(&POP_MESSAGES, "{}").unwrap(), request);
    }
}
