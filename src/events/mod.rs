//! Messages that the broker pushes: handlers, and the WebSocket that brings what they are for.
//!
//! The broker knows a tab by an id and pushes `{ type, data }`, where `type` is the name under which
//! a handler was registered. Names are looked up in a table here; nothing is ever evaluated.

use crate::call::prepare::field_values;
use crate::call::send::failed;
use crate::call::send::{CallOptions, Pending};
use crate::client::Client;
use crate::environment::{Environment, Socket, SocketEvent};
use crate::error::{Cause, Error, Failure, Reach};
use crate::futures::race::first_of;
use crate::resources::xmpp::REGISTER_EVENT_HANDLER;
use crate::session::keys;
use crate::text;
use crate::wire::{Value, elements_in, properties};
use std::future::ready;
use std::rc::Rc;

const SUB_PROTOCOL: &str = "ls";

/// The broker forgets a tab that it has not heard of for 60 seconds.
const PING_EVERY_MS: u32 = 10_000;

/// How long a socket may take to open. One that hangs would keep every other from being tried.
const OPEN_WITHIN_MS: u32 = 10_000;

/// How long to wait before the first attempt to reconnect, and at most before a later one.
const BACK_OFF_MS: (u32, u32) = (500, 30_000);

/// What is called when a message comes.
pub enum Handler {
    /// A function.
    Function(Rc<dyn Fn(&Value)>),
    /// The dotted name of a global function.
    Name(String),
}

/// The handlers, and the socket that serves them.
pub(crate) struct Events<S> {
    tab_id: String,
    handlers: Vec<Rc<Registered>>,
    count: u32,
    socket: Option<Rc<S>>,
}

/// Each is one of its own: a name may serve several.
struct Registered {
    /// What it is for: local name, namespace and type, each absent or not.
    selector: Vec<Value>,
    /// Under which name the broker pushes to it.
    name: String,
    handler: Handler,
}

/// A handler that the broker has not confirmed. A caller who gave up, or was refused, has none, and
/// an earlier one for the same messages stays.
struct Unconfirmed<E: Environment> {
    client: Rc<Client<E>>,
    registered: Rc<Registered>,
    confirmed: bool,
}

impl<E: Environment> Unconfirmed<E> {
    /// Whether one is another for the same messages.
    fn is_twin(&self, one: &Rc<Registered>) -> bool {
        one.selector == self.registered.selector && !Rc::ptr_eq(one, &self.registered)
    }

    fn confirm(&mut self) -> Result<(), Box<Failure>> {
        if !self.client.is_registered(&self.registered) {
            // The session ended meanwhile, and its handlers with it.
            return Err(Error::NotLoggedIn.into());
        }
        self.confirmed = true;
        self.client.drop_handlers(&|one| self.is_twin(one));
        Ok(())
    }
}

impl<E: Environment> Drop for Unconfirmed<E> {
    fn drop(&mut self) {
        if self.confirmed {
            return;
        }
        // The broker may have heard of it: it is told what holds now.
        let earlier = {
            let events = self.client.events.borrow();
            let earlier = events.handlers.iter().rev().find(|one| self.is_twin(one));
            earlier.map(|one| one.name.clone()).unwrap_or_default()
        };
        let request = self.client.request_for(&self.registered.selector, &earlier);
        if self.client.environment.load(keys::TOKEN).is_some() {
            let client = Rc::clone(&self.client);
            self.client.environment.spawn(Box::pin(async move {
                let _ = client.call(&REGISTER_EVENT_HANDLER, request, CallOptions::default()).await;
            }));
        }
        self.client.drop_handlers(&|one| Rc::ptr_eq(one, &self.registered));
    }
}

impl<S> Default for Events<S> {
    fn default() -> Self {
        Self { tab_id: String::new(), handlers: Vec::new(), count: 0, socket: None }
    }
}

