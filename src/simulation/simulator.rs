//! A world for native tests: a scripted broker, a clock that only waiting moves, and storage.

use crate::environment::clock::Timestamp;
use crate::environment::origin::Origin;
use crate::environment::{
    Environment, Hook, HttpRequest, HttpResponse, ResponseBody, Socket, SocketEvent,
};
use crate::error::{Cause, ErrorKind, Reach};
use crate::futures::once_event::OnceEvent;
use crate::futures::race::run_until;
use crate::session::keys;
use crate::simulation::executor::{TestExecutor, next_random};
use crate::wire::Value;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Poll, Waker};

/// What the broker does with the next request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// The connection breaks, some time later.
    Lost,
    /// Nobody listens.
    Unsent,
    /// An answer of success that breaks off.
    Cut,
    /// The request is taken and never answered.
    Never,
    /// An answer, some time later.
    Http {
        status: u16,
        status_text: String,
        body: String,
        headers: HashMap<String, String>,
        after_ms: u32,
    },
}

impl Answer {
    pub(crate) fn body(status: u16, body: &str) -> Self {
        let (status_text, headers) = (String::new(), HashMap::new());
        Self::Http { status, status_text, body: body.into(), headers, after_ms: 0 }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Http { headers, .. } = &mut self {
            headers.insert(name.into(), value.into());
        }
        self
    }

    pub(crate) fn after_ms(mut self, milliseconds: u32) -> Self {
        if let Self::Http { after_ms, .. } = &mut self {
            *after_ms = milliseconds;
        }
        self
    }
}

/// Decides what becomes of a request.
pub(crate) type Server = Box<dyn FnMut(&HttpRequest) -> Answer>;

/// The world; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Simulator {
    pub(crate) page: Option<Origin>,
    pub(crate) tab_id: Option<String>,
    pub(crate) world: Rc<World>,
}

#[derive(Default)]
pub(crate) struct World {
    answers: RefCell<VecDeque<Answer>>,
    server: RefCell<Option<Server>>,
    requests: RefCell<Vec<HttpRequest>>,
    pub(crate) storage: RefCell<HashMap<String, String>>,
    /// What the storage held after each write.
    pub(crate) moments: RefCell<Vec<HashMap<String, String>>>,
    pub(crate) executor: Rc<TestExecutor>,
    /// By how much the wall clock is ahead of the monotonic one.
    wall_offset_ms: Cell<i64>,
    maintenance_at_ms: Cell<Option<u64>>,
    /// Rings when the time of the attention has changed.
    maintenance_rescheduled: RefCell<Rc<OnceEvent>>,
    pub(crate) seed: Cell<u64>,
    emitted: RefCell<Vec<(Hook, Value)>>,
    broadcast_logouts: RefCell<Vec<(String, String)>>,
    /// What another tab of the session answers, and how late.
    pub(crate) twin: RefCell<Vec<(&'static str, String)>>,
    pub(crate) twin_answers_after_ms: Cell<u32>,
    pub(crate) asked_for_newer: RefCell<Vec<String>>,
    connections: RefCell<Vec<String>>,
    refuses_connections: Cell<bool>,
    hangs_connections: Cell<bool>,
    frames: RefCell<Vec<String>>,
    socket_events: RefCell<VecDeque<SocketEvent>>,
    socket_readers: RefCell<Vec<Waker>>,
}

impl World {
    pub(crate) fn answer(&self, answer: Answer) {
        self.answers.borrow_mut().push_back(answer);
    }

    /// The sockets that were asked for.
    pub(crate) fn connections(&self) -> Vec<String> {
        self.connections.borrow().clone()
    }

    pub(crate) fn refuse_connections(&self) {
        self.refuses_connections.set(true);
    }

    /// Connections that neither open nor close.
    pub(crate) fn hang_connections(&self) {
        self.hangs_connections.set(true);
    }

    /// What was sent over sockets.
    pub(crate) fn frames(&self) -> Vec<String> {
        self.frames.borrow().clone()
    }

    /// Lets something happen on the socket.
    pub(crate) fn push(&self, event: SocketEvent) {
        self.socket_events.borrow_mut().push_back(event);
        self.socket_readers.take().into_iter().for_each(Waker::wake);
    }

    fn note_moment(&self) {
        self.moments.borrow_mut().push(self.storage.borrow().clone());
    }

    /// How many tasks have not ended.
    pub(crate) fn tasks(&self) -> usize {
        self.executor.tasks()
    }

    /// Answers every request from now on.
    pub(crate) fn serve(&self, server: Server) {
        self.server.replace(Some(server));
    }

    /// Sets the wall clock forward or back.
    pub(crate) fn set_clock(&self, by_ms: i64) {
        self.wall_offset_ms.set(self.wall_offset_ms.get() + by_ms);
    }

