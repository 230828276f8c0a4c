//! The state of a broker: its users, sessions, tabs and limits.

use super::account::Account;
use super::announcements::Announcements;
use super::api_key::ApiKey;
use super::call::Call;
use super::confusable_names::UserNames;
use super::contract::Contracts;
use super::identity::Identities;
use super::intelligence::Intelligence;
use super::login_limiter::{self, LoginLimiter, LoginLimits, Target};
use super::memory_budget::SharedBudget;
use super::message::Message;
use super::neuro_feature::NeuroFeatures;
use super::nonces::Nonces;
use super::outbox::Outbox;
use super::pending_queries::PendingQueries;
use super::profile::{CODE_COUNT, ContactAddress, Mail};
use super::record::{self, Single, Table};
use super::refusal::Refusal;
use super::registrations::Registrations;
use super::tabs::Tabs;
use super::tokens::Tokens;
use super::users::{User, Users};
use ed25519_dalek::SigningKey;
use jid::{BareJid, DomainPart, Jid, NodePart};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The source of all randomness of a broker. It must be secret, and different at each start.
pub type Seed = [u8; 32];

/// The initial state of a broker.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The domain of the accounts' addresses.
    pub domain: String,
    /// The accounts at the start.
    pub accounts: Vec<Account>,
    /// The API keys with which accounts can be created.
    pub api_keys: Vec<ApiKey>,
    /// When failed logins are blocked, and for how long.
    pub login_limits: LoginLimits,
    /// Whether stanzas for other domains are kept for a link to an XMPP server.
    pub is_linked: bool,
    /// The time of day, in Unix seconds.
    pub now: i64,
}

/// A broker: one domain, its users, and their state.
pub struct Broker {
    pub(super) domain: DomainPart,
    pub(super) tokens: Tokens,
    pub(super) nonces: Nonces,
    /// A random password, with which the logins of unknown users are checked.
    pub(super) dummy_secret: String,
    pub(super) users: Users,
    pub(super) user_names: UserNames,
    /// The memory that all users share.
    pub(super) budget: SharedBudget,
    pub(super) api_keys: BTreeMap<String, ApiKey>,
    /// How many accounts have been created with each API key.
    pub(super) api_key_uses: Table<String, u32>,
    pub(super) login_limiter: LoginLimiter,
    pub(super) tabs: Tabs,
    pub(super) registrations: Registrations,
    pub(super) intelligence: Intelligence,
    mail: Vec<Mail>,
    /// The broker's own key, which signs identities and contracts.
    pub(super) key_pair: SigningKey,
    pub(super) identities: Identities,
    pub(super) contracts: Contracts,
    pub(super) neuro_features: NeuroFeatures,
    /// The address of the simulated concentrator. `None` if an account has its name.
    pub(super) concentrator: Option<BareJid>,
    /// What waits for other domains.
    pub(super) outbox: Outbox,
    /// What other domains know of sessions.
    pub(super) announcements: Announcements,
    /// The queries that other domains have not answered.
    pub(super) queries: PendingQueries,
    /// How many events there have been.
    pub(super) event_count: u64,
    pub(super) instance: Single<Instance>,
    /// Whether changes are noted until they are taken.
    pub(super) is_recorded: bool,
    pub(super) random: StdRng,
    /// What has been taken as changes.
    #[cfg(test)]
    pub(super) kept: BTreeMap<super::record::RecordId, String>,
}

/// What stays the same from the first run of a broker on, if its state is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Instance {
    /// A random id.
    pub id: String,
    pub domain: String,
    /// The key that signs tokens.
    #[serde(with = "record::base64")]
    pub token_key: [u8; 64],
    /// The broker's own key.
    #[serde(with = "record::key_pair")]
    pub key_pair: SigningKey,
    /// Whether the account of the concentrator's name is the concentrator.
    pub has_concentrator: bool,
}

