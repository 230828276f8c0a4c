//! What goes wrong between a client and the broker, on purpose.

use super::connection_reset::Cut;
use super::listener::Handler;
use super::server::Shared;
use super::{body, fake_response, log};
use crate::faults::{Dice, Fault};
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper::{Method, Request};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// A network that loses, delays and spoils what goes through it.
pub(super) struct BadNetwork {
    dice: Mutex<Dice>,
    shared: Arc<Shared>,
}

/// A connection through it.
pub(super) struct Line {
    network: Arc<BadNetwork>,
    /// The socket once more, for hyper keeps what it is given to itself.
    socket: Arc<TcpStream>,
}

impl BadNetwork {
    pub(super) fn new(dice: Dice, shared: Arc<Shared>) -> Self {
        Self { dice: Mutex::new(dice), shared }
    }

    /// Lays a line along a connection.
    pub(super) fn line(self: &Arc<Self>, socket: Arc<TcpStream>) -> Line {
        Line { network: self.clone(), socket }
    }

    /// Preflights are late like the rest, but don't fail: a browser would not send the call.
    fn draw(&self, request: &Request<Incoming>) -> (Duration, Option<Fault>) {
        if !request.uri().path().starts_with("/Agent/") {
            return (Duration::ZERO, None);
        }
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        let is_call = matches!(*request.method(), Method::GET | Method::POST);
        (dice.delay(), if is_call { dice.fault() } else { None })
    }
}

impl Line {
    /// Carries a request to the broker, and its answer back.
    pub(super) async fn carry(
        &self,
        request: Request<Incoming>,
        broker: &Handler,
    ) -> Result<Response, Cut> {
        let (delay, fault) = self.network.draw(&request);
        sleep(delay).await;
        let Some(fault) = fault else { return handle(broker, request).await };
        let settings = &self.network.shared.settings;
        if settings.verbose {
            log::write_fault(fault);
        }
        let asked = request.headers().clone();
        let forged = match fault {
            Fault::Reset => return Err(Cut),
            Fault::Lost => return handle(broker, request).await.and(Err(Cut)),
            Fault::Hang => {
                handle(broker, request).await?;
                self.end().await;
                return Err(Cut);
            }
            Fault::Truncate => {
                return fake_response::truncate(handle(broker, request).await?).await;
            }
            Fault::Slow => return fake_response::slow(handle(broker, request).await?).await,
            Fault::Status(code) => {
                // As in the broker: who is still sending may never see the answer.
                let body = Body::new(request.into_body());
                let _ = body::read(body, &asked, settings.limits.body).await;
                fake_response::status(code)
            }
            Fault::Html => handle(broker, request).await.map(|_| fake_response::html())?,
            Fault::Empty => handle(broker, request).await.map(|_| fake_response::empty())?,
            Fault::Wrong => handle(broker, request).await.map(|_| fake_response::wrong())?,
            Fault::Big => handle(broker, request).await.map(|_| fake_response::big())?,
        };
        Ok(fake_response::open(forged, &asked, settings.expose_headers))
    }

    /// Waits until the client goes away, or sends on without an answer. hyper doesn't see it go:
    /// it may have closed its half only, and there is nothing to be written into the other one.
    async fn end(&self) {
        let _ = self.socket.peek(&mut [0]).await;
    }
}

/// Lets the broker answer.
pub(super) async fn handle(broker: &Handler, request: Request<Incoming>) -> Result<Response, Cut> {
    broker.call(request).await.map_err(|never| match never {})
}
