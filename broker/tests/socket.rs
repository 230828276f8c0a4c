//! Events over the WebSocket.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use broker::http::{Limits, Settings};
use futures_util::{SinkExt, StreamExt};
use neuron_agent_api::resources::{account, wallet, xmpp};
use neuron_agent_api::wire::Encoding::{Json, Xml};
use neuron_agent_api::wire::Value;
use std::time::Duration;
use support::{Request, Running, list, settings, start, text};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn try_connect(broker: &Running, protocol: Option<&str>) -> Result<Socket, Error> {
    let url = format!("ws://{}/ClientEventsWS", broker.address);
    let mut request = url.into_client_request().unwrap();
    let headers = request.headers_mut();
    headers.insert("Origin", "https://page.example".parse().unwrap());
    if let Some(protocol) = protocol {
        headers.insert("Sec-WebSocket-Protocol", protocol.parse().unwrap());
    }
    Ok(connect_async(request).await?.0)
}

async fn say(socket: &mut Socket, frame: &str) {
    socket.send(Message::text(frame)).await.unwrap();
}

/// The next frame. `None` at the end.
async fn hear(socket: &mut Socket) -> Option<Value> {
    loop {
        match timeout(Duration::from_secs(10), socket.next()).await.unwrap() {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(_)) => {}
        }
    }
}