impl Broker {
    /// A broker in its initial state. Its changes are not noted.
    ///
    /// # Errors
    /// If the domain is invalid, two user names look alike, or an API key is given twice.
    pub fn new(setup: Setup, seed: Seed) -> Result<Self, String> {
        let mut broker = Self::restore(setup, seed, BTreeMap::new())?;
        broker.is_recorded = false;
        broker.forget_changes();
        Ok(broker)
    }

    /// A broker without users, and with keys of its own.
    pub(super) fn empty(domain: &str, limits: LoginLimits, seed: Seed) -> Result<Self, String> {
        let domain = DomainPart::new(domain)
            .map_err(|error| format!("{domain:?} is not a domain: {error}."))?
            .into_owned();
        if !has_common_characters(domain.as_str()) {
            return Err(format!(
                "{:?} is not a domain: it may have letters, digits, hyphens and dots.",
                domain.as_str()
            ));
        }
        let budget = SharedBudget::default();
        let outbox = Outbox::new(&budget);
        let mut random = StdRng::from_seed(seed);
        let mut token_key = [0; 64];
        random.fill_bytes(&mut token_key);
        let dummy_secret = random_name(&mut random);
        let instance = Instance {
            id: random_name(&mut random),
            domain: domain.as_str().into(),
            token_key,
            key_pair: random_key_pair(&mut random),
            has_concentrator: false,
        };
        Ok(Self {
            tokens: Tokens::new(token_key, domain.as_str()),
            domain,
            nonces: Nonces::default(),
            dummy_secret,
            intelligence: Intelligence::new(&budget),
            users: Users::default(),
            user_names: UserNames::default(),
            budget,
            api_keys: BTreeMap::new(),
            api_key_uses: Table::new("api_key_use"),
            login_limiter: LoginLimiter::new(limits),
            tabs: Tabs::default(),
            registrations: Registrations::default(),
            mail: Vec::new(),
            event_count: 0,
            key_pair: instance.key_pair.clone(),
            instance: Single::new("instance", instance),
            identities: Identities::new("identity"),
            contracts: Contracts::new("contract"),
            neuro_features: NeuroFeatures::default(),
            concentrator: None,
            outbox,
            announcements: Announcements::default(),
            queries: PendingQueries::default(),
            is_recorded: true,
            random,
            #[cfg(test)]
            kept: BTreeMap::new(),
        })
    }

