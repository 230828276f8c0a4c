//! What other domains have been told of sessions, and have still to be told.

use super::tokens::Session;
use jid::BareJid;
use std::collections::BTreeMap;

/// What other domains have been told of sessions.
#[derive(Default)]
pub(super) struct Announcements {
    /// The number of the last session that they may know of, while the link is down: nobody there was
    /// told of later ones. `None` while it is up.
    pub(super) last_known: Option<u64>,
    /// The accounts that are still to be announced, each with the contact that was told last.
    pub(super) later: BTreeMap<String, Option<BareJid>>,
}

impl Announcements {
    /// The link is down from now on. Unless it was before, other domains may know of the sessions up
    /// to this one.
    pub(super) fn stop(&mut self, last_session: u64) {
        self.last_known.get_or_insert(last_session);
        self.later.clear();
    }

    /// Whether other domains may know of a session.
    pub(super) fn may_include(&self, session: &Session) -> bool {
        self.last_known.is_none_or(|last| session.number <= last)
    }
}
