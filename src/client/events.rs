//! Messages that the broker pushes: handlers, and the WebSocket that brings what they are for.
//!
//! The broker knows a tab by an id and pushes `{ type, data }`, where `type` is the name under which
//! a handler was registered. Names are looked up in a table here; nothing is ever evaluated.

use super::environment::{Environment, Socket, SocketEvent};
use super::race::first_of;
use super::{CallOptions, Client};
use crate::error::{Cause, Error, Failure};
use crate::session::keys;
use crate::text;
use crate::wire::Value;
use crate::wire::xmpp::REGISTER_EVENT_HANDLER;
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
pub(super) struct Events<S> {
    tab_id: String,
    handlers: Vec<Registered>,
    count: u32,
    socket: Option<Rc<S>>,
}

struct Registered {
    /// Which one it is: a name may serve several.
    number: u32,
    /// What it is for: local name, namespace and type, each absent or not.
    selector: [Value; 3],
    /// Under which name the broker pushes to it.
    name: String,
    handler: Rc<Handler>,
}

/// A handler that the broker has not confirmed. A caller who gave up, or was refused, has none, and
/// an earlier one for the same messages stays.
struct Unconfirmed<E: Environment> {
    client: Rc<Client<E>>,
    number: u32,
    selector: [Value; 3],
    name: String,
    confirmed: bool,
}

impl<E: Environment> Unconfirmed<E> {
    fn add(client: &Rc<Client<E>>, selector: [Value; 3], handler: Handler) -> Self {
        let (number, name) = client.add(selector.clone(), handler);
        Self { client: Rc::clone(client), number, selector, name, confirmed: false }
    }

    fn confirm(&mut self) -> Result<(), Error> {
        let is_this = |registered: &Registered| registered.number == self.number;
        if !self.client.events.borrow().handlers.iter().any(is_this) {
            // The session ended meanwhile, and its handlers with it.
            return Err(Error::NotLoggedIn);
        }
        self.confirmed = true;
        self.client.drop_handlers(|registered| {
            registered.selector == self.selector && registered.number != self.number
        });
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
            let known = events.handlers.iter().rev();
            let mut same =
                known.filter(|one| one.selector == self.selector && one.number != self.number);
            same.next().map(|one| one.name.clone()).unwrap_or_default()
        };
        let request = self.client.request_for(&self.selector, &earlier);
        if self.client.environment.load(keys::TOKEN).is_some() {
            let client = Rc::clone(&self.client);
            self.client.environment.spawn(Box::pin(async move {
                let _ = client.call(&REGISTER_EVENT_HANDLER, request, CallOptions::default()).await;
            }));
        }
        self.client.drop_handlers(|registered| registered.number == self.number);
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
    pub async fn register_event_handler(
        self: &Rc<Self>,
        values: Vec<Value>,
        handler: Handler,
        options: CallOptions,
    ) -> Result<Value, Failure> {
        let selector = selector(values)?;
        if let (Handler::Name(name), Some(tab_id)) = (&handler, self.environment.tab_id()) {
            // The broker's own script is on the page: it has the socket, and calls the function.
            return self
                .call(&REGISTER_EVENT_HANDLER, request(&selector, name, &tab_id), options)
                .await;
        }
        let client = Rc::clone(self);
        let CallOptions { timeout_ms, aborted, encoding } = options;
        let register = async move {
            client.listen().await?;
            let mut unconfirmed = Unconfirmed::add(&client, selector, handler);
            let request = client.request_for(&unconfirmed.selector, &unconfirmed.name);
            let options = CallOptions { timeout_ms, aborted: None, encoding };
            let response = client.call(&REGISTER_EVENT_HANDLER, request, options).await?;
            unconfirmed.confirm()?;
            Ok(response)
        };
        let progress = self.progress(timeout_ms);
        self.in_time(aborted, &progress, Box::pin(register)).await
    }

