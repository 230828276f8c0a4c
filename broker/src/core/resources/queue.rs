//! The messages that wait for the account.

use super::{Answer, count, object, size};
use crate::core::arguments::Arguments;
use crate::core::broker::{Broker, Call};
use crate::core::message::Message;
use neuron_agent_api::wire::Value;

/// Hands over the oldest messages, each once at most, and with them what others said about
/// subscriptions (see [`Message`]).
pub(super) fn pop_messages(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let most = size(arguments.integer("maxCount")?);
    let account = broker.caller_address(call)?;
    let popped = broker.member_mut(&account).map(|member| member.inbox.pop(most));
    let entries = popped.unwrap_or_default().iter().map(Message::entry).collect();
    Ok(object([("Messages", Value::Array(entries))]))
}

/// Deletes the messages that wait, and tells how many.
pub(super) fn clear_messages(broker: &mut Broker, call: &Call<'_>, _: &Arguments) -> Answer {
    let account = broker.caller_address(call)?;
    let cleared = broker.member_mut(&account).map(|member| member.inbox.clear());
    Ok(object([("count", count(cleared.unwrap_or_default()))]))
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{log_in, pair};
    use neuron_agent_api::wire::xmpp::{
        CLEAR_MESSAGES, POP_MESSAGES, SEND_PRESENCE_SUBSCRIPTION, SEND_TEXT_MESSAGE,
    };

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
    fn a_request_is_among_the_messages_and_comes_again_with_a_new_session() {
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
