//! A tab, worker or program: the environment of one client, and the watch over what it does.

use super::broker::{body_of, call_of};
use super::network::{Transfer, host_of, name_of};
use super::world::{Storage, World};
use crate::environment::clock::Timestamp;
use crate::environment::origin::Origin;
use crate::environment::{Environment, Hook, HttpRequest, HttpResponse, Socket, SocketEvent};
use crate::error::{Cause, ErrorKind, Reach};
use crate::futures::once_event::OnceEvent;
use crate::futures::race::run_until;
use crate::session::keys;
use crate::simulation::simulator::retry_after_ms;
use crate::wire::Value;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::pin::{Pin, pin};
use std::rc::Rc;

#[derive(Clone)]
pub(super) struct Tab(pub(super) Rc<State>);

pub(super) struct State {
    world: Rc<World>,
    pub(super) number: usize,
    pub(super) storage: Storage,
    /// When it was loaded: its monotonic clock began then.
    loaded_at_ms: u64,
    pub(super) limit: u32,
    pub(super) hidden: Cell<bool>,
    maintenance_at_ms: Cell<Option<u64>>,
    maintenance_rescheduled: RefCell<Rc<OnceEvent>>,
    pub(super) broadcast_logouts: RefCell<Vec<(String, String)>>,
    pub(super) in_flight: Cell<u32>,
    refreshes_in_flight: Cell<u32>,
    pub(super) tasks: Cell<usize>,
    pub(super) timers: Cell<usize>,
    /// Tokens that were refused here.
    refused: RefCell<HashSet<String>>,
    /// Tokens that came here, and when.
    received: RefCell<HashMap<String, Timestamp>>,
    /// Until when brokers want no login from here.
    pauses: RefCell<HashMap<String, (Timestamp, f64)>>,
    /// Logins under way, and whether a logout has come after.
    pub(super) logins: RefCell<BTreeMap<usize, bool>>,
    /// Tokens that were removed here, and losses that were told of.
    removed: Cell<u32>,
    lost: Cell<u32>,
    /// Requests that went out, and what pays for them.
    sent: Cell<u32>,
    pub(super) paid: Cell<u32>,
}

/// The time between two moments, said once more: what is tested is not what tests.
fn passed(earlier: &Timestamp, later: &Timestamp) -> f64 {
    let monotonic = later.monotonic_ms - earlier.monotonic_ms;
    let wall = later.wall_ms - earlier.wall_ms;
    if wall > monotonic { wall } else { monotonic }
}

/// Counts something for as long as it lives.
struct Counted(Rc<State>, fn(&State) -> &Cell<usize>);

impl Counted {
    fn new(state: &Rc<State>, counter: fn(&State) -> &Cell<usize>) -> Self {
        counter(state).set(counter(state).get() + 1);
        Self(Rc::clone(state), counter)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let counter = (self.1)(&self.0);
        counter.set(counter.get() - 1);
    }
}

/// Somebody who waits for an answer.
struct Flight {
    state: Rc<State>,
    transfer: Rc<Transfer>,
    is_refresh: bool,
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.transfer.given_up.set(true);
        self.state.in_flight.set(self.state.in_flight.get() - 1);
        if self.is_refresh {
            self.state.refreshes_in_flight.set(self.state.refreshes_in_flight.get() - 1);
        }
    }
}

impl Tab {
    pub(super) fn new(world: &Rc<World>, number: usize, storage: Storage) -> Self {
        Self(Rc::new(State {
            world: Rc::clone(world),
            number,
            storage,
            loaded_at_ms: world.executor.now_ms(),
            limit: world.one_of(&[1, 2, 5, 32]),
            hidden: Cell::new(false),
            maintenance_at_ms: Cell::new(None),
            maintenance_rescheduled: RefCell::default(),
            broadcast_logouts: RefCell::default(),
            in_flight: Cell::new(0),
            refreshes_in_flight: Cell::new(0),
            tasks: Cell::new(0),
            timers: Cell::new(0),
            refused: RefCell::default(),
            received: RefCell::default(),
            pauses: RefCell::default(),
            logins: RefCell::default(),
            removed: Cell::new(0),
            lost: Cell::new(0),
            sent: Cell::new(0),
            paid: Cell::new(0),
        }))
    }

    pub(super) fn world(&self) -> &Rc<World> {
        &self.0.world
    }

    /// Waits until the client wants to be called.
    pub(super) async fn maintenance_due(&self) {
        loop {
            let changes = Rc::clone(&*self.0.maintenance_rescheduled.borrow());
            let Some(alarm) = self.0.maintenance_at_ms.get() else {
                changes.wait().await;
                continue;
            };
            if self.world().executor.now_ms() >= alarm {
                self.0.maintenance_at_ms.set(None);
                return;
            }
            run_until(pin!(changes.wait()), pin!(self.world().executor.until(alarm))).await;
        }
    }

