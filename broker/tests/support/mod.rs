//! A broker in this process, and a client that writes its requests byte by byte.

#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

use base64ct::{Base64, Encoding as _};
use broker::core::{Broker, LoginLimits, Setup, demo_accounts, demo_api_keys};
use broker::faults::FaultSampler;
use broker::http::{Limits, Server, Settings, unix_seconds};
use broker::store::Journal;
use hmac::{Hmac, KeyInit, Mac};
use neuron_agent_api::wire::{Encoding, Resource, Value};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{JoinHandle, sleep};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// Longer than any answer takes, even on a busy machine.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(20);

/// The mail that the brokers of this process printed.
static MAIL: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The codes that were sent to an address, the latest first.
pub fn codes(address: &str) -> Vec<String> {
    let mail = MAIL.lock().unwrap();
    let start = format!("To {address}: the code is ");
    mail.iter().rev().filter_map(|line| line.strip_prefix(&start)).map(Into::into).collect()
}

/// A broker that runs until it is dropped.
pub struct Running {
    client: Client,
    runtime: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Settings for a test: any free port, and no files.
pub fn settings() -> Settings {
    Settings {
        listen: "127.0.0.1:0".into(),
        hosts: Vec::new(),
        root: PathBuf::from("nowhere"),
        expose_headers: false,
        verbose: false,
        print_mail: |text| MAIL.lock().unwrap().push(text.into()),
        // A test that waits for it fails.
        limits: Limits { stop: Duration::from_secs(3_600), ..Limits::default() },
    }
}

/// Waits until a condition holds. Fails if that takes longer than any answer.
#[track_caller]
pub fn wait_until(is_so: impl Fn() -> bool) {
    const PAUSE: Duration = Duration::from_millis(20);
    for _ in 0..CLIENT_TIMEOUT.as_millis() / PAUSE.as_millis() {
        if is_so() {
            return;
        }
        sleep(PAUSE);
    }
    panic!("it never came to that");
}

/// Starts a broker with the demo accounts.
pub fn start(settings: Settings) -> Running {
    start_with(settings, LoginLimits::default())
}

/// Starts a broker that blocks failed logins.
pub fn start_with(settings: Settings, login_limits: LoginLimits) -> Running {
    run(settings, login_limits, None, None).0
}

/// Starts a broker whose state is kept in a journal.
pub fn start_keeping(settings: Settings, login_limits: LoginLimits, journal: Journal) -> Running {
    run(settings, login_limits, None, Some(journal)).0
}

/// Starts a broker, and returns a client of its address with faults.
pub fn start_with_faults(settings: Settings, faults: &str) -> (Running, Client) {
    let sampler = FaultSampler::new(faults.parse().unwrap());
    let (running, address) = run(settings, LoginLimits::default(), Some(sampler), None);
    (running, Client { address: address.unwrap() })
}

fn run(
    settings: Settings,
    login_limits: LoginLimits,
    sampler: Option<FaultSampler>,
    journal: Option<Journal>,
) -> (Running, Option<SocketAddr>) {
    let (send_start, start) = std::sync::mpsc::channel();
    let (stop, stopped) = oneshot::channel();
    let setup = Setup {
        domain: "localhost".into(),
        accounts: demo_accounts(),
        api_keys: demo_api_keys(),
        login_limits,
        is_linked: false,
        now: unix_seconds(),
    };
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let broker = match journal {
                None => Broker::new(setup, [7; 32]),
                Some(_) => Broker::restore(setup, [7; 32], BTreeMap::new()),
            };
            let broker = broker.unwrap();
            let mut server = Server::bind(broker, settings).await.unwrap();
            if let Some(journal) = journal {
                server = server.keeping_state_in(journal);
            }
            if let Some(sampler) = sampler {
                server = server.with_faults("127.0.0.1:0", sampler).await.unwrap();
            }
            let addresses = (server.address().unwrap(), server.fault_address().unwrap());
            send_start.send((addresses, Handle::current())).unwrap();
            server
                .run(async {
                    let _ = stopped.await;
                })
                .await;
        });
    });
    let ((address, fault_address), runtime) = start.recv().unwrap();
    let client = Client { address };
    (Running { client, runtime, stop: Some(stop), thread: Some(thread) }, fault_address)
}

impl Running {
    /// Waits until there are that many connections. Each is a task of the runtime.
    #[track_caller]
    pub fn wait_for_connections(&self, count: usize) {
        wait_until(|| self.runtime.metrics().num_alive_tasks() == count);
    }

    /// Stops the broker. Fails if it waits for its connections as long as [`settings`] allow.
    #[track_caller]
    pub fn assert_stops_at_once(self) {
        let (stopped, stop) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            drop(self);
            let _ = stopped.send(());
        });
        stop.recv_timeout(CLIENT_TIMEOUT).unwrap();
    }
}

impl Deref for Running {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A client of a broker in this process or another.
pub struct Client {
    pub address: SocketAddr,
}

impl Client {
    /// The `Host` header of its requests.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(CLIENT_TIMEOUT)).unwrap();
        stream.set_write_timeout(Some(CLIENT_TIMEOUT)).unwrap();
        stream
    }

    /// Writes bytes, closes the sending half, and reads everything that comes back.
    pub fn exchange(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        // The broker may have closed its side already; only its response matters.
        let _ = stream.write_all(bytes.as_ref());
        let _ = stream.shutdown(Shutdown::Write);
        read_to_end(&mut stream)
    }