/// A tab that has registered.
async fn open(broker: &Running, tab: &str) -> Socket {
    let mut socket = try_connect(broker, Some("ls")).await.unwrap();
    let location = r#""location":"https://page.example/""#;
    say(&mut socket, &format!(r#"{{"cmd":"Register","tabId":"{tab}",{location}}}"#)).await;
    let first = hear(&mut socket).await.unwrap();
    assert_eq!(text(&first, "type"), "CheckServerInstance");
    assert_eq!(text(&first, "data").len(), 32);
    socket
}

struct Story {
    broker: Running,
    alice: String,
    bob: String,
}

/// Bob has `<a xmlns="u">` pushed to his tab.
fn begin(settings: Settings) -> Story {
    let broker = start(settings);
    let (alice, bob) = (broker.log_in("alice", "wonderland"), broker.log_in("bob", "builder"));
    let body = r#"{"localName":"a","namespace":"u","function":"My.f1","tabId":"t"}"#;
    broker.call(&xmpp::REGISTER_EVENT_HANDLER, &bob, Json, body);
    Story { broker, alice, bob }
}

impl Story {
    fn send(&self, number: u32) {
        let body = format!(r#"{{"to":"bob@localhost","xml":"<a xmlns='u' n='{number}'/>"}}"#);
        self.broker.call(&xmpp::SEND_XML_MESSAGE, &self.alice, Json, &body);
    }

    fn queued(&self) -> usize {
        let popped = self.broker.call(&xmpp::POP_MESSAGES, &self.bob, Json, r#"{"maxCount":9}"#);
        list(&popped, "Messages").len()
    }
}

async fn assert_event(socket: &mut Socket, number: u32) {
    let event = hear(socket).await.unwrap();
    assert_eq!(text(&event, "type"), "My.f1");
    assert_eq!(text(event.get("data").unwrap(), "n"), number.to_string());
}

#[tokio::test]
async fn a_message_is_pushed_to_the_tab_with_an_event_handler() {
    let story = begin(settings());
    story.send(0);
    assert_eq!(story.queued(), 1);
    let mut socket = open(&story.broker, "t").await;
    for number in 1..4 {
        story.send(number);
        assert_event(&mut socket, number).await;
    }
    assert_eq!(story.queued(), 0);
    let body = r#"{"localName":"a","namespace":"u","function":"","tabId":"t"}"#;
    story.broker.call(&xmpp::REGISTER_EVENT_HANDLER, &story.bob, Xml, body);
    story.send(4);
    assert_eq!(story.queued(), 1);
}

#[tokio::test]
async fn a_tab_that_comes_back_gets_what_it_missed() {
    let story = begin(settings());
    drop(open(&story.broker, "t").await);
    story.send(1);
    assert_eq!(story.queued(), 0);
    let mut socket = open(&story.broker, "t").await;
    assert_event(&mut socket, 1).await;
    // The same tab connects again, such as after a change of network, and its old socket is closed.
    let mut second = open(&story.broker, "t").await;
    story.send(2);
    assert_event(&mut second, 2).await;
    assert_eq!(hear(&mut socket).await, None);
    story.send(3);
    assert_event(&mut second, 3).await;
}

#[tokio::test]
async fn a_logout_removes_the_event_handlers_of_the_session() {
    let story = begin(settings());
    let mut socket = open(&story.broker, "t").await;
    let again = story.broker.log_in("bob", "builder");
    story.broker.call(&account::LOGOUT, &story.bob, Json, "{}");
    story.send(1);
    let popped = story.broker.call(&xmpp::POP_MESSAGES, &again, Json, r#"{"maxCount":9}"#);
    assert_eq!(list(&popped, "Messages").len(), 1, "queued, for nobody wants it pushed");
    assert!(timeout(Duration::from_millis(100), socket.next()).await.is_err(), "and not pushed");
}

#[tokio::test]
async fn a_tab_that_unregisters_gets_no_more_events() {
    let story = begin(settings());
    let mut socket = open(&story.broker, "t").await;
    say(&mut socket, r#"{"cmd":"Unregister"}"#).await;
    assert_eq!(hear(&mut socket).await, None);
    story.send(1);
    assert_eq!(story.queued(), 1);
}

#[tokio::test]
async fn a_tab_that_pings_stays_open_and_a_silent_one_is_closed() {
    let tab = Duration::from_secs(2);
    let story = begin(Settings { limits: Limits { tab, ..Limits::default() }, ..settings() });
    let mut socket = open(&story.broker, "t").await;
    for _ in 0..3 {
        tokio::time::sleep(tab / 2).await;
        say(&mut socket, r#"{"cmd":"Ping"}"#).await;
    }
    story.send(1);
    assert_event(&mut socket, 1).await;
    assert_eq!(hear(&mut socket).await, None);
}

#[tokio::test]
async fn invalid_frames_close_the_socket() {
    let broker = start(settings());
    let long =
        format!(r#"{{"cmd":"Register","tabId":"{}","location":"https://x/"}}"#, "x".repeat(257));
    for frame in [
        "",
        "{",
        r#"{"cmd":"Register"}"#,
        r#"{"cmd":"Register","tabId":"","location":"https://x/"}"#,
        r#"{"cmd":"Register","tabId":"t"}"#,
        r#"{"cmd":"Unregister"}"#,
        &long,
        &" ".repeat(20_000),
    ] {
        let mut socket = try_connect(&broker, Some("ls")).await.unwrap();
        say(&mut socket, frame).await;
        assert_eq!(hear(&mut socket).await, None, "{frame}");
    }
    let mut socket = try_connect(&broker, Some("ls")).await.unwrap();
    socket.send(Message::binary(b"{}".to_vec())).await.unwrap();
    assert_eq!(hear(&mut socket).await, None);
    broker.assert_alive();
}

#[tokio::test]
async fn other_requests_and_protocols_are_refused() {
    let broker = start(settings());
    for protocol in [None, Some("other")] {
        let Err(Error::Http(response)) = try_connect(&broker, protocol).await else { panic!() };
        assert_eq!(response.status(), 400);
    }
    let plain = broker.send(&Request::new("GET", "/ClientEventsWS"));
    assert_eq!((plain.status, plain.body.as_str()), (400, "This address is for WebSockets."));
}

#[tokio::test]
async fn open_sockets_do_not_keep_the_broker_from_stopping() {
    let story = begin(settings());
    let mut socket = open(&story.broker, "t").await;
    story.broker.assert_stops_at_once();
    assert_eq!(hear(&mut socket).await, None);
}

#[tokio::test]
async fn anonymous_tabs_replace_only_each_other() {
    let story = begin(settings());
    let mut registered = open(&story.broker, "t").await;
    let mut anonymous = Vec::new();
    for number in 0..60 {
        anonymous.push(open(&story.broker, &format!("anonymous{number}")).await);
    }
    say(&mut anonymous[0], r#"{"cmd":"Ping"}"#).await;
    assert_eq!(hear(&mut anonymous[0]).await, None, "it made room");
    story.send(1);
    assert_event(&mut registered, 1).await;
    // A tab that registers a handler later gets its events as well.
    let body = r#"{"localName":"a","namespace":"u","function":"My.f1","tabId":"anonymous59"}"#;
    story.broker.call(&xmpp::REGISTER_EVENT_HANDLER, &story.bob, Json, body);
    story.send(2);
    assert_event(&mut anonymous[59], 2).await;
}

#[tokio::test]
async fn event_sockets_count_as_connections() {
    let limits = Limits { connections: 4, ..Limits::default() };
    let broker = start(Settings { limits, ..settings() });
    let mut sockets = Vec::new();
    for number in 0..5 {
        sockets.push(open(&broker, &number.to_string()).await);
    }
    assert_eq!(hear(&mut sockets[0]).await, None, "it made room");
    broker.assert_alive();
    drop(sockets);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_is_told_of_a_transaction_that_it_began() {
    let Story { broker, alice, .. } = begin(settings());
    let mut socket = open(&broker, "payments").await;
    let body = r#"{"serviceId":"mock","serviceProvider":"Local.MockBuy","amount":12.5,
        "currency":"SEK","tabId":"payments","functionName":"Page.OnPayment"}"#;
    let bought = broker.call(&wallet::INITIATE_BUY_E_DALER, &alice, Json, body);
    let event = hear(&mut socket).await.unwrap();
    assert_eq!(text(&event, "type"), "Page.OnPayment");
    let data = event.get("data").unwrap();
    assert_eq!(text(data, "id"), text(&bought, "id"));
    assert_eq!(text(data, "state"), "Committed");
}