    /// What must hold at any time.
    pub(super) fn audit(&self) {
        let storage = self.0.storage.borrow();
        if !storage.contains_key(keys::TOKEN) {
            let left = keys::OF_SESSION.iter().find(|key| storage.contains_key(**key));
            assert!(left.is_none(), "logout: {left:?} is left");
        }
        let (lost, removed) = (self.0.lost.get(), self.0.removed.get());
        assert!(lost <= removed, "once lost: {lost} losses of {removed} tokens were told of");
        let (sent, paid) = (self.0.sent.get(), self.0.paid.get() + 100);
        assert!(sent <= paid, "budget: {sent} requests, and {paid} paid for");
    }

    /// What must hold once it is closed.
    pub(super) fn check_nothing_is_left(&self) {
        let State { tasks, timers, in_flight, maintenance_at_ms, .. } = &*self.0;
        assert_eq!(tasks.get(), 0, "disposal: a task is left");
        assert_eq!(timers.get(), 0, "disposal: a timer is left");
        assert_eq!(in_flight.get(), 0, "disposal: a request is left");
        assert_eq!(maintenance_at_ms.get(), None, "disposal: maintenance is scheduled");
    }

    pub(super) fn pay(&self) {
        self.0.paid.set(self.0.paid.get() + 1);
    }

    /// A call that sent nothing pays for nothing.
    pub(super) fn pay_back(&self) {
        self.0.paid.set(self.0.paid.get() - 1);
    }

    fn check_token(&self, token: &str, host: &str, name: &str) {
        let refused = self.0.refused.borrow().contains(token);
        assert!(!refused, "dead token: {name} shows one that was refused");
        let kept = self.load(keys::TOKEN);
        if name != "Logout" {
            assert_eq!(kept.as_deref(), Some(token), "dead token: {name} shows one not kept");
        }
        let history = self.world().history.borrow();
        let grant = &history.grants[token];
        assert_eq!(grant.host, host, "origin: {name} shows a token of {}", grant.host);
        let age = match self.0.received.borrow().get(token) {
            Some(received) => passed(received, &self.now()),
            // It came to another tab, or before this one was loaded.
            None => self.now().wall_ms - history.stored_at[token],
        };
        assert!(age < grant.lifetime_ms, "dead token: {name} shows one that is over");
    }

    fn depart(&self, request: HttpRequest) -> Flight {
        let (host, name) = (host_of(&request.url).to_string(), name_of(&request.url).to_string());
        let authorization = request.headers.iter().find(|(name, _)| *name == "Authorization");
        let bearer =
            authorization.and_then(|(_, value)| value.strip_prefix("Bearer ")).map(String::from);
        if let Some(token) = &bearer {
            self.check_token(token, &host, &name);
        }
        let body = body_of(&request);
        let mut history = self.world().history.borrow_mut();
        if let Some(nonce) = body.get("nonce") {
            history.sign(nonce.as_str().unwrap());
        }
        if name != "GetRosterItem"
            && let Some(call) = call_of(&body)
        {
            history.departed(call);
        }
        drop(history);
        if name == "Login"
            && let Some((from, for_ms)) = self.0.pauses.borrow().get(&host)
        {
            let passed = passed(from, &self.now());
            assert!(passed >= *for_ms, "pause: a login after {passed} of {for_ms} ms");
        }
        let in_flight = self.0.in_flight.get() + 1;
        assert!(in_flight <= self.0.limit, "limiter: {in_flight} requests at a time");
        self.0.in_flight.set(in_flight);
        self.0.sent.set(self.0.sent.get() + 1);
        let is_refresh = name == "Refresh";
        if is_refresh {
            self.0.refreshes_in_flight.set(self.0.refreshes_in_flight.get() + 1);
            self.pay();
            let state = Rc::clone(&self.0);
            // One that was given up may end in the same instant as its successor begins.
            let soon = self.world().executor.sleep(1);
            self.world().executor.spawn(Box::pin(async move {
                soon.await;
                let refreshes = state.refreshes_in_flight.get();
                assert!(refreshes <= 1, "single flight: {refreshes} refreshes");
            }));
        }
        let transfer = Transfer::begin(self, request, bearer);
        Flight { state: Rc::clone(&self.0), transfer, is_refresh }
    }

    /// Notes what the client learns from an answer.
    fn learn(&self, transfer: &Transfer, response: &HttpResponse) {
        let name = name_of(&transfer.request.url);
        match response.status {
            200 => self.pay(),
            401 => {
                self.pay();
                if let Some(call) = call_of(&body_of(&transfer.request)) {
                    self.world().history.borrow_mut().refused(call);
                }
                self.0.refused.borrow_mut().extend(transfer.bearer.clone());
            }
            429 if name == "Login" => {
                let body = response.body.text();
                let header = (response.header)("Retry-After").unwrap_or_default();
                if let Some(for_ms) = self.retry_after_ms(&header, "", body) {
                    let pause = (self.now(), f64::from(for_ms));
                    let host = host_of(&transfer.request.url).into();
                    self.0.pauses.borrow_mut().insert(host, pause);
                }
            }
            _ => {}
        }
    }

