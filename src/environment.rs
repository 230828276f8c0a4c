//! What a client needs from its host program.

pub mod clock;
pub mod origin;

use clock::Timestamp;
use origin::Origin;

use crate::error::ErrorKind;
use crate::wire::{Method, Value};
use std::any::Any;
use std::pin::Pin;
use std::rc::Rc;

/// What surrounds a client: the browser in the wasm, a simulation in native tests.
pub trait Environment: 'static {
    /// The type of a WebSocket.
    type Socket: Socket;

    /// Opens a WebSocket with a sub-protocol.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if there are no WebSockets, [`ErrorKind::Network`] if it is refused.
    fn connect(&self, url: &str, protocol: &str) -> Result<Self::Socket, ErrorKind>;

    /// Runs a task concurrently.
    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()>>>);

    /// Calls a function by its dotted name from the global object; does nothing if there is none.
    fn call_global(&self, name: &str, argument: &Value);

    /// Sends a request and reads the whole response, of any status. Dropping the future cancels the
    /// request.
    ///
    /// # Errors
    /// [`ErrorKind::Network`] without a response, [`ErrorKind::Unsupported`] if nothing can be sent.
    fn send(
        &self,
        request: HttpRequest,
        max_bytes: u32,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, ErrorKind>> + '_>>;

    /// Waits. Dropping the future ends the wait.
    fn sleep(&self, milliseconds: u32) -> impl Future<Output = ()>;

    /// What the clocks show.
    fn now(&self) -> Timestamp;

    /// Has `Client::maintain_session` called in a number of milliseconds, which replaces what was
    /// scheduled before, and whenever the environment resumes (a page comes to the front, a machine
    /// wakes up). `None` cancels that, because there is no session any more; infinity stands for a
    /// token whose lifetime is unknown. The timer must not keep a program running.
    fn schedule_maintenance(&self, in_ms: Option<f64>);

    /// Tells the other clients on the same storage that a user's session with a broker has ended.
    fn broadcast_logout(&self, broker: &str, user_name: &str);

    /// Whether a hook has a listener.
    fn has_listener(&self, hook: Hook) -> bool;

    /// Gives an event to the listeners of a hook. Anybody may listen, so it must hold no secret.
    fn emit(&self, hook: Hook, event: &Value);

    /// The delay that a broker asks for, in milliseconds: in the header `Retry-After` (RFC 9110
    /// §10.2.3), in seconds or until a date, by the clock that its header `Date` shows, or in the
    /// sentence of its login auditor, "Try again in 5 minutes." Of a header that was sent twice,
    /// which arrives as a list, the longest delay counts.
    fn retry_after_ms(&self, header: &str, date: &str, sentence: &str) -> Option<u32>;

    /// Fills a buffer with random bytes fit for secrets.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if there is no such source.
    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), ErrorKind>;

    /// A random number below a limit; 0 without a source of randomness.
    fn random_below(&self, limit: u32) -> u32 {
        let mut random = [0; 4];
        let _ = self.fill_random(&mut random);
        let scaled = (u64::from(u32::from_le_bytes(random)) * u64::from(limit)) >> 32;
        u32::try_from(scaled).unwrap_or_default()
    }

    /// Waits until the storage can be read.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`]
    fn open_storage(&self) -> impl Future<Output = Result<(), ErrorKind>>;

    /// Waits until everything that was written is durable.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] if something that was to be removed is still there.
    fn flush_storage(&self) -> impl Future<Output = Result<(), ErrorKind>>;

    /// The stored text of a key.
    fn load(&self, key: &'static str) -> Option<String>;

    /// Stores a text under a key.
    fn store(&self, key: &'static str, value: &str);

    /// Removes the stored text of a key.
    fn remove(&self, key: &'static str);

    /// Stores texts, and removes the keys of those that are empty, in this order. The store keeps
    /// all of it or nothing.
    fn store_all(&self, texts: &[(&'static str, &str)]) {
        for (key, text) in texts {
            if text.is_empty() {
                self.remove(key);
            } else {
                self.store(key, text);
            }
        }
    }

    /// Asks the other tabs that have a copy of the session for a newer token, and stores what they
    /// answer if this token is still stored then.
    fn request_newer_token(&self, token: &str) -> impl Future<Output = ()>;

    /// The id that the broker's own script has given to this tab.
    fn tab_id(&self) -> Option<String>;

    /// The origin of this page, if this is a page that was loaded over HTTP.
    fn page_origin(&self) -> Option<Origin>;

    /// A host as a URL writes it, in lower case and ASCII, without the protocol's default port;
    /// `None` if it is not a host. See [`crate::syntax::host::as_in_url`].
    fn url_host(&self, host: &str, secure: bool) -> Option<String>;

    /// A text from its UTF-8; `None` if it is not. The standard library's check takes 675 bytes.
    fn text_of(&self, bytes: &[u8]) -> Option<String> {
        String::from_utf8(bytes.into()).ok()
    }

    /// Reads a number or a text in the syntax of JSON.
    fn read_scalar(&self, text: &str) -> Option<Value>;

    /// Reads JSON.
    ///
    /// # Errors
    /// What is wrong with it.
    fn read_json(&self, text: &str) -> Result<Value, &'static str> {
        Value::from_json(text, usize::MAX, &|text| self.read_scalar(text))
    }

    /// Shortens a text and removes the secrets that it quotes, literally or encoded.
    fn redact(&self, text: &str, secrets: &[String], max_chars: u32) -> String;

    /// Writes JSON.
    fn write_json(&self, value: &Value) -> String;
}

/// An event that a caller can listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hook {
    /// A request is about to be sent.
    Request,
    /// A response arrived, or none will.
    Response,
    /// A request will be repeated.
    Retry,
    /// A session began, was refreshed or ended.
    Session,
}

/// A WebSocket. Dropping it closes it.
pub trait Socket: 'static {
    /// Sends a text; does nothing if the socket is not open.
    fn send(&self, text: &str);

    /// Waits for the next event.
    fn next(&self) -> impl Future<Output = SocketEvent>;

    /// Closes the socket: [`SocketEvent::Closed`] comes next.
    fn close(&self);
}

/// What happens on a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// It can be written to.
    Opened,
    /// A text arrived.
    Text(String),
    /// It was closed, or never opened.
    Closed,
}