    /// The domain, normalised.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.domain.as_str()
    }

    /// The id of the broker, which is another one when its state is. A page that sees a new one
    /// knows that all state is gone.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance.id
    }

    /// Counts a failed attempt.
    pub(super) fn record_failure(&mut self, call: &Call<'_>, subject: Target<'_>) {
        self.login_limiter.record_failure(call.endpoint(), subject, call.now);
    }

    /// Notes a successful login.
    pub(super) fn record_success(&mut self, call: &Call<'_>, user_name: &str) {
        self.login_limiter.record_success(call.endpoint(), user_name, call.now);
    }

    /// Refuses a call from an endpoint that is blocked, as a whole or for an account.
    pub(super) fn refuse_blocked(
        &self,
        call: &Call<'_>,
        account: Option<&str>,
    ) -> Result<(), Refusal> {
        match self.login_limiter.blocked_for(call.endpoint(), account, call.now) {
            Some(left) => Err(Refusal::new(429, login_limiter::blocked_message(left, call.remote))),
            None => Ok(()),
        }
    }

    /// The open subscription requests that an account has received.
    pub fn subscription_requests(&self, bare_jid: &str) -> impl Iterator<Item = &Message> {
        let account = BareJid::new(bare_jid).ok();
        let user = account.and_then(|jid| self.user(&jid));
        user.into_iter().flat_map(|user| user.roster.requests())
    }

    /// Takes the mail that the broker can't send itself.
    pub fn take_mail(&mut self) -> Vec<Mail> {
        std::mem::take(&mut self.mail)
    }

    pub(super) fn send_mail(&mut self, mail: Mail) {
        self.mail.push(mail);
    }

    /// Sends a new code to a contact address, which is unverified so far.
    pub(super) fn send_code(&mut self, address: &str) -> ContactAddress {
        let contact = ContactAddress::new(address, self.random_below(CODE_COUNT));
        self.send_mail(contact.mail());
        contact
    }

    /// The user that calls.
    pub(super) fn caller(&self, call: &Call<'_>) -> Result<&User, Refusal> {
        let user_name = &call.session()?.user_name;
        self.users.get(user_name).ok_or_else(|| Refusal::internal("The account is gone."))
    }

    pub(super) fn caller_mut(&mut self, call: &Call<'_>) -> Result<&mut User, Refusal> {
        let user_name = &call.session()?.user_name;
        self.users.get_mut(user_name).ok_or_else(|| Refusal::internal("The account is gone."))
    }

    /// The bare address of the user that calls.
    pub(super) fn caller_address(&self, call: &Call<'_>) -> Result<BareJid, Refusal> {
        self.bare_jid(&call.session()?.user_name)
    }

    /// The full address of the session that calls.
    pub(super) fn caller_full_address(&self, call: &Call<'_>) -> Result<Jid, Refusal> {
        let full = self.caller_address(call)?.with_resource_str(&call.session()?.resource);
        full.map(Into::into).map_err(|error| Refusal::internal(error.to_string()))
    }

    pub(super) fn bare_jid(&self, user_name: &str) -> Result<BareJid, Refusal> {
        let node =
            NodePart::new(user_name).map_err(|error| Refusal::internal(error.to_string()))?;
        Ok(BareJid::from_parts(Some(&node), &self.domain))
    }

    /// The user with an address. `None` if there is none.
    pub(super) fn user(&self, of: &BareJid) -> Option<&User> {
        self.users.get(self.user_name(of)?)
    }

    pub(super) fn user_mut(&mut self, of: &BareJid) -> Option<&mut User> {
        let user_name = self.user_name(of)?.to_owned();
        self.users.get_mut(&user_name)
    }

    /// Whether an address is in the broker's own domain.
    pub(super) fn is_local(&self, address: &BareJid) -> bool {
        address.domain().as_str() == self.domain.as_str()
    }

    /// Whether something can be sent to an address.
    pub(super) fn can_reach(&self, address: &BareJid) -> bool {
        self.outbox.is_linked() || self.is_local(address)
    }

    /// A random id that nobody can guess.
    #[must_use]
    pub fn new_id(&mut self) -> String {
        random_name(&mut self.random)
    }

    /// A random id as RFC 9562 §5.4 writes it.
    pub(super) fn new_uuid(&mut self) -> String {
        let high = self.random.next_u64() & !0xF000 | 0x4000;
        let low = self.random.next_u64() & (u64::MAX >> 2) | (1 << 63);
        let (a, b, c) = (high >> 32, high >> 16 & 0xFFFF, high & 0xFFFF);
        format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xFFFF_FFFF_FFFF)
    }

    /// A new pair of keys.
    pub(super) fn new_key_pair(&mut self) -> SigningKey {
        random_key_pair(&mut self.random)
    }

    /// A random number below another.
    pub(super) fn random_below(&mut self, end: i64) -> i64 {
        self.random.random_range(0..end.max(1))
    }

    pub(super) fn user_name<'a>(&self, address: &'a BareJid) -> Option<&'a str> {
        address.node().filter(|_| self.is_local(address)).map(|node| node.as_str())
    }
}

/// Whether a domain, or an address in brackets, has none of the characters that no domain has (RFC 5890
/// §2.3.1). The `jid` crate takes some, such as quotes. So a domain needs no escaping in XML.
fn has_common_characters(domain: &str) -> bool {
    let is_common = |character: char| {
        !character.is_ascii() || character.is_ascii_alphanumeric() || "-.".contains(character)
    };
    // What is in brackets was parsed as an IPv6 address.
    domain.starts_with('[') || domain.chars().all(is_common)
}

fn random_key_pair(random: &mut StdRng) -> SigningKey {
    let mut secret = [0; 32];
    random.fill_bytes(&mut secret);
    SigningKey::from_bytes(&secret)
}

fn random_name(random: &mut StdRng) -> String {
    format!("{:016x}{:016x}", random.next_u64(), random.next_u64())
}