    /// Ends what [`Client::register_event_handler`] began: such messages are queued again.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn unregister_event_handler(
        self: &Rc<Self>,
        values: Vec<Value>,
        options: CallOptions,
    ) -> Result<Value, Failure> {
        let selector = selector(values)?;
        let is_own =
            |events: &Events<_>| events.handlers.iter().any(|one| one.selector == selector);
        let own = Some(self.events.borrow()).filter(|events| is_own(events));
        let own = own.map(|events| events.tab_id.clone());
        let Some(tab_id) = own.or_else(|| self.environment.tab_id()) else {
            return Ok(Value::Object(Vec::new()));
        };
        let response =
            self.call(&REGISTER_EVENT_HANDLER, request(&selector, "", &tab_id), options).await?;
        // Not before the broker has agreed: what it went on pushing would be lost.
        self.drop_handlers(|registered| registered.selector == selector);
        Ok(response)
    }

    /// Forgets every handler: the session that they belonged to has ended.
    pub(super) fn forget_handlers(&self) {
        self.drop_handlers(|_| true);
    }

    fn add(&self, selector: [Value; 3], handler: Handler) -> (u32, String) {
        let mut events = self.events.borrow_mut();
        events.count += 1;
        let number = events.count;
        let name = match &handler {
            Handler::Function(_) => text::concat(&["AgentAPI.Events.h", &number.to_string()]),
            Handler::Name(name) => name.clone(),
        };
        let handler = Rc::new(handler);
        events.handlers.push(Registered { number, selector, name: name.clone(), handler });
        (number, name)
    }

    fn request_for(&self, selector: &[Value; 3], function: &str) -> Vec<Value> {
        request(selector, function, &self.events.borrow().tab_id)
    }

    fn drop_handlers(&self, which: impl Fn(&Registered) -> bool) {
        let mut events = self.events.borrow_mut();
        events.handlers.retain(|registered| !which(registered));
        if events.handlers.is_empty()
            && let Some(socket) = events.socket.take()
        {
            socket.send(&self.frame("Unregister", &events.tab_id));
            socket.close();
        }
    }

    /// Makes sure that there is an open socket, and somebody who reads it.
    async fn listen(self: &Rc<Self>) -> Result<(), Error> {
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
        self.environment.spawn(Box::pin(Rc::clone(self).keep_reading(socket)));
        Ok(())
    }

    async fn open_socket(&self) -> Result<Rc<E::Socket>, Error> {
        let origin = self.safe_origin()?;
        let protocol = if origin.protocol() == "https" { "wss://" } else { "ws://" };
        let url = text::concat(&[protocol, origin.host(), "/ClientEventsWS"]);
        let socket = self.environment.connect(&url, SUB_PROTOCOL)?;
        let late = async {
            self.environment.sleep(OPEN_WITHIN_MS).await;
            SocketEvent::Closed
        };
        if first_of(socket.next(), late).await != SocketEvent::Opened {
            return Err(Error::Network { cause: Cause(None), unsent: false });
        }
        let tab_id = self.events.borrow().tab_id.clone();
        socket.send(&self.frame("Register", &tab_id));
        Ok(Rc::new(socket))
    }

    /// Reads a socket and its successors, until the last handler is gone.
    async fn keep_reading(self: Rc<Self>, mut socket: Rc<E::Socket>) {
        let alarm = || Box::pin(self.environment.sleep(PING_EVERY_MS));
        let mut ping = alarm();
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
                Some(SocketEvent::Closed) => match self.reconnect(&socket).await {
                    Some(next) => socket = next,
                    None => return,
                },
            }
        }
    }

    /// Opens another socket in the place of one that closed, and registers the handlers again.
    /// Nothing, when the closed one is not in use any more.
    async fn reconnect(self: &Rc<Self>, closed: &Rc<E::Socket>) -> Option<Rc<E::Socket>> {
        let in_use = || {
            let events = self.events.borrow();
            events.socket.as_ref().is_some_and(|socket| Rc::ptr_eq(socket, closed))
        };
        let (mut back_off, longest) = BACK_OFF_MS;
        while in_use() {
            self.environment.sleep(self.jittered(back_off)).await;
            back_off = (back_off * 2).min(longest);
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
    async fn register_again(self: &Rc<Self>) -> Result<(), Failure> {
        let numbers: Vec<_> = self.events.borrow().handlers.iter().map(|one| one.number).collect();
        for number in numbers {
            let request = {
                let events = self.events.borrow();
                let known = events.handlers.iter().find(|one| one.number == number);
                known.map(|one| request(&one.selector, &one.name, &events.tab_id))
            };
            // It may have been ended meanwhile.
            let Some(request) = request else { continue };
            match self.call(&REGISTER_EVENT_HANDLER, request, CallOptions::default()).await {
                Err(Failure { error: Error::Refused(refusal), .. })
                    if refusal.status < 500 && refusal.status != 429 =>
                {
                    self.drop_handlers(|registered| registered.number == number);
                }
                outcome => {
                    outcome?;
                }
            }
        }
        Ok(())
    }

    fn dispatch(&self, frame: &str) {
        let Some(frame) = self.environment.read_json(frame) else { return };
        let (Some(name), Some(data)) =
            (frame.get("type").and_then(Value::as_str), frame.get("data"))
        else {
            return;
        };
        let events = self.events.borrow();
        let known = events.handlers.iter().find(|registered| registered.name == name);
        let Some(handler) = known.map(|registered| Rc::clone(&registered.handler)) else { return };
        // The handler may register another one.
        drop(events);
        match &*handler {
            Handler::Function(function) => function(data),
            Handler::Name(name) => self.environment.call_global(name, data),
        }
    }

    fn frame(&self, command: &str, tab_id: &str) -> String {
        let mut frame = vec![("cmd".into(), Value::from(command))];
        if command == "Register" {
            // The broker wants the address of a page. Ours is nobody's business.
            let page = self.origin().map(|origin| text::concat(&[&origin.base_url(), "/"]));
            frame.push(("tabId".into(), tab_id.into()));
            frame.push(("location".into(), Value::String(page.unwrap_or_default())));
        }
        self.environment.write_json(&Value::Object(frame))
    }

    /// 36 characters of randomness, in the form of the broker's own script (RFC 9562 §5.4).
    fn new_tab_id(&self) -> Result<String, Error> {
        let mut random = [0_u8; 16];
        self.environment.fill_random(&mut random)?;
        let mut id = String::with_capacity(36);
        for (place, byte) in random.into_iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                id.push('-');
            }
            let byte = match place {
                6 => byte & 0x0F | 0x40,
                8 => byte & 0x3F | 0x80,
                _ => byte,
            };
            for digit in [byte >> 4, byte & 0x0F] {
                id.extend(char::from_digit(digit.into(), 16));
            }
        }
        Ok(id)
    }

    /// Between half of a time and all of it, so that not all tabs come back at once.
    fn jittered(&self, milliseconds: u32) -> u32 {
        milliseconds / 2 + self.random_below(milliseconds / 2)
    }
}

