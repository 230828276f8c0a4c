//! The broker as a service that answers the requests of a connection.

use super::connection_reset::ConnectionReset;
use axum::Router;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

/// The broker, for the requests of one connection.
#[derive(Clone)]
pub(super) struct BrokerService(TowerToHyperService<Router>);

impl BrokerService {
    pub(super) fn new(router: Router) -> Self {
        Self(TowerToHyperService::new(router))
    }

    /// Answers a request.
    pub(super) async fn call(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response, ConnectionReset> {
        self.0.call(request).await.map_err(|never| match never {})
    }
}
