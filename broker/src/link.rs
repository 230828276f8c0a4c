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
use std::time::Duration;
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

/// How long what waits may take to be sent when the broker stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// How often it is looked whether all of it has been.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Begins the id of the queries with which the link asks the server whether it has handled what
/// was sent.
const MARK: &str = "link-mark-";

/// Where the link connects, and as what.
#[derive(Clone)]
pub struct LinkSettings {
    /// The server's address for components, such as `127.0.0.1:5347`.
    pub server: String,
    /// The domain of the component, which is that of the accounts.
    pub domain: String,
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
                while broker.change(|broker| broker.waiting_stanzas()).is_ok_and(|count| count > 0)
                {
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
        let (mut backoff, mut last_reason) = (SHORTEST_BACKOFF, String::new());
        loop {
            let reason = match Connection::open(&settings).await {
                Ok(connection) => {
                    (settings.report)(&format!("Linked to {}.", settings.server));
                    last_reason.clear();
                    backoff = SHORTEST_BACKOFF;
                    let up = broker.change(|broker| broker.link_is_up(unix_seconds()));
                    connected.send_replace(true);
                    let stopping = stopping.subscribe();
                    let reason = match up {
                        Ok(()) => connection.run(&broker, &settings.domain, stopping).await,
                        Err(error) => error.to_string(),
                    };
                    let _ = broker.change(Broker::link_is_down);
                    connected.send_replace(false);
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

impl Connection {
    /// Connects and shows the secret.
    async fn open(settings: &LinkSettings) -> Result<Self, String> {
        let connecting = TcpStream::connect(&settings.server);
        let socket = within(CONNECT_TIMEOUT, async { connecting.await.map_err(text) }).await?;
        // A stanza is short, and waits for no other.
        socket.set_nodelay(true).map_err(text)?;
        let (reader, mut writer) = socket.into_split();
        let (stream, events) = (StreamReader::default(), VecDeque::new());
        let mut reader = Reader { socket: reader, stream, events };
        let domain = &settings.domain;
        let header = format!(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' \
             xmlns:stream='http://etherx.jabber.org/streams' to='{domain}'>"
        );
        write(&mut writer, &header).await?;
        let id = match within(CONNECT_TIMEOUT, reader.next()).await? {
            StreamEvent::Opened(id) => id,
            other => return Err(refusal(other)),
        };
        write(&mut writer, &handshake(&id, &settings.secret)).await?;
        match within(CONNECT_TIMEOUT, reader.next()).await? {
            StreamEvent::Accepted => Ok(Self { reader, writer }),
            other => Err(refusal(other)),
        }
    }

    /// Exchanges stanzas until the connection breaks, or the link stops. Returns why.
    async fn run(
        self,
        broker: &BrokerHandle,
        domain: &str,
        mut stopping: watch::Receiver<bool>,
    ) -> String {
        let Self { mut reader, mut writer } = self;
        // The number of the last mark that has come back.
        let marks = watch::Sender::new(0_u64);
        let receiving = async {
            loop {
                let stanza = match reader.next().await {
                    Ok(StreamEvent::Stanza(stanza)) => stanza,
                    Ok(other) => return refusal(other),
                    Err(reason) => return reason,
                };
                match mark_of(&stanza, domain) {
                    Some(number) => {
                        marks.send_replace(number);
                    }
                    // What it brings about is sent after it is saved.
                    None => {
                        let receive = |broker: &mut Broker| broker.receive(stanza, unix_seconds());
                        if let Err(error) = broker.change(receive) {
                            return error.to_string();
                        }
                    }
                }
            }
        };
        let sending = async {
            match send(&mut writer, broker, domain, marks.subscribe()).await {
                Ok(never) => match never {},
                Err(reason) => reason,
            }
        };
        tokio::select! {
            reason = receiving => return reason,
            reason = sending => return reason,
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
        // The server may be gone already.
        let _ = write(&mut writer, "</stream:stream>").await;
        "the link stops".into()
    }
}

/// Sends what waits, batch by batch. After each one a query to the own domain is sent, which comes
/// back when the server has handled all before it: a server handles a stream in order (RFC 6120
/// §10.1).
async fn send(
    writer: &mut OwnedWriteHalf,
    broker: &BrokerHandle,
    domain: &str,
    mut marks: watch::Receiver<u64>,
) -> Result<Infallible, String> {
    let mut outgoing = broker.subscribe_to_outgoing();
    for number in 1_u64.. {
        let mut batch = broker.with_broker(Broker::next_outgoing).await.map_err(text)?;
        if batch.is_empty() && number > 1 {
            let has_more = timeout(IDLE_TIMEOUT, outgoing.changed()).await.is_ok();
            if has_more {
                batch = broker.with_broker(Broker::next_outgoing).await.map_err(text)?;
            }
        }
        let _ = write!(
            batch,
            "<iq from='{domain}' to='{domain}' id='{MARK}{number}' type='get'>\
             <ping xmlns='urn:xmpp:ping'/></iq>"
        );
        write(writer, &batch).await?;
        let acknowledged =
            async { marks.wait_for(|last| *last == number).await.map(drop).map_err(text) };
        within(ACKNOWLEDGE_TIMEOUT, acknowledged)
            .await
            .map_err(|reason| format!("what was sent is not acknowledged: {reason}"))?;
        broker.change(Broker::acknowledge_outgoing).map_err(text)?;
    }
    Err("the numbers of batches are used up".into())
}

/// The number of a mark that has come back, as a query or as the response to one.
fn mark_of(stanza: &Stanza, domain: &str) -> Option<u64> {
    let is_own = stanza.from.as_str() == domain && stanza.to.as_str() == domain;
    let is_mark = is_own && stanza.name == StanzaName::Iq;
    stanza.id.as_deref().filter(|_| is_mark)?.strip_prefix(MARK)?.parse().ok()
}

impl Reader {
    async fn next(&mut self) -> Result<StreamEvent, String> {
        let mut buffer = [0; 8 * 1024];
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            let length = self.socket.read(&mut buffer).await.map_err(text)?;
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

async fn write(writer: &mut OwnedWriteHalf, text_to_write: &str) -> Result<(), String> {
    let writing = async { writer.write_all(text_to_write.as_bytes()).await.map_err(text) };
    within(ACKNOWLEDGE_TIMEOUT, writing).await
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    timeout(limit, work).await.unwrap_or_else(|_| Err("the server does not respond".into()))
}

fn refusal(event: StreamEvent) -> String {
    match event {
        StreamEvent::Error(error) => format!("the server says {error}"),
        StreamEvent::Closed => "the server has ended the stream".into(),
        other => format!("the server sent {other:?} out of place"),
    }
}

fn text(error: impl std::fmt::Display) -> String {
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