fn selector(mut values: Vec<Value>) -> Result<[Value; 3], Error> {
    values.resize(3, Value::Null);
    // Function and tab are ours to give, and come later.
    values.extend(["".into(), "-".into()]);
    let arguments = REGISTER_EVENT_HANDLER.arguments(values)?;
    let value = |name| arguments.get(name).cloned().unwrap_or(Value::Null);
    Ok([value("localName"), value("namespace"), value("type")])
}

fn request(selector: &[Value; 3], function: &str, tab_id: &str) -> Vec<Value> {
    let mut request = selector.to_vec();
    request.extend([function.into(), tab_id.into()]);
    request
}

#[cfg(test)]
mod tests {
    use super::super::simulator::{Answer, Simulator, World};
    use super::super::{Body, Origin};
    use super::*;
    use std::cell::RefCell;

    fn client(answers: usize) -> Rc<Client<Simulator>> {
        let answers = std::iter::repeat_n(Answer::body(200, "{}"), answers);
        let client = Client::new(Simulator::new(answers));
        client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
        client.environment.store(keys::TOKEN, "token");
        Rc::new(client)
    }

    type Heard = Rc<RefCell<Vec<Value>>>;

    fn register(
        client: &Rc<Client<Simulator>>,
        local_name: &str,
    ) -> (Result<Value, Failure>, Heard) {
        let heard = Heard::default();
        let hears = Rc::clone(&heard);
        let handler = Handler::Function(Rc::new(move |data| hears.borrow_mut().push(data.clone())));
        let values = vec![local_name.into(), "urn:x".into(), Value::Null];
        let call = client.register_event_handler(values, handler, CallOptions::default());
        (client.environment.run(call), heard)
    }

