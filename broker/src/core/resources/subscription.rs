//! Requests presence subscriptions, and answers such requests (RFC 6121 §3).

use super::roster;
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::presence::{Payload, claims_legal_id};
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::subscription::SubscriptionStanza;
use crate::core::values::object;
use jid::BareJid;
use neuron_agent_api::resources::xmpp;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&xmpp::SEND_PRESENCE_SUBSCRIPTION, send_presence_subscription),
    Route::new(&xmpp::SEND_PRESENCE_UNSUBSCRIPTION, send_presence_unsubscription),
    Route::new(&xmpp::SEND_SUBSCRIPTION_ACCEPTED, send_subscription_accepted),
    Route::new(&xmpp::SEND_SUBSCRIPTION_DECLINED, send_subscription_declined),
];

/// Asks a contact to grant its presence (RFC 6121 §3.1).
fn send_presence_subscription(
    broker: &mut Broker,
    call: &Call<'_>,
    arguments: &Arguments,
) -> Answer {
    let from = broker.caller_address(call)?;
    let to = arguments.address("to")?.to_bare();
    if to == from {
        return Err(Refusal::bad_request(
            "The property \"to\" is the account's own address. An account always sees its own \
             presence (RFC 6121 §4.2.2).",
        ));
    }
    if to.node().is_none() && broker.is_local(&to) {
        return Err(Refusal::bad_request(
            "The property \"to\" is this broker's own domain, which has no presence. Write \
             user@domain.",
        ));
    }
    let content = arguments.optional_xml("customXml").cloned().unwrap_or_default();
    if claims_legal_id(&content) {
        return Err(Refusal::bad_request(
            "The property \"customXml\" has an element that only the broker may add: it names the \
             sender's Legal ID.",
        ));
    }
    refuse_full(broker, call, &to)?;
    let id = id(broker, arguments);
    let payload = Payload {
        id: id.clone(),
        language: arguments.optional_text("language").map(Into::into),
        content,
    };
    let sent = broker.ask(&from, &to, payload, call.now)?;
    Ok(result(broker, &from, &to, sent, id))
}

/// Ends a subscription to a contact's presence, or cancels the request for one (RFC 6121 §3.3).
fn send_presence_unsubscription(
    broker: &mut Broker,
    call: &Call<'_>,
    arguments: &Arguments,
) -> Answer {
    let (sent, id, ..) = send(broker, call, arguments, SubscriptionStanza::Unsubscribe)?;
    Ok(stanza_result(sent, id))
}

/// Grants a contact's request (RFC 6121 §3.1.4). Without a request nothing is sent: pre-approval is
/// optional (§3.4), and this broker does not support it.
fn send_subscription_accepted(
    broker: &mut Broker,
    call: &Call<'_>,
    arguments: &Arguments,
) -> Answer {
    refuse_full(broker, call, &arguments.address("to")?.to_bare())?;
    let (sent, id, from, to) = send(broker, call, arguments, SubscriptionStanza::Subscribed)?;
    Ok(result(broker, &from, &to, sent, id))
}

/// Declines a contact's request (RFC 6121 §3.1.4), or revokes what was granted (§3.2). If there is
/// neither, nothing is sent.
fn send_subscription_declined(
    broker: &mut Broker,
    call: &Call<'_>,
    arguments: &Arguments,
) -> Answer {
    let (sent, id, ..) = send(broker, call, arguments, SubscriptionStanza::Unsubscribed)?;
    Ok(stanza_result(sent, id))
}

fn send(
    broker: &mut Broker,
    call: &Call<'_>,
    arguments: &Arguments,
    stanza: SubscriptionStanza,
) -> Result<(bool, String, BareJid, BareJid), Refusal> {
    let from = broker.caller_address(call)?;
    let to = arguments.address("to")?.to_bare();
    let id = id(broker, arguments);
    let payload = Payload { id: id.clone(), ..Payload::default() };
    let sent = broker.send_presence(&from, &to, stanza, payload, call.now)?;
    Ok((sent, id, from, to))
}

