//! The event socket `/ClientEventsWS`, over which messages are pushed to tabs.
//!
//! Pages of any origin may connect, as on a Neuron®. No token is sent: whoever knows the name of a
//! tab gets its events, so a page keeps the name secret.

use super::state::{RemoteNetwork, ServerState};
use crate::core::Refusal;
use crate::exchange::{Closed, ErrorResponse, Handled, Tab};
use axum::Extension;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
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
    let tab = Tab::new(&*remote.0);
    upgrade.on_upgrade(move |socket| EventSocket { shared, socket, tab }.run())
}

/// One event socket.
struct EventSocket {
    shared: Arc<ServerState>,
    socket: WebSocket,
    tab: Tab,
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
        self.tab.disconnect(&*self.shared).await;
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
        let Handled { is_alive, reply } = self.tab.handle(&*self.shared, text).await?;
        if let Some(reply) = reply {
            self.send(reply).await?;
            self.send_pending_events().await?;
        }
        Ok(is_alive)
    }

    /// Sends the pending events of the tab.
    async fn send_pending_events(&mut self) -> Result<(), Closed> {
        while let Some(frame) = self.tab.next_frame(&*self.shared).await? {
            self.send(frame).await?;
        }
        Ok(())
    }

    async fn send(&mut self, frame: String) -> Result<(), Closed> {
        match timeout(SEND_TIMEOUT, self.socket.send(Message::Text(frame.into()))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Closed),
        }
    }
}
