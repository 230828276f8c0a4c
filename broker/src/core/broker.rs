//! The broker's state, and the way of a call through it.

use super::account::Account;
use super::arguments::Arguments;
use super::nonces::Nonces;
use super::refusal::{Challenge, Refusal};
use super::resources;
use super::roster::{Roster, SubscriptionRequest};
use super::tokens::{Session, Tokens};
use jid::{BareJid, DomainPart, NodePart};
use neuron_agent_api::wire::{Access, Resource, Value};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;

/// What all randomness of a broker follows from. It must be secret, and different at each start.
pub type Seed = [u8; 32];

/// A broker: one domain, its accounts, and all that they do.
pub struct Broker {
    pub(super) domain: DomainPart,
    pub(super) tokens: Tokens,
    pub(super) nonces: Nonces,
    /// A password that nobody has, for logins of user names that nobody has.
    pub(super) decoy: String,
    members: BTreeMap<String, Member>,
    random: StdRng,
}

struct Member {
    account: Account,
    roster: Roster,
}

/// A call that was let in.
pub struct Call<'a> {
    /// The time of day, in Unix seconds.
    pub now: i64,
    /// The `Host` header, which a login signs.
    pub host: &'a str,
    /// The caller, for a resource that needs one; from [`Broker::admit`].
    pub session: Option<Session>,
}

impl Broker {
    /// A broker with accounts and nothing else.
    ///
    /// # Errors
    /// A sentence, when the domain is none or a user name comes twice.
    pub fn new(domain: &str, accounts: Vec<Account>, seed: Seed) -> Result<Self, String> {
        let domain = DomainPart::new(domain)
            .map_err(|error| format!("{domain:?} is not a domain: {error}."))?
            .into_owned();
        let mut members = BTreeMap::new();
        for account in accounts {
            let user_name = account.user_name.clone();
            let member = Member { account, roster: Roster::default() };
            if members.insert(user_name.clone(), member).is_some() {
                return Err(format!("The account {user_name:?} is given twice."));
            }
        }
        let mut random = StdRng::from_seed(seed);
        let mut key = [0; 64];
        random.fill_bytes(&mut key);
        let tokens = Tokens::new(key, domain.as_str());
        let decoy = random_name(&mut random);
        Ok(Self { domain, tokens, nonces: Nonces::default(), decoy, members, random })
    }

    /// The domain, normalised.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.domain.as_str()
    }

    /// Lets a caller in, or says why not.
    ///
    /// # Errors
    /// 401, where the resource needs a session and the token does not stand for one.
    pub fn admit(
        &self,
        resource: &Resource,
        token: Option<&str>,
        now: i64,
    ) -> Result<Option<Session>, Refusal> {
        match (resource.access, token) {
            // A token that is not needed is not looked at: the maintainers' client sends an old
            // one along with a login.
            (Access::Open, _) => Ok(None),
            (Access::Session, None) => Err(Refusal::unauthorized(
                "Log in first: this resource needs a bearer token.",
                Challenge::LogIn,
            )),
            (Access::Session, Some(token)) => match self.tokens.session(token, now) {
                Ok(session) => Ok(Some(session)),
                Err(reason) => Err(Refusal::unauthorized(
                    format!("{reason}. Log in again."),
                    Challenge::InvalidToken(reason),
                )),
            },
        }
    }

    /// Answers a call.
    ///
    /// # Errors
    /// A [`Refusal`], as the resource's contract has it.
    pub fn answer(
        &mut self,
        resource: &Resource,
        call: &Call<'_>,
        body: &Value,
    ) -> Result<Value, Refusal> {
        let Some(handler) = resources::handler(resource) else {
            let path = resource.path();
            return Err(Refusal::new(501, format!("This broker does not implement {path}.")));
        };
        let arguments = Arguments::read(resource.request, body)?;
        handler(self, call, &arguments)
    }

    /// The requests that an account has yet to answer.
    pub fn subscription_requests(
        &self,
        bare_jid: &str,
    ) -> impl Iterator<Item = &SubscriptionRequest> {
        let account = BareJid::new(bare_jid).ok();
        let member = account.and_then(|jid| self.members.get(self.user_name(&jid)?));
        member.into_iter().flat_map(|member| member.roster.requests())
    }

    pub(super) fn account(&self, user_name: &str) -> Option<&Account> {
        self.members.get(user_name).map(|member| &member.account)
    }

    pub(super) fn bare_jid(&self, user_name: &str) -> Result<BareJid, Refusal> {
        let node =
            NodePart::new(user_name).map_err(|error| Refusal::internal(error.to_string()))?;
        Ok(BareJid::from_parts(Some(&node), &self.domain))
    }

    pub(super) fn roster(&self, of: &BareJid) -> Option<&Roster> {
        self.members.get(self.user_name(of)?).map(|member| &member.roster)
    }

    pub(super) fn roster_mut(&mut self, of: &BareJid) -> Option<&mut Roster> {
        let user_name = self.user_name(of)?.to_owned();
        self.members.get_mut(&user_name).map(|member| &mut member.roster)
    }

    /// A name that nobody can guess and nothing else has.
    pub(super) fn new_id(&mut self) -> String {
        random_name(&mut self.random)
    }

    fn user_name<'a>(&self, address: &'a BareJid) -> Option<&'a str> {
        let here = address.domain().as_str() == self.domain.as_str();
        address.node().filter(|_| here).map(|node| node.as_str())
    }
}

impl Call<'_> {
    /// The caller's session.
    pub(super) fn session(&self) -> Result<&Session, Refusal> {
        self.session.as_ref().ok_or_else(|| Refusal::internal("The broker let in a stranger."))
    }
}

fn random_name(random: &mut StdRng) -> String {
    format!("{:016x}{:016x}", random.next_u64(), random.next_u64())
}