/// A request and an approval add the contact to the roster (RFC 6121 §3.1.2, §3.1.5).
fn refuse_full(broker: &Broker, call: &Call<'_>, contact: &BareJid) -> Result<(), Refusal> {
    if broker.caller(call)?.roster.has_room_for(contact) { Ok(()) } else { Err(roster::full()) }
}

/// The stanza's id from the request, or a new one.
pub(super) fn id(broker: &mut Broker, arguments: &Arguments) -> String {
    match arguments.optional_text("id") {
        Some(id) => id.to_owned(),
        None => broker.new_id(),
    }
}

/// Whether a stanza was sent, and its id.
pub(super) fn stanza_result(sent: bool, id: String) -> Value {
    object([("sent", sent.into()), ("id", Value::String(id))])
}

/// [`stanza_result`], with the contact's roster item if it has one.
fn result(broker: &Broker, from: &BareJid, to: &BareJid, sent: bool, id: String) -> Value {
    let item = broker.user(from).and_then(|user| user.roster.item(to));
    let mut properties = vec![("sent".into(), sent.into()), ("id".into(), Value::String(id))];
    properties.extend(item.map(|item| ("RosterItem".into(), item)));
    Value::Object(properties)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::testing::{NOW, broker, call, log_in, pair};
    use neuron_agent_api::resources::xmpp::{
        GET_ROSTER, POP_MESSAGES, SEND_PRESENCE_SUBSCRIPTION, SEND_PRESENCE_UNSUBSCRIPTION,
        SEND_SUBSCRIPTION_ACCEPTED, SEND_SUBSCRIPTION_DECLINED,
    };

    /// Subscribes as Alice.
    fn alice(broker: &mut Broker) -> impl FnMut(&str) -> Result<String, (u16, String)> {
        let token = log_in(broker, "alice", "wonderland");
        move |body| {
            call(broker, &SEND_PRESENCE_SUBSCRIPTION, (Some(&token), NOW), body)
                .map_err(|refusal| (refusal.status, refusal.text))
        }
    }

    const BOB_PENDING: &str = concat!(
        r#""RosterItem":{"bareJid":"bob@localhost","pendingSubscription":true,"#,
        r#""status":"None","name":"","Groups":[]}"#
    );

    #[test]
    fn the_documented_request_gets_the_documented_answer() {
        let broker = &mut broker();
        let body = concat!(
            r#"{"to":"bob@localhost/phone","#,
            r#""customXml":"<nick xmlns='http://jabber.org/protocol/nick'>Al</nick>","#,
            r#""language":"sv","id":"sub-1"}"#
        );
        assert_eq!(
            alice(broker)(body).unwrap(),
            format!(r#"{{"sent":true,"id":"sub-1",{BOB_PENDING}}}"#)
        );
        let requests: Vec<_> = broker.subscription_requests("bob@localhost").collect();
        assert_eq!(requests.len(), 1);
        let request = requests[0];
        assert_eq!(request.id.as_deref(), Some("sub-1"));
        assert_eq!(request.from.as_str(), "alice@localhost");
        assert_eq!(request.language.as_deref(), Some("sv"));
        assert_eq!(
            request.content.as_str(),
            concat!(
                r#"<nick xmlns="http://jabber.org/protocol/nick">Al</nick>"#,
                r#"<legalId xmlns="urn:neuron-agent-api:broker" "#,
                r#"id="2c1f3a52-7d0e-8a41-b60c-9f5be2d4c781@legal.localhost"/>"#
            )
        );
    }

    #[test]
    fn only_the_address_is_needed_and_each_request_gets_an_id() {
        let broker = &mut broker();
        let mut subscribe = alice(broker);
        let first = subscribe(r#"{"to":"Bob@LOCALHOST"}"#).unwrap();
        let second = subscribe(r#"{"to":"bob@localhost.","customXml":null,"id":"","language":""}"#);
        assert!(first.contains(BOB_PENDING));
        assert!(second.as_ref().unwrap().contains(BOB_PENDING));
        assert_ne!(first, second.unwrap());
    }

    #[test]
    fn asking_again_is_not_delivered_again() {
        let broker = &mut broker();
        let mut subscribe = alice(broker);
        subscribe(r#"{"to":"bob@localhost","id":"1"}"#).unwrap();
        assert!(subscribe(r#"{"to":"bob@localhost","id":"2"}"#).unwrap().contains(BOB_PENDING));
        drop(subscribe);
        let ids: Vec<_> = broker
            .subscription_requests("bob@localhost")
            .map(|request| request.id.as_deref())
            .collect();
        assert_eq!(ids, [Some("1")]);
    }

    #[test]
    fn an_account_without_a_legal_id_sends_none() {
        let broker = &mut broker();
        let token = log_in(broker, "bob", "builder");
        let body = r#"{"to":"alice@localhost"}"#;
        call(broker, &SEND_PRESENCE_SUBSCRIPTION, (Some(&token), NOW), body).unwrap();
        let request = broker.subscription_requests("alice@localhost").next().unwrap();
        assert_eq!(request.content.as_str(), "");
    }

    #[test]
    fn an_unknown_address_looks_like_one_that_does_not_answer() {
        let broker = &mut broker();
        let mut subscribe = alice(broker);
        let answer = subscribe(r#"{"to":"nobody@localhost","id":"1"}"#).unwrap();
        let expected = format!(r#"{{"sent":true,"id":"1",{BOB_PENDING}}}"#);
        assert_eq!(answer, expected.replace("bob@localhost", "nobody@localhost"));
    }

    #[test]
    fn the_domain_itself_has_no_presence() {
        let (status, text) = alice(&mut broker())(r#"{"to":"localhost"}"#).unwrap_err();
        assert_eq!((status, text.contains("own domain")), (400, true));
    }

    #[test]
    fn only_the_broker_may_add_a_legal_id() {
        for xml in [
            "<legalId xmlns='urn:neuron-agent-api:broker' id='forged'/>",
            "<a/><p:other xmlns:p='urn:neuron-agent-api:broker'/>",
        ] {
            let body = format!(r#"{{"to":"bob@localhost","customXml":"{xml}"}}"#);
            let (status, text) = alice(&mut broker())(&body).unwrap_err();
            assert_eq!((status, text.contains("only the broker")), (400, true), "{xml}");
        }
    }

    #[test]
    fn nothing_is_sent_to_another_domain() {
        let broker = &mut broker();
        let answer = alice(broker)(r#"{"to":"bob@example.org","id":"1"}"#).unwrap();
        assert_eq!(answer, r#"{"sent":false,"id":"1"}"#);
        let jid = broker.bare_jid("alice").unwrap();
        assert_eq!(broker.user(&jid).unwrap().roster.items().count(), 0);
    }

    #[test]
    fn an_account_does_not_ask_itself() {
        let (status, text) = alice(&mut broker())(r#"{"to":"alice@localhost/x"}"#).unwrap_err();
        assert_eq!((status, text.contains("own address")), (400, true));
    }

    #[test]
    fn each_broken_rule_names_its_property() {
        let broker = &mut broker();
        let mut subscribe = alice(broker);
        for (body, start) in [
            ("[]", "The body must be an object, not an array."),
            ("{}", r#"The property "to" is missing."#),
            (r#"{"to":null}"#, r#"The property "to" is missing."#),
            (r#"{"to":""}"#, r#"The property "to" is not an XMPP address"#),
            (r#"{"to":"a@b@c"}"#, r#"The property "to" is not an XMPP address"#),
            (r#"{"to":["bob@localhost"]}"#, r#"The property "to" must be a string, not an array."#),
            (
                r#"{"to":"bob@localhost","To":""}"#,
                r#"The property "To" is unknown; expected one of: to,"#,
            ),
            (r#"{"to":"bob@localhost","x":null}"#, r#"The property "x" is unknown;"#),
            (
                r#"{"to":"bob@localhost","customXml":"<a>"}"#,
                r#"The property "customXml" is not well"#,
            ),
            (r#"{"to":"bob@localhost","language":"en_US"}"#, r#"The property "language" is not a"#),
            (r#"{"to":"bob@localhost","id":"a\nb"}"#, r#"The property "id" holds a control"#),
            (r#"{"to":"bob@localhost","id":"\u0000"}"#, r#"The property "id" holds a character"#),
        ] {
            let (status, text) = subscribe(body).unwrap_err();
            assert_eq!((status, text.starts_with(start)), (400, true), "{text}");
        }
    }

    fn item(jid: &str, pending: bool, status: &str) -> String {
        [
            format!(r#"{{"bareJid":"{jid}","pendingSubscription":{pending},"#),
            format!(r#""status":"{status}","name":"","Groups":[]}}"#),
        ]
        .concat()
    }

    const ALICE: &str = r#"{"to":"alice@localhost","id":"b"}"#;
    const BOB: &str = r#"{"to":"bob@localhost","id":"a"}"#;

    #[test]
    fn a_request_is_accepted() {
        let mut pair = pair();
        pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, BOB).unwrap();
        let from = item("alice@localhost", false, "From");
        assert_eq!(
            pair.as_bob(&SEND_SUBSCRIPTION_ACCEPTED, ALICE).unwrap(),
            format!(r#"{{"sent":true,"id":"b","RosterItem":{from}}}"#)
        );
        let to = item("bob@localhost", false, "To");
        assert_eq!(
            pair.as_alice(&GET_ROSTER, "{}").unwrap(),
            format!(r#"{{"RosterItems":[{to}]}}"#)
        );
        assert_eq!(
            pair.as_alice(&POP_MESSAGES, "{}").unwrap(),
            concat!(
                r#"{"Messages":[{"id":"b","from":"bob@localhost","to":"alice@localhost","#,
                r#""type":"subscribed","timestamp":1700000000,"Content":[]}]}"#
            )
        );
    }

    #[test]
    fn a_request_is_declined_and_a_subscription_is_revoked() {
        let mut pair = pair();
        let sent = r#"{"sent":true,"id":"b"}"#;
        pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, BOB).unwrap();
        assert_eq!(pair.as_bob(&SEND_SUBSCRIPTION_DECLINED, ALICE).unwrap(), sent);
        assert_eq!(pair.as_bob(&GET_ROSTER, "{}").unwrap(), r#"{"RosterItems":[]}"#);
        assert!(
            pair.as_alice(&GET_ROSTER, "{}").unwrap().contains(r#""pendingSubscription":false"#)
        );
        pair.befriend();
        assert_eq!(pair.as_bob(&SEND_SUBSCRIPTION_DECLINED, ALICE).unwrap(), sent);
        let none = item("alice@localhost", false, "None");
        assert!(pair.as_bob(&GET_ROSTER, "{}").unwrap().contains(&none));
        assert!(pair.as_alice(&POP_MESSAGES, "{}").unwrap().contains(r#""unsubscribed""#));
    }

    #[test]
    fn a_subscription_is_ended() {
        let mut pair = pair();
        pair.befriend();
        let sent = r#"{"sent":true,"id":"a"}"#;
        assert_eq!(pair.as_alice(&SEND_PRESENCE_UNSUBSCRIPTION, BOB).unwrap(), sent);
        assert!(pair.as_alice(&GET_ROSTER, "{}").unwrap().contains(r#""status":"None""#));
        assert!(pair.as_bob(&GET_ROSTER, "{}").unwrap().contains(r#""status":"None""#));
        assert!(pair.as_bob(&POP_MESSAGES, "{}").unwrap().contains(r#""unsubscribe""#));
    }

    #[test]
    fn nothing_is_sent_to_a_contact_that_did_not_ask() {
        let mut pair = pair();
        let not_sent = r#"{"sent":false,"id":"b"}"#;
        for resource in [&SEND_SUBSCRIPTION_ACCEPTED, &SEND_SUBSCRIPTION_DECLINED] {
            assert_eq!(pair.as_bob(resource, ALICE).unwrap(), not_sent);
        }
        let abroad = r#"{"to":"x@example.org","id":"b"}"#;
        assert_eq!(pair.as_bob(&SEND_PRESENCE_UNSUBSCRIPTION, abroad).unwrap(), not_sent);
        assert_eq!(pair.as_alice(&POP_MESSAGES, "{}").unwrap(), r#"{"Messages":[]}"#);
    }
}