    fn check_new_token(&self, token: &str) {
        let mut history = self.world().history.borrow_mut();
        let grant = &history.grants[token];
        match &grant.shown {
            Some(shown) => {
                let kept = self.load(keys::TOKEN);
                assert_eq!(kept.as_ref(), Some(shown), "logout: a refresh brings a session back");
            }
            None => {
                let logins = self.0.logins.borrow();
                let wanted = logins.values().any(|beaten| !beaten);
                assert!(wanted, "logout: a login brings a session back");
            }
        }
        history.stored_at.entry(token.into()).or_insert(self.now().wall_ms);
        self.0.received.borrow_mut().insert(token.into(), self.now());
    }
}

pub(super) struct NoSocket;

impl Socket for NoSocket {
    fn send(&self, _: &str) {}

    async fn next(&self) -> SocketEvent {
        SocketEvent::Closed
    }

    fn close(&self) {}
}

impl Environment for Tab {
    type Socket = NoSocket;

    fn connect(&self, _: &str, _: &str) -> Result<NoSocket, ErrorKind> {
        Err(ErrorKind::Network { cause: Cause(None), reach: Reach::Unsent })
    }

    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()>>>) {
        let counted = Counted::new(&self.0, |state| &state.tasks);
        self.world().executor.spawn(Box::pin(async move {
            task.await;
            drop(counted);
        }));
    }

    fn call_global(&self, _: &str, _: &Value) {}

    fn send(
        &self,
        request: HttpRequest,
        _: u32,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, ErrorKind>> + '_>> {
        let flight = self.depart(request);
        Box::pin(async move {
            let outcome = flight.transfer.end().await;
            if let Ok(response) = &outcome {
                self.learn(&flight.transfer, response);
            }
            outcome
        })
    }

    async fn sleep(&self, milliseconds: u32) {
        let counted = Counted::new(&self.0, |state| &state.timers);
        self.world().executor.sleep(milliseconds.into()).await;
        drop(counted);
    }

    fn now(&self) -> Timestamp {
        let monotonic = self.world().executor.now_ms() - self.0.loaded_at_ms;
        Timestamp { monotonic_ms: monotonic as f64, wall_ms: self.world().wall_ms() as f64 }
    }

    fn schedule_maintenance(&self, in_ms: Option<f64>) {
        let now_ms = self.world().executor.now_ms();
        let at = in_ms
            .filter(|milliseconds| milliseconds.is_finite())
            .map(|milliseconds| now_ms + milliseconds.ceil() as u64);
        self.0.maintenance_at_ms.set(at);
        self.0.maintenance_rescheduled.take().set();
    }

    fn broadcast_logout(&self, broker: &str, user_name: &str) {
        self.0.broadcast_logouts.borrow_mut().push((broker.into(), user_name.into()));
    }

    fn has_listener(&self, hook: Hook) -> bool {
        hook == Hook::Session || self.world().traced
    }

    fn emit(&self, hook: Hook, event: &Value) {
        let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
        if kind == "lost" {
            self.0.lost.set(self.0.lost.get() + 1);
        }
        let kinds = ["logged-in", "refreshed", "lost", "logged-out"];
        if let Some(kind) = kinds.into_iter().find(|one| *one == kind) {
            self.world().history.borrow_mut().note(kind);
        }
        let event = self.write_json(event);
        self.world().trace(|| format!("tab {} {hook:?} {event}", self.0.number));
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), ErrorKind> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.world().random().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }

    async fn open_storage(&self) -> Result<(), ErrorKind> {
        Ok(())
    }

    async fn flush_storage(&self) -> Result<(), ErrorKind> {
        Ok(())
    }

    fn retry_after_ms(&self, header: &str, _: &str, sentence: &str) -> Option<u32> {
        retry_after_ms(header, sentence, |_| None)
    }

    fn load(&self, key: &'static str) -> Option<String> {
        self.0.storage.borrow().get(key).cloned()
    }

    fn store(&self, key: &'static str, value: &str) {
        if key == keys::TOKEN {
            self.check_new_token(value);
        }
        self.0.storage.borrow_mut().insert(key.into(), value.into());
    }

    fn remove(&self, key: &'static str) {
        let removed = self.0.storage.borrow_mut().remove(key);
        if key == keys::TOKEN && removed.is_some() {
            self.0.removed.set(self.0.removed.get() + 1);
        }
    }

    async fn request_newer_token(&self, _: &str) {}

    fn tab_id(&self) -> Option<String> {
        None
    }

    fn page_origin(&self) -> Option<Origin> {
        None
    }

    fn url_host(&self, host: &str, secure: bool) -> Option<String> {
        crate::syntax::host::as_in_url(host, secure)
    }

    fn redact(&self, text: &str, secrets: &[String], longest: u32) -> String {
        crate::simulation::simulator::redact(text, secrets, longest)
    }

    fn read_scalar(&self, text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }

    fn write_json(&self, value: &Value) -> String {
        serde_json::to_string(value).unwrap()
    }
}
