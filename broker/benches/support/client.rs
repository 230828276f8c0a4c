//! A client that writes its requests byte by byte, from an address of its choice.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::io::{Error, ErrorKind, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// How long a session lasts: longer than the longest run.
const SESSION_SECONDS: u32 = 3_600;

/// Connects to the broker from an address of this machine.
pub async fn connect(broker: SocketAddr, from: Ipv4Addr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((from, 0)))?;
    let stream = socket.connect(broker).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The bytes of a call of a resource.
pub fn request(
    broker: SocketAddr,
    resource: &str,
    token: &str,
    media_type: &str,
    body: &str,
) -> String {
    let authorization = match token {
        "" => String::new(),
        token => format!("Authorization: Bearer {token}\r\n"),
    };
    format!(
        "POST /Agent/{resource} HTTP/1.1\r\nHost: {broker}\r\n{authorization}\
         Content-Type: {media_type}\r\nAccept: {media_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// [`request`] with JSON.
pub fn json(broker: SocketAddr, resource: &str, token: &str, body: &str) -> String {
    request(broker, resource, token, "application/json", body)
}

/// Sends a request, and returns the status and the body of its response.
pub async fn exchange(stream: &mut TcpStream, request: &str) -> Result<(u16, String)> {
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    };
    let broken = || Error::from(ErrorKind::InvalidData);
    let head = String::from_utf8_lossy(bytes.get(..head_end).unwrap_or_default()).into_owned();
    let status =
        head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.parse::<usize>().ok())
        .ok_or_else(broken)?;
    let whole = head_end + 4 + length;
    while bytes.len() < whole {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
    let body = bytes.get(head_end + 4..whole).unwrap_or_default();
    Ok((status, String::from_utf8_lossy(body).into_owned()))
}

/// The body of a login with a nonce of its own.
pub fn login_body(broker: SocketAddr, user_name: &str, password: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let nonce = format!("{:032}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut mac = Hmac::<Sha256>::new_from_slice(password.as_bytes()).unwrap();
    mac.update(format!("{user_name}:{broker}:{nonce}").as_bytes());
    let signature = Base64::encode_string(&mac.finalize().into_bytes());
    [
        format!(r#"{{"userName":"{user_name}","nonce":"{nonce}","#),
        format!(r#""signature":"{signature}","seconds":{SESSION_SECONDS}}}"#),
    ]
    .concat()
}

/// Logs in, and returns the token.
pub async fn log_in(
    broker: SocketAddr,
    from: Ipv4Addr,
    user_name: &str,
    password: &str,
) -> Result<String> {
    let mut stream = connect(broker, from).await?;
    let login = json(broker, "Account/Login", "", &login_body(broker, user_name, password));
    let (status, body) = exchange(&mut stream, &login).await?;
    let token = body.split('"').nth(3).filter(|_| status == 200);
    token.map(Into::into).ok_or_else(|| Error::other(format!("{status} {body}")))
}
