//! The way of a subscription's stanza from one account to another.

use super::broker::Broker;
use super::roster::SubscriptionRequest;
use super::subscription::{Fate, Stanza};
use jid::BareJid;

impl Broker {
    /// Sends a stanza from a local account to an address in the broker's own domain.
    ///
    /// An address without an account takes it and is silent, so that nobody can find out by
    /// asking which accounts there are (RFC 6121 §8.5.1).
    pub(super) fn send_presence(
        &mut self,
        from: &BareJid,
        to: &BareJid,
        stanza: Stanza,
        request: Option<SubscriptionRequest>,
    ) {
        let fate = match self.roster_mut(from) {
            Some(roster) => roster.send(to, stanza),
            None => return,
        };
        if fate == Fate::Passed {
            self.deliver_presence(from, to, stanza, request);
        }
    }

    fn deliver_presence(
        &mut self,
        from: &BareJid,
        to: &BareJid,
        stanza: Stanza,
        request: Option<SubscriptionRequest>,
    ) {
        let Some(roster) = self.roster_mut(to) else { return };
        if roster.receive(from, stanza, request) == Fate::Answered {
            self.deliver_presence(to, from, Stanza::Subscribed, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Content;
    use super::super::subscription::Stage;
    use super::super::testing::broker;
    use super::*;
    use neuron_agent_api::wire::Value;
    use proptest::prelude::*;

    fn jid(text: &str) -> BareJid {
        BareJid::new(text).unwrap()
    }

    fn send(broker: &mut Broker, from: &str, to: &str, stanza: Stanza) {
        let from = jid(from);
        let request = (stanza == Stanza::Subscribe).then(|| SubscriptionRequest {
            id: "1".into(),
            from: from.clone(),
            language: None,
            content: Content::default(),
        });
        broker.send_presence(&from, &jid(to), stanza, request);
    }

    const ALICE: &str = "alice@localhost";
    const BOB: &str = "bob@localhost";

    /// What an account sees of another: status, pending, and whether a request waits.
    fn view(broker: &mut Broker, of: &str, on: &str) -> Option<(String, bool, bool)> {
        let waits = broker.subscription_requests(of).any(|request| request.from == jid(on));
        let item = broker.roster_mut(&jid(of)).unwrap().item(&jid(on));
        let Some(item) = item else { return waits.then(|| (String::new(), false, true)) };
        let status = item.get("status").and_then(Value::as_str).unwrap().into();
        Some((status, item.get("pendingSubscription") == Some(&true.into()), waits))
    }

    fn seen(status: &str, pending: bool, waits: bool) -> Option<(String, bool, bool)> {
        Some((status.into(), pending, waits))
    }

    #[test]
    fn asking_and_accepting() {
        let broker = &mut broker();
        send(broker, ALICE, BOB, Stanza::Subscribe);
        assert_eq!(view(broker, ALICE, BOB), seen("None", true, false));
        assert_eq!(view(broker, BOB, ALICE), seen("", false, true));
        send(broker, BOB, ALICE, Stanza::Subscribed);
        assert_eq!(view(broker, ALICE, BOB), seen("To", false, false));
        assert_eq!(view(broker, BOB, ALICE), seen("From", false, false));
    }

    #[test]
    fn asking_and_declining() {
        let broker = &mut broker();
        send(broker, ALICE, BOB, Stanza::Subscribe);
        send(broker, BOB, ALICE, Stanza::Unsubscribed);
        assert_eq!(view(broker, ALICE, BOB), seen("None", false, false));
        assert_eq!(view(broker, BOB, ALICE), None);
    }

    #[test]
    fn both_ask_and_both_accept() {
        let broker = &mut broker();
        send(broker, ALICE, BOB, Stanza::Subscribe);
        send(broker, BOB, ALICE, Stanza::Subscribe);
        assert_eq!(view(broker, ALICE, BOB), seen("None", true, true));
        assert_eq!(view(broker, BOB, ALICE), seen("None", true, true));
        send(broker, ALICE, BOB, Stanza::Subscribed);
        send(broker, BOB, ALICE, Stanza::Subscribed);
        assert_eq!(view(broker, ALICE, BOB), seen("Both", false, false));
        assert_eq!(view(broker, BOB, ALICE), seen("Both", false, false));
    }

    #[test]
    fn one_who_is_let_in_already_is_answered_at_once() {
        let broker = &mut broker();
        send(broker, ALICE, BOB, Stanza::Subscribe);
        send(broker, BOB, ALICE, Stanza::Subscribed);
        // As if alice's side had lost its half.
        broker.roster_mut(&jid(ALICE)).unwrap().receive(&jid(BOB), Stanza::Unsubscribed, None);
        send(broker, ALICE, BOB, Stanza::Subscribe);
        assert_eq!(view(broker, ALICE, BOB), seen("To", false, false));
        assert_eq!(view(broker, BOB, ALICE), seen("From", false, false));
    }

    #[test]
    fn nobody_can_let_himself_in() {
        let broker = &mut broker();
        send(broker, BOB, ALICE, Stanza::Subscribed);
        assert_eq!(view(broker, ALICE, BOB), None);
        assert_eq!(view(broker, BOB, ALICE), None);
    }

    #[test]
    fn an_address_without_an_account_is_silent() {
        let broker = &mut broker();
        send(broker, ALICE, "nobody@localhost", Stanza::Subscribe);
        assert_eq!(view(broker, ALICE, "nobody@localhost"), seen("None", true, false));
        send(broker, "nobody@localhost", ALICE, Stanza::Subscribe);
        assert_eq!(view(broker, ALICE, "nobody@localhost"), seen("None", true, false));
    }

    fn any_stanza() -> impl Strategy<Value = Stanza> {
        prop::sample::select(vec![
            Stanza::Subscribe,
            Stanza::Subscribed,
            Stanza::Unsubscribe,
            Stanza::Unsubscribed,
        ])
    }

    proptest! {
        /// Whatever two accounts send each other, each has what the other thinks it has, and a
        /// request waits exactly while one is asked.
        #[test]
        fn two_accounts_never_disagree(
            events in prop::collection::vec((any::<bool>(), any_stanza()), 0..32),
        ) {
            let broker = &mut broker();
            for (alice_sends, stanza) in events {
                let (from, to) = if alice_sends { (ALICE, BOB) } else { (BOB, ALICE) };
                send(broker, from, to, stanza);
                let alice = broker.roster_mut(&jid(ALICE)).unwrap().subscription(&jid(BOB));
                let bob = broker.roster_mut(&jid(BOB)).unwrap().subscription(&jid(ALICE));
                prop_assert_eq!((alice.to, alice.from), (bob.from, bob.to));
                for (of, state) in [(ALICE, alice), (BOB, bob)] {
                    let waiting = broker.subscription_requests(of).count();
                    prop_assert_eq!(waiting == 1, state.from == Stage::Asked);
                }
            }
        }
    }
}
