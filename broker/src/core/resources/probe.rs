//! Presence probes.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::presence::Payload;
use crate::core::roster::Presence;
use crate::core::route::{Answer, Route};
use crate::core::stanza::{Stanza, StanzaName};
use crate::core::state::Broker;
use crate::core::subscription::Stage;
use crate::core::values::{object, unix_seconds};
use jid::{BareJid, Jid};
use neuron_agent_api::resources::xmpp;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[Route::new(&xmpp::PRESENCE_PROBE, presence_probe)];

/// Returns the presence of a contact, with its full address while it has a session. A contact that
/// has not granted its presence looks unavailable, and is asked to grant it.
fn presence_probe(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let caller = broker.caller_full_address(call)?;
    let account = caller.to_bare();
    let contact = arguments.address("to")?.to_bare();
    let to = broker.caller(call)?.roster.subscription(&contact).to;
    let is_self = contact == account;
    if to == Stage::None && !is_self {
        let payload = Payload { id: broker.new_id(), ..Payload::default() };
        broker.ask(&account, &contact, payload, call.now)?;
    }
    if !broker.is_local(&contact) {
        return remote_presence(broker, &caller, contact, call.now);
    }
    let sees = to == Stage::Granted || is_self;
    let user_name = contact.node().filter(|_| sees);
    let session = user_name
        .and_then(|user_name| broker.tokens.latest_session(user_name.as_str(), call.now))
        .and_then(|session| {
            let full = contact.with_resource_str(&session.resource).ok()?;
            Some((Jid::from(full), session.opened))
        })
        .or_else(|| broker.thing_presence(&contact).filter(|_| sees));
    let (jid, kind, received) = match session {
        Some((full, opened)) => (full, "", opened),
        // The server answers from the bare address of a contact that is offline (RFC 6121 §4.3.2).
        None => (contact.into(), "unavailable", call.now),
    };
    Ok(probe_result(&Stanza::new(StanzaName::Presence, jid, caller, kind), received))
}

/// The latest presence that another domain has told. If that is none, and the contact has granted
/// its presence, it is asked for, and comes soon. Without the grant a probe would be answered as if
/// the contact had declined.
fn remote_presence(broker: &mut Broker, caller: &Jid, contact: BareJid, now: i64) -> Answer {
    let account = caller.to_bare();
    let known = broker.user(&account).and_then(|user| user.roster.latest_presence(&contact));
    if let Some(Presence { stanza, received }) = known {
        return Ok(probe_result(stanza, *received));
    }
    if broker.sees(&account, &contact) {
        broker.probe(&account, &contact);
    }
    let none = Stanza::new(StanzaName::Presence, contact.into(), caller.clone(), "unavailable");
    Ok(probe_result(&none, now))
}

fn probe_result(presence: &Stanza, received: i64) -> Value {
    object([
        ("jid", presence.from.as_str().into()),
        ("type", presence.kind.as_str().into()),
        ("received", unix_seconds(received)),
        ("Stanza", presence.element().as_str().into()),
    ])
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{NOW, call, log_in_at, pair};
    use neuron_agent_api::resources::account::LOGOUT;
    use neuron_agent_api::resources::xmpp::{GET_ROSTER, POP_MESSAGES, PRESENCE_PROBE};

    const BOB: &str = r#"{"to":"bob@localhost"}"#;

    #[test]
    fn the_full_address_of_a_friend_is_returned() {
        let mut pair = pair();
        pair.befriend();
        let answer = pair.as_alice(&PRESENCE_PROBE, BOB).unwrap();
        let full = answer.split('"').nth(3).unwrap().to_owned();
        assert!(full.starts_with("bob@localhost/"), "{full}");
        assert!(
            answer.contains(r#""type":"","received":1700000000,"Stanza":{"__name":"presence""#)
        );
        assert!(answer.contains(&format!(r#""from":"{full}""#)));
        log_in_at(&mut pair.broker, "bob", "builder", NOW);
        assert!(!pair.as_alice(&PRESENCE_PROBE, BOB).unwrap().contains(&full));
    }

    #[test]
    fn a_friend_without_a_session_is_unavailable() {
        let mut pair = pair();
        pair.befriend();
        pair.as_bob(&LOGOUT, "{}").unwrap();
        let answer = pair.as_alice(&PRESENCE_PROBE, BOB).unwrap();
        assert!(answer.starts_with(r#"{"jid":"bob@localhost","type":"unavailable","#), "{answer}");
        assert!(answer.contains(r#""Stanza":{"__name":"presence","__ns":"jabber:client""#));
        let later = log_in_at(&mut pair.broker, "alice", "wonderland", NOW + 5_000);
        let broker = &mut pair.broker;
        let answer = call(broker, &PRESENCE_PROBE, (Some(&later), NOW + 5_000), BOB).unwrap();
        assert!(answer.contains("unavailable"));
    }

    #[test]
    fn a_stranger_looks_unavailable_and_is_asked_once() {
        let mut pair = pair();
        for _ in 0..3 {
            let answer = pair.as_alice(&PRESENCE_PROBE, BOB).unwrap();
            assert!(answer.starts_with(r#"{"jid":"bob@localhost","type":"unavailable","#));
        }
        let requests = pair.as_bob(&POP_MESSAGES, "{}").unwrap();
        assert_eq!(requests.matches(r#""type":"subscribe""#).count(), 1);
        assert!(requests.contains("legalId"));
        assert!(
            pair.as_alice(&GET_ROSTER, "{}").unwrap().contains(r#""pendingSubscription":true"#)
        );
    }

    #[test]
    fn the_own_presence_is_visible_and_that_of_other_domains_is_not() {
        let mut pair = pair();
        let own = pair.as_alice(&PRESENCE_PROBE, r#"{"to":"alice@localhost"}"#).unwrap();
        assert!(own.starts_with(r#"{"jid":"alice@localhost/"#));
        for to in ["x@example.org", "nobody@localhost", "localhost"] {
            let body = format!(r#"{{"to":"{to}"}}"#);
            assert!(pair.as_alice(&PRESENCE_PROBE, &body).unwrap().contains("unavailable"));
        }
        assert!(!pair.as_alice(&GET_ROSTER, "{}").unwrap().contains("example.org"));
    }
}
