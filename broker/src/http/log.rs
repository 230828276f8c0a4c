//! Logs each request and each fault, without bodies, headers and queries, because these may hold
//! secrets.

use crate::faults::Fault;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use std::io::{Write, stderr};
use std::time::Instant;

/// Logs the method, path, status and duration of a request to standard error.
pub(super) async fn write_line(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let (status, time) = (response.status().as_u16(), start.elapsed().as_secs_f64() * 1000.0);
    // Standard error may be closed.
    let _ = writeln!(stderr(), "{method} {path} {status} {time:.1} ms");
    response
}

/// Logs an injected fault to standard error.
pub(super) fn write_fault(fault: Fault) {
    let _ = writeln!(stderr(), "Fault: {fault}");
}
