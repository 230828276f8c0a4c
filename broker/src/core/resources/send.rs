//! Sends messages.

use super::subscription::{id, stanza_result};
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::content::Content;
use crate::core::markdown;
use crate::core::message::{Message, StanzaType};
use crate::core::route::{Answer, Route};
use crate::core::stanza::CLIENT;
use crate::core::state::Broker;
use neuron_agent_api::resources::xmpp;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&xmpp::SEND_TEXT_MESSAGE, send_text_message).render("message", body),
    Route::new(&xmpp::SEND_FORMATTED_MESSAGE, send_formatted_message)
        .render("message", markdown::forms),
    Route::new(&xmpp::SEND_XML_MESSAGE, send_xml_message),
];

/// Sends a chat message of plain text.
fn send_text_message(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    send(broker, call, given, StanzaType::Chat, given.xml("message")?.clone())
}

/// The content of a message of plain text.
fn body(text: &str) -> Content {
    Content::element("body", CLIENT, &[], &Content::text(text))
}

/// Sends a chat message of Markdown, in the three forms of
/// [`markdown::forms`].
fn send_formatted_message(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    send(broker, call, given, StanzaType::Chat, given.xml("message")?.clone())
}

/// Sends a message of custom XML.
fn send_xml_message(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    send(broker, call, given, StanzaType::Normal, given.xml("xml")?.clone())
}

/// Sends a message, and returns whether it was sent. In the own domain the resource part of the
/// recipient is ignored, because all sessions of an account share its inbox (RFC 6121 §8.5.3.2.1).
fn send(
    broker: &mut Broker,
    call: &Call<'_>,
    given: &Arguments,
    kind: StanzaType,
    mut content: Content,
) -> Answer {
    let to = given.address("to")?.clone();
    let from = broker.caller_full_address(call)?;
    let id = id(broker, given);
    if let Some(subject) = given.optional_text("subject") {
        content.append(&Content::element("subject", CLIENT, &[], &Content::text(subject)));
    }
    let sent = broker.send_message(Message {
        id: Some(id.clone()),
        from,
        to,
        language: given.optional_text("language").map(Into::into),
        kind,
        received: call.now,
        content,
    })?;
    Ok(stanza_result(sent, id))
}

#[cfg(test)]
mod tests {
    use crate::core::testing::pair;
    use neuron_agent_api::resources::xmpp::{
        POP_MESSAGES, SEND_FORMATTED_MESSAGE, SEND_TEXT_MESSAGE, SEND_XML_MESSAGE,
    };
    use neuron_agent_api::wire::Value;

    fn messages(answer: &str) -> Vec<Value> {
        let answer: Value = serde_json::from_str(answer).unwrap();
        let Some(Value::Array(messages)) = answer.get("Messages") else { panic!("{answer:?}") };
        messages.clone()
    }

    /// The content as JSON.
    fn content(message: &Value) -> String {
        serde_json::to_string(message.get("Content").unwrap()).unwrap()
    }

    fn text<'a>(message: &'a Value, name: &str) -> &'a str {
        message.get(name).and_then(Value::as_str).unwrap()
    }

    #[test]
    fn a_text_arrives_with_all_its_properties() {
        let mut pair = pair();
        let body = concat!(
            r#"{"to":"bob@localhost/phone","message":"Hi <Bob>","subject":"S","#,
            r#""language":"sv","id":"m1"}"#
        );
        let sent = pair.as_alice(&SEND_TEXT_MESSAGE, body).unwrap();
        assert_eq!(sent, r#"{"sent":true,"id":"m1"}"#);
        let messages = messages(&pair.as_bob(&POP_MESSAGES, "{}").unwrap());
        let [message] = &messages[..] else { panic!("{messages:?}") };
        for (name, value) in
            [("id", "m1"), ("to", "bob@localhost/phone"), ("lang", "sv"), ("type", "chat")]
        {
            assert_eq!(text(message, name), value);
        }
        assert!(text(message, "from").starts_with("alice@localhost/"));
        assert_eq!(
            content(message),
            concat!(
                r#"[{"__name":"body","__ns":"jabber:client","xmlns":"jabber:client","#,
                r#""value":"Hi <Bob>"},{"__name":"subject","__ns":"jabber:client","#,
                r#""xmlns":"jabber:client","value":"S"}]"#
            )
        );
    }

    #[test]
    fn markdown_arrives_in_three_forms_and_xml_as_it_is() {
        let mut pair = pair();
        let body = r#"{"to":"bob@localhost","message":"*Hi*"}"#;
        pair.as_alice(&SEND_FORMATTED_MESSAGE, body).unwrap();
        let body = r#"{"to":"bob@localhost","xml":"<a xmlns='u'/><b/>","subject":"S"}"#;
        pair.as_alice(&SEND_XML_MESSAGE, body).unwrap();
        let messages = messages(&pair.as_bob(&POP_MESSAGES, "{}").unwrap());
        let names = |message: &Value| {
            let Some(Value::Array(content)) = message.get("Content") else { panic!() };
            content.iter().map(|element| text(element, "__name").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&messages[0]), ["body", "html", "content"]);
        assert_eq!(names(&messages[1]), ["a", "b", "subject"]);
        assert_eq!([text(&messages[0], "type"), text(&messages[1], "type")], ["chat", "normal"]);
    }

    #[test]
    fn unknown_accounts_are_not_revealed_and_other_domains_get_nothing() {
        let mut pair = pair();
        for (to, sent) in [
            ("nobody@localhost", true),
            ("localhost", true),
            ("bob@example.org", false),
            ("alice@localhost", true),
        ] {
            let body = format!(r#"{{"to":"{to}","message":"x","id":"1"}}"#);
            let answer = pair.as_alice(&SEND_TEXT_MESSAGE, &body).unwrap();
            assert_eq!(answer, format!(r#"{{"sent":{sent},"id":"1"}}"#), "{to}");
        }
        assert_eq!(messages(&pair.as_alice(&POP_MESSAGES, "{}").unwrap()).len(), 1);
    }

    #[test]
    fn the_length_of_a_message_is_limited() {
        let mut pair = pair();
        for (length, is_sent) in [(64 * 1024, true), (64 * 1024 + 1, false)] {
            let body = format!(r#"{{"to":"bob@localhost","message":"{}"}}"#, "x".repeat(length));
            for resource in [&SEND_TEXT_MESSAGE, &SEND_FORMATTED_MESSAGE] {
                assert_eq!(pair.as_alice(resource, &body).is_ok(), is_sent);
            }
        }
    }

    #[test]
    fn a_full_inbox_takes_no_more() {
        let mut pair = pair();
        let body = r#"{"to":"bob@localhost","message":"x"}"#;
        for _ in 0..1000 {
            assert!(pair.as_alice(&SEND_TEXT_MESSAGE, body).unwrap().contains("true"));
        }
        assert!(pair.as_alice(&SEND_TEXT_MESSAGE, body).unwrap().contains("false"));
    }

    #[test]
    fn xml_that_would_end_its_message_is_refused() {
        let mut pair = pair();
        for xml in ["</message><message>", "<a>", "<!DOCTYPE a><a/>", "&x;"] {
            let body = format!(r#"{{"to":"bob@localhost","xml":"{xml}"}}"#);
            let refusal = pair.as_alice(&SEND_XML_MESSAGE, &body).unwrap_err();
            assert!(
                refusal.starts_with("400 The property \"xml\" is not well-formed"),
                "{refusal}"
            );
        }
    }
}
