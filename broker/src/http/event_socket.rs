//! The event socket `/ClientEventsWS`, over which messages are pushed to tabs.
//!
//! Pages of any origin may connect, as on a Neuron®. No token is sent: whoever knows the name of a
//! tab gets its events, so a page keeps the name secret.

use super::clock::unix_seconds;
use super::state::{RemoteNetwork, ServerState};
use crate::core::{Broker, Disconnected, Event, MAX_TAB_NAME_BYTES, Refusal};
use crate::exchange::error_response::ErrorResponse;
use crate::store::NotSaved;
use axum::Extension;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use neuron_agent_api::wire::Value;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// The sub-protocol.
const PROTOCOL: &str = "ls";

/// The maximum size of a frame from a tab, in bytes: a name and a URL.
const MAX_FRAME_BYTES: usize = 16 * 1024;

/// How long a tab may take to receive a frame before the socket is closed.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Upgrades a request to an event socket.
pub(super) async fn serve(
    State(shared): State<Arc<ServerState>>,
    Extension(remote): Extension<RemoteNetwork>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let refuse = |text: &str| ErrorResponse::from(Refusal::bad_request(text)).into_response();
    let Ok(upgrade) = upgrade else {
        return refuse("This address is for WebSockets.");
    };
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES);
    if upgrade.selected_protocol().is_none() {
        return refuse("The sub-protocol of this WebSocket is \"ls\".");
    }
    upgrade.on_upgrade(move |socket| EventSocket { shared, remote, socket, tab: None }.run())
}

/// One event socket.
struct EventSocket {
    shared: Arc<ServerState>,
    remote: RemoteNetwork,
    socket: WebSocket,
    /// The tab at the other end, once it has registered.
    tab: Option<Tab>,
}

struct Tab {
    name: String,
    connection: u64,
}

/// The socket is to be closed.
struct Closed;

impl From<Disconnected> for Closed {
    fn from(_: Disconnected) -> Self {
        Self
    }
}

impl From<NotSaved> for Closed {
    fn from(_: NotSaved) -> Self {
        Self
    }
}

impl EventSocket {
    async fn run(mut self) {
        let mut events = self.shared.subscribe_to_events();
        let limits = self.shared.settings.limits;
        // Until a tab has registered, it has as long as for the head of a request.
        let mut idle_timeout = pin!(sleep(limits.head));
        loop {
            let handled = tokio::select! {
                () = &mut idle_timeout => Err(Closed),
                frame = self.socket.recv() => match frame {
                    Some(Ok(frame)) => self.handle_frame(frame).await,
                    Some(Err(_)) | None => Err(Closed),
                },
                changed = events.changed() => match changed {
                    Ok(()) => self.send_pending_events().await.map(|()| false),
                    Err(_) => Err(Closed),
                },
            };
            match handled {
                Ok(true) => idle_timeout.as_mut().reset(Instant::now() + limits.tab),
                Ok(false) => {}
                Err(Closed) => break,
            }
        }
        if let Some(Tab { name, connection }) = &self.tab {
            let disconnect = |broker: &mut Broker| broker.disconnect_tab(name, *connection);
            let _ = self.shared.with_broker(disconnect).await;
        }
        // The other side may have disconnected already.
        let _ = timeout(SEND_TIMEOUT, self.socket.send(Message::Close(None))).await;
    }

    /// Handles a frame. Returns whether it shows that the tab is alive.
    async fn handle_frame(&mut self, frame: Message) -> Result<bool, Closed> {
        let text = match &frame {
            Message::Text(text) => text.as_str(),
            Message::Ping(_) | Message::Pong(_) => return Ok(false),
            Message::Binary(_) | Message::Close(_) => return Err(Closed),
        };
        let frame: Value = serde_json::from_str(text).map_err(|_| Closed)?;
        let property = |name| frame.get(name).and_then(Value::as_str).unwrap_or_default();
        match property("cmd") {
            "Register" => self.register(property("tabId"), property("location")).await,
            "Ping" => {
                if let Some(Tab { name, connection }) = &self.tab {
                    let touch =
                        |broker: &mut Broker| broker.touch_tab(name, *connection, unix_seconds());
                    self.shared.with_broker(touch).await??;
                }
                Ok(self.tab.is_some())
            }
            "Unregister" => {
                if let Some(Tab { name, connection }) = self.tab.take() {
                    let remove = |broker: &mut Broker| broker.remove_tab(&name, connection);
                    self.shared.with_broker(remove).await?;
                }
                Err(Closed)
            }
            // A later version of Events.js may send other commands.
            _ => Ok(false),
        }
    }

    async fn register(&mut self, name: &str, location: &str) -> Result<bool, Closed> {
        let is_name = !name.is_empty() && name.len() <= MAX_TAB_NAME_BYTES;
        // A Neuron® closes the socket too if the location is not an absolute URL.
        let is_page = location.contains("://");
        // One socket serves one tab.
        if !is_name || !is_page || self.tab.is_some() {
            return Err(Closed);
        }
        let connect = |broker: &mut Broker| {
            let connection = broker.connect_tab(name, &self.remote.0, unix_seconds());
            (connection, broker.instance().to_owned())
        };
        let (connection, instance) = self.shared.with_broker(connect).await?;
        let connection = connection.ok_or(Closed)?;
        self.tab = Some(Tab { name: name.into(), connection });
        self.send_frame("CheckServerInstance", Value::String(instance)).await?;
        self.send_pending_events().await?;
        Ok(true)
    }

    /// Sends the pending events of the tab.
    async fn send_pending_events(&mut self) -> Result<(), Closed> {
        loop {
            let Some(Tab { name, connection }) = &self.tab else { return Ok(()) };
            let take = |broker: &mut Broker| broker.take_event(name, *connection);
            match self.shared.with_broker(take).await?? {
                Some(event) => self.send_event(event).await?,
                None => return Ok(()),
            }
        }
    }

    async fn send_event(&mut self, event: Event) -> Result<(), Closed> {
        let (function, length) = (event.function.clone(), event.length());
        let data = self.shared.blocking_pool.run(length, move || Ok(event.data())).await;
        self.send_frame(&function, data.map_err(|_| Closed)?).await
    }

    async fn send_frame(&mut self, kind: &str, data: Value) -> Result<(), Closed> {
        let frame = Value::Object(vec![("type".into(), kind.into()), ("data".into(), data)]);
        let text = serde_json::to_string(&frame).map_err(|_| Closed)?;
        match timeout(SEND_TIMEOUT, self.socket.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Closed),
        }
    }
}
