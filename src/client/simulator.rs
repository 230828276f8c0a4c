//! A world for native tests: a scripted broker, a clock that only waiting moves, and storage.

use super::{Environment, HttpRequest, HttpResponse, Origin, Socket, SocketEvent};
use crate::error::{Cause, Error};
use crate::wire::Value;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// What the broker does with the next request.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// No connection.
    Lost,
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
    pub(super) fn body(status: u16, body: &str) -> Self {
        let (status_text, headers) = (String::new(), HashMap::new());
        Self::Http { status, status_text, body: body.into(), headers, after_ms: 0 }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Http { headers, .. } = &mut self {
            headers.insert(name.into(), value.into());
        }
        self
    }

    pub(super) fn after_ms(mut self, milliseconds: u32) -> Self {
        if let Self::Http { after_ms, .. } = &mut self {
            *after_ms = milliseconds;
        }
        self
    }
}

/// The world; clones share it.
#[derive(Clone, Default)]
pub(super) struct Simulator {
    pub(super) page: Option<Origin>,
    pub(super) tab_id: Option<String>,
    pub(super) world: Rc<World>,
}

#[derive(Default)]
pub(super) struct World {
    answers: RefCell<VecDeque<Answer>>,
    requests: RefCell<Vec<HttpRequest>>,
    storage: RefCell<HashMap<String, String>>,
    now_ms: Cell<u32>,
    wake_at_ms: RefCell<Vec<u32>>,
    random: Cell<u8>,
    connections: RefCell<Vec<String>>,
    refuses_connections: Cell<bool>,
    hangs_connections: Cell<bool>,
    frames: RefCell<Vec<String>>,
    socket_events: RefCell<VecDeque<SocketEvent>>,
    tasks: RefCell<Vec<Pin<Box<dyn Future<Output = ()>>>>>,
}

impl World {
    pub(super) fn answer(&self, answer: Answer) {
        self.answers.borrow_mut().push_back(answer);
    }

    /// The sockets that were asked for.
    pub(super) fn connections(&self) -> Vec<String> {
        self.connections.borrow().clone()
    }

    pub(super) fn refuse_connections(&self) {
        self.refuses_connections.set(true);
    }

    /// Connections that neither open nor close.
    pub(super) fn hang_connections(&self) {
        self.hangs_connections.set(true);
    }

    /// What was sent over sockets.
    pub(super) fn frames(&self) -> Vec<String> {
        self.frames.borrow().clone()
    }

    /// Lets something happen on the socket.
    pub(super) fn push(&self, event: SocketEvent) {
        self.socket_events.borrow_mut().push_back(event);
    }

    /// How many tasks have not ended.
    pub(super) fn tasks(&self) -> usize {
        self.tasks.borrow().len()
    }

    fn poll_tasks(&self) {
        let mut tasks = std::mem::take(&mut *self.tasks.borrow_mut());
        let mut context = Context::from_waker(Waker::noop());
        tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
        self.tasks.borrow_mut().extend(tasks);
    }
}

impl Simulator {
    pub(super) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let simulator = Self::default();
        simulator.world.answers.borrow_mut().extend(answers);
        simulator
    }

    pub(super) fn requests(&self) -> Vec<HttpRequest> {
        self.world.requests.borrow().clone()
    }

    pub(super) fn elapsed_ms(&self) -> u32 {
        self.world.now_ms.get()
    }

    /// Runs a future to its end, moving the clock to the next alarm whenever all wait.
    pub(super) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            self.world.wake_at_ms.borrow_mut().clear();
            self.world.poll_tasks();
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            let alarm = self.world.wake_at_ms.borrow().iter().min().copied();
            self.world.now_ms.set(alarm.expect("a future that nothing will wake"));
        }
    }
}

impl Simulator {
    /// Lets time pass, for what runs beside.
    pub(super) fn run_for(&self, milliseconds: u32) {
        self.run(self.sleep(milliseconds));
    }
}

/// The one socket of the world.
pub(super) struct SimulatedSocket(Rc<World>);

impl Socket for SimulatedSocket {
    fn send(&self, text: &str) {
        self.0.frames.borrow_mut().push(text.into());
    }

    async fn next(&self) -> SocketEvent {
        poll_fn(|_| match self.0.socket_events.borrow_mut().pop_front() {
            Some(event) => Poll::Ready(event),
            None => Poll::Pending,
        })
        .await
    }

    fn close(&self) {
        self.0.push(SocketEvent::Closed);
    }
}

impl Environment for Simulator {
    type Socket = SimulatedSocket;

    fn connect(&self, url: &str, protocol: &str) -> Result<SimulatedSocket, Error> {
        self.world.connections.borrow_mut().push(format!("{url} {protocol}"));
        let refused = self.world.refuses_connections.get();
        if !self.world.hangs_connections.get() {
            self.world.push(if refused { SocketEvent::Closed } else { SocketEvent::Opened });
        }
        Ok(SimulatedSocket(Rc::clone(&self.world)))
    }

    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()>>>) {
        self.world.tasks.borrow_mut().push(task);
    }

    fn call_global(&self, _: &str, _: &Value) {}

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        self.world.requests.borrow_mut().push(request);
        let answer = self.world.answers.borrow_mut().pop_front().expect("a request too many");
        match answer {
            Answer::Lost => Err(Error::Network(Cause(None))),
            Answer::Never => std::future::pending().await,
            Answer::Http { status, status_text, body, headers, after_ms } => {
                self.sleep(after_ms).await;
                let header = Box::new(move |name: &str| headers.get(name).cloned());
                Ok(HttpResponse { status, status_text, body, header })
            }
        }
    }

    async fn sleep(&self, milliseconds: u32) {
        let alarm = self.elapsed_ms() + milliseconds;
        poll_fn(|_| {
            if self.elapsed_ms() >= alarm {
                return Poll::Ready(());
            }
            self.world.wake_at_ms.borrow_mut().push(alarm);
            Poll::Pending
        })
        .await;
    }

    fn unix_seconds(&self) -> i64 {
        i64::from(self.elapsed_ms() / 1000)
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        self.world.random.set(self.world.random.get() + 1);
        bytes.fill(self.world.random.get());
        Ok(())
    }

    fn load(&self, key: &str) -> Option<String> {
        self.world.storage.borrow().get(key).cloned()
    }

    fn store(&self, key: &str, value: &str) {
        self.world.storage.borrow_mut().insert(key.into(), value.into());
    }

    fn remove(&self, key: &str) {
        self.world.storage.borrow_mut().remove(key);
    }

    fn tab_id(&self) -> Option<String> {
        self.tab_id.clone()
    }

    fn page_origin(&self) -> Option<Origin> {
        self.page.clone()
    }

    fn read_json(&self, text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }

    fn write_json(&self, value: &Value) -> String {
        serde_json::to_string(value).unwrap()
    }
}
