//! Stanzas for other domains, which wait for the link to an XMPP server.

use super::memory_budget::{Budget, SharedBudget};
use super::record::{Records, Table};
use super::refusal::Refusal;
use super::stanza::{Stanza, StanzaName};
use jid::{BareJid, Jid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The maximum number of stanzas that wait.
const MAX_STANZAS: usize = 10_000;

/// The maximum size of the stanzas that wait, in bytes.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The maximum number of stanzas of one sender, so that nobody takes all the room.
const MAX_PER_SENDER: usize = 1_000;

/// The maximum size of a stanza, in bytes. Prosody closes the stream after one of 512 KiB, and with
/// it the link of all accounts.
const MAX_STANZA_BYTES: usize = 256 * 1024;

/// How much is handed to the link at once, in bytes, unless a single stanza is larger.
const MAX_BATCH_BYTES: usize = 64 * 1024;

/// How often the server may end the connection with an error while the same stanzas are on their way:
/// then they are sent one by one, and one that is alone is given up.
const MAX_FAILURES: u32 = 3;

/// What waits for the link, the oldest first.
///
/// A stream acknowledges nothing by itself, so the link hands over a batch, then asks its server a
/// question, and lets the batch go when that is answered: a server handles what it reads in order.
/// If the link breaks before, the batch is handed over again.
pub(super) struct Outbox {
    stanzas: Table<u64, WaitingStanza>,
    /// How many of them the link has, and nobody has acknowledged.
    in_flight: usize,
    /// Whether there is a link at all.
    is_linked: bool,
    is_connected: bool,
    /// Whether the broker stops, so that only the ends of sessions are announced.
    is_stopping: bool,
    /// How many connections the server has ended with an error while the same stanzas were on their
    /// way.
    failures: u32,
    /// How many stanzas, from the first one, are sent one by one, because one of them is refused.
    suspects: usize,
    by_sender: BTreeMap<String, usize>,
    budget: Budget,
    /// How many stanzas there have been.
    count: u64,
}

#[derive(Serialize, Deserialize)]
struct WaitingStanza {
    /// The account whose room it takes. Empty if it takes nobody's.
    sender: String,
    name: StanzaName,
    from: Jid,
    to: Jid,
    id: Option<String>,
    xml: String,
}

/// Why a stanza is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutboxError {
    /// There is no link, and so no other domain.
    Unlinked,
    /// The stanza is too long.
    TooLong,
    /// The name of an element or an attribute is one that servers refuse.
    Name,
    /// Too much waits.
    Full,
}

impl From<OutboxError> for Refusal {
    fn from(error: OutboxError) -> Self {
        match error {
            OutboxError::Unlinked => Self::internal("This broker has no link to other domains."),
            OutboxError::TooLong => Self::bad_request(format!(
                "The stanza has more than {} KiB, which is too long for other domains.",
                MAX_STANZA_BYTES / 1024
            )),
            OutboxError::Name => Self::bad_request(
                "The name of an element or an attribute has a character that XMPP servers refuse. \
                 Use letters, digits, hyphens and dots.",
            ),
            OutboxError::Full => Self::new(
                503,
                "Too many stanzas wait for other domains. Try again when the XMPP server takes \
                 them.",
            ),
        }
    }
}

