//! Sends the presence stanzas of subscriptions from one account to another.

use super::content::Content;
use super::message::Message;
use super::outbox::OutboxError;
use super::state::Broker;
use super::subscription::{Stage, StanzaOutcome, SubscriptionStanza};
use jid::BareJid;

/// The namespace of the element that carries a sender's Legal ID. The Neuron®'s own form is not
/// published; this one is `<legalId xmlns="urn:neuron-agent-api:broker" id="…"/>`.
pub(super) const LEGAL_ID_NAMESPACE: &str = "urn:neuron-agent-api:broker";

/// Whether a sender's own XML has the element with which only the broker vouches for a Legal ID.
pub(super) fn claims_legal_id(content: &Content) -> bool {
    content.find(content.elements(), None, Some(LEGAL_ID_NAMESPACE)).is_some()
}

/// The id, language and content of a presence stanza.
#[derive(Clone, Debug, Default)]
pub(super) struct Payload {
    pub id: String,
    pub language: Option<String>,
    pub content: Content,
}

impl Broker {
    /// Sends a subscription request from an account, with its Legal ID if it has one. Returns
    /// whether it was sent.
    ///
    /// # Errors
    /// If it is for another domain, and the link does not take it.
    pub(super) fn ask(
        &mut self,
        from: &BareJid,
        to: &BareJid,
        mut payload: Payload,
        now: i64,
    ) -> Result<bool, OutboxError> {
        if let Some(legal_id) = self.legal_id_element(from) {
            payload.content.append(&legal_id);
        }
        let id = payload.id.clone();
        let sent = self.send_presence(from, to, SubscriptionStanza::Subscribe, payload, now)?;
        if let Some(user) = self.user_mut(from).filter(|_| sent) {
            user.roster.note_request(to, &id);
        }
        Ok(sent)
    }

    /// The element with which the broker vouches for the Legal ID of an account. `None` if it has none.
    pub(super) fn legal_id_element(&self, account: &BareJid) -> Option<Content> {
        let id = self.user(account)?.account.legal_id.as_deref()?;
        let none = Content::default();
        Some(Content::element("legalId", LEGAL_ID_NAMESPACE, &[("id", id)], &none))
    }

    /// Sends a presence stanza from a local account. Returns whether it was sent.
    ///
    /// A stanza to an address without an account is dropped silently, so that nobody can find out
    /// which accounts exist (RFC 6121 §8.5.1).
    ///
    /// # Errors
    /// If it is for another domain, and the link does not take it. Then nothing has changed.
    pub(super) fn send_presence(
        &mut self,
        from: &BareJid,
        to: &BareJid,
        stanza: SubscriptionStanza,
        payload: Payload,
        now: i64,
    ) -> Result<bool, OutboxError> {
        if !self.can_reach(to) {
            return Ok(false);
        }
        let message = Message {
            id: Some(payload.id),
            from: from.clone().into(),
            to: to.clone().into(),
            language: payload.language,
            kind: stanza.into(),
            received: now,
            content: payload.content,
        };
        // This is checked before anything changes, so that the two accounts keep agreeing.
        let receiver = self.user(to);
        if receiver.is_some_and(|user| !user.roster.can_receive(from, stanza, &message)) {
            return Ok(false);
        }
        let Some(user) = self.user(from) else { return Ok(false) };
        let subscription = user.roster.subscription(to);
        if !user.roster.can_send(to, stanza) {
            return Ok(false);
        }
        let hides =
            stanza == SubscriptionStanza::Unsubscribed && subscription.from == Stage::Granted;
        // Only what the link has taken changes the state.
        if !self.is_local(to) {
            let hidden = if hides { self.hidden_count(from, to, now) } else { 0 };
            if !self.outbox.has_room_for(from, hidden + 1) {
                return Err(OutboxError::Full);
            }
        }
        // While the contact is still subscribed (RFC 6121 §3.2.2): later its server may ignore it.
        if hides {
            self.hide_sessions(from, to, now);
        }
        if !self.is_local(to) {
            self.send_stanza(&message.stanza())?;
        }
        if let Some(user) = self.user_mut(from) {
            // There is room: that was checked.
            let _ = user.roster.send(to, stanza);
        }
        self.receive_presence(stanza, message);
        if stanza == SubscriptionStanza::Subscribed {
            self.show_sessions(from, to, now);
        }
        Ok(true)
    }