    fn sent(client: &Rc<Client<Simulator>>) -> Vec<String> {
        let bodies = client.environment.requests().into_iter().map(|request| match request.body {
            Body::Text(text) => text,
            _ => String::new(),
        });
        bodies.collect()
    }

    fn world(client: &Rc<Client<Simulator>>) -> &World {
        &client.environment.world
    }

    #[test]
    fn a_handler_hears_what_is_pushed_to_its_name() {
        let client = client(1);
        let (outcome, heard) = register(&client, "alert");
        outcome.unwrap();
        assert_eq!(world(&client).connections(), ["wss://neuron.example/ClientEventsWS ls"]);
        let frames = world(&client).frames();
        assert!(frames[0].starts_with(r#"{"cmd":"Register","tabId":""#), "{frames:?}");
        assert!(frames[0].ends_with(r#""location":"https://neuron.example/"}"#), "{frames:?}");
        let body = &sent(&client)[0];
        assert!(body.contains(r#""localName":"alert","namespace":"urn:x","function":"AgentAPI.Events.h1","tabId":""#), "{body}");
        for frame in [
            r#"{"type":"CheckServerInstance","data":"1"}"#,
            r#"{"type":"AgentAPI.Events.h1","data":{"__name":"alert"}}"#,
            r#"{"type":"alert","data":"not for us"}"#,
            "no json",
            "7",
        ] {
            world(&client).push(SocketEvent::Text(frame.into()));
        }
        client.environment.run_for(100);
        assert_eq!(
            *heard.borrow(),
            [serde_json::from_str::<Value>(r#"{"__name":"alert"}"#).unwrap()]
        );
    }

    #[test]
    fn the_tab_is_kept_alive() {
        let client = client(1);
        register(&client, "a").0.unwrap();
        client.environment.run_for(35_000);
        let pings =
            world(&client).frames().iter().filter(|frame| *frame == r#"{"cmd":"Ping"}"#).count();
        assert_eq!(pings, 3);
    }

    #[test]
    fn a_busy_tab_is_kept_alive_too() {
        let client = client(1);
        register(&client, "a").0.unwrap();
        for _ in 0..12 {
            world(&client).push(SocketEvent::Text("{}".into()));
            client.environment.run_for(3_000);
        }
        let pings =
            world(&client).frames().iter().filter(|frame| *frame == r#"{"cmd":"Ping"}"#).count();
        assert_eq!(pings, 3);
    }

    #[test]
    fn one_name_may_serve_several_kinds_of_message() {
        let client = client(2);
        let named = |local_name: &str| {
            let values = vec![local_name.into()];
            let handler = Handler::Name("Page.On".into());
            client.register_event_handler(values, handler, CallOptions::default())
        };
        client.environment.run(named("a")).unwrap();
        client.environment.run(named("b")).unwrap();
        for status in [400, 200] {
            world(&client).answer(Answer::body(status, "{}"));
        }
        client.environment.run(named("c")).unwrap_err();
        client.environment.run_for(10);
        for _ in 0..2 {
            world(&client).answer(Answer::body(200, "{}"));
        }
        world(&client).push(SocketEvent::Closed);
        client.environment.run_for(5_000);
        let sent = sent(&client);
        assert_eq!(sent[4..], sent[..2], "both are registered again, and the refused one is not");
    }

    #[test]
    fn a_refused_registration_leaves_the_earlier_one() {
        let client = client(1);
        let (_, heard) = register(&client, "a");
        world(&client).answer(Answer::body(503, ""));
        world(&client).answer(Answer::body(200, "{}"));
        register(&client, "a").0.unwrap_err();
        client.environment.run_for(10);
        let sent = sent(&client);
        assert_eq!(sent[2], sent[0], "the broker is told what holds");
        world(&client).push(SocketEvent::Text(r#"{"type":"AgentAPI.Events.h1","data":1}"#.into()));
        client.environment.run_for(10);
        assert_eq!(*heard.borrow(), [1.into()]);
    }

    #[test]
    fn a_handler_is_kept_until_the_broker_has_let_it_go() {
        let client = client(1);
        let (_, heard) = register(&client, "a");
        world(&client).answer(Answer::body(503, ""));
        let values = vec!["a".into(), "urn:x".into()];
        let call = client.unregister_event_handler(values, CallOptions::default());
        client.environment.run(call).unwrap_err();
        world(&client).push(SocketEvent::Text(r#"{"type":"AgentAPI.Events.h1","data":1}"#.into()));
        client.environment.run_for(10);
        assert_eq!(*heard.borrow(), [1.into()]);
    }

    #[test]
    fn registering_again_is_tried_until_it_succeeds() {
        let client = client(1);
        register(&client, "a").0.unwrap();
        world(&client).answer(Answer::body(503, ""));
        world(&client).answer(Answer::body(200, "{}"));
        world(&client).push(SocketEvent::Closed);
        client.environment.run_for(5_000);
        let sent = sent(&client);
        assert_eq!((sent.len(), &sent[2]), (3, &sent[0]));
    }

    #[test]
    fn a_socket_that_never_opens_does_not_keep_the_next_from_being_tried() {
        let client = client(2);
        register(&client, "a").0.unwrap();
        world(&client).hang_connections();
        world(&client).push(SocketEvent::Closed);
        client.environment.run_for(60_000);
        assert!(world(&client).connections().len() >= 4);
    }

    #[test]
    fn a_logout_wins_over_a_registration_under_way() {
        let client = client(0);
        world(&client).answer(Answer::body(200, "{}").after_ms(100));
        world(&client).answer(Answer::body(200, "{}"));
        let handler = Handler::Function(Rc::new(|_| {}));
        let register =
            client.register_event_handler(vec!["a".into()], handler, CallOptions::default());
        let logout = async {
            client.environment.sleep(50).await;
            let logout = &crate::wire::account::LOGOUT;
            client.call(logout, Vec::new(), CallOptions::default()).await
        };
        let both = futures_util::future::join(register, logout);
        let (register, logout) = client.environment.run(both);
        assert_eq!(register.unwrap_err().code(), "not-logged-in");
        logout.unwrap();
        client.environment.run_for(60_000);
        assert_eq!(world(&client).tasks(), 0);
    }

    #[test]
    fn another_user_does_not_hear_what_the_first_one_registered() {
        let client = client(1);
        register(&client, "a").0.unwrap();
        for (user, heard_of) in [("alice", true), ("bob", false)] {
            world(&client).answer(Answer::body(200, r#"{"jwt":"x","expires":0}"#));
            client.environment.store(keys::USER_NAME, "alice");
            let values = vec![user.into(), "pw".into(), 60.into()];
            let login = &crate::wire::account::LOGIN;
            client.environment.run(client.call(login, values, CallOptions::default())).unwrap();
            client.environment.run_for(100);
            assert_eq!(world(&client).tasks() > 0, heard_of, "{user}");
        }
    }

    #[test]
    fn a_lost_socket_is_replaced_and_every_handler_registered_again() {
        let client = client(4);
        register(&client, "a").0.unwrap();
        let (_, heard) = register(&client, "b");
        assert_eq!(world(&client).connections().len(), 1, "one socket serves all");
        world(&client).push(SocketEvent::Closed);
        client.environment.run_for(1_000);
        assert_eq!(world(&client).connections().len(), 2);
        let sent = sent(&client);
        assert_eq!(sent[2..], sent[..2], "the same tab, the same names");
        world(&client).push(SocketEvent::Text(r#"{"type":"AgentAPI.Events.h2","data":1}"#.into()));
        client.environment.run_for(100);
        assert_eq!(*heard.borrow(), [1.into()]);
    }

    #[test]
    fn reconnecting_backs_off() {
        let client = client(1);
        register(&client, "a").0.unwrap();
        world(&client).refuse_connections();
        world(&client).push(SocketEvent::Closed);
        client.environment.run_for(120_000);
        let attempts = world(&client).connections().len() - 1;
        assert!((7..=16).contains(&attempts), "{attempts} attempts in two minutes");
    }

    #[test]
    fn the_last_handler_closes_the_socket() {
        let client = client(3);
        register(&client, "a").0.unwrap();
        let values = vec!["a".into(), "urn:x".into()];
        let call = client.unregister_event_handler(values, CallOptions::default());
        client.environment.run(call).unwrap();
        assert!(sent(&client)[1].contains(r#""function":"","#), "{:?}", sent(&client));
        assert_eq!(world(&client).frames().last().unwrap(), r#"{"cmd":"Unregister"}"#);
        client.environment.run_for(60_000);
        assert_eq!(world(&client).connections().len(), 1, "and it stays closed");
        assert_eq!(world(&client).tasks(), 0);
    }

    #[test]
    fn a_registration_that_was_given_up_leaves_nothing() {
        let client = client(0);
        world(&client).answer(Answer::Never);
        world(&client).answer(Answer::body(200, "{}"));
        let handler = Handler::Function(Rc::new(|_| {}));
        let options = CallOptions { timeout_ms: Some(50), ..CallOptions::default() };
        let call = client.register_event_handler(vec!["a".into()], handler, options);
        assert_eq!(client.environment.run(call).unwrap_err().code(), "timeout");
        client.environment.run_for(1_000);
        assert_eq!(world(&client).tasks(), 0);
        assert!(sent(&client)[1].contains(r#""function":"","#), "the broker is told");
    }

    #[test]
    fn a_handler_is_ended_in_the_tab_that_it_began_in() {
        let mut simulator = Simulator::new(std::iter::repeat_n(Answer::body(200, "{}"), 3));
        simulator.tab_id = Some("of-the-page".into());
        let client = Rc::new(Client::new(simulator));
        client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
        register(&client, "a").0.unwrap();
        for local_name in ["a", "other"] {
            let values = vec![local_name.into(), "urn:x".into()];
            let call = client.unregister_event_handler(values, CallOptions::default());
            client.environment.run(call).unwrap();
        }
        let of_the_page: Vec<_> =
            sent(&client).iter().map(|body| body.contains("of-the-page")).collect();
        assert_eq!(of_the_page, [false, false, true]);
    }

    #[test]
    fn a_logout_ends_the_events() {
        let client = client(2);
        register(&client, "a").0.unwrap();
        client
            .environment
            .run(client.call(&crate::wire::account::LOGOUT, Vec::new(), CallOptions::default()))
            .unwrap();
        client.environment.run_for(60_000);
        assert_eq!(world(&client).tasks(), 0);
    }

    #[test]
    fn without_an_answer_there_is_no_handler() {
        let client = client(0);
        world(&client).answer(Answer::body(500, ""));
        world(&client).answer(Answer::body(200, "{}"));
        assert_eq!(register(&client, "a").0.unwrap_err().code(), "server-error");
        client.environment.run_for(1_000);
        assert_eq!(world(&client).tasks(), 0);
        world(&client).refuse_connections();
        assert_eq!(register(&client, "a").0.unwrap_err().code(), "network");
    }
}