impl Outbox {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self {
            stanzas: Table::new("outgoing"),
            in_flight: 0,
            is_linked: false,
            is_stopping: false,
            failures: 0,
            suspects: 0,
            is_connected: false,
            by_sender: BTreeMap::new(),
            budget: Budget::new(MAX_BYTES, shared),
            count: 0,
        }
    }

    /// What is kept of it.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.stanzas
    }

    /// Counts anew what it takes.
    pub(super) fn recount(&mut self) {
        self.by_sender.clear();
        let mut bytes = 0;
        for WaitingStanza { sender, xml, .. } in self.stanzas.values() {
            bytes += size(sender, xml);
            *self.by_sender.entry(sender.clone()).or_default() += 1;
        }
        self.budget.recount(bytes);
    }

    /// Takes stanzas from now on, for a link.
    pub(super) fn link(&mut self) {
        self.is_linked = true;
    }

    /// Whether there is a link, up or down.
    pub(super) fn is_linked(&self) -> bool {
        self.is_linked
    }

    /// Whether the link is up.
    pub(super) fn is_connected(&self) -> bool {
        self.is_connected
    }

    /// How many stanzas wait.
    pub(super) fn len(&self) -> usize {
        self.stanzas.len()
    }

    /// How many stanzas there have been. When it has grown, the link has something to take.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Whether a sender may add that many stanzas. Their size may still be too much.
    pub(super) fn has_room_for(&self, sender: &BareJid, count: usize) -> bool {
        let of_sender = self.by_sender.get(sender.as_str()).copied().unwrap_or_default();
        self.stanzas.len() + count <= MAX_STANZAS && of_sender + count <= MAX_PER_SENDER
    }

    /// Adds a stanza.
    pub(super) fn push(&mut self, stanza: &Stanza) -> Result<(), OutboxError> {
        self.push_for(stanza.from.to_bare().to_string(), stanza)
    }

    /// Adds a stanza that the broker sends by itself, such as an answer. It takes no room of its sender.
    pub(super) fn push_own(&mut self, stanza: &Stanza) -> Result<(), OutboxError> {
        self.push_for(String::new(), stanza)
    }

    fn push_for(&mut self, sender: String, stanza: &Stanza) -> Result<(), OutboxError> {
        if !self.is_linked {
            return Err(OutboxError::Unlinked);
        }
        let xml = stanza.stream_xml();
        if xml.len() > MAX_STANZA_BYTES {
            return Err(OutboxError::TooLong);
        }
        if !has_common_names(&xml) {
            return Err(OutboxError::Name);
        }
        let of_sender = self.by_sender.get(&sender).copied().unwrap_or_default();
        let is_full = of_sender >= MAX_PER_SENDER && !sender.is_empty();
        if self.stanzas.len() >= MAX_STANZAS || is_full {
            return Err(OutboxError::Full);
        }
        self.budget.reserve(size(&sender, &xml)).map_err(|_| OutboxError::Full)?;
        *self.by_sender.entry(sender.clone()).or_default() += 1;
        self.stanzas.push(WaitingStanza {
            sender,
            name: stanza.name,
            from: stanza.from.clone(),
            to: stanza.to.clone(),
            id: stanza.id.clone(),
            xml,
        });
        self.count += 1;
        Ok(())
    }

    /// The next stanzas, as one text. Empty if nothing waits, or if the last batch is not
    /// acknowledged yet.
    pub(super) fn next_batch(&mut self) -> String {
        let mut batch = String::new();
        if self.in_flight > 0 {
            return batch;
        }
        for WaitingStanza { xml, .. } in self.stanzas.values() {
            let is_full = self.suspects > 0 || batch.len() + xml.len() > MAX_BATCH_BYTES;
            if !batch.is_empty() && is_full {
                break;
            }
            batch.push_str(xml);
            self.in_flight += 1;
        }
        batch
    }

    /// The last batch has arrived.
    pub(super) fn acknowledge(&mut self) {
        self.failures = 0;
        for _ in 0..std::mem::take(&mut self.in_flight) {
            self.pop();
        }
    }

    fn pop(&mut self) -> Option<WaitingStanza> {
        let popped = self.stanzas.pop_first()?;
        self.suspects = self.suspects.saturating_sub(1);
        self.budget.release(size(&popped.sender, &popped.xml));
        if let Some(count) = self.by_sender.get_mut(&popped.sender) {
            *count -= 1;
            if *count == 0 {
                self.by_sender.remove(&popped.sender);
            }
        }
        Some(popped)
    }

    /// The link is up. What is not acknowledged is handed over again.
    pub(super) fn set_connected(&mut self) {
        self.is_connected = true;
        self.in_flight = 0;
    }

    /// The link is down. Returns a stanza that is given up, without its content, because the server has
    /// ended one connection after the other with an error when it got it.
    pub(super) fn set_disconnected(&mut self, is_refused: bool) -> Option<Stanza> {
        self.is_connected = false;
        let in_flight = std::mem::take(&mut self.in_flight);
        if !is_refused || in_flight == 0 {
            return None;
        }
        self.failures += 1;
        if self.failures < MAX_FAILURES {
            return None;
        }
        self.failures = 0;
        if in_flight > 1 {
            self.suspects = in_flight;
            return None;
        }
        let WaitingStanza { name, from, to, id, .. } = self.pop()?;
        Some(Stanza { id, ..Stanza::new(name, from, to, "") })
    }

    /// The broker stops.
    pub(super) fn stop(&mut self) {
        self.is_stopping = true;
    }

    /// Whether the broker stops.
    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping
    }
}

