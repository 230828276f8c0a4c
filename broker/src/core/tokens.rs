//! Bearer tokens: JSON Web Tokens, signed with HMAC-SHA256 (RFC 7519).

use super::record::{self, Records, Table};
use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// For how many seconds a token stays valid after it was exchanged for a new one, so that requests
/// in progress succeed.
pub(super) const GRACE_SECONDS: i64 = 5;

/// The maximum number of valid tokens of an account. Another one replaces the oldest.
const MAX_TOKENS_PER_ACCOUNT: usize = 1_000;

/// The key that signs tokens: one block of SHA-256.
pub(super) type Key = [u8; 64];

/// Identifies a token: its signature.
type TokenId = [u8; 32];

/// Issues tokens and checks them. A token is valid only if it is listed here; its claims are for
/// information.
pub(super) struct Tokens {
    key: Key,
    issuer: String,
    live: Table<TokenId, LiveToken>,
    /// The ids of each account's tokens, the oldest first.
    issued: BTreeMap<String, VecDeque<TokenId>>,
    /// The sessions that have ended, until somebody takes them.
    ended: Vec<Session>,
    /// When expired tokens were last removed; once a second is enough.
    last_sweep: i64,
    sessions: u64,
    /// How many tokens have been issued.
    tokens: u64,
}

#[derive(Serialize, Deserialize)]
struct LiveToken {
    session: Session,
    expires: i64,
    /// Its place in the order in which tokens were issued.
    number: u64,
}

/// The session of a valid token.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    pub(super) user_name: String,
    /// The resource part of the session's full address.
    pub(super) resource: String,
    /// When it was opened, in Unix seconds.
    pub(super) opened: i64,
    /// The token of the call.
    #[serde(with = "record::base64")]
    token: TokenId,
    /// Identifies the session: all its tokens have the same number. A later one has a higher number.
    pub(super) number: u64,
}

/// The parts of a token.
pub(super) struct DecodedToken<'a> {
    pub header: &'a str,
    pub payload: &'a str,
    pub signature: &'a str,
    pub claims: serde_json::Value,
}

/// The algorithm and the type of all tokens.
pub(super) const ALGORITHM: &str = "HS256";
pub(super) const TYPE: &str = "JWT";

impl Tokens {
    pub(super) fn new(key: Key, issuer: &str) -> Self {
        Self {
            key,
            issuer: issuer.into(),
            live: Table::new("token"),
            issued: BTreeMap::new(),
            ended: Vec::new(),
            last_sweep: 0,
            sessions: 0,
            tokens: 0,
        }
    }