impl<E: Environment> Client<E> {
    /// Has messages of a kind pushed to a handler. A handler for the same kind takes the place of
    /// an earlier one.
    ///
    /// # Errors
    /// Any [`Error`].
    pub fn register_event_handler(
        self: &Rc<Self>,
        values: Vec<Value>,
        handler: Handler,
        options: CallOptions,
    ) -> Pending {
        let selector = match selector(values) {
            Ok(selector) => selector,
            Err(error) => return failed(error.into()),
        };
        if let (Handler::Name(name), Some(tab_id)) = (&handler, self.environment.tab_id()) {
            // The broker's own script is on the page: it has the socket, and calls the function.
            return self.call(&REGISTER_EVENT_HANDLER, request(&selector, name, &tab_id), options);
        }
        let client = Rc::clone(self);
        let CallOptions { timeout_ms, aborted, encoding } = options;
        let register = async move {
            client.listen().await?;
            let registered = client.add(selector, handler);
            let request = client.request_for(&registered.selector, &registered.name);
            let mut unconfirmed =
                Unconfirmed { client: Rc::clone(&client), registered, confirmed: false };
            let options = CallOptions { timeout_ms, aborted: None, encoding };
            let response = client.call(&REGISTER_EVENT_HANDLER, request, options).await?;
            unconfirmed.confirm()?;
            Ok(response)
        };
        let progress = self.progress(timeout_ms);
        self.in_time(aborted, &progress, Box::pin(register))
    }

    /// Ends what [`Client::register_event_handler`] began: such messages are queued again.
    ///
    /// # Errors
    /// Any [`Error`].
    pub fn unregister_event_handler(
        self: &Rc<Self>,
        values: Vec<Value>,
        options: CallOptions,
    ) -> Pending {
        let selector = match selector(values) {
            Ok(selector) => selector,
            Err(error) => return failed(error.into()),
        };
        let is_own =
            |events: &Events<_>| events.handlers.iter().any(|one| one.selector == selector);
        let own = Some(self.events.borrow()).filter(|events| is_own(events));
        let own = own.map(|events| events.tab_id.clone());
        let Some(tab_id) = own.or_else(|| self.environment.tab_id()) else {
            return Box::pin(ready(Ok(Value::Object(Vec::new()))));
        };
        let ending = self.call(&REGISTER_EVENT_HANDLER, request(&selector, "", &tab_id), options);
        let client = Rc::clone(self);
        Box::pin(async move {
            let response = ending.await?;
            // Not before the broker has agreed: what it went on pushing would be lost.
            client.drop_handlers(&|one| one.selector == selector);
            Ok(response)
        })
    }

    /// Forgets every handler: the session that they belonged to has ended.
    pub(crate) fn forget_handlers(&self) {
        self.drop_handlers(&|_| true);
    }

    fn add(&self, selector: Vec<Value>, handler: Handler) -> Rc<Registered> {
        let mut events = self.events.borrow_mut();
        events.count += 1;
        let name = match &handler {
            Handler::Function(_) => {
                text::concat(&["AgentAPI.Events.h", &text::decimal(events.count)])
            }
            Handler::Name(name) => name.clone(),
        };
        let registered = Rc::new(Registered { selector, name, handler });
        events.handlers.push(Rc::clone(&registered));
        registered
    }

    fn is_registered(&self, registered: &Rc<Registered>) -> bool {
        self.events.borrow().handlers.iter().any(|one| Rc::ptr_eq(one, registered))
    }

    fn request_for(&self, selector: &[Value], function: &str) -> Vec<Value> {
        request(selector, function, &self.events.borrow().tab_id)
    }

    fn drop_handlers(&self, which: &dyn Fn(&Rc<Registered>) -> bool) {
        let mut events = self.events.borrow_mut();
        events.handlers.retain(|one| !which(one));
        if events.handlers.is_empty()
            && let Some(socket) = events.socket.take()
        {
            socket.send(&self.frame("Unregister", &events.tab_id));
            socket.close();
        }
    }

