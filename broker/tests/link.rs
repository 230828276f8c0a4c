//! The link to an XMPP server, tried with a server that does what each test wants.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod support;

use broker::core::{Broker, LoginLimits, Seed, Setup, StreamEvent, StreamReader, demo_accounts};
use broker::http::{BrokerHandle, Server, unix_seconds};
use broker::link::{self, LinkSettings};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;
use support::settings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

const HEADER: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' \
                      xmlns:stream='http://etherx.jabber.org/streams' id='3BF96D32'>";
/// What proves the secret `test` on that stream (XEP-0114 §3).
const PROOF: &str = "<handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>";

/// How long a test waits for what must come.
const SOON: Duration = Duration::from_secs(20);

/// A broker with a link to a server that the test plays.
struct Linked {
    broker: BrokerHandle,
    listener: TcpListener,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
}

static REPORTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

async fn linked() -> Linked {
    linked_with([7; 32]).await
}

/// [`linked`], with another source of randomness, as each process has its own.
async fn linked_with(seed: Seed) -> Linked {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let setup = Setup {
        domain: "localhost".into(),
        accounts: demo_accounts(),
        api_keys: Vec::new(),
        login_limits: LoginLimits::default(),
        is_linked: true,
        now: unix_seconds(),
    };
    let server = Server::bind(Broker::new(setup, seed).unwrap(), settings()).await.unwrap();
    let broker = server.broker();
    let settings = LinkSettings {
        server: listener.local_addr().unwrap().to_string(),
        secret: "test".into(),
        report: |line| REPORTS.lock().unwrap().push(line.into()),
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(link::run(broker.clone(), settings, async {
        let _ = stopped.await;
    }));
    Linked { broker, listener, stop, ended }
}

impl Linked {
    /// Accepts the next connection, as a server does that knows the secret.
    async fn accept(&self) -> Peer {
        let mut peer = self.offer().await;
        assert_eq!(peer.acknowledge().await, "", "the first mark goes alone");
        self.wait_until(Broker::is_link_up).await;
        peer
    }

    /// [`Linked::accept`], but sends no mark back.
    async fn offer(&self) -> Peer {
        let mut peer = self.connect().await;
        peer.write(HEADER).await;
        peer.expect(PROOF).await;
        peer.write("<handshake/>").await;
        peer
    }

    async fn wait_until(&self, is_so: impl Fn(&Broker) -> bool) {
        let waiting = async {
            while !self.broker.change(|broker| is_so(broker)).unwrap() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(SOON, waiting).await.unwrap();
    }

    async fn connect(&self) -> Peer {
        let (socket, _) = timeout(SOON, self.listener.accept()).await.unwrap().unwrap();
        let mut peer = Peer { socket, read: String::new() };
        peer.expect(" to='localhost'>").await;
        peer
    }

    /// The server's address, and what has been said of the link to it.
    fn reports(&self) -> (String, Vec<String>) {
        let server = self.listener.local_addr().unwrap().to_string();
        let reports = REPORTS.lock().unwrap();
        let of_server = reports.iter().filter(|line| line.contains(&server)).cloned().collect();
        (server, of_server)
    }

    /// A stranger pings the broker, so that there is a response to send.
    fn send(&self, number: usize) {
        self.broker.change(|broker| {
            let mut reader = StreamReader::default();
            let xml = [HEADER, &format!(
                "<iq type='get' id='n{number}' from='c@x' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"
            )].concat();
            let mut events: VecDeque<_> = reader.read(xml.as_bytes()).unwrap().into();
            let Some(StreamEvent::Stanza(stanza)) = events.pop_back() else { panic!() };
            broker.receive(stanza, unix_seconds());
        })
        .unwrap();
    }
}

/// The other end of the link.
struct Peer {
    socket: TcpStream,
    /// What has come and was not expected yet.
    read: String,
}

impl Peer {
    async fn write(&mut self, text: &str) {
        self.socket.write_all(text.as_bytes()).await.unwrap();
    }

    /// Reads up to the end of a text, and returns what came before it.
    async fn expect(&mut self, text: &str) -> String {
        let reading = async {
            loop {
                if let Some((before, rest)) = self.read.split_once(text) {
                    let (before, rest) = (before.to_owned(), rest.to_owned());
                    self.read = rest;
                    return before;
                }
                let mut bytes = Vec::new();
                let length = self.socket.read_buf(&mut bytes).await.unwrap();
                assert!(length > 0, "the link has closed; read {:?}", self.read);
                self.read.push_str(std::str::from_utf8(&bytes).unwrap());
            }
        };
        timeout(SOON, reading).await.unwrap_or_else(|_| panic!("{text} does not come"))
    }

    /// Sends the next mark back, as a server does that has handled all before it. Returns that.
    async fn acknowledge(&mut self) -> String {
        let (before, id) = self.next_batch().await;
        self.send_mark_back(&id).await;
        before
    }

    /// Reads up to the end of the next mark. Returns what came before it, and its id.
    async fn next_batch(&mut self) -> (String, String) {
        let before = self.expect("<iq from='localhost' to='localhost' id='").await;
        let id = self.expect("'").await;
        self.expect("</iq>").await;
        (before, id)
    }

    async fn send_mark_back(&mut self, id: &str) {
        self.write(&mark(id)).await;
    }
}

/// A mark that comes back.
fn mark(id: &str) -> String {
    format!(
        "<iq from='localhost' to='localhost' id='{id}' type='get'><ping xmlns='urn:xmpp:ping'/></iq>"
    )
}

/// The numbers of the stanzas in what the link sent.
fn numbers(xml: &str) -> Vec<usize> {
    let ids = xml.split(" id=\"n").skip(1).map(|rest| rest.split('"').next().unwrap());
    ids.map(|id| id.parse().unwrap()).collect()
}

#[tokio::test]
async fn what_waits_is_sent_in_its_order_and_let_go_when_it_is_acknowledged() {
    let linked = linked().await;
    let mut peer = linked.accept().await;
    (0..3).for_each(|number| linked.send(number));
    let mut sent = numbers(&peer.acknowledge().await);
    while sent.len() < 3 {
        sent.extend(numbers(&peer.acknowledge().await));
    }
    assert_eq!(sent, [0, 1, 2]);
    linked.wait_until(|broker| broker.waiting_stanzas() == 0).await;
}

#[tokio::test]
async fn what_is_not_acknowledged_is_sent_again_on_the_next_connection() {
    let linked = linked().await;
    let mut peer = linked.accept().await;
    linked.send(0);
    let before = peer.expect("id=\"n0\"").await;
    assert!(before.ends_with("to=\"c@x\" "), "{before}");
    linked.send(1);
    drop(peer);
    let mut peer = linked.accept().await;
    assert_eq!(numbers(&peer.acknowledge().await), [0, 1]);
}

/// A server that stops may say both at once.
#[tokio::test]
async fn what_is_acknowledged_and_then_the_stream_ends_is_not_sent_again() {
    let linked = linked().await;
    let mut peer = linked.accept().await;
    linked.send(0);
    let (batch, id) = peer.next_batch().await;
    assert_eq!(numbers(&batch), [0]);
    let end = "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>\
               </stream:error></stream:stream>";
    peer.write(&[&mark(&id), end].concat()).await;
    let mut peer = linked.accept().await;
    linked.send(1);
    assert_eq!(numbers(&peer.acknowledge().await), [1]);
}

/// It is not kept for the next start.
#[tokio::test]
async fn what_is_acknowledged_after_the_link_has_closed_its_stream_is_let_go() {
    let linked = linked().await;
    let mut peer = linked.accept().await;
    linked.send(0);
    let (_, id) = peer.next_batch().await;
    linked.stop.send(()).unwrap();
    peer.expect("</stream:stream>").await;
    peer.write(&[&mark(&id), "</stream:stream>"].concat()).await;
    timeout(SOON, linked.ended).await.unwrap().unwrap();
    assert_eq!(linked.broker.change(|broker| broker.waiting_stanzas()).unwrap(), 0);
}

#[tokio::test]
async fn the_server_is_told_when_the_broker_stops() {
    let linked = linked().await;
    let mut peer = linked.accept().await;
    linked.stop.send(()).unwrap();
    timeout(SOON, linked.ended).await.unwrap().unwrap();
    peer.expect("</stream:stream>").await;
}

/// For the server it has arrived.
#[tokio::test]
async fn what_comes_until_the_server_closes_its_stream_is_received() {
    let linked = linked().await;
    let mut peer = linked.accept().await;
    linked.stop.send(()).unwrap();
    peer.expect("</stream:stream>").await;
    peer.write("<presence type='subscribe' from='c@x' to='alice@localhost'/></stream:stream>")
        .await;
    timeout(SOON, linked.ended).await.unwrap().unwrap();
    let requests = |broker: &mut Broker| broker.subscription_requests("alice@localhost").count();
    assert_eq!(linked.broker.change(requests).unwrap(), 1);
}

#[tokio::test]
async fn a_wrong_secret_is_told_once_and_tried_again() {
    let linked = linked().await;
    for _ in 0..3 {
        let mut peer = linked.connect().await;
        peer.write(HEADER).await;
        peer.expect(PROOF).await;
        peer.write(
            "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>\
             </stream:error></stream:stream>",
        )
        .await;
    }
    let (server, reports) = linked.reports();
    assert_eq!(
        reports,
        [format!("No link to {server}: the server says not-authorized. Trying again.")]
    );
}

#[tokio::test]
async fn what_is_not_xml_ends_the_connection_and_not_the_link() {
    let linked = linked().await;
    let mut peer = linked.accept().await;
    peer.write("<message></presence>").await;
    linked.accept().await;
}

/// One that the server does not take must not keep the others from everybody.
#[tokio::test]
async fn a_stanza_that_the_server_refuses_is_given_up_and_the_others_arrive() {
    let linked = linked().await;
    let mut peer = linked.accept().await;
    (0..3).for_each(|number| linked.send(number));
    let mut arrived = Vec::new();
    while arrived.len() < 2 {
        let (batch, id) = peer.next_batch().await;
        let sent = numbers(&batch);
        if sent.contains(&1) {
            peer.write(
                "<stream:error><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>\
                 </stream:error></stream:stream>",
            )
            .await;
            drop(peer);
            peer = linked.accept().await;
        } else {
            arrived.extend(sent);
            peer.send_mark_back(&id).await;
        }
    }
    assert_eq!(arrived, [0, 2]);
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_sends_no_mark_back() {
    let linked = linked().await;
    let mut peer = linked.offer().await;
    assert_eq!(peer.next_batch().await.0, "");
    assert!(!linked.broker.change(|broker| broker.is_link_up()).unwrap());
}

/// ejabberd may still deliver one to the component that comes after a process that was killed.
#[tokio::test]
async fn a_mark_of_another_process_acknowledges_nothing() {
    let killed = linked_with([1; 32]).await;
    let (_, of_killed) = killed.offer().await.next_batch().await;
    let linked = linked_with([2; 32]).await;
    let mut peer = linked.offer().await;
    let (_, own) = peer.next_batch().await;
    let number = |id: &str| id.rsplit_once('-').unwrap().1.to_owned();
    assert_eq!(number(&of_killed), number(&own));
    peer.send_mark_back(&of_killed).await;
    peer.write("</stream:stream>").await;
    linked.connect().await;
    let (server, reports) = linked.reports();
    assert_eq!(
        reports,
        [format!("No link to {server}: the server has ended the stream. Trying again.")]
    );
}
