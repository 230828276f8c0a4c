//! The browser's WebSocket.

use super::timer::EventTarget;
use super::value::get;
use crate::client::{Socket, SocketEvent};
use crate::error::{Cause, Error, Reach};
use js_sys::global;
use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::WebSocket;

/// A socket, and what has happened on it that nobody has asked for yet.
pub(super) struct BrowserSocket {
    socket: WebSocket,
    queue: Rc<RefCell<Queue>>,
    /// Kept as long as the socket, which calls it.
    listener: Closure<dyn FnMut(JsValue)>,
}

#[derive(Default)]
struct Queue {
    events: Vec<SocketEvent>,
    waker: Option<Waker>,
}

const KINDS: [&str; 3] = ["open", "message", "close"];

impl BrowserSocket {
    pub(super) fn open(
        connect: impl FnOnce() -> Result<WebSocket, JsValue>,
    ) -> Result<Self, Error> {
        if !get(&global(), "WebSocket").is_function() {
            return Err(Error::Unsupported(
                "there is no WebSocket here. Poll instead: AgentAPI.Xmpp.PopMessages(MaxCount).",
            ));
        }
        let socket = connect().map_err(|cause| Error::Network {
            cause: Cause(Some(Rc::new(cause))),
            reach: Reach::Unsent,
        })?;
        let queue = Rc::<RefCell<Queue>>::default();
        let heard = Rc::clone(&queue);
        // By name: the event may be of another frame's class.
        let listener = Closure::new(move |event: JsValue| {
            let property = |name: &str| get(&event, name).as_string();
            let event = match property("type").as_deref() {
                Some("open") => SocketEvent::Opened,
                Some("message") => SocketEvent::Text(property("data").unwrap_or_default()),
                _ => SocketEvent::Closed,
            };
            let mut queue = heard.borrow_mut();
            queue.events.push(event);
            if let Some(waker) = queue.waker.take() {
                waker.wake();
            }
        });
        for kind in KINDS {
            let target: &EventTarget = socket.unchecked_ref();
            let _ = target.add_event_listener(kind, listener.as_ref());
        }
        Ok(Self { socket, queue, listener })
    }
}

impl Socket for BrowserSocket {
    fn send(&self, text: &str) {
        // A socket that is closing takes nothing; that it closes is told elsewhere.
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
        for kind in KINDS {
            let target: &EventTarget = self.socket.unchecked_ref();
            let _ = target.remove_event_listener(kind, self.listener.as_ref());
        }
        self.close();
    }
}
