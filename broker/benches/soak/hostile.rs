//! Attackers, each from an address of its own. They leave the machine some room, because what is
//! measured is whether they keep others from the broker, not who has more processors.

use super::client::{connect, exchange, json, log_in, login_body, request};
use super::honest::USERS;
use futures_util::{SinkExt, StreamExt};
use std::future::pending;
use std::io::{Error, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// The account of an attacker, whose password is its name; there is a second one with a 2 at its
/// end.
pub const ACCOUNT: &str = "mallory";

/// An attack: its name, how many attackers there are, and how long each pauses after an attempt.
pub const ATTACKS: [(&str, usize, Duration); 8] = [
    ("never-reads", 20, Duration::from_millis(500)),
    ("half-open", 300, Duration::from_millis(500)),
    ("slow-bodies", 50, Duration::from_millis(500)),
    ("big-bodies", 1, Duration::from_millis(500)),
    ("namespaces", 1, Duration::from_millis(500)),
    ("wrong-logins", 1, Duration::from_millis(50)),
    ("anonymous-tabs", 100, Duration::from_millis(500)),
    ("large-messages", 1, Duration::from_millis(500)),
];

const KIB: usize = 1024;

/// Starts all attacks except those that are left out.
pub fn start(broker: SocketAddr, left_out: &[String], tasks: &mut JoinSet<()>) {
    let attacks =
        (2..).zip(ATTACKS).filter(|(_, (name, ..))| !left_out.iter().any(|out| out == name));
    for (number, (name, attackers, pause)) in attacks {
        let from = Ipv4Addr::new(127, 0, 0, number);
        for _ in 0..attackers {
            tasks.spawn(async move {
                loop {
                    // The result of an attack does not matter.
                    let _ = timeout(Duration::from_secs(30), attack(name, broker, from)).await;
                    sleep(pause).await;
                }
            });
        }
    }
}

async fn attack(name: &str, broker: SocketAddr, from: Ipv4Addr) -> Result<()> {
    match name {
        "never-reads" => never_read(broker, from).await,
        "half-open" => half_open(broker, from).await,
        "slow-bodies" => slow_body(broker, from).await,
        "big-bodies" => send_login(broker, from, &" ".repeat(8 * KIB * KIB)).await,
        "namespaces" => namespaces(broker, from).await,
        "wrong-logins" => wrong_login(broker, from).await,
        "anonymous-tabs" => anonymous_tab(broker, from).await,
        _ => large_messages(broker, from).await,
    }
}

/// Requests a large file until nothing more can be sent, then keeps the connection open.
async fn never_read(broker: SocketAddr, from: Ipv4Addr) -> Result<()> {
    let mut stream = connect(broker, from).await?;
    let request = format!("GET /pkg/index.js HTTP/1.1\r\nHost: {broker}\r\n\r\n");
    stream.write_all(request.repeat(100).as_bytes()).await?;
    // Until the broker closes the connection.
    while stream.write_all(request.as_bytes()).await.is_ok() {
        sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

async fn half_open(broker: SocketAddr, from: Ipv4Addr) -> Result<()> {
    let mut stream = connect(broker, from).await?;
    stream.write_all(b"POST /Agent/Account/Login HTTP/1.1\r\nHost: ").await?;
    hold(stream).await
}

async fn slow_body(broker: SocketAddr, from: Ipv4Addr) -> Result<()> {
    let mut stream = connect(broker, from).await?;
    let login = json(broker, "Account/Login", "", &" ".repeat(64 * KIB));
    for piece in login.as_bytes().chunks(KIB) {
        stream.write_all(piece).await?;
        sleep(Duration::from_secs(1)).await;
    }
    hold(stream).await
}

async fn hold<T>(_open: T) -> Result<()> {
    pending().await
}

async fn send_login(broker: SocketAddr, from: Ipv4Addr, body: &str) -> Result<()> {
    let mut stream = connect(broker, from).await?;
    exchange(&mut stream, &json(broker, "Account/Login", "", body)).await.map(drop)
}

/// Elements that all inherit one long namespace.
async fn namespaces(broker: SocketAddr, from: Ipv4Addr) -> Result<()> {
    let mut stream = connect(broker, from).await?;
    let (namespace, elements) = ("u".repeat(40_000), "<a/>".repeat(10_000));
    let body = format!("<x xmlns='{namespace}'>{elements}</x>");
    exchange(&mut stream, &request(broker, "Account/Login", "", "text/xml", &body)).await.map(drop)
}

/// Guesses at the passwords of all users, and logs in to an account of its own in between.
async fn wrong_login(broker: SocketAddr, from: Ipv4Addr) -> Result<()> {
    for user in USERS {
        send_login(broker, from, &login_body(broker, user, "guess")).await?;
    }
    log_in(broker, from, ACCOUNT, ACCOUNT).await.map(drop)
}

async fn anonymous_tab(broker: SocketAddr, from: Ipv4Addr) -> Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let stream = connect(broker, from).await?;
    let mut request =
        format!("ws://{broker}/ClientEventsWS").into_client_request().map_err(Error::other)?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", "ls".parse().map_err(Error::other)?);
    let (mut socket, _) = client_async(request, stream).await.map_err(Error::other)?;
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let frame = format!(r#"{{"cmd":"Register","tabId":"{number}","location":"https://x/"}}"#);
    socket.send(Message::text(frame)).await.map_err(Error::other)?;
    // Until the broker closes the connection.
    while socket.next().await.is_some_and(|frame| frame.is_ok()) {}
    Ok(())
}

/// Fills the inbox of the attacker's second account, and takes some messages out.
async fn large_messages(broker: SocketAddr, from: Ipv4Addr) -> Result<()> {
    let token = log_in(broker, from, ACCOUNT, ACCOUNT).await?;
    let mut stream = connect(broker, from).await?;
    let text = "x".repeat(100 * KIB);
    let body = format!(r#"{{"to":"{ACCOUNT}2@localhost","message":"{text}"}}"#);
    for _ in 0..20 {
        exchange(&mut stream, &json(broker, "Xmpp/SendTextMessage", &token, &body)).await?;
        sleep(Duration::from_millis(50)).await;
    }
    let second = log_in(broker, from, &format!("{ACCOUNT}2"), ACCOUNT).await?;
    let pop = json(broker, "Xmpp/PopMessages", &second, r#"{"maxCount":10}"#);
    exchange(&mut stream, &pop).await?;
    for token in [token, second] {
        exchange(&mut stream, &json(broker, "Account/Logout", &token, "{}")).await?;
    }
    Ok(())
}
