//! The browser's WebSocket.

use super::host::Host;
use crate::environment::{Socket, SocketEvent};
use crate::error::{Cause, ErrorKind, Reach};
use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::WebSocket;

/// A socket, and the events on it that have not been read yet.
pub(super) struct BrowserSocket {
    host: Host,
    socket: WebSocket,
    queue: Rc<RefCell<Queue>>,
    /// Lives as long as the socket, which calls it.
    _on_event: Closure<dyn FnMut(JsValue)>,
}

#[derive(Default)]
struct Queue {
    events: Vec<SocketEvent>,
    waker: Option<Waker>,
}

impl BrowserSocket {
    pub(super) fn open(host: &Host, url: &str, protocol: &str) -> Result<Self, ErrorKind> {
        let queue = Rc::<RefCell<Queue>>::default();
        let received = Rc::clone(&queue);
        let on_event = Closure::new(move |event: JsValue| {
            let event = match event.as_string() {
                Some(text) => SocketEvent::Text(text),
                None if event.as_bool() == Some(true) => SocketEvent::Opened,
                None => SocketEvent::Closed,
            };
            let mut queue = received.borrow_mut();
            queue.events.push(event);
            if let Some(waker) = queue.waker.take() {
                waker.wake();
            }
        });
        let socket = host.connect(url, protocol, on_event.as_ref()).map_err(|cause| {
            ErrorKind::Network { cause: Cause(Some(Rc::new(cause))), reach: Reach::Unsent }
        })?;
        let socket = socket.ok_or(ErrorKind::Unsupported(
            "there is no WebSocket here. Poll instead: AgentAPI.Xmpp.PopMessages(MaxCount).",
        ))?;
        Ok(Self { host: host.clone(), socket, queue, _on_event: on_event })
    }
}

impl Socket for BrowserSocket {
    fn send(&self, text: &str) {
        // A socket that is closing accepts nothing; `SocketEvent::Closed` follows.
        let _ = self.socket.send_with_str(text);
    }

    async fn next(&self) -> SocketEvent {
        poll_fn(|context| {
            let mut queue = self.queue.borrow_mut();
            if queue.events.is_empty() {
                queue.waker = Some(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(queue.events.remove(0))
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
