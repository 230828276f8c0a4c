//! The link to an XMPP server, as one of its external components (XEP-0114).
//!
//! Over it the accounts reach any address of the XMPP network, and are reached. The link is one
//! TCP connection, which it opens again when it breaks. What accounts send meanwhile waits in the
//! broker.

use crate::core::{Broker, Stanza, StanzaName, StreamEvent, StreamReader};
use crate::http::{BrokerHandle, unix_seconds};
use sha1::{Digest, Sha1};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How long the server may take to accept a connection, and each step of the handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the server may take to handle what was sent.
const ACKNOWLEDGE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the connection may be silent before the link asks whether it still works.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// How long to wait before the first attempt to connect again. Each later one waits twice as long.
const SHORTEST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// How long a connection has to last before the next one is tried soon after it.
const STABLE_AFTER: Duration = Duration::from_secs(10);

/// How long what waits may take to be sent when the broker stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// How often a broker that stops looks whether all has been sent.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// How long a server may go on sending after the link has closed its own stream, or can't write to it
/// any more. It is shorter than what a broker that stops waits for the link.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Begins the id of the queries with which the link asks the server whether it has handled what
/// was sent. What follows is random, and a number.
const MARK: &str = "link-mark-";

/// Where the link connects, and as what.
#[derive(Clone)]
pub struct LinkSettings {
    /// The server's address for components, such as `127.0.0.1:5347`.
    pub server: String,
    /// The secret that the server knows of the component.
    pub secret: String,
    /// Writes what happens to the link. A reason that repeats is written once.
    pub report: fn(&str),
}

/// Keeps the link up until `stop` completes, then sends what waits and closes it.
pub async fn run(broker: BrokerHandle, settings: LinkSettings, stop: impl Future<Output = ()>) {
    let stopping = watch::Sender::new(false);
    let connected = watch::Sender::new(false);
    let stop = async {
        stop.await;
        if *connected.borrow() {
            // If it can't be saved, nothing more is sent.
            let _ = broker.change(|broker| broker.announce_stop(unix_seconds()));
            let emptied = async {
                while matches!(broker.change(|broker| broker.has_outgoing()), Ok(true)) {
                    sleep(POLL_INTERVAL).await;
                }
            };
            // What is left waits for nobody: the broker stops.
            let _ = timeout(STOP_TIMEOUT, emptied).await;
        }
        stopping.send_replace(true);
        // The connection closes itself.
        let mut is_connected = connected.subscribe();
        let _ = timeout(STOP_TIMEOUT, is_connected.wait_for(|connected| !connected)).await;
    };
    let keep_up = async {
        let marks = match broker.change(Marks::new) {
            Ok(marks) => marks,
            Err(error) => return (settings.report)(&format!("No link: {error}.")),
        };
        let (mut backoff, mut last_reason) = (SHORTEST_BACKOFF, String::new());
        loop {
            let reason = match Connection::open(&settings, &marks).await {
                Ok(connection) => {
                    (settings.report)(&format!("Linked to {}.", settings.server));
                    last_reason.clear();
                    let up = broker.change(|broker| broker.link_is_up(unix_seconds()));
                    connected.send_replace(true);
                    let stopping = stopping.subscribe();
                    let started = Instant::now();
                    let End { reason, is_refused } = match up {
                        Ok(()) => connection.run(&broker, &marks, stopping).await,
                        Err(error) => End::from(error.to_string()),
                    };
                    let down = |broker: &mut Broker| {
                        broker.link_is_down(is_refused, unix_seconds());
                    };
                    // If it can't be saved, no call is answered any more.
                    let _ = broker.change(down);
                    connected.send_replace(false);
                    // A connection that ends at once is no reason to try again at once.
                    if started.elapsed() > STABLE_AFTER {
                        backoff = SHORTEST_BACKOFF;
                    }
                    reason
                }
                Err(reason) => reason,
            };
            if reason != last_reason && !*stopping.borrow() {
                let server = &settings.server;
                (settings.report)(&format!("No link to {server}: {reason}. Trying again."));
                last_reason = reason;
            }
            sleep(backoff).await;
            backoff = (backoff * 2).min(LONGEST_BACKOFF);
        }
    };
    tokio::select! {
        () = keep_up => {}
        () = stop => {}
    }
}

/// A connection that the server has accepted.
struct Connection {
    reader: Reader,
    writer: OwnedWriteHalf,
}

/// The stream of the server.
struct Reader {
    socket: OwnedReadHalf,
    stream: StreamReader,
    /// What has come in and is not handled yet.
    events: VecDeque<StreamEvent>,
}

/// Why a connection has ended.
struct End {
    reason: String,
    /// Whether the server has refused what it got.
    is_refused: bool,
}