    /// Receives a presence stanza in the name of an account. One for another domain is none of the
    /// broker's.
    pub(super) fn receive_presence(&mut self, stanza: SubscriptionStanza, message: Message) {
        let (from, to) = (message.from.to_bare(), message.to.to_bare());
        let Some(user) = self.user_mut(&to) else { return };
        let was_seen = user.roster.subscription(&from).from == Stage::Granted;
        match user.roster.receive(&from, stanza, &message) {
            StanzaOutcome::Forwarded
                if stanza == SubscriptionStanza::Subscribe && self.is_thing(&to) =>
            {
                self.accept_as_thing(&to, &from, message.received);
            }
            // A request stays in the roster too, and is delivered again; other presence may be lost
            // if the inbox is full, as on any server.
            StanzaOutcome::Forwarded => {
                let now = message.received;
                let _ = self.deliver(message);
                if stanza == SubscriptionStanza::Unsubscribe && was_seen {
                    self.hide_sessions(&to, &from, now);
                }
            }
            StanzaOutcome::Dropped => {}
            StanzaOutcome::AutoReplied => {
                let reply = Message {
                    from: message.to,
                    to: message.from,
                    kind: SubscriptionStanza::Subscribed.into(),
                    language: None,
                    content: Content::default(),
                    ..message
                };
                let now = reply.received;
                if self.is_local(&from) {
                    self.receive_presence(SubscriptionStanza::Subscribed, reply);
                } else {
                    self.send_now(&reply.stanza());
                }
                self.show_sessions(&to, &from, now);
            }
        }
    }

    /// Whether an account may see the presence of a contact.
    pub(super) fn sees(&self, account: &BareJid, contact: &BareJid) -> bool {
        let user = self.user(account);
        user.is_some_and(|user| user.roster.subscription(contact).to == Stage::Granted)
    }

    /// Delivers the open requests of an account again, as each new session requires (RFC 6121
    /// §3.1.3), except those still in its inbox.
    pub(super) fn redeliver_requests(&mut self, account: &BareJid) {
        let Some(user) = self.user(account) else { return };
        let seen = user.inbox.requesters();
        let requests = user.roster.requests();
        let unseen = requests.filter(|request| !seen.contains(&request.from.to_bare()));
        for request in unseen.cloned().collect::<Vec<_>>() {
            let _ = self.deliver(request);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::roster::Roster;
    use super::super::testing::{NOW, broker};
    use super::*;
    use neuron_agent_api::wire::Value;
    use proptest::prelude::*;

    fn jid(text: &str) -> BareJid {
        BareJid::new(text).unwrap()
    }

    fn send(broker: &mut Broker, from: &str, to: &str, stanza: SubscriptionStanza) {
        let sent = broker.send_presence(&jid(from), &jid(to), stanza, Payload::default(), NOW);
        sent.unwrap();
    }

    const ALICE: &str = "alice@localhost";
    const BOB: &str = "bob@localhost";

    /// How one account sees another: status, pending, and whether it has an open request.
    fn view(broker: &mut Broker, of: &str, on: &str) -> Option<(String, bool, bool)> {
        let user = broker.user(&jid(of)).unwrap();
        let waits = user.roster.requests().any(|request| request.from == jid(on));
        let item = user.roster.item(&jid(on));
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
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribe);
        assert_eq!(view(broker, ALICE, BOB), seen("None", true, false));
        assert_eq!(view(broker, BOB, ALICE), seen("", false, true));
        send(broker, BOB, ALICE, SubscriptionStanza::Subscribed);
        assert_eq!(view(broker, ALICE, BOB), seen("To", false, false));
        assert_eq!(view(broker, BOB, ALICE), seen("From", false, false));
    }

    #[test]
    fn asking_and_declining() {
        let broker = &mut broker();
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribe);
        send(broker, BOB, ALICE, SubscriptionStanza::Unsubscribed);
        assert_eq!(view(broker, ALICE, BOB), seen("None", false, false));
        assert_eq!(view(broker, BOB, ALICE), None);
    }

