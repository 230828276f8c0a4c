//! A conversation between two accounts, once in each encoding and once with one in each.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use neuron_agent_api::resources::xmpp;
use neuron_agent_api::wire::Encoding::{self, Json, Xml};
use neuron_agent_api::wire::{Resource, Value};
use support::{Running, list, settings, start, text};

/// A session, and the encoding that it uses.
struct Person<'a> {
    broker: &'a Running,
    token: String,
    encoding: Encoding,
}

impl Person<'_> {
    fn call(&self, resource: &Resource, json: &str) -> Value {
        self.broker.call(resource, &self.token, self.encoding, json)
    }

    /// The types, senders and texts of the queued messages.
    fn pop(&self) -> Vec<Value> {
        list(&self.call(&xmpp::POP_MESSAGES, r#"{"maxCount":10}"#), "Messages").to_vec()
    }

    /// The state of the only contact: its status, and whether a request is pending.
    fn contact(&self) -> Option<(String, bool)> {
        let roster = self.call(&xmpp::GET_ROSTER, "{}");
        let item = list(&roster, "RosterItems").first()?;
        Some((text(item, "status").into(), item.get("pendingSubscription") == Some(&true.into())))
    }
}

/// A broker and two accounts that are not contacts yet.
fn meet(encodings: (Encoding, Encoding), story: impl Fn(Person<'_>, Person<'_>)) {
    let broker = start(settings());
    let person = |name, password, encoding| Person {
        broker: &broker,
        token: broker.log_in(name, password),
        encoding,
    };
    story(person("alice", "wonderland", encodings.0), person("bob", "builder", encodings.1));
}

const EACH: [(Encoding, Encoding); 4] = [(Json, Json), (Xml, Xml), (Json, Xml), (Xml, Json)];

const TO_ALICE: &str = r#"{"to":"alice@localhost"}"#;
const TO_BOB: &str = r#"{"to":"bob@localhost"}"#;

fn state(status: &str, pending: bool) -> Option<(String, bool)> {
    Some((status.into(), pending))
}

#[test]
fn alice_asks_bob_accepts_they_talk_and_alice_leaves() {
    for encodings in EACH {
        meet(encodings, |alice, bob| {
            let asked = alice.call(
                &xmpp::SEND_PRESENCE_SUBSCRIPTION,
                r#"{"to":"bob@localhost","customXml":"<hej xmlns='urn:x'>Ska vi?</hej>",
                "language":"sv","id":"sub-1"}"#,
            );
            assert_eq!(text(&asked, "id"), "sub-1");
            assert_eq!(alice.contact(), state("None", true));

            let requests = bob.pop();
            let [request] = &requests[..] else { panic!("{requests:?}") };
            for (name, value) in [
                ("type", "subscribe"),
                ("from", "alice@localhost"),
                ("id", "sub-1"),
                ("lang", "sv"),
            ] {
                assert_eq!(text(request, name), value);
            }
            let [custom, legal_id] = list(request, "Content") else { panic!("{request:?}") };
            assert_eq!(text(custom, "__name"), "hej");
            assert_eq!(text(custom, "__ns"), "urn:x");
            assert_eq!(text(custom, "value"), "Ska vi?");
            assert_eq!(text(legal_id, "__name"), "legalId");
            assert!(text(legal_id, "id").ends_with("@legal.localhost"));
            assert_eq!(bob.pop(), []);

            let accepted = bob.call(&xmpp::SEND_SUBSCRIPTION_ACCEPTED, TO_ALICE);
            assert_eq!(text(accepted.get("RosterItem").unwrap(), "status"), "From");
            assert_eq!(alice.contact(), state("To", false));
            assert_eq!(bob.contact(), state("From", false));
            assert_eq!(text(&alice.pop()[0], "type"), "subscribed");

            let probe = alice.call(&xmpp::PRESENCE_PROBE, TO_BOB);
            let full = text(&probe, "jid").to_owned();
            assert!(full.starts_with("bob@localhost/"));
            assert_eq!(text(&probe, "type"), "");
            assert_eq!(text(probe.get("Stanza").unwrap(), "from"), full);

            let body =
                format!(r#"{{"to":"{full}","type":"get","xml":"<ping xmlns='urn:xmpp:ping'/>"}}"#);
            let answer = alice.call(&xmpp::INFORMATION_QUERY, &body);
            assert_eq!(answer.get("ok"), Some(&true.into()));
            assert_eq!(text(answer.get("Stanza").unwrap(), "__name"), "iq");
            let body = format!(r#"{{"to":"{full}","type":"set","xml":"<other xmlns='urn:x'/>"}}"#);
            let answer = alice.call(&xmpp::INFORMATION_QUERY, &body);
            assert_eq!(answer.get("ok"), Some(&false.into()));
            let error = answer.get("ErrorElement").unwrap();
            assert!(text(error.get("text").unwrap(), "value").starts_with("Nobody"));

            alice.call(
                &xmpp::SEND_FORMATTED_MESSAGE,
                r#"{"to":"bob@localhost","message":"*Hej* & <b>!"}"#,
            );
            let messages = bob.pop();
            let from = text(&messages[0], "from").to_owned();
            assert!(from.starts_with("alice@localhost/"));
            let [body, html, markdown] = list(&messages[0], "Content") else { panic!() };
            assert_eq!(text(body, "value"), "Hej & <b>!");
            assert_eq!(text(html, "__name"), "html");
            assert_eq!(text(markdown, "value"), "*Hej* & <b>!");
            bob.call(
                &xmpp::SEND_TEXT_MESSAGE,
                &format!(r#"{{"to":"{from}","message":"\u00e5\n","subject":"Re","id":"m-2"}}"#),
            );
            let messages = alice.pop();
            assert_eq!(text(&messages[0], "id"), "m-2");
            assert_eq!(text(&list(&messages[0], "Content")[0], "value"), "å\n");
            let xml = r#"{"to":"alice@localhost","xml":"<a xmlns='u'><b/><b/></a>"}"#;
            bob.call(&xmpp::SEND_XML_MESSAGE, xml);
            let messages = alice.pop();
            assert_eq!(text(&messages[0], "type"), "normal");
            assert_eq!(list(&list(&messages[0], "Content")[0], "b").len(), 2);

            alice.call(&xmpp::SEND_PRESENCE_UNSUBSCRIPTION, TO_BOB);
            assert_eq!(alice.contact(), state("None", false));
            assert_eq!(bob.contact(), state("None", false));
            assert_eq!(text(&bob.pop()[0], "type"), "unsubscribe");
        });
    }
}

#[test]
fn alice_asks_and_bob_declines() {
    for encodings in EACH {
        meet(encodings, |alice, bob| {
            alice.call(&xmpp::SEND_PRESENCE_SUBSCRIPTION, TO_BOB);
            bob.call(&xmpp::SEND_SUBSCRIPTION_DECLINED, TO_ALICE);
            assert_eq!(alice.contact(), state("None", false));
            assert_eq!(bob.contact(), None);
            assert_eq!(text(&alice.pop()[0], "type"), "unsubscribed");
            let probe = alice.call(&xmpp::PRESENCE_PROBE, TO_BOB);
            assert_eq!(text(&probe, "type"), "unavailable");
        });
    }
}

#[test]
fn both_ask_at_once() {
    for encodings in EACH {
        meet(encodings, |alice, bob| {
            alice.call(&xmpp::SEND_PRESENCE_SUBSCRIPTION, TO_BOB);
            bob.call(&xmpp::SEND_PRESENCE_SUBSCRIPTION, TO_ALICE);
            assert_eq!(
                (alice.contact(), bob.contact()),
                (state("None", true), state("None", true))
            );
            alice.call(&xmpp::SEND_SUBSCRIPTION_ACCEPTED, TO_BOB);
            bob.call(&xmpp::SEND_SUBSCRIPTION_ACCEPTED, TO_ALICE);
            assert_eq!(
                (alice.contact(), bob.contact()),
                (state("Both", false), state("Both", false))
            );
            alice.call(&xmpp::REMOVE_ROSTER_ITEM, r#"{"bareJid":"bob@localhost"}"#);
            assert_eq!((alice.contact(), bob.contact()), (None, state("None", false)));
        });
    }
}

#[test]
fn contacts_are_named_and_grouped() {
    for encodings in EACH {
        meet(encodings, |alice, _| {
            let set = r#"{"bareJid":"bob@localhost","name":"B & \"b\"","Groups":["Å","<x>"]}"#;
            let item = alice.call(&xmpp::SET_ROSTER_ITEM, set);
            assert_eq!(text(&item, "name"), "B & \"b\"");
            assert_eq!(list(&item, "Groups"), [Value::from("Å"), Value::from("<x>")]);
            let bob = r#"{"bareJid":"bob@localhost"}"#;
            assert_eq!(alice.call(&xmpp::GET_ROSTER_ITEM, bob), item);
            assert_eq!(alice.call(&xmpp::REMOVE_ROSTER_ITEM, bob), item);
            let refusal =
                alice.broker.try_call(&xmpp::GET_ROSTER_ITEM, &alice.token, alice.encoding, bob);
            refusal.unwrap_err().assert_refusal(404, "no such contact");
        });
    }
}