impl From<String> for End {
    fn from(reason: String) -> Self {
        Self { reason, is_refused: false }
    }
}

impl Connection {
    /// Connects and shows the secret.
    async fn open(settings: &LinkSettings, marks: &Marks) -> Result<Self, String> {
        let connecting = TcpStream::connect(&settings.server);
        let socket = within(CONNECT_TIMEOUT, async { connecting.await.map_err(describe) }).await?;
        // A stanza is short, and waits for no other.
        socket.set_nodelay(true).map_err(describe)?;
        let (reader, mut writer) = socket.into_split();
        let (stream, events) = (StreamReader::default(), VecDeque::new());
        let mut reader = Reader { socket: reader, stream, events };
        let header = format!(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' \
             xmlns:stream='http://etherx.jabber.org/streams' to='{}'>",
            marks.domain
        );
        write(&mut writer, &header).await?;
        let id = match within(CONNECT_TIMEOUT, reader.next()).await? {
            StreamEvent::Opened(id) => id,
            other => return Err(reason_of(other)),
        };
        write(&mut writer, &handshake(&id, &settings.secret)).await?;
        match within(CONNECT_TIMEOUT, reader.next()).await? {
            StreamEvent::Accepted => {}
            other => return Err(reason_of(other)),
        }
        // The first mark goes alone, to find out whether marks come back from this server.
        let (number, mark) = marks.next();
        write(&mut writer, &mark).await?;
        let mut early = VecDeque::new();
        let returned = async {
            loop {
                match reader.next().await? {
                    StreamEvent::Stanza(stanza) if marks.number_of(&stanza) == Some(number) => {
                        return Ok(());
                    }
                    stanza @ (StreamEvent::Stanza(_) | StreamEvent::Unreadable(_)) => {
                        early.push_back(stanza);
                    }
                    other => return Err(reason_of(other)),
                }
            }
        };
        let no_mark = "the server does not deliver to a component what that sends to itself";
        timeout(CONNECT_TIMEOUT, returned).await.unwrap_or_else(|_| Err(no_mark.into()))?;
        // What came before the mark is handled once the link is up, in its order.
        early.append(&mut reader.events);
        reader.events = early;
        Ok(Self { reader, writer })
    }

    /// Exchanges stanzas until the connection breaks, or the link stops.
    async fn run(
        self,
        broker: &BrokerHandle,
        marks: &Marks,
        mut stopping: watch::Receiver<bool>,
    ) -> End {
        let Self { mut reader, mut writer } = self;
        // The number of the mark that has been sent and has not come back.
        let awaited = watch::Sender::new(None);
        let receiving = async {
            loop {
                let (stanza, is_readable) = match reader.next().await {
                    Ok(StreamEvent::Stanza(stanza)) => (stanza, true),
                    Ok(StreamEvent::Unreadable(stanza)) => (stanza, false),
                    Ok(other) => {
                        let is_refused = is_refusal(&other);
                        return End { reason: reason_of(other), is_refused };
                    }
                    Err(reason) => return End::from(reason),
                };
                if let Some(number) = marks.number_of(&stanza) {
                    // Not left to who sends: the stream may end with what comes next.
                    if *awaited.borrow() == Some(number) {
                        if let Err(error) = broker.change(Broker::acknowledge_outgoing) {
                            return End::from(error.to_string());
                        }
                        awaited.send_replace(None);
                    }
                    continue;
                }
                let receive = |broker: &mut Broker| {
                    if is_readable {
                        broker.receive(stanza, unix_seconds());
                    } else {
                        broker.receive_unreadable(stanza, unix_seconds());
                    }
                };
                // The next one is not read before this one is saved: who sends faster than the disk
                // can take has to wait.
                if let Err(error) = broker.with_broker(receive).await {
                    return End::from(error.to_string());
                }
            }
        };
        let sending = async {
            match send(&mut writer, broker, marks, &awaited).await {
                Ok(never) => match never {},
                Err(reason) => End::from(reason),
            }
        };
        tokio::pin!(receiving);
        let broken = tokio::select! {
            end = &mut receiving => return end,
            end = sending => Some(end),
            _ = stopping.wait_for(|stopping| *stopping) => None,
        };
        if broken.is_none() {
            // The server may be gone already.
            let _ = write(&mut writer, "</stream:stream>").await;
        }
        // What the server sends before it closes its stream has arrived for it, and would be lost (RFC
        // 6120 §4.4). Its last word may also be why nothing can be written any more.
        let last = timeout(CLOSE_TIMEOUT, receiving).await.ok().or(broken);
        last.unwrap_or_else(|| End::from(String::from("the link stops")))
    }
}

