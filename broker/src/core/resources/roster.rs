//! The roster of an account (RFC 6121 §2).

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::outbox::OutboxError;
use crate::core::presence::Payload;
use crate::core::refusal::Refusal;
use crate::core::roster::Roster;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::subscription::{Stage, SubscriptionStanza};
use crate::core::values::{object, size};
use jid::BareJid;
use neuron_agent_api::resources::xmpp;
use neuron_agent_api::wire::Value;
use std::collections::BTreeSet;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&xmpp::GET_ROSTER, get_roster),
    Route::new(&xmpp::GET_ROSTER_ITEM, get_roster_item),
    Route::new(&xmpp::SET_ROSTER_ITEM, set_roster_item),
    Route::new(&xmpp::REMOVE_ROSTER_ITEM, remove_roster_item),
];

/// The maximum length of the name of a contact or a group, in bytes (RFC 6121 §2.3.3 leaves it to
/// the server).
const MAX_NAME_BYTES: usize = 1_023;

/// Returns a page of the account's contacts, in the order of their addresses.
fn get_roster(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let offset = size(arguments.optional_integer("offset").unwrap_or(0));
    let most = arguments.optional_integer("maxCount").map_or(usize::MAX, size);
    let items = broker.caller(call)?.roster.items().skip(offset).take(most).collect();
    Ok(object([("RosterItems", Value::Array(items))]))
}

/// Returns one contact.
fn get_roster_item(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let contact = arguments.address("bareJid")?.to_bare();
    item(&broker.caller(call)?.roster, &contact)
}

/// Sets the name and the groups of a contact, and adds it if it is not in the roster. Its
/// subscriptions stay as they are.
fn set_roster_item(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let contact = arguments.address("bareJid")?.to_bare();
    let (name, groups) = (arguments.text("name")?, arguments.texts("Groups"));
    let broken = |rule: &str| Err(Refusal::bad_request(format!("The property {rule}")));
    if groups.iter().any(String::is_empty) {
        return broken("\"Groups\" holds a group without a name.");
    }
    if groups.iter().collect::<BTreeSet<_>>().len() < groups.len() {
        return broken("\"Groups\" holds a group twice.");
    }
    if name.len() > MAX_NAME_BYTES || groups.iter().any(|group| group.len() > MAX_NAME_BYTES) {
        return broken("\"name\" or a group is longer than 1023 bytes.");
    }
    let roster = &mut broker.caller_mut(call)?.roster;
    roster.set(&contact, name, groups.to_vec()).map_err(|_| full())?;
    item(roster, &contact)
}

/// Removes a contact, and the subscriptions both ways (RFC 6121 §2.5). Returns the contact as it
/// was.
fn remove_roster_item(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let contact = arguments.address("bareJid")?.to_bare();
    let account = broker.caller_address(call)?;
    let roster = &broker.caller(call)?.roster;
    let removed = item(roster, &contact)?;
    let subscription = roster.subscription(&contact);
    // The ends of both subscriptions, and of what the contact sees.
    let count = 2 + broker.hidden_count(&account, &contact, call.now);
    if !broker.is_local(&contact) && !broker.outbox.has_room_for(&account, count) {
        return Err(OutboxError::Full.into());
    }
    for (stage, stanza) in [
        (subscription.to, SubscriptionStanza::Unsubscribe),
        (subscription.from, SubscriptionStanza::Unsubscribed),
    ] {
        if stage != Stage::None {
            let payload = Payload { id: broker.new_id(), ..Payload::default() };
            broker.send_presence(&account, &contact, stanza, payload, call.now)?;
        }
    }
    broker.caller_mut(call)?.roster.remove(&contact);
    Ok(removed)
}

/// The roster has no room for another contact.
pub(super) fn full() -> Refusal {
    Refusal::bad_request("The roster is full. Remove contacts.")
}

