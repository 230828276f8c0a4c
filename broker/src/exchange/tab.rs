//! What goes over an event socket, between the broker and one tab.

use super::runtime::Runtime;
use crate::core::{Broker, Disconnected, Event, MAX_TAB_NAME_BYTES, Refusal};
use neuron_agent_api::wire::Value;

/// The tab at the other end of an event socket.
pub struct Tab {
    /// The network that it connects from.
    remote: String,
    /// Who it is, once it has registered.
    registered: Option<Registered>,
}

#[derive(Clone)]
struct Registered {
    name: String,
    connection: u64,
}

/// The socket is to be closed.
#[derive(Clone, Copy, Debug)]
pub struct Closed;

/// What comes of a frame.
#[derive(Debug)]
pub struct Handled {
    /// Whether the frame shows that the tab is alive.
    pub is_alive: bool,
    /// The frame that is sent back.
    pub reply: Option<String>,
}

impl From<Disconnected> for Closed {
    fn from(_: Disconnected) -> Self {
        Self
    }
}

impl From<Refusal> for Closed {
    fn from(_: Refusal) -> Self {
        Self
    }
}

impl Tab {
    /// A tab that has not registered yet.
    #[must_use]
    pub fn new(remote: impl Into<String>) -> Self {
        Self { remote: remote.into(), registered: None }
    }

    /// Handles a frame.
    ///
    /// # Errors
    /// [`Closed`] after `Unregister`, and if the frame is invalid.
    pub async fn handle(&mut self, runtime: &impl Runtime, text: &str) -> Result<Handled, Closed> {
        let frame: Value = serde_json::from_str(text).map_err(|_| Closed)?;
        match frame.text("cmd") {
            "Register" => self.register(runtime, frame.text("tabId"), frame.text("location")).await,
            "Ping" => {
                if let Some(Registered { name, connection }) = &self.registered {
                    let now = runtime.now();
                    let touch = |broker: &mut Broker| broker.touch_tab(name, *connection, now);
                    runtime.with_broker(touch).await??;
                }
                Ok(Handled { is_alive: self.registered.is_some(), reply: None })
            }
            "Unregister" => {
                if let Some(Registered { name, connection }) = self.registered.take() {
                    let remove = |broker: &mut Broker| broker.remove_tab(&name, connection);
                    runtime.with_broker(remove).await?;
                }
                Err(Closed)
            }
            // A later version of Events.js may send other commands.
            _ => Ok(Handled { is_alive: false, reply: None }),
        }
    }

    async fn register(
        &mut self,
        runtime: &impl Runtime,
        name: &str,
        location: &str,
    ) -> Result<Handled, Closed> {
        let is_name = !name.is_empty() && name.len() <= MAX_TAB_NAME_BYTES;
        // A Neuron® closes the socket too if the location is not an absolute URL.
        let is_page = location.contains("://");
        // One socket serves one tab.
        if !is_name || !is_page || self.registered.is_some() {
            return Err(Closed);
        }
        let now = runtime.now();
        let connect = |broker: &mut Broker| {
            let connection = broker.connect_tab(name, &self.remote, now);
            (connection, broker.instance().to_owned())
        };
        let (connection, instance) = runtime.with_broker(connect).await?;
        let connection = connection.ok_or(Closed)?;
        self.registered = Some(Registered { name: name.into(), connection });
        let reply = frame("CheckServerInstance", Value::String(instance))?;
        Ok(Handled { is_alive: true, reply: Some(reply) })
    }

    /// The frame of the next pending event.
    ///
    /// # Errors
    /// [`Closed`] if the tab has a newer connection, or is gone.
    pub async fn next_frame(&self, runtime: &impl Runtime) -> Result<Option<String>, Closed> {
        let Some(Registered { name, connection }) = &self.registered else { return Ok(None) };
        let take = |broker: &mut Broker| broker.take_event(name, *connection);
        match runtime.with_broker(take).await?? {
            Some(event) => frame_of(runtime, event).await.map(Some),
            None => Ok(None),
        }
    }

    /// Notes that the connection is gone. The tab may come back.
    pub async fn disconnect(&self, runtime: &impl Runtime) {
        if let Some(Registered { name, connection }) = &self.registered {
            let disconnect = |broker: &mut Broker| broker.disconnect_tab(name, *connection);
            let _ = runtime.with_broker(disconnect).await;
        }
    }
}

async fn frame_of(runtime: &impl Runtime, event: Event) -> Result<String, Closed> {
    let (function, length) = (event.function.clone(), event.length());
    let data = runtime.run(length, move || Ok(event.data())).await?;
    frame(&function, data)
}

fn frame(kind: &str, data: Value) -> Result<String, Closed> {
    let frame = Value::Object(vec![("type".into(), kind.into()), ("data".into(), data)]);
    serde_json::to_string(&frame).map_err(|_| Closed)
}
