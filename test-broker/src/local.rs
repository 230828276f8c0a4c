//! A broker that is alone in its program: nothing waits for anything.

use broker::core::{Account, ApiKey, Broker, LoginLimits, Mail, Origin, Refusal, Setup};
use broker::exchange::{self, BodyError, Caller, Closed, MAX_BYTES, Runtime, Tab, cors};
use hyper::body::Bytes;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response};
use neuron_agent_api::wire::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Where all requests come from.
const REMOTE: &str = "127.0.0.1";

/// A broker, its tabs, and the time, which is that of the latest request.
pub struct Local {
    runtime: LocalRuntime,
    tabs: BTreeMap<u32, Tab>,
    tab_count: u32,
}

struct LocalRuntime {
    broker: Mutex<Broker>,
    mail: Mutex<Vec<Mail>>,
    /// In Unix seconds.
    now: i64,
}

impl Local {
    /// A broker without accounts. Equal seeds make equal ids, keys and tokens.
    ///
    /// # Errors
    /// If the domain is invalid.
    pub fn new(domain: &str, seed: &[u8], now: i64) -> Result<Self, String> {
        let setup = Setup {
            domain: domain.into(),
            accounts: Vec::new(),
            api_keys: Vec::new(),
            login_limits: LoginLimits::default(),
            is_linked: false,
            now,
        };
        let broker = Mutex::new(Broker::new(setup, Sha256::digest(seed).into())?);
        let runtime = LocalRuntime { broker, mail: Mutex::default(), now };
        Ok(Self { runtime, tabs: BTreeMap::new(), tab_count: 0 })
    }

    /// Sets the time, in Unix seconds. Sessions that have ended by then are announced.
    pub fn set_time(&mut self, now: i64) {
        self.runtime.now = now;
        self.runtime.broker().announce_ended_sessions(now);
    }

    /// Adds an account.
    ///
    /// # Errors
    /// If the name is invalid, is reserved, or looks like another.
    pub fn add_account(
        &mut self,
        user_name: &str,
        password: &str,
        legal_id: Option<String>,
    ) -> Result<(), String> {
        let now = self.runtime.now;
        let account = Account::new(user_name, password, legal_id)?;
        self.runtime.broker().add_accounts(vec![account], now)
    }

    /// Adds an API key, with which accounts can be created.
    ///
    /// # Errors
    /// If there is one of that name.
    pub fn add_api_key(&mut self, key: String, secret: String) -> Result<(), String> {
        self.runtime.broker().add_api_key(ApiKey { key, secret, quota: None })
    }

    /// Answers a request to an origin, such as `https://neuron.example.org`.
    pub fn respond(&self, origin: &str, request: Request<Bytes>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let body = if body.len() > MAX_BYTES { Err(BodyError::TooLong) } else { Ok(body) };
        let (scheme, host) = origin.split_once("://").unwrap_or(("http", origin));
        let is_secure = scheme == "https";
        let caller = Caller { host, is_secure, remote: REMOTE, origin: Origin::Own };
        let response = complete(exchange::respond(&self.runtime, caller, &head, body));
        let mut response = response.unwrap_or_default();
        if head.method == Method::OPTIONS {
            cors::allow_call(response.headers_mut(), &head.headers);
        }
        cors::allow_origin(response.headers_mut(), &head.headers, true);
        response
    }

    /// What the body of a request says, without secrets, as JSON.
    #[must_use]
    pub fn shown_body(head: &Parts, body: Bytes) -> Option<String> {
        serde_json::to_string(&complete(exchange::shown_body(head, body))??).ok()
    }

    /// Takes the mail that has been sent since the last time.
    pub fn take_mail(&self) -> Vec<Mail> {
        std::mem::take(&mut *lock(&self.runtime.mail))
    }

