//! Tells contacts which sessions of an account are available (RFC 6121 §4).

use super::announcements::Announcements;
use super::content::Content;
use super::message::{Message, StanzaType};
use super::stanza::{CANCEL, Condition, Stanza, StanzaName};
use super::state::Broker;
use super::subscription::Stage;
use super::tokens::Session;
use jid::{BareJid, Jid};
use std::collections::BTreeMap;

/// How many stanzas may wait for other domains before accounts are announced later. Answers to others
/// still have room then, and what calls send has much.
const MAX_WAITING_BEFORE_ANNOUNCEMENTS: usize = 500;

/// How much of the queue for other domains presence may fill. The rest is for what calls send.
const MAX_WAITING_BEFORE_PRESENCE: usize = 5_000;

const REFUSED: Condition = Condition {
    code: 406,
    name: "not-acceptable",
    kind: CANCEL,
    text: "The XMPP server does not take this stanza.",
};

impl Broker {
    /// Announces a session that has begun. If it is the account's first, contacts in other domains are
    /// asked for their presence (RFC 6121 §4.2.2), and for what they have not answered (§3.1.2).
    pub(super) fn announce_session(&mut self, user_name: &str, now: i64) {
        let sessions = self.tokens.sessions(user_name, now);
        let Some(session) = sessions.last() else { return };
        let Ok(account) = self.bare_jid(user_name) else { return };
        let Ok(full) = account.with_resource_str(&session.resource) else { return };
        self.broadcast(&full.into(), StanzaType::Available, true, now);
        if sessions.len() == 1 {
            self.probe_contacts(&account);
            self.repeat_requests(&account);
        }
    }

    /// Sends the open requests of an account to other domains again: they may have been lost on the
    /// way. Their custom XML is not kept.
    fn repeat_requests(&mut self, account: &BareJid) {
        let Some(user) = self.user(account) else { return };
        let requests = user.roster.asked().filter(|(contact, _)| !self.is_local(contact));
        let requests: Vec<_> = requests.map(|(jid, id)| (jid.clone(), id.to_owned())).collect();
        let content = self.legal_id_element(account);
        for (contact, id) in requests {
            let (from, to) = (account.clone().into(), contact.into());
            let request = Stanza::new(StanzaName::Presence, from, to, "subscribe");
            let content = content.clone().unwrap_or_default();
            self.send_presence_now(&Stanza { id: Some(id), content, ..request });
        }
    }

    /// Announces the end of the sessions that have ended since the last time (RFC 6121 §4.5.2).
    pub fn announce_ended_sessions(&mut self, now: i64) {
        for session in self.tokens.take_ended(now) {
            let Ok(account) = self.bare_jid(&session.user_name) else { continue };
            if let Ok(full) = account.with_resource_str(&session.resource) {
                let is_known = self.announcements.may_include(&session);
                self.broadcast(&full.into(), StanzaType::Unavailable, is_known, now);
            }
        }
    }

    /// Sends a presence stanza of a session to all contacts that may see it, or only to those here.
    fn broadcast(&mut self, from: &Jid, kind: StanzaType, elsewhere_too: bool, now: i64) {
        let Some(user) = self.user(&from.to_bare()) else { return };
        let told = user.roster.seeing().filter(|contact| elsewhere_too || self.is_local(contact));
        for contact in told.cloned().collect::<Vec<_>>() {
            self.show(from, &contact, kind, now);
        }
    }

    /// Sends a contact the presence of each session of an account. Without a session it is
    /// `unavailable`, from the account.
    pub(super) fn show_sessions(&mut self, account: &BareJid, contact: &BareJid, now: i64) {
        let sessions = self.full_addresses(account, now);
        if sessions.is_empty() {
            self.show(&account.clone().into(), contact, StanzaType::Unavailable, now);
        }
        for session in sessions {
            self.show(&session, contact, StanzaType::Available, now);
        }
    }

    /// How many sessions of an account there are to hide from a contact.
    pub(super) fn hidden_count(&self, account: &BareJid, contact: &BareJid, now: i64) -> usize {
        self.addresses_to_hide(account, contact, now).len()
    }

    /// Tells a contact that it no longer sees the sessions of an account (RFC 6121 §3.2.2, §3.3.3).
    pub(super) fn hide_sessions(&mut self, account: &BareJid, contact: &BareJid, now: i64) {
        for session in self.addresses_to_hide(account, contact, now) {
            self.show(&session, contact, StanzaType::Unavailable, now);
        }
    }

    fn addresses_to_hide(&self, account: &BareJid, contact: &BareJid, now: i64) -> Vec<Jid> {
        let is_here = self.is_local(contact);
        self.addresses_of(account, now, |session| {
            is_here || self.announcements.may_include(session)
        })
    }

    fn full_addresses(&self, account: &BareJid, now: i64) -> Vec<Jid> {
        self.addresses_of(account, now, |_| true)
    }

    /// The full addresses of those sessions of an account that are wanted.
    fn addresses_of(
        &self,
        account: &BareJid,
        now: i64,
        is_wanted: impl Fn(&Session) -> bool,
    ) -> Vec<Jid> {
        if let Some((thing, _)) = self.thing_presence(account) {
            return vec![thing];
        }
        let sessions = self.user_name(account).map(|name| self.tokens.sessions(name, now));
        let full =
            |session: Session| account.with_resource_str(&session.resource).ok().map(Into::into);
        sessions.unwrap_or_default().into_iter().filter(is_wanted).filter_map(full).collect()
    }

