//! A line for each request, and one for each fault. It holds no body, no header and no query: one may be a secret.

use crate::faults::Fault;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use std::io::{Write, stderr};
use std::time::Instant;

/// Writes method, path, status and time of a request to standard error.
pub(super) async fn write_line(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let (status, time) = (response.status().as_u16(), start.elapsed().as_secs_f64() * 1000.0);
    // Nobody may be reading.
    let _ = writeln!(stderr(), "{method} {path} {status} {time:.1} ms");
    response
}

/// Writes to standard error what goes wrong with a request on purpose.
pub(super) fn write_fault(fault: Fault) {
    let _ = writeln!(stderr(), "Fault: {fault}");
}