    /// Opens an event socket, and returns its number.
    pub fn connect(&mut self) -> u32 {
        self.tab_count += 1;
        self.tabs.insert(self.tab_count, Tab::new(REMOTE));
        self.tab_count
    }

    /// Handles a frame of an event socket, and returns the frame that is sent back, if there is one.
    ///
    /// # Errors
    /// [`Closed`] if the socket is to be closed.
    pub fn receive(&mut self, socket: u32, frame: &str) -> Result<Option<String>, Closed> {
        let tab = self.tabs.get_mut(&socket).ok_or(Closed)?;
        complete(tab.handle(&self.runtime, frame)).ok_or(Closed)?.map(|handled| handled.reply)
    }

    /// The frame of the next pending event of an event socket.
    ///
    /// # Errors
    /// [`Closed`] if the socket is to be closed.
    pub fn next_frame(&self, socket: u32) -> Result<Option<String>, Closed> {
        let tab = self.tabs.get(&socket).ok_or(Closed)?;
        complete(tab.next_frame(&self.runtime)).ok_or(Closed)?
    }

    /// Closes an event socket.
    pub fn disconnect(&mut self, socket: u32) {
        if let Some(tab) = self.tabs.remove(&socket) {
            complete(tab.disconnect(&self.runtime));
        }
    }
}

impl LocalRuntime {
    fn broker(&self) -> MutexGuard<'_, Broker> {
        lock(&self.broker)
    }
}

impl Runtime for LocalRuntime {
    fn now(&self) -> i64 {
        self.now
    }

    async fn with_broker<T: Send>(
        &self,
        work: impl FnOnce(&mut Broker) -> T + Send,
    ) -> Result<T, Refusal> {
        Ok(work(&mut self.broker()))
    }

    async fn run<T: Send + 'static>(
        &self,
        _: usize,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        work()
    }

    /// There is no link to other domains, so no query waits for one.
    async fn result_of(&self, _: &str) -> Result<Value, Refusal> {
        Err(Refusal::internal("The query is gone."))
    }

    fn hand_over(&self, mail: Mail) {
        lock(&self.mail).push(mail);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The result of a future that waits for nothing.
fn complete<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Request<Bytes> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Bytes::copy_from_slice(body)).unwrap()
    }

    fn broker() -> Local {
        let mut broker = Local::new("example.org", b"seed", 1_700_000_000).unwrap();
        broker.add_account("alice", "pw", None).unwrap();
        broker
    }

    #[test]
    fn a_form_is_read_at_once() {
        let body =
            "--x\r\nContent-Disposition: form-data; name=\"Content\"; filename=\"a\"\r\n\r\n";
        let body = [body.as_bytes(), &[b'a'; 200_000], b"\r\n--x--\r\n"].concat();
        let headers = [("content-type", "multipart/form-data; boundary=x")];
        let request = request("POST", "/Agent/Storage/Content", &headers, &body);
        let (head, body) = request.into_parts();
        let shown = Local::shown_body(&head, body).unwrap();
        assert!(shown.contains(r#""size":200000"#), "{shown}");
    }

    #[test]
    fn accounts_may_have_any_password_and_a_valid_name() {
        let mut broker = broker();
        assert_eq!(broker.add_account("bob", "a:b:c", None), Ok(()));
        for name in ["", "a@b", "concentrator"] {
            assert!(broker.add_account(name, "pw", None).is_err(), "{name:?}");
        }
        assert!(broker.add_account("eve", "", None).is_err());
    }

    #[test]
    fn what_is_too_long_is_refused_and_other_paths_are_unknown() {
        let long = vec![b' '; MAX_BYTES + 1];
        for (path, body, status) in
            [("/Agent/Xmpp/GetRoster", &long[..], 413), ("/Agent/No", b"", 404)]
        {
            let headers = [("content-type", "application/json")];
            let response =
                broker().respond("https://example.org", request("POST", path, &headers, body));
            assert_eq!(response.status().as_u16(), status);
        }
    }
}