    /// Sends one request and reads the response.
    pub fn send(&self, request: &Request) -> Response {
        Response::parse(&self.exchange(request.bytes(&self.address.to_string())))
    }

    /// Sends JSON to a resource.
    pub fn post(&self, resource: &str, token: Option<&str>, body: &str) -> Response {
        let mut request = Request::post(resource, body);
        if let Some(token) = token {
            request = request.header("Authorization", &format!("Bearer {token}"));
        }
        self.send(&request)
    }

    /// Calls a resource in an encoding, and returns the response as the client reads it.
    pub fn call(&self, resource: &Resource, token: &str, encoding: Encoding, json: &str) -> Value {
        match self.try_call(resource, token, encoding, json) {
            Ok(response) => response,
            Err(refusal) => panic!("{}: {refusal:?}", resource.path()),
        }
    }

    /// [`Client::call`], which may be refused.
    pub fn try_call(
        &self,
        resource: &Resource,
        token: &str,
        encoding: Encoding,
        json: &str,
    ) -> Result<Value, Response> {
        let request: Value = serde_json::from_str(json).unwrap();
        let (media_type, body) = match encoding {
            Encoding::Json => ("application/json", json.to_owned()),
            Encoding::Xml => {
                ("text/xml", resource.xml_request(&request, &|number| number.to_string()).unwrap())
            }
        };
        let name = format!("{}/{}", resource.group, resource.name);
        let mut request = Request::post(&name, &body)
            .header("Content-Type", media_type)
            .header("Accept", media_type);
        if !token.is_empty() {
            request = request.header("Authorization", &format!("Bearer {token}"));
        }
        let response = self.send(&request);
        if response.status != 200 {
            return Err(response);
        }
        let content_type = response.header("content-type").unwrap();
        assert!(content_type.starts_with(media_type), "{content_type}");
        let answer = match encoding {
            Encoding::Json => serde_json::from_str(&response.body).unwrap(),
            Encoding::Xml => resource.read_xml_response(&response.body).unwrap(),
        };
        Ok(resource.check_response(&answer).unwrap())
    }

    /// The body of a login with a nonce of its own.
    pub fn login_body(&self, user_name: &str, password: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let nonce = format!("{:032}", COUNT.fetch_add(1, Ordering::Relaxed));
        let signature = sign(password, &format!("{user_name}:{}:{nonce}", self.address));
        [
            format!(r#"{{"userName":"{user_name}","nonce":"{nonce}","#),
            format!(r#""signature":"{signature}","seconds":60}}"#),
        ]
        .concat()
    }

    /// Logs in and gives the token.
    pub fn log_in(&self, user_name: &str, password: &str) -> String {
        let body = self.login_body(user_name, password);
        let response = self.post("Account/Login", None, &body);
        assert_eq!(response.status, 200, "{}", response.body);
        response.body.split('"').nth(3).unwrap().into()
    }

    /// Fails unless the broker still answers.
    pub fn assert_alive(&self) {
        let response = self.send(&Request::new("GET", "/Agent/Account/DomainInfo"));
        assert_eq!(response.status, 200);
    }
}

pub fn sign(secret: &str, message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    Base64::encode_string(&mac.finalize().into_bytes())
}

/// A text in a response.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    let found = value.get(name).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no {name} in {value:?}"))
}

/// A list in a response.
pub fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    match value.get(name) {
        Some(Value::Array(items)) => items,
        _ => panic!("no {name} in {value:?}"),
    }
}

/// Everything that arrives until the other side closes or resets the connection.
#[track_caller]
pub fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("{error}"),
        _ => String::from_utf8(bytes).unwrap(),
    }
}

/// The head of a response. What follows it is not read.
#[track_caller]
pub fn read_head(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        bytes.extend(byte);
    }
    String::from_utf8(bytes).unwrap()
}

/// A request that is well-formed unless told otherwise.
pub struct Request {
    start: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    pub fn new(method: &str, path: &str) -> Self {
        let start = format!("{method} {path} HTTP/1.1");
        Self { start, headers: Vec::new(), body: String::new() }
    }

    pub fn post(resource: &str, body: &str) -> Self {
        let mut request = Self::new("POST", &format!("/Agent/{resource}"));
        request.body = body.into();
        request
            .header("Content-Type", "application/json")
            .header("Content-Length", &body.len().to_string())
    }

    /// Sets a header, instead of one with the same name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub fn bytes(&self, host: &str) -> Vec<u8> {
        let mut text = format!("{}\r\nHost: {host}\r\n", self.start);
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\r\n");
        }
        (text + "\r\n" + &self.body).into_bytes()
    }
}

#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Response {
    pub fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.into(), body: body.into() }
    }

    /// All values of a header, joined.
    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let values: Vec<_> =
            lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, v)| v).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// Fails unless this is a refusal in plain text with that status and sentence.
    pub fn assert_refusal(&self, status: u16, sentence: &str) {
        assert_eq!((self.status, self.body.contains(sentence)), (status, true), "{self:?}");
        assert_eq!(self.header("content-type").as_deref(), Some("text/plain; charset=utf-8"));
        assert_eq!(self.header("access-control-allow-origin").as_deref(), Some("*"));
    }
}
