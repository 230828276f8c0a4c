//! The functions that JavaScript calls.

use crate::local::Local;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::HeaderValue;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

/// A broker without a server.
#[wasm_bindgen]
pub struct TestBroker(Local);

#[wasm_bindgen]
#[allow(clippy::needless_pass_by_value, reason = "as wasm-bindgen passes it")]
impl TestBroker {
    /// A broker without accounts, at a time in Unix seconds.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the domain.
    #[wasm_bindgen(constructor)]
    pub fn new(domain: &str, seed: &[u8], now: f64) -> Result<TestBroker, JsValue> {
        Ok(Self(Local::new(domain, seed, seconds(now))?))
    }

    /// Sets the time, in Unix seconds.
    #[wasm_bindgen(js_name = setTime)]
    pub fn set_time(&mut self, now: f64) {
        self.0.set_time(seconds(now));
    }

    /// Adds an account.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    #[wasm_bindgen(js_name = addAccount)]
    pub fn add_account(
        &mut self,
        user_name: &str,
        password: &str,
        legal_id: Option<String>,
    ) -> Result<(), JsValue> {
        Ok(self.0.add_account(user_name, password, legal_id)?)
    }

    /// Adds an API key.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    #[wasm_bindgen(js_name = addApiKey)]
    pub fn add_api_key(&mut self, key: String, secret: String) -> Result<(), JsValue> {
        Ok(self.0.add_api_key(key, secret)?)
    }

    /// Answers a request to an origin: the status, the names and values of the headers in turn, and the body.
    /// Texts of headers have a character for each byte, both ways.
    pub fn respond(
        &self,
        origin: &str,
        method: &str,
        target: &str,
        headers: Vec<String>,
        body: Vec<u8>,
    ) -> Option<Array> {
        let request = request(method, target, headers, body)?;
        let (head, body) = self.0.respond(origin, request).into_parts();
        let headers = Array::new();
        for (name, value) in &head.headers {
            headers.push(&name.as_str().into());
            headers.push(&text_of(value).into());
        }
        Some(Array::of3(&head.status.as_u16().into(), &headers, &Uint8Array::from(&*body)))
    }

    /// What the body of a request says, without secrets, as JSON.
    #[wasm_bindgen(js_name = shownBody)]
    pub fn shown_body(
        method: &str,
        target: &str,
        headers: Vec<String>,
        body: Vec<u8>,
    ) -> Option<String> {
        let (head, body) = request(method, target, headers, body)?.into_parts();
        Local::shown_body(&head, body)
    }

    /// The recipients and texts, in turn, of the mail since the last time.
    #[wasm_bindgen(js_name = takeMail)]
    pub fn take_mail(&self) -> Vec<String> {
        self.0.take_mail().into_iter().flat_map(|mail| [mail.to, mail.text]).collect()
    }

    /// Opens an event socket, and returns its number.
    pub fn connect(&mut self) -> u32 {
        self.0.connect()
    }

    /// Handles a frame of an event socket. Returns the one that is sent back, or `undefined`; `null`
    /// if the socket is to be closed.
    pub fn receive(&mut self, socket: u32, frame: &str) -> JsValue {
        self.0.receive(socket, frame).map_or(JsValue::NULL, JsValue::from)
    }

    /// The next frame for an event socket, or `undefined`; `null` if the socket is to be closed.
    #[wasm_bindgen(js_name = nextFrame)]
    pub fn next_frame(&self, socket: u32) -> JsValue {
        self.0.next_frame(socket).map_or(JsValue::NULL, JsValue::from)
    }

    /// Closes an event socket.
    pub fn disconnect(&mut self, socket: u32) {
        self.0.disconnect(socket);
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the time of day is far from the ends")]
fn seconds(now: f64) -> i64 {
    now.floor() as i64
}

/// `None` if it could not be sent.
fn request(
    method: &str,
    target: &str,
    headers: Vec<String>,
    body: Vec<u8>,
) -> Option<Request<Bytes>> {
    let mut request = Request::builder().method(method).uri(target);
    for pair in headers.chunks_exact(2) {
        let [name, value] = pair else { continue };
        request = request.header(name, value_of(value)?);
    }
    request.body(body.into()).ok()
}

fn value_of(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = text.chars().map(|byte| u8::try_from(byte).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

fn text_of(value: &HeaderValue) -> String {
    value.as_bytes().iter().map(|byte| char::from(*byte)).collect()
}
