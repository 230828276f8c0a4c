//! Injects faults between a client and the broker.

use super::broker_service::BrokerService;
use super::connection_reset::ConnectionReset;
use super::state::ServerState;
use super::{body, fake_response, log};
use crate::faults::{Fault, FaultSampler};
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::{Method, Request};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// Delays requests, and injects the faults that are sampled for them.
pub(super) struct FaultInjector {
    sampler: Mutex<FaultSampler>,
    shared: Arc<ServerState>,
}

/// A connection whose requests meet faults.
pub(super) struct FaultyConnection {
    injector: Arc<FaultInjector>,
    /// A second handle on the socket, because hyper keeps the first to itself.
    socket: Arc<TcpStream>,
}

impl FaultInjector {
    pub(super) fn new(sampler: FaultSampler, shared: Arc<ServerState>) -> Self {
        Self { sampler: Mutex::new(sampler), shared }
    }

    /// Injects faults into a connection.
    pub(super) fn wrap(self: &Arc<Self>, socket: Arc<TcpStream>) -> FaultyConnection {
        FaultyConnection { injector: self.clone(), socket }
    }

    /// The delay and the fault of a request. Preflights are delayed like calls, but meet no fault:
    /// the browser would not send the call after one.
    fn sample(&self, request: &Request<Incoming>) -> (Duration, Option<Fault>) {
        if !request.uri().path().starts_with("/Agent/") {
            return (Duration::ZERO, None);
        }
        let mut sampler = self.sampler.lock().unwrap_or_else(PoisonError::into_inner);
        let is_call =
            matches!(*request.method(), Method::GET | Method::POST | Method::PUT | Method::DELETE);
        (sampler.delay(), if is_call { sampler.fault() } else { None })
    }
}

impl FaultyConnection {
    /// Answers a request as the broker does, apart from the faults.
    pub(super) async fn call(
        &self,
        request: Request<Incoming>,
        broker: &BrokerService,
    ) -> Result<Response, ConnectionReset> {
        let (delay, fault) = self.injector.sample(&request);
        sleep(delay).await;
        let Some(fault) = fault else { return broker.call(request).await };
        let settings = &self.injector.shared.settings;
        if settings.verbose {
            log::write_fault(fault);
        }
        let request_headers = request.headers().clone();
        let fake = match fault {
            Fault::Reset => return Err(ConnectionReset),
            Fault::Lost => return broker.call(request).await.and(Err(ConnectionReset)),
            Fault::Hang => {
                broker.call(request).await?;
                self.wait_for_client().await;
                return Err(ConnectionReset);
            }
            Fault::Truncate => return fake_response::truncate(broker.call(request).await?).await,
            Fault::Slow => return fake_response::slow(broker.call(request).await?).await,
            Fault::Status(code) => {
                // A client that is still sending when it is answered may never read the response.
                let body = Body::new(request.into_body());
                let _ = body::read(body, &request_headers, settings.limits.body).await;
                fake_response::status(code)
            }
            Fault::Html => broker.call(request).await.map(|_| fake_response::html())?,
            Fault::Empty => broker.call(request).await.map(|_| fake_response::empty())?,
            Fault::Wrong => broker.call(request).await.map(|_| fake_response::wrong())?,
            Fault::Big => broker.call(request).await.map(|_| fake_response::big())?,
        };
        Ok(fake_response::allow_origin(fake, &request_headers, settings.expose_headers))
    }

    /// Waits until the client disconnects or sends another request. hyper does not notice a client
    /// that closes its sending half, and nothing is written that could fail.
    async fn wait_for_client(&self) {
        let _ = self.socket.peek(&mut [0]).await;
    }
}