/// Letters of names that the parsers of XMPP servers know, beyond ASCII. They follow the fourth edition
/// of XML 1.0 (appendix B), which lists the letters of names one by one, and end the link of all
/// accounts if they meet another. These are those of the scripts that are in use.
const LETTERS: &[RangeInclusive<char>] = &[
    '\u{C0}'..='\u{D6}',
    '\u{D8}'..='\u{F6}',
    '\u{F8}'..='\u{131}',
    '\u{134}'..='\u{13E}',
    '\u{141}'..='\u{148}',
    '\u{14A}'..='\u{17E}',
    '\u{388}'..='\u{38A}',
    '\u{38E}'..='\u{3A1}',
    '\u{3A3}'..='\u{3CE}',
    '\u{401}'..='\u{40C}',
    '\u{40E}'..='\u{44F}',
    '\u{451}'..='\u{45C}',
    '\u{5D0}'..='\u{5EA}',
    '\u{621}'..='\u{63A}',
    '\u{641}'..='\u{64A}',
    '\u{3041}'..='\u{3094}',
    '\u{30A1}'..='\u{30FA}',
    '\u{4E00}'..='\u{9FA5}',
    '\u{AC00}'..='\u{D7A3}',
];

/// Whether the names in XML that the broker has written have no other letters.
fn has_common_names(xml: &str) -> bool {
    let (mut is_in_tag, mut is_in_value) = (false, false);
    xml.chars().all(|character| {
        match character {
            '"' if is_in_tag => is_in_value = !is_in_value,
            // In values and texts both are escaped.
            '<' => is_in_tag = true,
            '>' => is_in_tag = false,
            _ => {}
        }
        let is_in_name = is_in_tag && !is_in_value;
        !is_in_name
            || character.is_ascii()
            || LETTERS.iter().any(|letters| letters.contains(&character))
    })
}

/// Roughly how much memory a stanza takes, in bytes.
fn size(sender: &str, xml: &str) -> usize {
    const REST: usize = 64;
    REST + 2 * sender.len() + xml.len()
}

#[cfg(test)]
mod tests {
    use super::super::content::Content;
    use super::*;

    fn stanza(from: &str, length: usize) -> Stanza {
        let jid = |text: &str| Jid::new(text).unwrap();
        let content = Content::text(&"x".repeat(length));
        let empty = Stanza::new(StanzaName::Message, jid(from), jid("bob@other.example"), "chat");
        Stanza { content, ..empty }
    }

    fn outbox() -> Outbox {
        let mut outbox = Outbox::new(&SharedBudget::default());
        outbox.link();
        outbox
    }

    fn numbered(outbox: &mut Outbox, number: usize) {
        let id = Some(number.to_string());
        outbox.push(&Stanza { id, ..stanza("alice@localhost/1", 0) }).unwrap();
    }

    fn ids(batch: &str) -> Vec<usize> {
        let ids = batch.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        ids.map(|id| id.parse().unwrap()).collect()
    }

    #[test]
    fn a_batch_goes_only_when_it_is_acknowledged() {
        let mut outbox = outbox();
        (0..3).for_each(|number| numbered(&mut outbox, number));
        assert_eq!(ids(&outbox.next_batch()), [0, 1, 2]);
        numbered(&mut outbox, 3);
        assert_eq!(outbox.next_batch(), "", "one batch at a time");
        outbox.acknowledge();
        assert_eq!(ids(&outbox.next_batch()), [3]);
        outbox.acknowledge();
        assert_eq!((outbox.next_batch().as_str(), outbox.budget.used()), ("", 0));
        assert!(outbox.by_sender.is_empty());
    }

    #[test]
    fn a_batch_that_nobody_acknowledged_is_handed_over_again_in_its_order() {
        let mut outbox = outbox();
        outbox.set_connected();
        (0..2).for_each(|number| numbered(&mut outbox, number));
        outbox.next_batch();
        assert!(outbox.set_disconnected(false).is_none());
        numbered(&mut outbox, 2);
        outbox.set_connected();
        assert_eq!(ids(&outbox.next_batch()), [0, 1, 2]);
    }