    /// Makes sure that there is an open socket, and somebody who reads it.
    async fn listen(self: &Rc<Self>) -> Result<(), Box<Failure>> {
        if self.events.borrow().socket.is_some() {
            return Ok(());
        }
        if self.events.borrow().tab_id.is_empty() {
            let tab_id = self.new_tab_id()?;
            self.events.borrow_mut().tab_id = tab_id;
        }
        let socket = self.open_socket().await?;
        if let Some(other) = self.events.borrow_mut().socket.replace(Rc::clone(&socket)) {
            // Two registrations at once: one socket is enough.
            other.close();
        }
        let client = Rc::clone(self);
        self.environment.spawn(Box::pin(async move {
            let disposed = client.disposed.wait();
            first_of(disposed, Rc::clone(&client).keep_reading(socket)).await;
        }));
        Ok(())
    }

    async fn open_socket(&self) -> Result<Rc<E::Socket>, Box<Failure>> {
        let origin = self.safe_origin()?;
        let protocol = if origin.protocol() == "https" { "wss://" } else { "ws://" };
        let url = text::concat(&[protocol, origin.host(), "/ClientEventsWS"]);
        let socket = self.environment.connect(&url, SUB_PROTOCOL)?;
        let late = async {
            self.environment.sleep(OPEN_WITHIN_MS).await;
            SocketEvent::Closed
        };
        if first_of(socket.next(), late).await != SocketEvent::Opened {
            return Err(Error::Network { cause: Cause(None), reach: Reach::Unknown }.into());
        }
        let tab_id = self.events.borrow().tab_id.clone();
        socket.send(&self.frame("Register", &tab_id));
        Ok(Rc::new(socket))
    }

    /// Reads a socket and its successors, until the last handler is gone.
    async fn keep_reading(self: Rc<Self>, mut socket: Rc<E::Socket>) {
        let alarm = || Box::pin(self.environment.sleep(PING_EVERY_MS));
        let mut ping = alarm();
        let mut opened = self.environment.now();
        let mut back_off = BACK_OFF_MS.0;
        loop {
            // One alarm through all that comes: a busy tab has to be heard of as well.
            let due = async {
                ping.as_mut().await;
                None
            };
            match first_of(async { Some(socket.next().await) }, due).await {
                None => {
                    socket.send(&self.frame("Ping", ""));
                    ping = alarm();
                }
                Some(SocketEvent::Opened) => {}
                Some(SocketEvent::Text(frame)) => self.dispatch(&frame),
                Some(SocketEvent::Closed) => {
                    // A broker that takes a socket and hangs up is no better than one that refuses
                    // it, so the pauses are short again only after a socket that stayed open.
                    if self.environment.now().since(&opened) >= BACK_OFF_MS.1.into() {
                        back_off = BACK_OFF_MS.0;
                    }
                    match self.reconnect(&socket, &mut back_off).await {
                        Some(next) => socket = next,
                        None => return,
                    }
                    opened = self.environment.now();
                }
            }
        }
    }

    /// Opens another socket in the place of one that closed, and registers the handlers again.
    /// Nothing, when the closed one is not in use any more.
    async fn reconnect(
        self: &Rc<Self>,
        closed: &Rc<E::Socket>,
        back_off: &mut u32,
    ) -> Option<Rc<E::Socket>> {
        let in_use = || {
            let events = self.events.borrow();
            events.socket.as_ref().is_some_and(|socket| Rc::ptr_eq(socket, closed))
        };
        while in_use() {
            self.environment.sleep(self.jittered(*back_off)).await;
            *back_off = (*back_off * 2).min(BACK_OFF_MS.1);
            if !in_use() {
                break;
            }
            let Ok(socket) = self.open_socket().await else { continue };
            if !in_use() {
                break;
            }
            if self.register_again().await.is_ok() && in_use() {
                self.events.borrow_mut().socket = Some(Rc::clone(&socket));
                return Some(socket);
            }
        }
        None
    }