    /// Forgets what listeners and other tabs have received so far.
    pub(crate) fn forget_emitted(&self) {
        self.emitted.borrow_mut().clear();
        self.broadcast_logouts.borrow_mut().clear();
    }

    /// What listeners received.
    pub(crate) fn emitted(&self, hook: Hook) -> Vec<Value> {
        let emitted = self.emitted.borrow();
        emitted.iter().filter(|(of, _)| *of == hook).map(|(_, event)| event.clone()).collect()
    }

    /// Which ends of sessions were announced to other clients.
    pub(crate) fn broadcast_logouts(&self) -> Vec<(String, String)> {
        self.broadcast_logouts.borrow().clone()
    }

    /// In how many milliseconds the client wants to be called.
    pub(crate) fn maintenance_in_ms(&self) -> Option<u64> {
        Some(self.maintenance_at_ms.get()?.saturating_sub(self.executor.now_ms()))
    }
}

impl Simulator {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let simulator = Self::default();
        simulator.world.answers.borrow_mut().extend(answers);
        simulator
    }

    pub(crate) fn requests(&self) -> Vec<HttpRequest> {
        self.world.requests.borrow().clone()
    }

    pub(crate) fn elapsed_ms(&self) -> u64 {
        self.world.executor.now_ms()
    }

    /// Runs a future to its end, moving the clock to the next alarm whenever all wait.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.world.executor.run(future)
    }

    /// Lets time pass, for what runs beside.
    pub(crate) fn run_for(&self, milliseconds: u32) {
        self.run(self.sleep(milliseconds));
    }

    /// Waits until the client wants to be called.
    pub(crate) async fn maintenance_due(&self) {
        loop {
            let changes = Rc::clone(&*self.world.maintenance_rescheduled.borrow());
            let Some(alarm) = self.world.maintenance_at_ms.get() else {
                changes.wait().await;
                continue;
            };
            if self.elapsed_ms() >= alarm {
                self.world.maintenance_at_ms.set(None);
                return;
            }
            run_until(pin!(changes.wait()), pin!(self.world.executor.until(alarm))).await;
        }
    }
}

/// The one socket of the world.
pub(crate) struct SimulatedSocket(Rc<World>);

impl Socket for SimulatedSocket {
    fn send(&self, text: &str) {
        self.0.frames.borrow_mut().push(text.into());
    }

