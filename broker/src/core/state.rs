//! The state of a broker: its domain, its users, and what each of them has.

use super::account::Account;
use super::api_key::ApiKey;
use super::call::Call;
use super::confusable_names::{UserNames, check_script};
use super::login_limiter::{self, LoginLimiter, LoginLimits, Target};
use super::memory_budget::SharedBudget;
use super::message::Message;
use super::nonces::Nonces;
use super::profile::{CODE_COUNT, ContactAddress, Mail, Profile};
use super::refusal::Refusal;
use super::registrations::Registrations;
use super::tabs::Tabs;
use super::tokens::Tokens;
use super::users::{User, Users};
use jid::{BareJid, DomainPart, Jid, NodePart};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use std::collections::BTreeMap;

/// What all randomness of a broker follows from. It must be secret, and different at each start.
pub type Seed = [u8; 32];

/// What a broker begins with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The domain of the accounts' addresses.
    pub domain: String,
    /// The accounts that are there from the start.
    pub accounts: Vec<Account>,
    /// The keys with which more can be made.
    pub api_keys: Vec<ApiKey>,
    /// What is done about failed logins in a row.
    pub login_limits: LoginLimits,
    /// The time of day, in Unix seconds.
    pub now: i64,
}

/// A broker: one domain, its accounts, and all that they do.
pub struct Broker {
    pub(super) domain: DomainPart,
    pub(super) tokens: Tokens,
    pub(super) nonces: Nonces,
    /// A password that nobody has, for logins of user names that nobody has.
    pub(super) decoy: String,
    pub(super) users: Users,
    pub(super) user_names: UserNames,
    /// What all of them have the broker keep.
    pub(super) budget: SharedBudget,
    pub(super) api_keys: BTreeMap<String, ApiKey>,
    pub(super) login_limiter: LoginLimiter,
    pub(super) tabs: Tabs,
    pub(super) registrations: Registrations,
    mail: Vec<Mail>,
    /// How many events there were so far.
    pub(super) pushes: u64,
    instance: String,
    random: StdRng,
}

impl Broker {
    /// A broker with accounts and nothing else.
    ///
    /// # Errors
    /// A sentence, when the domain is none, a user name looks like another, or an API key comes
    /// twice.
    pub fn new(setup: Setup, seed: Seed) -> Result<Self, String> {
        let domain = DomainPart::new(&setup.domain)
            .map_err(|error| format!("{:?} is not a domain: {error}.", setup.domain))?
            .into_owned();
        let (mut users, mut user_names) = (Users::new(), UserNames::default());
        let budget = SharedBudget::default();
        for account in setup.accounts {
            let user_name = account.user_name.clone();
            if let Some(other) = user_names.confusable_with(&user_name) {
                return Err(if other == user_name {
                    format!("The account {user_name:?} is given twice.")
                } else {
                    format!("The account {user_name:?} looks like {other:?}.")
                });
            }
            check_script(&user_name)
                .map_err(|reason| format!("{user_name:?} can't be an account: {reason}."))?;
            user_names.add(&user_name);
            let profile = Profile { created: setup.now, ..Profile::default() };
            users.insert(user_name, User::new(account, profile, &budget));
        }
        let mut api_keys = BTreeMap::new();
        for api_key in setup.api_keys {
            let key = api_key.key.clone();
            if api_keys.insert(key.clone(), api_key).is_some() {
                return Err(format!("The API key {key:?} is given twice."));
            }
        }
        let mut random = StdRng::from_seed(seed);
        let mut key = [0; 64];
        random.fill_bytes(&mut key);
        Ok(Self {
            tokens: Tokens::new(key, domain.as_str()),
            domain,
            nonces: Nonces::default(),
            decoy: random_name(&mut random),
            users,
            user_names,
            budget,
            api_keys,
            login_limiter: LoginLimiter::new(setup.login_limits),
            tabs: Tabs::default(),
            registrations: Registrations::default(),
            mail: Vec::new(),
            pushes: 0,
            instance: random_name(&mut random),
            random,
        })
    }

    /// The domain, normalised.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.domain.as_str()
    }

    /// A name of this run of the broker: a origin that sees another one knows that all is new.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// Notes that something was tried in vain.
    pub(super) fn fail(&mut self, call: &Call<'_>, subject: Target<'_>) {
        self.login_limiter.fail(call.endpoint(), subject, call.now);
    }

    /// Notes that somebody got in.
    pub(super) fn succeed(&mut self, call: &Call<'_>, user_name: &str) {
        self.login_limiter.succeed(call.endpoint(), user_name, call.now);
    }

    /// Refuses who has tried too often in vain: anything at all, or an account.
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

    /// The requests that an account has yet to answer.
    pub fn subscription_requests(&self, bare_jid: &str) -> impl Iterator<Item = &Message> {
        let account = BareJid::new(bare_jid).ok();
        let user = account.and_then(|jid| self.user(&jid));
        user.into_iter().flat_map(|user| user.roster.requests())
    }

    /// Takes what the broker has to say to owners of accounts, and can't send.
    pub fn take_mail(&mut self) -> Vec<Mail> {
        std::mem::take(&mut self.mail)
    }

    pub(super) fn send_mail(&mut self, mail: Mail) {
        self.mail.push(mail);
    }

    /// Writes a code to an address, which is so far not verified.
    pub(super) fn send_code(&mut self, address: &str) -> ContactAddress {
        let contact = ContactAddress::new(address, self.random_below(CODE_COUNT));
        self.send_mail(contact.mail());
        contact
    }

    /// The account that calls.
    pub(super) fn caller(&self, call: &Call<'_>) -> Result<&User, Refusal> {
        let user_name = &call.session()?.user_name;
        self.users.get(user_name).ok_or_else(|| Refusal::internal("The account is gone."))
    }

    /// The address of the account that calls.
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

    /// The account at an address, if there is one.
    pub(super) fn user(&self, of: &BareJid) -> Option<&User> {
        self.users.get(self.user_name(of)?)
    }

    pub(super) fn user_mut(&mut self, of: &BareJid) -> Option<&mut User> {
        let user_name = self.user_name(of)?.to_owned();
        self.users.get_mut(&user_name)
    }

    /// Whether an address is in the broker's own domain. There is no link to others.
    pub(super) fn is_here(&self, address: &BareJid) -> bool {
        address.domain().as_str() == self.domain.as_str()
    }

    /// A name that nobody can guess and nothing else has.
    pub(super) fn new_id(&mut self) -> String {
        random_name(&mut self.random)
    }

    /// A number below another.
    pub(super) fn random_below(&mut self, end: i64) -> i64 {
        self.random.random_range(0..end.max(1))
    }

    pub(super) fn user_name<'a>(&self, address: &'a BareJid) -> Option<&'a str> {
        address.node().filter(|_| self.is_here(address)).map(|node| node.as_str())
    }
}

fn random_name(random: &mut StdRng) -> String {
    format!("{:016x}{:016x}", random.next_u64(), random.next_u64())
}