    /// Tells the broker of every handler again. A refusal is final for its handler; without an
    /// answer all of it has to be tried again.
    async fn register_again(self: &Rc<Self>) -> Result<(), Box<Failure>> {
        let handlers = self.events.borrow().handlers.clone();
        for registered in handlers {
            // It may have been ended meanwhile.
            if !self.is_registered(&registered) {
                continue;
            }
            let request = self.request_for(&registered.selector, &registered.name);
            // It repeats a request, so it takes from the retry budget. It is sent even if nothing is
            // left: otherwise events would not come back until some other call has succeeded.
            self.budget.take();
            let call = self.call(&REGISTER_EVENT_HANDLER, request, CallOptions::default());
            let Err(failure) = call.await else { continue };
            match &failure.error {
                Error::Refused(refusal) if refusal.status < 500 && refusal.status != 429 => {
                    self.drop_handlers(&|one| Rc::ptr_eq(one, &registered));
                }
                _ => return Err(failure),
            }
        }
        Ok(())
    }

    fn dispatch(&self, frame: &str) {
        let scalar = |text: &str| self.environment.read_scalar(text);
        let (mut event, mut problem) = properties(frame, usize::MAX, &scalar);
        // Some brokers give XML as text, and all do where objects would take too much.
        if let Some(xml) = event.get("data").and_then(Value::as_str)
            && xml.starts_with('<')
        {
            match elements_in(xml) {
                Ok(mut elements) => event.put("data", elements.pop().unwrap_or(Value::Null)),
                Err(fault) => problem = Some(text::concat(&["its XML has ", fault.rule])),
            }
        }
        if let Some(problem) = problem {
            // The broker has no other copy of a message that can't be read, as one nested too deep.
            let mut unread = Value::object();
            unread.put("problem", problem.as_str());
            unread.put("raw", frame);
            event.put("data", unread);
        }
        let (Some(name), Some(data)) =
            (event.get("type").and_then(Value::as_str), event.get("data"))
        else {
            return;
        };
        let events = self.events.borrow();
        let Some(registered) = events.handlers.iter().find(|one| one.name == name).cloned() else {
            return;
        };
        // The handler may register another one.
        drop(events);
        match &registered.handler {
            Handler::Function(function) => function(data),
            Handler::Name(name) => self.environment.call_global(name, data),
        }
    }

    fn frame(&self, command: &str, tab_id: &str) -> String {
        let mut frame = Value::object();
        frame.put("cmd", command);
        if command == "Register" {
            // The broker wants the address of a page. Ours is nobody's business.
            frame.put("tabId", tab_id);
            frame.put("location", Value::String(text::concat(&[&self.base_url(), "/"])));
        }
        self.environment.write_json(&frame)
    }

    /// 36 characters of randomness, in the form of the broker's own script (RFC 9562 §5.4).
    fn new_tab_id(&self) -> Result<String, Error> {
        let mut random = [0_u8; 16];
        self.environment.fill_random(&mut random)?;
        random[6] = random[6] & 0x0F | 0x40;
        random[8] = random[8] & 0x3F | 0x80;
        let mut id = String::new();
        for (place, byte) in random.into_iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                id.push('-');
            }
            for digit in [byte >> 4, byte & 0x0F] {
                id.push(char::from_digit(digit.into(), 16).unwrap_or_default());
            }
        }
        Ok(id)
    }

    /// Between half of a time and all of it, so that not all tabs come back at once.
    fn jittered(&self, milliseconds: u32) -> u32 {
        milliseconds / 2 + self.random_below(milliseconds / 2)
    }
}

fn selector(mut values: Vec<Value>) -> Result<Vec<Value>, Error> {
    values.truncate(3);
    while values.len() < 3 {
        values.push(Value::Null);
    }
    // Function and tab are ours to give, and come later.
    values.push("".into());
    values.push("-".into());
    let arguments = REGISTER_EVENT_HANDLER.arguments(values)?;
    let mut selector = field_values(&REGISTER_EVENT_HANDLER, &arguments);
    selector.truncate(3);
    Ok(selector)
}

fn request(selector: &[Value], function: &str, tab_id: &str) -> Vec<Value> {
    let mut request = selector.to_vec();
    request.push(function.into());
    request.push(tab_id.into());
    request
}

#[cfg(test)]
mod tests;