    /// What is kept of them: the tokens, each with its session.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.live
    }

    /// Goes on after the tokens of an earlier run, which were put back, with the key that signed them.
    pub(super) fn resume(&mut self, key: Key) {
        self.key = key;
        let mut tokens: Vec<_> = self.live.iter().collect();
        tokens.sort_unstable_by_key(|(_, live)| live.number);
        for (id, LiveToken { session, number, .. }) in tokens {
            self.sessions = self.sessions.max(session.number);
            self.tokens = self.tokens.max(*number);
            self.issued.entry(session.user_name.clone()).or_default().push_back(*id);
        }
    }

    /// Opens a session, and returns its first token.
    pub(super) fn open(&mut self, user_name: &str, now: i64, expires: i64, id: &str) -> String {
        self.sessions += 1;
        // The beginning of a random id is random too, and shorter.
        let resource: String = id.chars().take(16).collect();
        let session = Session {
            user_name: user_name.into(),
            resource,
            opened: now,
            token: TokenId::default(),
            number: self.sessions,
        };
        self.issue(session, now, expires, id)
    }

    /// Exchanges the token of a session for a new one.
    pub(super) fn exchange(&mut self, old: &Session, now: i64, expires: i64, id: &str) -> String {
        if let Some(live) = self.live.get_mut(&old.token) {
            live.expires = live.expires.min(now + GRACE_SECONDS);
        }
        self.issue(old.clone(), now, expires, id)
    }

    /// Ends a session and all its tokens.
    pub(super) fn close(&mut self, session: &Session) {
        let Some(issued) = self.issued.get_mut(&session.user_name) else { return };
        self.ended.push(session.clone());
        issued.retain(|id| {
            let goes_on =
                self.live.get(id).is_some_and(|live| live.session.number != session.number);
            if !goes_on {
                self.live.remove(id);
            }
            goes_on
        });
    }

    /// The session of a token, or why the token is invalid.
    pub(super) fn session(&self, token: &str, now: i64) -> Result<Session, &'static str> {
        const FOREIGN: &str = "The token was not issued by this broker";
        let (claims, signature) = token.rsplit_once('.').ok_or(FOREIGN)?;
        let mut id = TokenId::default();
        let length = Base64UrlUnpadded::decode(signature, &mut id).map(<[u8]>::len);
        if length != Ok(id.len()) || self.mac(claims).verify_slice(&id).is_err() {
            return Err(FOREIGN);
        }
        match self.live.get(&id) {
            Some(live) if live.expires > now => Ok(live.session.clone()),
            _ => Err("The token has expired or its session was closed"),
        }
    }

    /// The number of the session that was opened last.
    pub(super) fn last_number(&self) -> u64 {
        self.sessions
    }

    /// The latest session of an account.
    pub(super) fn latest_session(&self, user_name: &str, now: i64) -> Option<&Session> {
        self.sessions_of(user_name, now).max_by_key(|session| session.number)
    }

    /// Whether an account has a session with this resource.
    pub(super) fn has_session(&self, user_name: &str, resource: &str, now: i64) -> bool {
        self.sessions_of(user_name, now).any(|session| session.resource == resource)
    }

    fn sessions_of(&self, user_name: &str, now: i64) -> impl Iterator<Item = &Session> {
        let issued = self.issued.get(user_name).into_iter().flatten();
        let live = issued.filter_map(|id| self.live.get(id));
        live.filter(move |live| live.expires > now).map(|live| &live.session)
    }

    /// Removes expired tokens, and takes the sessions that have ended since the last time.
    pub(super) fn take_ended(&mut self, now: i64) -> Vec<Session> {
        self.forget_expired(now);
        let mut ended = std::mem::take(&mut self.ended);
        let mut seen = BTreeSet::new();
        ended.retain(|session| {
            !self.has_session(&session.user_name, &session.resource, now)
                && seen.insert(session.number)
        });
        ended
    }

    /// The sessions of an account.
    pub(super) fn sessions(&self, user_name: &str, now: i64) -> Vec<Session> {
        let sessions = self.sessions_of(user_name, now);
        let by_number: BTreeMap<_, _> = sessions.map(|session| (session.number, session)).collect();
        by_number.into_values().cloned().collect()
    }

    /// Removes expired tokens.
    fn forget_expired(&mut self, now: i64) {
        if self.last_sweep == now {
            return;
        }
        self.last_sweep = now;
        let ended = &mut self.ended;
        self.live.retain(|_, live| {
            let goes_on = live.expires > now;
            if !goes_on {
                ended.push(live.session.clone());
            }
            goes_on
        });
        self.issued.retain(|_, issued| {
            issued.retain(|id| self.live.contains_key(id));
            !issued.is_empty()
        });
    }

    /// Decodes a valid token.
    pub(super) fn decode<'a>(
        &self,
        token: &'a str,
        now: i64,
    ) -> Result<DecodedToken<'a>, &'static str> {
        const BROKEN: &str = "The token can't be decoded";
        self.session(token, now)?;
        let (signed, signature) = token.rsplit_once('.').ok_or(BROKEN)?;
        let (header, payload) = signed.split_once('.').ok_or(BROKEN)?;
        let json = Base64UrlUnpadded::decode_vec(payload).map_err(|_| BROKEN)?;
        let claims = serde_json::from_slice(&json).map_err(|_| BROKEN)?;
        Ok(DecodedToken { header, payload, signature, claims })
    }

    fn issue(&mut self, session: Session, now: i64, expires: i64, id: &str) -> String {
        self.forget_expired(now);
        let user = &session.user_name;
        let header = json!({ "alg": ALGORITHM, "typ": TYPE });
        let claims =
            json!({ "jti": id, "iss": self.issuer, "sub": user, "iat": now, "exp": expires });
        let encode = |json: &serde_json::Value| {
            Base64UrlUnpadded::encode_string(json.to_string().as_bytes())
        };
        let signed = [encode(&header), encode(&claims)].join(".");
        let token: TokenId = self.mac(&signed).finalize().into_bytes().into();
        let issued = self.issued.entry(user.clone()).or_default();
        issued.push_back(token);
        if issued.len() > MAX_TOKENS_PER_ACCOUNT
            && let Some(oldest) = issued.pop_front()
        {
            self.ended.extend(self.live.remove(&oldest).map(|live| live.session));
        }
        self.tokens += 1;
        let (session, number) = (Session { token, ..session }, self.tokens);
        self.live.insert(token, LiveToken { session, expires, number });
        [signed, Base64UrlUnpadded::encode_string(&token)].join(".")
    }

    fn mac(&self, signed: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.key.into());
        mac.update(signed.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn tokens() -> Tokens {
        Tokens::new([7; 64], "localhost")
    }

    fn part(token: &str, index: usize) -> String {
        let part = token.split('.').nth(index).unwrap();
        String::from_utf8(Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap()
    }

    #[test]
    fn a_token_is_a_json_web_token() {
        let token = tokens().open("al\\20ice", NOW, NOW + 60, "x1");
        assert_eq!(part(&token, 0), r#"{"alg":"HS256","typ":"JWT"}"#);
        assert_eq!(
            part(&token, 1),
            r#"{"exp":1700000060,"iat":1700000000,"iss":"localhost","jti":"x1","sub":"al\\20ice"}"#
        );
    }

    #[test]
    fn a_token_is_valid_until_it_expires() {
        let mut tokens = tokens();
        let token = tokens.open("alice", NOW, NOW + 60, "x1");
        assert_eq!(tokens.session(&token, NOW + 59).unwrap().user_name, "alice");
        assert!(tokens.session(&token, NOW + 60).err().unwrap().contains("expired"));
    }

    #[test]
    fn a_foreign_token_is_refused() {
        let mut tokens = tokens();
        let token = tokens.open("alice", NOW, NOW + 60, "x1");
        let other = Tokens::new([8; 64], "localhost").open("alice", NOW, NOW + 60, "x1");
        let unsigned = token.rsplit_once('.').unwrap().0.to_owned() + ".";
        let changed = token.replacen("ey", "eZ", 2);
        for wrong in
            ["", ".", "..", "a.b.c", &other, &unsigned, &changed, token.trim_start_matches('e')]
        {
            assert!(tokens.session(wrong, NOW).err().unwrap().contains("this broker"), "{wrong}");
        }
    }

    #[test]
    fn an_exchanged_token_has_a_grace_period() {
        let mut tokens = tokens();
        let old = tokens.open("alice", NOW, NOW + 60, "x1");
        let session = tokens.session(&old, NOW).unwrap();
        let new = tokens.exchange(&session, NOW + 10, NOW + 70, "x2");
        assert!(tokens.session(&old, NOW + 10 + GRACE_SECONDS - 1).is_ok());
        assert!(tokens.session(&old, NOW + 10 + GRACE_SECONDS).is_err());
        assert!(tokens.session(&new, NOW + 69).is_ok());
    }

    #[test]
    fn the_grace_period_does_not_extend_a_token() {
        let mut tokens = tokens();
        let old = tokens.open("alice", NOW, NOW + 2, "x1");
        let session = tokens.session(&old, NOW + 1).unwrap();
        tokens.exchange(&session, NOW + 1, NOW + 60, "x2");
        assert!(tokens.session(&old, NOW + 2).is_err());
    }

    #[test]
    fn closing_a_session_ends_all_its_tokens_and_no_others() {
        let mut tokens = tokens();
        let first = tokens.open("alice", NOW, NOW + 60, "x1");
        let session = tokens.session(&first, NOW).unwrap();
        let second = tokens.exchange(&session, NOW, NOW + 60, "x2");
        let elsewhere = tokens.open("alice", NOW, NOW + 60, "x3");
        tokens.close(&session);
        assert!(tokens.session(&first, NOW).is_err());
        assert!(tokens.session(&second, NOW).is_err());
        assert!(tokens.session(&elsewhere, NOW).is_ok());
    }

    #[test]
    fn the_latest_session_is_found() {
        let mut tokens = tokens();
        let resource = |tokens: &Tokens, now| {
            tokens.latest_session("alice", now).map(|session| session.resource.clone())
        };
        tokens.open("bob", NOW, NOW + 600, "b");
        assert_eq!(resource(&tokens, NOW), None);
        let first = tokens.open("alice", NOW, NOW + 60, "first-session-of-alice");
        tokens.open("alice", NOW, NOW + 30, "second");
        assert_eq!(resource(&tokens, NOW + 29).as_deref(), Some("second"));
        assert_eq!(resource(&tokens, NOW + 30).as_deref(), Some("first-session-of"));
        let session = tokens.session(&first, NOW + 30).unwrap();
        tokens.exchange(&session, NOW + 30, NOW + 90, "x");
        assert_eq!(resource(&tokens, NOW + 89).as_deref(), Some("first-session-of"));
        assert!(tokens.has_session("alice", "first-session-of", NOW + 89));
        assert!(!tokens.has_session("alice", "second", NOW + 89));
        assert!(!tokens.has_session("bob", "first-session-of", NOW + 89));
        assert_eq!(resource(&tokens, NOW + 90), None);
    }

    #[test]
    fn a_valid_token_is_decoded() {
        let mut tokens = tokens();
        let token = tokens.open("alice", NOW, NOW + 60, "x1");
        let decode = tokens.decode(&token, NOW).ok().unwrap();
        assert_eq!([decode.header, decode.payload, decode.signature].join("."), token);
        assert_eq!(decode.claims["sub"], "alice");
        assert!(tokens.decode(&token, NOW + 60).is_err());
    }

    #[test]
    fn expired_tokens_are_removed() {
        let mut tokens = tokens();
        for second in 0..100 {
            tokens.open("alice", NOW + second, NOW + second + 10, "x");
        }
        assert!(tokens.live.len() <= 10);
        assert!(tokens.issued["alice"].len() <= 10);
    }

    #[test]
    fn the_tokens_of_an_account_are_limited() {
        let mut tokens = tokens();
        let bob = tokens.open("bob", NOW, NOW + 60, "b");
        let mut open = |id: usize| tokens.open("alice", NOW, NOW + 60, &id.to_string());
        let [first, second] = [0, 1].map(&mut open);
        for id in 2..=MAX_TOKENS_PER_ACCOUNT {
            open(id);
        }
        assert!(tokens.session(&first, NOW).is_err());
        for good in [&second, &bob] {
            assert!(tokens.session(good, NOW).is_ok());
        }
        assert_eq!(tokens.live.len(), MAX_TOKENS_PER_ACCOUNT + 1);
    }
}