/// Sends what waits, batch by batch. After each one a query to the own domain is sent, which comes
/// back when the server has handled all before it: a server handles a stream in order (RFC 6120
/// §10.1). Who receives it acknowledges the batch.
async fn send(
    writer: &mut OwnedWriteHalf,
    broker: &BrokerHandle,
    marks: &Marks,
    awaited: &watch::Sender<Option<u64>>,
) -> Result<Infallible, String> {
    let mut outgoing = broker.subscribe_to_outgoing();
    let next = |broker: &mut Broker| broker.next_outgoing(unix_seconds());
    loop {
        let mut batch = broker.with_broker(next).await.map_err(describe)?;
        if batch.is_empty() && timeout(IDLE_TIMEOUT, outgoing.changed()).await.is_ok() {
            batch = broker.with_broker(next).await.map_err(describe)?;
        }
        let (number, mark) = marks.next();
        awaited.send_replace(Some(number));
        write(writer, &[batch, mark].concat()).await?;
        let mut awaited = awaited.subscribe();
        let acknowledged =
            async { awaited.wait_for(Option::is_none).await.map(drop).map_err(describe) };
        within(ACKNOWLEDGE_TIMEOUT, acknowledged)
            .await
            .map_err(|reason| format!("what was sent is not acknowledged: {reason}"))?;
    }
}

/// The marks of one run of the link: queries to the own domain. None is used twice, because one of an
/// earlier connection may still come back, and one of an earlier process too.
struct Marks {
    /// The broker's domain, normalised.
    domain: String,
    /// Begins the ids of this run.
    prefix: String,
    count: AtomicU64,
}

impl Marks {
    fn new(broker: &mut Broker) -> Self {
        let prefix = format!("{MARK}{}-", broker.new_id());
        Self { domain: broker.domain().into(), prefix, count: AtomicU64::new(1) }
    }

    /// The next one, and its number.
    fn next(&self) -> (u64, String) {
        let Self { domain, prefix, count } = self;
        let number = count.fetch_add(1, Ordering::Relaxed);
        let mark = format!(
            "<iq from='{domain}' to='{domain}' id='{prefix}{number}' type='get'>\
             <ping xmlns='urn:xmpp:ping'/></iq>"
        );
        (number, mark)
    }

    /// The number of one that has come back, as a query or as the response to one.
    fn number_of(&self, stanza: &Stanza) -> Option<u64> {
        let is_own =
            [&stanza.from, &stanza.to].iter().all(|address| address.as_str() == self.domain);
        let is_mark = is_own && stanza.name == StanzaName::Iq;
        stanza.id.as_deref().filter(|_| is_mark)?.strip_prefix(&self.prefix)?.parse().ok()
    }
}

impl Reader {
    async fn next(&mut self) -> Result<StreamEvent, String> {
        let mut buffer = [0; 8 * 1024];
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            let length = self.socket.read(&mut buffer).await.map_err(describe)?;
            if length == 0 {
                return Err("the server has closed the connection".into());
            }
            let piece = buffer.get(..length).unwrap_or_default();
            self.events.extend(self.stream.read(piece)?);
        }
    }
}

/// The proof that the secret is known (XEP-0114 §3).
fn handshake(stream_id: &str, secret: &str) -> String {
    let digest = Sha1::new().chain_update(stream_id).chain_update(secret).finalize();
    let mut digits = String::new();
    for byte in digest {
        let _ = write!(digits, "{byte:02x}");
    }
    format!("<handshake>{digits}</handshake>")
}

async fn write(writer: &mut OwnedWriteHalf, text: &str) -> Result<(), String> {
    let writing = async { writer.write_all(text.as_bytes()).await.map_err(describe) };
    within(ACKNOWLEDGE_TIMEOUT, writing).await
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    timeout(limit, work).await.unwrap_or_else(|_| Err("the server does not respond".into()))
}

/// Whether the server ends the stream because of what it got (RFC 6120 §4.9.3), and not because it
/// stops.
fn is_refusal(event: &StreamEvent) -> bool {
    const REFUSALS: [&str; 7] = [
        "bad-format",
        "invalid-from",
        "invalid-xml",
        "not-well-formed",
        "policy-violation",
        "restricted-xml",
        "xml-not-well-formed",
    ];
    let StreamEvent::Error(error) = event else { return false };
    REFUSALS.iter().any(|refusal| error.split(", ").any(|name| name == *refusal))
}

/// Why a connection ends with what the server sent.
fn reason_of(event: StreamEvent) -> String {
    match event {
        StreamEvent::Error(error) => format!("the server says {error}"),
        StreamEvent::Closed => "the server has ended the stream".into(),
        // What it is may be private.
        _ => "the server sent something out of place".into(),
    }
}

fn describe(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of XEP-0114 §3.
    #[test]
    fn the_handshake_is_that_of_the_specification() {
        assert_eq!(
            handshake("3BF96D32", "test"),
            "<handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>"
        );
    }
}