fn item(roster: &Roster, contact: &BareJid) -> Answer {
    let unknown = || Refusal::new(404, "There is no such contact in the roster.");
    roster.item(contact).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use crate::core::profile::Profile;
    use crate::core::subscription::{Stage, Subscription};
    use crate::core::testing::{NOW, Pair, broker, call, log_in, pair};
    use crate::core::users::User;
    use jid::BareJid;
    use neuron_agent_api::resources::xmpp::{
        GET_ROSTER, GET_ROSTER_ITEM, POP_MESSAGES, PRESENCE_PROBE, REMOVE_ROSTER_ITEM,
        SEND_PRESENCE_SUBSCRIPTION, SEND_PRESENCE_UNSUBSCRIPTION, SEND_SUBSCRIPTION_ACCEPTED,
        SEND_SUBSCRIPTION_DECLINED, SET_ROSTER_ITEM,
    };
    use proptest::prelude::*;

    const ALICE: &str = r#"{"bareJid":"alice@localhost"}"#;
    const BOB: &str = r#"{"bareJid":"bob@localhost"}"#;

    #[test]
    fn a_contact_is_added_named_and_read() {
        let mut pair = pair();
        let set = r#"{"bareJid":"Bob@localhost/x","name":"B","Groups":["b","a"]}"#;
        let item = concat!(
            r#"{"bareJid":"bob@localhost","pendingSubscription":false,"status":"None","#,
            r#""name":"B","Groups":["b","a"]}"#
        );
        assert_eq!(pair.as_alice(&SET_ROSTER_ITEM, set).unwrap(), item);
        assert_eq!(pair.as_alice(&GET_ROSTER_ITEM, BOB).unwrap(), item);
        let without = r#"{"bareJid":"bob@localhost","name":""}"#;
        let emptied = item.replace(r#""B""#, r#""""#).replace(r#""b","a""#, "");
        assert_eq!(pair.as_alice(&SET_ROSTER_ITEM, without).unwrap(), emptied);
        let abroad = r#"{"bareJid":"x@example.org","name":"X"}"#;
        assert!(pair.as_alice(&SET_ROSTER_ITEM, abroad).is_ok());
        assert_eq!(pair.as_bob(&GET_ROSTER, "{}").unwrap(), r#"{"RosterItems":[]}"#);
    }

    #[test]
    fn naming_changes_no_subscription() {
        let mut pair = pair();
        pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, r#"{"to":"bob@localhost"}"#).unwrap();
        let set = r#"{"bareJid":"alice@localhost","name":"A"}"#;
        assert!(pair.as_bob(&SET_ROSTER_ITEM, set).unwrap().contains(r#""status":"None""#));
        let accepted =
            pair.as_bob(&SEND_SUBSCRIPTION_ACCEPTED, r#"{"to":"alice@localhost"}"#).unwrap();
        assert!(accepted.contains(r#""status":"From","name":"A""#), "{accepted}");
    }

    #[test]
    fn an_unknown_contact_is_not_found() {
        let mut pair = pair();
        // A contact that has only sent a request is not in the roster.
        pair.as_bob(&SEND_PRESENCE_SUBSCRIPTION, r#"{"to":"alice@localhost"}"#).unwrap();
        for resource in [&GET_ROSTER_ITEM, &REMOVE_ROSTER_ITEM] {
            let refusal = pair.as_alice(resource, BOB).unwrap_err();
            assert_eq!(refusal, "404 There is no such contact in the roster.");
        }
    }

    #[test]
    fn invalid_groups_are_refused() {
        let mut pair = pair();
        let long = "x".repeat(1024);
        for (groups, start) in [
            (r#"["a",""]"#, "400 The property \"Groups\" holds a group without"),
            (r#"["a","b","a"]"#, "400 The property \"Groups\" holds a group twice"),
            (&format!(r#"["{long}"]"#), "400 The property \"name\" or a group is longer"),
            ("7", "400 The property \"Groups\" must be an array"),
        ] {
            let body = format!(r#"{{"bareJid":"bob@localhost","name":"","Groups":{groups}}}"#);
            let refusal = pair.as_alice(&SET_ROSTER_ITEM, &body).unwrap_err();
            assert!(refusal.starts_with(start), "{refusal}");
        }
    }

    /// Fills a roster, and returns the address of the first contact in it.
    fn fill(pair: &mut Pair) -> String {
        let groups: Vec<_> = (0..1_000).map(|group| format!("{group:->600}&<")).collect();
        let groups = serde_json::to_string(&groups).unwrap();
        for name in 'a'..='z' {
            let body = format!(r#"{{"bareJid":"{name}@localhost","name":"","Groups":{groups}}}"#);
            match pair.as_alice(&SET_ROSTER_ITEM, &body) {
                Ok(_) => {}
                Err(refusal) => {
                    assert_eq!(refusal, "400 The roster is full. Remove contacts.");
                    break;
                }
            }
        }
        let size = 4 * 1024 * 1024;
        for number in 0..size / 160 {
            let body = format!(r#"{{"bareJid":"{number}@x","name":""}}"#);
            if pair.as_alice(&SET_ROSTER_ITEM, &body).is_err() {
                return "a@localhost".into();
            }
        }
        panic!("there is room without end");
    }

    #[test]
    fn the_size_of_a_roster_is_limited() {
        let mut pair = pair();
        let first = fill(&mut pair);
        let full = Err("400 The roster is full. Remove contacts.".to_string());
        let bob = r#"{"to":"bob@localhost"}"#;
        assert_eq!(pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, bob), full);
        let alice = r#"{"to":"alice@localhost"}"#;
        assert!(pair.as_bob(&SEND_PRESENCE_SUBSCRIPTION, alice).unwrap().contains("true"));
        assert_eq!(pair.as_alice(&SEND_SUBSCRIPTION_ACCEPTED, bob), full);
        assert!(pair.as_alice(&GET_ROSTER_ITEM, BOB).unwrap_err().starts_with("404"));
        // A probe sends a request, but the roster has no room for it.
        assert!(pair.as_alice(&PRESENCE_PROBE, bob).unwrap().contains("unavailable"));

        let as_json = pair.as_alice(&GET_ROSTER, "{}").unwrap();
        let answer = serde_json::from_str(&as_json).unwrap();
        let as_xml = GET_ROSTER.xml_response(&answer).unwrap();
        for answer in [as_json, as_xml] {
            assert!((1_000_000..5_000_000).contains(&answer.len()), "{}", answer.len());
        }

        let removed = format!(r#"{{"bareJid":"{first}"}}"#);
        assert!(pair.as_alice(&REMOVE_ROSTER_ITEM, &removed).is_ok());
        assert!(pair.as_alice(&SEND_SUBSCRIPTION_ACCEPTED, bob).unwrap().contains("From"));
    }

    #[test]
    fn the_size_of_requests_is_limited_and_a_full_roster_stays_unchanged() {
        let mut pair = pair();
        let content = serde_json::to_string(&format!("<a>{}</a>", "x".repeat(1_000_000))).unwrap();
        let body = format!(r#"{{"to":"bob@localhost","customXml":{content}}}"#);
        let alice = BareJid::new("alice@localhost").unwrap();
        let bob = BareJid::new("bob@localhost").unwrap();
        let mut sent = 0;
        for name in 'c'..='z' {
            let account = format!("{name}:pw").parse().unwrap();
            let budget = pair.broker.budget.clone();
            let user = User::new(account, Profile::default(), &budget);
            pair.broker.users.insert(name.to_string(), user);
            let token = log_in(&mut pair.broker, &name.to_string(), "pw");
            let token = (Some(token.as_str()), NOW);
            let answer = call(&mut pair.broker, &SEND_PRESENCE_SUBSCRIPTION, token, &body).unwrap();
            if answer.contains(r#""sent":true"#) {
                sent += 1;
                continue;
            }
            let own = BareJid::new(&format!("{name}@localhost")).unwrap();
            for (of, with) in [(&own, &bob), (&bob, &own)] {
                let subscription = pair.broker.user(of).unwrap().roster.subscription(with);
                assert_eq!(subscription, Subscription::default());
            }
        }
        assert_eq!(sent, 16);
        // A small request still fits, and answering one makes room.
        assert!(
            pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, r#"{"to":"bob@localhost"}"#)
                .unwrap()
                .contains(r#""sent":true"#)
        );
        assert_eq!(pair.broker.user(&alice).unwrap().roster.subscription(&bob).to, Stage::Asked);
        pair.as_bob(&SEND_SUBSCRIPTION_DECLINED, r#"{"to":"c@localhost"}"#).unwrap();
        let token = log_in(&mut pair.broker, "z", "pw");
        let token = (Some(token.as_str()), NOW);
        let answer = call(&mut pair.broker, &SEND_PRESENCE_SUBSCRIPTION, token, &body).unwrap();
        assert!(answer.contains(r#""sent":true"#));
    }

    #[test]
    fn removing_ends_the_subscriptions_both_ways() {
        let mut pair = pair();
        pair.befriend();
        pair.as_bob(&SEND_PRESENCE_SUBSCRIPTION, r#"{"to":"alice@localhost"}"#).unwrap();
        pair.as_alice(&SEND_SUBSCRIPTION_ACCEPTED, r#"{"to":"bob@localhost"}"#).unwrap();
        pair.as_bob(&POP_MESSAGES, "{}").unwrap();
        let removed = pair.as_alice(&REMOVE_ROSTER_ITEM, BOB).unwrap();
        assert!(removed.contains(r#""status":"Both""#));
        assert!(pair.as_alice(&GET_ROSTER_ITEM, BOB).unwrap_err().starts_with("404"));
        assert!(pair.as_bob(&GET_ROSTER, "{}").unwrap().contains(r#""status":"None""#));
        let news = pair.as_bob(&POP_MESSAGES, "{}").unwrap();
        let order = [r#""type":"unsubscribe""#, r#""type":"unsubscribed""#];
        let found = order.map(|kind| news.find(kind).unwrap());
        assert!(found[0] < found[1]);
    }

    #[test]
    fn removing_cancels_and_declines_open_requests() {
        let mut pair = pair();
        let (alice, bob) = (r#"{"to":"alice@localhost"}"#, r#"{"to":"bob@localhost"}"#);
        pair.as_alice(&SEND_PRESENCE_SUBSCRIPTION, bob).unwrap();
        pair.as_bob(&SEND_PRESENCE_SUBSCRIPTION, alice).unwrap();
        assert!(pair.as_alice(&REMOVE_ROSTER_ITEM, BOB).is_ok());
        let refusal = pair.as_bob(&SEND_SUBSCRIPTION_ACCEPTED, alice).unwrap();
        assert!(refusal.contains(r#""sent":false"#));
        assert!(pair.as_bob(&GET_ROSTER, "{}").unwrap().contains(r#""pendingSubscription":false"#));
    }

    #[test]
    fn a_roster_is_read_in_pages() {
        let broker = &mut broker();
        let token = log_in(broker, "alice", "wonderland");
        let mut call = |resource, body: &str| call(broker, resource, (Some(&token), NOW), body);
        assert_eq!(call(&GET_ROSTER, "{}").unwrap(), r#"{"RosterItems":[]}"#);
        for name in ["d", "b", "a", "c"] {
            let body = format!(r#"{{"to":"{name}@localhost"}}"#);
            call(&SEND_PRESENCE_SUBSCRIPTION, &body).unwrap();
        }
        let mut page = |body: &str| {
            let roster = call(&GET_ROSTER, body).unwrap();
            let names = roster.split(r#""bareJid":""#).skip(1);
            names.filter_map(|rest| rest.chars().next()).collect::<String>()
        };
        for (body, names) in [
            ("{}", "abcd"),
            (r#"{"offset":null,"maxCount":null}"#, "abcd"),
            (r#"{"maxCount":2}"#, "ab"),
            (r#"{"offset":2}"#, "cd"),
            (r#"{"offset":1,"maxCount":2}"#, "bc"),
            (r#"{"offset":"3","maxCount":"2147483647"}"#, "d"),
            (r#"{"offset":4}"#, ""),
            (r#"{"offset":2147483647}"#, ""),
        ] {
            assert_eq!(page(body), names, "{body}");
        }
    }

    proptest! {
        /// Whatever two accounts do to each other, their states match, and a removed contact is not
        /// in the roster.
        #[test]
        fn two_accounts_never_disagree(
            events in prop::collection::vec((any::<bool>(), 0..6_usize), 0..24),
        ) {
            let pair = &mut pair();
            let [alice, bob] =
                ["alice", "bob"].map(|name| BareJid::new(&format!("{name}@localhost")).unwrap());
            for (alice_acts, what) in events {
                let (to, bare) = if alice_acts { (BOB, &bob) } else { (ALICE, &alice) };
                let (resource, body) = [
                    (&SEND_PRESENCE_SUBSCRIPTION, to.replace("bareJid", "to")),
                    (&SEND_PRESENCE_UNSUBSCRIPTION, to.replace("bareJid", "to")),
                    (&SEND_SUBSCRIPTION_ACCEPTED, to.replace("bareJid", "to")),
                    (&SEND_SUBSCRIPTION_DECLINED, to.replace("bareJid", "to")),
                    (&SET_ROSTER_ITEM, to.replace('}', r#","name":"x"}"#)),
                    (&REMOVE_ROSTER_ITEM, to.into()),
                ][what].clone();
                let done = if alice_acts {
                    pair.as_alice(resource, &body)
                } else {
                    pair.as_bob(resource, &body)
                };
                let roster = |of| &pair.broker.user(of).unwrap().roster;
                let (a, b) =
                    (roster(&alice).subscription(&bob), roster(&bob).subscription(&alice));
                prop_assert_eq!((a.to, a.from), (b.from, b.to));
                if what == 5 && done.is_ok() {
                    let own = roster(if alice_acts { &alice } else { &bob });
                    prop_assert_eq!(own.item(bare), None);
                    prop_assert_eq!((a.to, a.from), (Stage::None, Stage::None));
                }
            }
        }
    }
}