/// A request as `fetch` takes it.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
    /// Whether cookies are sent.
    pub with_cookies: bool,
    /// Whether it goes to the configured broker, which alone gets the caller's own headers.
    pub to_own_broker: bool,
    /// Whether the body of a successful response is read as bytes.
    pub reads_bytes: bool,
}

/// Bytes of a type of the host program.
pub type ForeignBytes = Rc<dyn Any>;

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// None.
    Nothing,
    /// A text.
    Text(String),
    /// An object of the host program, such as a form with files.
    Foreign(Rc<dyn Any>),
    /// The same, which can be sent only once.
    Stream(Rc<dyn Any>),
    /// A form: an object in JSON, whose properties are the parts, and the name and content of the part
    /// that is not in it.
    Form(String, &'static str, Rc<Body>),
}

impl Body {
    /// Whether it can be sent only once.
    #[must_use]
    pub fn is_single_use(&self) -> bool {
        match self {
            Self::Nothing | Self::Text(_) | Self::Foreign(_) => false,
            Self::Stream(_) => true,
            Self::Form(_, _, content) => content.is_single_use(),
        }
    }
}

/// The body of a response.
pub enum ResponseBody {
    /// As text.
    Text(String),
    /// As bytes, with what the headers say of them, and how many there are.
    Bytes(ForeignBytes, usize),
    /// It is larger than was allowed.
    TooLarge,
}

impl ResponseBody {
    /// The text; empty if it is none.
    #[must_use]
    pub fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// How many bytes of it were read.
    #[must_use]
    pub fn length(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(_, length) => *length,
            Self::TooLarge => 0,
        }
    }
}

/// Looks up a header's value by its name.
pub type HeaderLookup = Box<dyn Fn(&str) -> Option<String>>;

/// A response with its body.
pub struct HttpResponse {
    /// The status; 0 for a redirect, whose status a browser hides.
    pub status: u16,
    /// The reason phrase; empty unless the request failed.
    pub status_text: String,
    /// The body.
    pub body: ResponseBody,
    /// Looks up a header by its name.
    pub header: HeaderLookup,
}
