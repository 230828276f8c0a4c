//! The WebSocket: opening it, reading it, and replacing it with backoff.

use super::registrations::{Handler, Registrations};
use crate::call::context::CallContext;
use crate::call::job::CallOptions;
use crate::environment::{Environment, Socket, SocketEvent};
use crate::error::{Cause, Error, ErrorKind, Reach};
use crate::futures::race::run_until;
use crate::resources::xmpp::REGISTER_EVENT_HANDLER;
use crate::text;
use crate::wire::{Value, elements_in, properties};
use std::pin::pin;
use std::rc::Rc;

const SUB_PROTOCOL: &str = "ls";

/// The broker forgets a tab that it has not heard of for 60 seconds.
const PING_INTERVAL_MS: u32 = 10_000;

/// How long a socket may take to open. One that hangs would keep every other from being tried.
const OPEN_TIMEOUT_MS: u32 = 10_000;

/// How long to wait before the first attempt to reconnect, and at most before a later one.
const BACKOFF_MS: (u32, u32) = (500, 30_000);

/// The event handlers of a client, and the connection that serves them.
pub(crate) struct Events<E: Environment> {
    pub(super) calls: Rc<CallContext<E>>,
    pub(crate) registrations: Rc<Registrations<E::Socket>>,
}

impl<E: Environment> Events<E> {
    pub(crate) fn new(
        calls: Rc<CallContext<E>>,
        registrations: Rc<Registrations<E::Socket>>,
    ) -> Rc<Self> {
        Rc::new(Self { calls, registrations })
    }

    fn environment(&self) -> &E {
        &self.calls.environment
    }

    /// The arguments that register a function of this tab.
    pub(super) fn arguments(&self, selector: &[Value], function: &str) -> Vec<Value> {
        arguments(selector, function, &self.registrations.tab_id())
    }

    /// Makes sure that a socket is open and read.
    pub(super) async fn listen(self: &Rc<Self>) -> Result<(), Box<Error>> {
        if self.registrations.has_socket() {
            return Ok(());
        }
        if self.registrations.tab_id().is_empty() {
            self.registrations.set_tab_id(self.new_tab_id()?);
        }
        let socket = self.open_socket().await?;
        if let Some(other) = self.registrations.replace_socket(&socket) {
            // Two registrations at once opened two, and one is enough.
            other.close();
        }
        let events = Rc::clone(self);
        self.environment().spawn(Box::pin(async move {
            let disposed = pin!(events.calls.disposed.wait());
            run_until(disposed, pin!(events.keep_reading(socket))).await;
        }));
        Ok(())
    }

    async fn open_socket(&self) -> Result<Rc<E::Socket>, Box<Error>> {
        let origin = self.calls.session.broker.safe_origin()?;
        let protocol = if origin.protocol() == "https" { "wss://" } else { "ws://" };
        let url = text::concat(&[protocol, origin.host(), "/ClientEventsWS"]);
        let socket = self.environment().connect(&url, SUB_PROTOCOL)?;
        let timeout = pin!(self.environment().sleep(OPEN_TIMEOUT_MS));
        if run_until(timeout, pin!(socket.next())).await != Some(SocketEvent::Opened) {
            return Err(ErrorKind::Network { cause: Cause(None), reach: Reach::Unknown }.into());
        }
        let mut frame = Value::object();
        frame.put("cmd", "Register");
        frame.put("tabId", Value::String(self.registrations.tab_id()));
        // The broker wants the URL of a page. That of the caller's page is private.
        let location = text::concat(&[&self.calls.session.broker.base_url(), "/"]);
        frame.put("location", Value::String(location));
        socket.send(&self.environment().write_json(&frame));
        Ok(Rc::new(socket))
    }

