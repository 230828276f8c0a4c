//! The browser's WebSocket.

use super::host::Host;
use super::task;
use crate::environment::{Socket, SocketEvent};
use crate::error::{Cause, ErrorKind, Reach};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use web_sys::WebSocket;

/// A socket; its events wait in the host until they are read.
pub(super) struct BrowserSocket {
    host: Host,
    socket: WebSocket,
}

impl BrowserSocket {
    pub(super) fn open(host: &Host, url: &str, protocol: &str) -> Result<Self, ErrorKind> {
        let socket = host.connect(url, protocol).map_err(|cause| ErrorKind::Network {
            cause: Cause(Some(Rc::new(cause))),
            reach: Reach::Unsent,
        })?;
        let socket = socket.ok_or(ErrorKind::Unsupported(
            "there is no WebSocket here. Give createAgentAPI one, in its option WebSocket, or use \
             AgentAPI.Xmpp.OnMessage.",
        ))?;
        Ok(Self { host: host.clone(), socket })
    }
}

impl Socket for BrowserSocket {
    fn send(&self, text: &str) {
        // A socket that is closing accepts nothing; `SocketEvent::Closed` follows.
        let _ = self.socket.send_with_str(text);
    }

    async fn next(&self) -> SocketEvent {
        poll_fn(|_| {
            let task = task::current();
            let event = task.map(|task| task.handle.next_event(&self.host, &self.socket));
            let event = event.unwrap_or_default();
            match (event.as_string(), event.as_bool()) {
                (Some(text), _) => Poll::Ready(SocketEvent::Text(text)),
                (_, Some(true)) => Poll::Ready(SocketEvent::Opened),
                (_, Some(false)) => Poll::Ready(SocketEvent::Closed),
                (None, None) => Poll::Pending,
            }
        })
        .await
    }

    fn close(&self) {
        let _ = self.socket.close();
    }
}

impl Drop for BrowserSocket {
    fn drop(&mut self) {
        self.host.leave(&self.socket);
        self.close();
    }
}