    #[test]
    fn both_ask_and_both_accept() {
        let broker = &mut broker();
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribe);
        send(broker, BOB, ALICE, SubscriptionStanza::Subscribe);
        assert_eq!(view(broker, ALICE, BOB), seen("None", true, true));
        assert_eq!(view(broker, BOB, ALICE), seen("None", true, true));
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribed);
        send(broker, BOB, ALICE, SubscriptionStanza::Subscribed);
        assert_eq!(view(broker, ALICE, BOB), seen("Both", false, false));
        assert_eq!(view(broker, BOB, ALICE), seen("Both", false, false));
    }

    #[test]
    fn a_repeated_request_is_answered_automatically() {
        let broker = &mut broker();
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribe);
        send(broker, BOB, ALICE, SubscriptionStanza::Subscribed);
        // As if Alice's account had lost its state.
        let alice = broker.user_mut(&jid(ALICE)).unwrap();
        let news = alice.inbox.pop(1).pop().unwrap();
        alice.roster.receive(&jid(BOB), SubscriptionStanza::Unsubscribed, &news);
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribe);
        assert_eq!(view(broker, ALICE, BOB), seen("To", false, false));
        assert_eq!(view(broker, BOB, ALICE), seen("From", false, false));
    }

    #[test]
    fn nobody_can_approve_an_own_request() {
        let broker = &mut broker();
        send(broker, BOB, ALICE, SubscriptionStanza::Subscribed);
        assert_eq!(view(broker, ALICE, BOB), None);
        assert_eq!(view(broker, BOB, ALICE), None);
    }

    #[test]
    fn an_address_without_an_account_is_silent() {
        let broker = &mut broker();
        send(broker, ALICE, "nobody@localhost", SubscriptionStanza::Subscribe);
        assert_eq!(view(broker, ALICE, "nobody@localhost"), seen("None", true, false));
        send(broker, "nobody@localhost", ALICE, SubscriptionStanza::Subscribe);
        assert_eq!(view(broker, ALICE, "nobody@localhost"), seen("None", true, false));
    }

    fn roster<'a>(broker: &'a Broker, of: &str) -> &'a Roster {
        &broker.user(&jid(of)).unwrap().roster
    }

    /// Takes out an inbox, and returns the types of its messages.
    fn news(broker: &mut Broker, of: &str) -> Vec<&'static str> {
        let messages = broker.user_mut(&jid(of)).unwrap().inbox.pop(usize::MAX);
        messages.iter().map(|message| message.kind.name()).collect()
    }

    #[test]
    fn each_account_gets_the_stanzas_of_the_other() {
        let broker = &mut broker();
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribe);
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribe);
        assert_eq!(news(broker, BOB), ["subscribe"]);
        send(broker, BOB, ALICE, SubscriptionStanza::Subscribed);
        send(broker, BOB, ALICE, SubscriptionStanza::Subscribed);
        assert_eq!(news(broker, ALICE), ["subscribed"]);
        send(broker, ALICE, BOB, SubscriptionStanza::Unsubscribe);
        send(broker, ALICE, BOB, SubscriptionStanza::Unsubscribe);
        assert_eq!(news(broker, BOB), ["unsubscribe"]);
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribe);
        send(broker, BOB, ALICE, SubscriptionStanza::Unsubscribed);
        send(broker, BOB, ALICE, SubscriptionStanza::Unsubscribed);
        assert_eq!(news(broker, ALICE), ["unsubscribed"]);
    }

    #[test]
    fn a_request_is_delivered_until_it_is_answered_and_never_twice_at_once() {
        let broker = &mut broker();
        send(broker, ALICE, BOB, SubscriptionStanza::Subscribe);
        broker.redeliver_requests(&jid(BOB));
        assert_eq!(news(broker, BOB), ["subscribe"]);
        broker.redeliver_requests(&jid(BOB));
        broker.redeliver_requests(&jid(BOB));
        assert_eq!(news(broker, BOB), ["subscribe"]);
        send(broker, BOB, ALICE, SubscriptionStanza::Unsubscribed);
        broker.redeliver_requests(&jid(BOB));
        assert_eq!(news(broker, BOB), [""; 0]);
    }

    fn any_stanza() -> impl Strategy<Value = SubscriptionStanza> {
        prop::sample::select(vec![
            SubscriptionStanza::Subscribe,
            SubscriptionStanza::Subscribed,
            SubscriptionStanza::Unsubscribe,
            SubscriptionStanza::Unsubscribed,
        ])
    }

    proptest! {
        /// Whatever two accounts send each other, their states match, and a request is open exactly
        /// while one side has asked.
        #[test]
        fn two_accounts_never_disagree(
            events in prop::collection::vec((any::<bool>(), any_stanza()), 0..32),
        ) {
            let broker = &mut broker();
            for (alice_sends, stanza) in events {
                let (from, to) = if alice_sends { (ALICE, BOB) } else { (BOB, ALICE) };
                send(broker, from, to, stanza);
                let alice = roster(broker, ALICE).subscription(&jid(BOB));
                let bob = roster(broker, BOB).subscription(&jid(ALICE));
                prop_assert_eq!((alice.to, alice.from), (bob.from, bob.to));
                for (of, state) in [(ALICE, alice), (BOB, bob)] {
                    let waiting = roster(broker, of).requests().count();
                    prop_assert_eq!(waiting == 1, state.from == Stage::Asked);
                }
            }
        }
    }
}