    /// Reads a socket and its successors until the last handler is removed.
    async fn keep_reading(self: &Rc<Self>, mut socket: Rc<E::Socket>) {
        let ping_timer = || Box::pin(self.environment().sleep(PING_INTERVAL_MS));
        let mut ping = ping_timer();
        let mut opened = self.environment().now();
        let mut backoff_ms = BACKOFF_MS.0;
        loop {
            // The timer runs on while messages arrive, because a busy tab has to ping as well.
            let event = run_until(ping.as_mut(), pin!(socket.next())).await;
            match event {
                None => {
                    socket.send(r#"{"cmd":"Ping"}"#);
                    ping = ping_timer();
                }
                Some(SocketEvent::Opened) => {}
                Some(SocketEvent::Text(frame)) => self.dispatch(&frame),
                Some(SocketEvent::Closed) => {
                    // The backoff is reset only after a socket that stayed open: a broker that
                    // accepts a socket and closes it at once is no better than one that refuses it.
                    if self.environment().now().since(&opened) >= BACKOFF_MS.1.into() {
                        backoff_ms = BACKOFF_MS.0;
                    }
                    match self.reconnect(&socket, &mut backoff_ms).await {
                        Some(next) => socket = next,
                        None => return,
                    }
                    opened = self.environment().now();
                }
            }
        }
    }

    /// Opens another socket after one that closed, and registers the handlers again. `None` if the
    /// closed one is not in use any more.
    async fn reconnect(
        self: &Rc<Self>,
        closed: &Rc<E::Socket>,
        backoff_ms: &mut u32,
    ) -> Option<Rc<E::Socket>> {
        let is_in_use = || self.registrations.is_current(closed);
        while is_in_use() {
            self.environment().sleep(self.jittered(*backoff_ms)).await;
            *backoff_ms = (*backoff_ms * 2).min(BACKOFF_MS.1);
            if !is_in_use() {
                break;
            }
            let Ok(socket) = self.open_socket().await else { continue };
            if !is_in_use() {
                break;
            }
            if self.register_again().await.is_ok() && is_in_use() {
                self.registrations.replace_socket(&socket);
                return Some(socket);
            }
        }
        None
    }

    /// Registers every handler again. A refusal is final for its handler; any other error means
    /// that all of it has to be tried again.
    async fn register_again(self: &Rc<Self>) -> Result<(), Box<Error>> {
        for registration in self.registrations.all() {
            // It may have been removed meanwhile. That of a call needs only its tab, which is the same.
            if registration.is_for_a_call() || !self.registrations.contains(&registration) {
                continue;
            }
            let arguments = self.arguments(&registration.selector, &registration.name);
            // It repeats a request, so it takes from the retry budget. It is sent even if nothing is
            // left: otherwise events would not come back until some other call has succeeded.
            self.calls.retry_budget.take();
            let options = CallOptions::default();
            let call = self.calls.call(&REGISTER_EVENT_HANDLER, arguments, options);
            let Err(error) = call.await else { continue };
            match &error.kind {
                ErrorKind::Refused(refusal) if refusal.status < 500 && refusal.status != 429 => {
                    self.registrations.remove(&|one| Rc::ptr_eq(one, &registration));
                }
                _ => return Err(error),
            }
        }
        Ok(())
    }

    fn dispatch(&self, frame: &str) {
        let scalar = |text: &str| self.environment().read_scalar(text);
        let (mut event, mut problem) = properties(frame, usize::MAX, &scalar);
        // Some brokers send XML as text, and all do if objects would take too much.
        if let Some(xml) = event.get("data").and_then(Value::as_str)
            && xml.starts_with('<')
        {
            match elements_in(xml) {
                Ok(mut elements) => event.put("data", elements.pop().unwrap_or(Value::Null)),
                Err(fault) => problem = Some(text::concat(&["its XML has ", fault.rule])),
            }
        }
        if let Some(problem) = problem {
            // The broker keeps no copy, so a message that can't be parsed is delivered as its text.
            let mut raw = Value::object();
            raw.put("problem", problem.as_str());
            raw.put("raw", frame);
            event.put("data", raw);
        }
        let (Some(name), Some(data)) =
            (event.get("type").and_then(Value::as_str), event.get("data"))
        else {
            return;
        };
        let Some(registration) = self.registrations.find(&|one| one.name == name) else { return };
        match &registration.handler {
            Handler::Function(function) => function(data),
            Handler::Name(name) => self.environment().call_global(name, data),
        }
        let is_over = matches!(
            data.get("state").and_then(Value::as_str),
            Some("Committed" | "RolledBack" | "Error")
        );
        if is_over && registration.is_for_a_call() {
            // A transaction that has ended has no more events.
            self.registrations.remove(&|one| Rc::ptr_eq(one, &registration));
        }
    }

    /// A random UUID, the form that the broker's own script uses (RFC 9562 §5.4).
    fn new_tab_id(&self) -> Result<String, ErrorKind> {
        let mut random = [0_u8; 16];
        self.environment().fill_random(&mut random)?;
        random[6] = random[6] & 0x0F | 0x40;
        random[8] = random[8] & 0x3F | 0x80;
        let mut id = String::new();
        for (place, byte) in random.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                id.push('-');
            }
            text::push_hexadecimal(&mut id, *byte, b'a');
        }
        Ok(id)
    }

    /// Between half of a time and all of it, so that not all tabs come back at once.
    fn jittered(&self, milliseconds: u32) -> u32 {
        milliseconds / 2 + self.environment().random_below(milliseconds / 2)
    }
}

/// The arguments of a registration.
pub(super) fn arguments(selector: &[Value], function: &str, tab_id: &str) -> Vec<Value> {
    let mut arguments = selector.to_vec();
    arguments.push(function.into());
    arguments.push(tab_id.into());
    arguments
}
