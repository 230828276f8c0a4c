//! What a client needs of the world around it.

use crate::client::Origin;
use crate::error::Error;
use crate::wire::{Method, Value};

/// The world around a client: the browser in the wasm, a simulation in native tests.
pub trait Environment {
    /// Sends a request and reads the whole answer, of any status. Dropping the future ends the
    /// request.
    ///
    /// # Errors
    /// [`Error::Network`] without an answer, [`Error::Unsupported`] where nothing can be sent.
    fn send(&self, request: HttpRequest) -> impl Future<Output = Result<HttpResponse, Error>>;

    /// Waits. Dropping the future ends the wait.
    fn sleep(&self, milliseconds: u32) -> impl Future<Output = ()>;

    /// The wall clock, in Unix seconds.
    fn unix_seconds(&self) -> i64;

    /// Fills a buffer with random bytes fit for secrets.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where there is no such source.
    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Error>;

    /// What is kept under a key.
    fn load(&self, key: &str) -> Option<String>;

    /// Keeps a text under a key.
    fn store(&self, key: &str, value: &str);

    /// Forgets what is kept under a key.
    fn remove(&self, key: &str);

    /// Where the page came from, if this is a page and it came over HTTP.
    fn page_origin(&self) -> Option<Origin>;

    /// Reads JSON.
    fn read_json(&self, text: &str) -> Option<Value>;

    /// Writes JSON.
    fn write_json(&self, value: &Value) -> String;
}

/// A request as it goes to `fetch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body, unless there is none.
    pub body: Option<String>,
}

/// A header's value by its name.
pub type HeaderLookup = Box<dyn Fn(&str) -> Option<String>>;

/// An answer, with its body read.
pub struct HttpResponse {
    /// The status; 0 for a redirect, whose particulars a browser keeps to itself.
    pub status: u16,
    /// The reason phrase.
    pub status_text: String,
    /// The body as text.
    pub body: String,
    /// Looks a header up by name.
    pub header: HeaderLookup,
}