    async fn next(&self) -> SocketEvent {
        poll_fn(|context| match self.0.socket_events.borrow_mut().pop_front() {
            Some(event) => Poll::Ready(event),
            None => {
                self.0.socket_readers.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }

    fn close(&self) {
        self.0.push(SocketEvent::Closed);
    }
}

/// Hides what is quoted as it is: the encodings are for JavaScript to know.
pub(crate) fn redact(text: &str, secrets: &[String], longest: u32) -> String {
    let redacted = secrets.iter().filter(|secret| !secret.is_empty());
    let redacted = redacted.fold(text.to_string(), |text, secret| text.replace(secret, "…"));
    redacted.chars().take(longest as usize).collect()
}

/// The plain form of `retryAfterMs` in `src/loader/retry-after.js`: the longest of some seconds, or
/// `until` a date, or what a sentence says.
pub(crate) fn retry_after_ms(
    header: &str,
    sentence: &str,
    until: impl FnOnce(&str) -> Option<f64>,
) -> Option<u32> {
    let in_header = || {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
        let seconds = |left_ms: f64| (left_ms / 1000.0).ceil() as u32;
        header.split(',').filter_map(whole_number).max().or_else(|| until(header).map(seconds))
    };
    let in_sentence = || {
        let (_, rest) = sentence.split_once("Try again in ")?;
        let mut words = rest.split(' ');
        let number = whole_number(words.next()?)?;
        let unit = words.next()?;
        let seconds = [("second", 1), ("minute", 60), ("hour", 3_600), ("day", 86_400)];
        let (_, seconds) = seconds.into_iter().find(|(name, _)| unit.starts_with(name))?;
        Some(number.saturating_mul(seconds))
    };
    Some(in_header().or_else(in_sentence)?.saturating_mul(1000))
}

/// A number in decimal digits, of any length: a pause that no `u32` can hold is a long one.
fn whole_number(text: &str) -> Option<u32> {
    let digits = text.trim();
    let add = |number: u32, byte: u8| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        Some(number.saturating_mul(10).saturating_add(digit))
    };
    digits.bytes().try_fold(0, add).filter(|_| !digits.is_empty())
}

impl Environment for Simulator {
    type Socket = SimulatedSocket;

    fn connect(&self, url: &str, protocol: &str) -> Result<SimulatedSocket, ErrorKind> {
        self.world.connections.borrow_mut().push(format!("{url} {protocol}"));
        let refused = self.world.refuses_connections.get();
        if !self.world.hangs_connections.get() {
            self.world.push(if refused { SocketEvent::Closed } else { SocketEvent::Opened });
        }
        Ok(SimulatedSocket(Rc::clone(&self.world)))
    }

    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()>>>) {
        self.world.executor.spawn(task);
    }

    fn call_global(&self, _: &str, _: &Value) {}

    fn send(
        &self,
        request: HttpRequest,
        max_bytes: u32,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, ErrorKind>> + '_>> {
        Box::pin(async move {
            let reads_bytes = request.reads_bytes;
            let served = self.world.server.borrow_mut().as_mut().map(|server| server(&request));
            self.world.requests.borrow_mut().push(request);
            let scripted =
                || self.world.answers.borrow_mut().pop_front().expect("a request too many");
            let lost = |reach| Err(ErrorKind::Network { cause: Cause(None), reach });
            match served.unwrap_or_else(scripted) {
                Answer::Lost => lost(Reach::Unknown),
                Answer::Unsent => lost(Reach::Unsent),
                Answer::Cut => lost(Reach::Answered),
                Answer::Never => std::future::pending().await,
                Answer::Http { status, status_text, body, headers, after_ms } => {
                    self.sleep(after_ms).await;
                    let header = Box::new(move |name: &str| headers.get(name).cloned());
                    let length = body.len();
                    let body = if length > max_bytes as usize {
                        ResponseBody::TooLarge
                    } else if reads_bytes && (200..300).contains(&status) {
                        ResponseBody::Bytes(Rc::new(body.into_bytes()), length)
                    } else {
                        ResponseBody::Text(body)
                    };
                    Ok(HttpResponse { status, status_text, body, header })
                }
            }
        })
    }

    async fn sleep(&self, milliseconds: u32) {
        self.world.executor.sleep(milliseconds.into()).await;
    }

    fn now(&self) -> Timestamp {
        let monotonic = self.elapsed_ms();
        let wall = i64::try_from(monotonic).unwrap() + self.world.wall_offset_ms.get();
        Timestamp { monotonic_ms: monotonic as f64, wall_ms: wall as f64 }
    }

    fn schedule_maintenance(&self, in_ms: Option<f64>) {
        let at = in_ms
            .filter(|milliseconds| milliseconds.is_finite())
            .map(|milliseconds| self.elapsed_ms() + milliseconds.ceil() as u64);
        self.world.maintenance_at_ms.set(at);
        self.world.maintenance_rescheduled.take().set();
    }

    fn broadcast_logout(&self, broker: &str, user_name: &str) {
        self.world.broadcast_logouts.borrow_mut().push((broker.into(), user_name.into()));
    }

    fn has_listener(&self, _: Hook) -> bool {
        true
    }

    fn emit(&self, hook: Hook, event: &Value) {
        self.world.emitted.borrow_mut().push((hook, event.clone()));
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), ErrorKind> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&next_random(&self.world.seed).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }

    async fn open_storage(&self) -> Result<(), ErrorKind> {
        Ok(())
    }

    async fn flush_storage(&self) -> Result<(), ErrorKind> {
        Ok(())
    }

    fn retry_after_ms(&self, header: &str, date: &str, sentence: &str) -> Option<u32> {
        let date_of = |text: &str| {
            let date = httpdate::parse_http_date(text).ok()?;
            Some(date.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis() as f64)
        };
        let now = date_of(date).unwrap_or_else(|| self.now().wall_ms);
        retry_after_ms(header, sentence, |until| Some((date_of(until)? - now).max(0.0)))
    }

    fn load(&self, key: &'static str) -> Option<String> {
        self.world.storage.borrow().get(key).cloned()
    }

    fn store(&self, key: &'static str, value: &str) {
        self.world.storage.borrow_mut().insert(key.into(), value.into());
        self.world.note_moment();
    }

    fn remove(&self, key: &'static str) {
        self.world.storage.borrow_mut().remove(key);
        self.world.note_moment();
    }

    async fn request_newer_token(&self, token: &str) {
        self.world.asked_for_newer.borrow_mut().push(token.into());
        self.sleep(self.world.twin_answers_after_ms.get()).await;
        let newer = self.world.twin.take();
        if self.load(keys::TOKEN).as_deref() != Some(token) {
            return;
        }
        newer.into_iter().for_each(|(key, text)| self.store(key, &text));
    }

    fn tab_id(&self) -> Option<String> {
        self.tab_id.clone()
    }

    fn page_origin(&self) -> Option<Origin> {
        self.page.clone()
    }

    fn url_host(&self, host: &str, secure: bool) -> Option<String> {
        crate::syntax::host::as_in_url(host, secure)
    }

    fn redact(&self, text: &str, secrets: &[String], longest: u32) -> String {
        redact(text, secrets, longest)
    }

    fn read_scalar(&self, text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }

    fn write_json(&self, value: &Value) -> String {
        serde_json::to_string(value).unwrap()
    }
}