    #[test]
    fn a_batch_is_short_but_has_at_least_one_stanza() {
        let mut outbox = outbox();
        for length in [MAX_BATCH_BYTES, 10, 10] {
            outbox.push(&stanza("alice@localhost/1", length)).unwrap();
        }
        let mut lengths = [(); 3].map(|()| {
            let batch = outbox.next_batch();
            outbox.acknowledge();
            batch.matches("<message").count()
        });
        lengths.sort_unstable();
        assert_eq!(lengths, [0, 1, 2]);
    }

    #[test]
    fn length_number_and_share_are_limited() {
        let mut outbox = outbox();
        let long = stanza("alice@localhost/1", MAX_STANZA_BYTES);
        assert_eq!(outbox.push(&long), Err(OutboxError::TooLong));
        for _ in 0..MAX_PER_SENDER {
            outbox.push(&stanza("alice@localhost/1", 1)).unwrap();
        }
        assert_eq!(outbox.push(&stanza("alice@localhost/2", 1)), Err(OutboxError::Full));
        for number in MAX_PER_SENDER..MAX_STANZAS {
            outbox.push(&stanza(&format!("user{number}@localhost"), 1)).unwrap();
        }
        assert_eq!(outbox.push(&stanza("bob@localhost/1", 1)), Err(OutboxError::Full));
        outbox.next_batch();
        outbox.acknowledge();
        assert_eq!(outbox.push(&stanza("bob@localhost/1", 1)), Ok(()));
    }

    #[test]
    fn memory_is_limited() {
        let mut outbox = outbox();
        let long = |number: usize| stanza(&format!("user{number}@localhost"), 200 * 1024);
        let fitting = (0..).take_while(|number| outbox.push(&long(*number)).is_ok()).count();
        assert_eq!(fitting, MAX_BYTES / (200 * 1024 + 300));
    }

    /// Whether the server ends the connection for the stanza with the id "bad".
    fn connect(outbox: &mut Outbox) -> Option<Stanza> {
        outbox.set_connected();
        while outbox.len() > 0 {
            if outbox.next_batch().contains("id=\"bad\"") {
                return outbox.set_disconnected(true);
            }
            outbox.acknowledge();
        }
        None
    }

    #[test]
    fn a_stanza_that_the_server_refuses_is_found_soon_and_given_up() {
        let mut outbox = outbox();
        for id in 0..200 {
            let id = if id == 150 { "bad".into() } else { id.to_string() };
            outbox.push(&Stanza { id: Some(id), ..stanza("alice@localhost/1", 1) }).unwrap();
        }
        let mut connections = 0;
        let refused = loop {
            connections += 1;
            if let Some(refused) = connect(&mut outbox) {
                break refused;
            }
        };
        assert_eq!((refused.id.as_deref(), connections), (Some("bad"), 6));
        assert!(connect(&mut outbox).is_none());
        assert_eq!((outbox.len(), outbox.suspects, outbox.budget.used()), (0, 0, 0));
    }

    #[test]
    fn a_server_that_only_stops_refuses_nothing() {
        let mut outbox = outbox();
        numbered(&mut outbox, 0);
        for _ in 0..20 {
            outbox.set_connected();
            assert_eq!(ids(&outbox.next_batch()), [0]);
            assert!(outbox.set_disconnected(false).is_none());
        }
    }

    #[test]
    fn names_that_servers_refuse_are_refused_here() {
        for (content, is_taken) in [
            ("<hälsning xmlns='u' år='1'>😀</hälsning>", true),
            ("<привет xmlns='u' a='😀'/>", true),
            ("<😀 xmlns='u'/>", false),
            ("<ⁿ xmlns='u'/>", false),
            ("<b xmlns='u' 😀='1'/>", false),
            ("<b xmlns='u'>text &gt; <😀/></b>", false),
        ] {
            let content = Content::parse(content).unwrap();
            let stanza = Stanza { content, ..stanza("alice@localhost/1", 0) };
            let expected = if is_taken { Ok(()) } else { Err(OutboxError::Name) };
            assert_eq!(outbox().push(&stanza), expected, "{stanza:?}");
        }
    }

    #[test]
    fn an_answer_takes_no_room_of_its_sender() {
        let mut outbox = outbox();
        for _ in 0..MAX_PER_SENDER {
            outbox.push_own(&stanza("alice@localhost/1", 1)).unwrap();
        }
        assert!(outbox.has_room_for(&BareJid::new("alice@localhost").unwrap(), MAX_PER_SENDER));
        assert_eq!(outbox.push(&stanza("alice@localhost/1", 1)), Ok(()));
    }
}
