//! What a client needs of the world around it.

pub(crate) mod clock;

use crate::environment::clock::Moment;
use crate::error::Error;
use crate::session::broker::Origin;
use crate::wire::{Method, Value};
use std::any::Any;
use std::pin::Pin;
use std::rc::Rc;

/// The world around a client: the browser in the wasm, a simulation in native tests.
pub trait Environment: 'static {
    /// How a WebSocket is held.
    type Socket: Socket;

    /// Opens a WebSocket of a sub-protocol.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where there is none, [`Error::Network`] where it is refused.
    fn connect(&self, url: &str, protocol: &str) -> Result<Self::Socket, Error>;

    /// Runs a task beside everything else.
    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()>>>);

    /// Calls a function that is reached by a dotted name from the global object; nothing happens
    /// where there is none.
    fn call_global(&self, name: &str, argument: &Value);

    /// Sends a request and reads the whole answer, of any status. Dropping the future ends the
    /// request.
    ///
    /// # Errors
    /// [`Error::Network`] without an answer, [`Error::Unsupported`] where nothing can be sent.
    fn send(
        &self,
        request: HttpRequest,
        most_bytes: u32,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + '_>>;

    /// Waits. Dropping the future ends the wait.
    fn sleep(&self, milliseconds: u32) -> impl Future<Output = ()>;

    /// What the clocks show.
    fn now(&self) -> Moment;

    /// Asks for a call of [`Client::attend`](crate::client::Client::attend) in a number of milliseconds, in
    /// the place of what was asked for before, and whenever the environment comes back from
    /// somewhere (a page from the background, a machine from sleep). Nothing ends that, and there is
    /// no session any more; infinity stands for a session of which nobody knows how long it lasts.
    /// Who waits for it keeps no program running.
    fn schedule(&self, in_ms: Option<f64>);

    /// Tells the other clients on the same storage that a user's session with a broker has ended.
    fn announce_logout(&self, broker: &str, user_name: &str);

    /// Whether somebody wants to hear of something.
    fn listens(&self, hook: Hook) -> bool;

    /// Tells those who want to hear of something. It is told to anybody, and must hold no secret.
    fn tell(&self, hook: Hook, event: &Value);

    /// The pause that a broker asks for, in milliseconds: in the header `Retry-After` (RFC 9110
    /// §10.2.3), in seconds or until a date, by the clock that its header `Date` shows, or in the
    /// sentence of its login auditor, "Try again in 5 minutes." Of a header that was sent twice,
    /// which arrives as a list, the longest pause counts.
    fn retry_after_ms(&self, header: &str, date: &str, sentence: &str) -> Option<u32>;

    /// Fills a buffer with random bytes fit for secrets.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where there is no such source.
    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Error>;

    /// Waits until what is kept can be read.
    ///
    /// # Errors
    /// [`Error::Storage`]
    fn storage(&self) -> impl Future<Output = Result<(), Error>>;

    /// Waits until what was kept and forgotten lasts.
    ///
    /// # Errors
    /// [`Error::Storage`] where something that was to be forgotten is still there.
    fn flush(&self) -> impl Future<Output = Result<(), Error>>;

    /// What is kept under a key.
    fn load(&self, key: &'static str) -> Option<String>;

    /// Keeps a text under a key.
    fn store(&self, key: &'static str, value: &str);

    /// Forgets what is kept under a key.
    fn remove(&self, key: &'static str);

    /// Keeps texts and forgets those that are empty, in this order: all of it lasts, or nothing does
    /// but here.
    fn keep(&self, texts: &[(&'static str, &str)]) {
        for (key, text) in texts {
            if text.is_empty() {
                self.remove(key);
            } else {
                self.store(key, text);
            }
        }
    }

    /// Asks the tabs that have a copy of the session for a newer token than this one, and keeps what
    /// they answer, if this one is still kept then.
    fn ask_for_newer(&self, token: &str) -> impl Future<Output = ()>;

    /// The tab's id, where the broker's own script has given it one.
    fn tab_id(&self) -> Option<String>;

    /// Where the page came from, if this is a page and it came over HTTP.
    fn page_origin(&self) -> Option<Origin>;

    /// A host as a URL writes it, in lower case and ASCII, without the protocol's own port; nothing,
    /// where it is none. See [`crate::syntax::host::as_in_url`].
    fn url_host(&self, host: &str, secure: bool) -> Option<String>;

    /// Reads a number or a text in the syntax of JSON.
    fn read_scalar(&self, text: &str) -> Option<Value>;

    /// A text of somebody else, cut, without what it quotes of the secrets: as they are, or encoded.
    fn redact(&self, text: &str, secrets: &[String], longest: u32) -> String;

    /// Writes JSON.
    fn write_json(&self, value: &Value) -> String;
}

/// What somebody may want to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hook {
    /// A request goes out.
    Request,
    /// An answer came, or none will.
    Response,
    /// A request will be repeated.
    Retry,
    /// A session began, went on or ended.
    Session,
}

/// A WebSocket. Dropping it closes it.
pub trait Socket: 'static {
    /// Sends a text; nothing happens on a socket that is not open.
    fn send(&self, text: &str);

    /// Waits for what happens next.
    fn next(&self) -> impl Future<Output = SocketEvent>;

    /// Closes the socket: [`SocketEvent::Closed`] comes next.
    fn close(&self);
}

/// What happens on a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// It can be written to.
    Opened,
    /// A text came.
    Text(String),
    /// It is closed, or never opened.
    Closed,
}

/// A request as it goes to `fetch`.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Body,
    /// Whether the cookies of the HTTP session go along.
    pub with_cookies: bool,
    /// Whether it goes to the configured broker, which alone is shown what is its own.
    pub to_own_broker: bool,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// None.
    Nothing,
    /// A text.
    Text(String),
    /// Something of the environment's own, as a form with files.
    Foreign(Rc<dyn Any>),
    /// The same, where it can be sent only once.
    Stream(Rc<dyn Any>),
}

/// A header's value by its name.
pub type HeaderLookup = Box<dyn Fn(&str) -> Option<String>>;

/// An answer, with its body read.
pub struct HttpResponse {
    /// The status; 0 for a redirect, whose particulars a browser keeps to itself.
    pub status: u16,
    /// The reason phrase of a refusal.
    pub status_text: String,
    /// The body as text; nothing, where it is larger than was allowed.
    pub body: Option<String>,
    /// Looks a header up by name.
    pub header: HeaderLookup,
}