    fn show(&mut self, from: &Jid, to: &BareJid, kind: StanzaType, now: i64) {
        let message = Message {
            id: None,
            from: from.clone(),
            to: to.clone().into(),
            language: None,
            kind,
            received: now,
            content: Content::default(),
        };
        if self.is_local(to) {
            // Without a tab that wants it, nobody is told.
            let _ = self.deliver(message);
        } else if kind == StanzaType::Unavailable && from.resource().is_some() {
            // It takes back what the contact may have been told before, so it is kept for the link.
            // Without room the contact sees a session that has ended.
            let _ = self.send_stanza(&message.stanza());
        } else if !self.outbox.is_stopping() {
            self.send_presence_now(&message.stanza());
        }
    }

    /// Sends presence of an account to another domain, if the link is up. If much waits, the account is
    /// announced later instead.
    fn send_presence_now(&mut self, stanza: &Stanza) {
        let has_room = self.outbox.len() < MAX_WAITING_BEFORE_PRESENCE;
        if !self.outbox.is_connected() || (has_room && self.outbox.push_own(stanza).is_ok()) {
            return;
        }
        if let Some(user_name) = self.user_name(&stanza.from.to_bare()) {
            self.announcements.later.insert(user_name.into(), None);
        }
    }

    /// Asks for the presence of the account's contacts in other domains.
    fn probe_contacts(&mut self, account: &BareJid) {
        let Some(user) = self.user(account) else { return };
        let elsewhere = user.roster.seen().filter(|contact| !self.is_local(contact));
        for contact in elsewhere.cloned().collect::<Vec<_>>() {
            self.probe(account, &contact);
        }
    }

    /// Asks another domain for the presence of a contact (RFC 6121 §4.3).
    pub(super) fn probe(&mut self, account: &BareJid, contact: &BareJid) {
        let (from, to) = (account.clone().into(), contact.clone().into());
        self.send_presence_now(&Stanza::new(StanzaName::Presence, from, to, "probe"));
    }

    /// The link is up. The other domains may have forgotten which sessions are available, so all accounts
    /// are announced again.
    pub fn link_is_up(&mut self, now: i64) {
        self.outbox.set_connected();
        self.announcements = Announcements { last_known: None, later: self.all_accounts() };
        self.announce_later(now);
    }

    /// All accounts, to be announced from their first contact on.
    fn all_accounts(&self) -> BTreeMap<String, Option<BareJid>> {
        self.users.keys().map(|user_name| (user_name.clone(), None)).collect()
    }

    /// Announces the accounts that are still to be announced, as long as few stanzas wait.
    pub(super) fn announce_later(&mut self, now: i64) {
        while let Some((user_name, last)) = self.announcements.later.pop_first() {
            if let Err(last) = self.announce_account(&user_name, last, now) {
                self.announcements.later.insert(user_name, last);
                return;
            }
        }
    }

    /// Shows the contacts of an account in other domains its sessions, and asks for their presence, from
    /// the one after `last` on. If the broker stops, it tells them that the sessions end.
    ///
    /// # Errors
    /// The last one for which there was room.
    fn announce_account(
        &mut self,
        user_name: &str,
        mut last: Option<BareJid>,
        now: i64,
    ) -> Result<(), Option<BareJid>> {
        let Ok(account) = self.bare_jid(user_name) else { return Ok(()) };
        if self.full_addresses(&account, now).is_empty() {
            return Ok(());
        }
        let Some(user) = self.users.get(user_name) else { return Ok(()) };
        let after = user.roster.subscriptions_after(last.as_ref());
        let elsewhere = after.filter(|(contact, _)| !self.is_local(contact));
        let elsewhere: Vec<_> = elsewhere.map(|(jid, state)| (jid.clone(), state)).collect();
        for (contact, subscription) in elsewhere {
            if self.outbox.len() >= MAX_WAITING_BEFORE_ANNOUNCEMENTS {
                return Err(last);
            }
            let is_stopping = self.outbox.is_stopping();
            if subscription.to == Stage::Granted && !is_stopping {
                self.probe(&account, &contact);
            }
            if subscription.from == Stage::Granted {
                if is_stopping {
                    self.end_sessions(&account, &contact, now);
                } else {
                    self.show_sessions(&account, &contact, now);
                }
            }
            // There was no room.
            if self.announcements.later.contains_key(user_name) {
                return Err(last);
            }
            last = Some(contact);
        }
        Ok(())
    }

    /// The broker stops, and nobody is available then. Contacts in other domains are told so as the link
    /// takes it.
    pub fn announce_stop(&mut self, now: i64) {
        self.outbox.stop();
        self.announcements.later = self.all_accounts();
        self.announce_later(now);
    }

    /// Tells a contact in another domain that the sessions of an account end with the broker.
    fn end_sessions(&mut self, account: &BareJid, contact: &BareJid, now: i64) {
        for session in self.full_addresses(account, now) {
            let to = contact.clone().into();
            let presence = Stanza::new(StanzaName::Presence, session, to, "unavailable");
            self.send_presence_now(&presence);
        }
    }

    /// The link is down, with or without the server having refused what was sent last. Nobody knows
    /// any more which contacts in other domains are available. A stanza that the server refuses again
    /// and again comes back to its sender.
    pub fn link_is_down(&mut self, is_refused: bool, now: i64) {
        self.announcements.stop(self.tokens.last_number());
        if let Some(stanza) = self.outbox.set_disconnected(is_refused) {
            self.receive(stanza.refused(REFUSED), now);
        }
        let user_names: Vec<_> = self.users.keys().cloned().collect();
        for user_name in user_names {
            // It is not part of what is kept.
            if let Some(user) = self.users.get_untouched(&user_name) {
                user.roster.forget_presences();
            }
        }
    }
}
