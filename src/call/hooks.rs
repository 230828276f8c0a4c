//! The events of requests. They hold only what is named here, and nothing of the contents of a request
//! or a response.

use super::context::CallContext;
use super::job::Job;
use super::progress::Progress;
use crate::environment::clock::Timestamp;
use crate::environment::{Body, Environment, Hook, HttpRequest};
use crate::error::ErrorKind;
use crate::wire::Value;

/// A request from its beginning to its end, which is emitted however it ends.
pub(super) struct RequestSpan<'a, E: Environment> {
    environment: &'a E,
    progress: &'a Progress,
    started: Timestamp,
    event: Value,
    /// Status and size of the response.
    received: Option<(u16, usize)>,
    /// The code of the error, if it is one.
    code: Option<&'static str>,
    has_ended: bool,
}

impl<E: Environment> CallContext<E> {
    /// Emits the beginning of a request; `None` if nobody listens.
    pub(super) fn begin_span<'a>(
        &'a self,
        job: &Job,
        request: &HttpRequest,
        progress: &'a Progress,
    ) -> Option<RequestSpan<'a, E>> {
        let environment = &*self.environment;
        if !environment.has_listener(Hook::Request) && !environment.has_listener(Hook::Response) {
            return None;
        }
        let mut event = new_event(job, progress);
        event.put("method", request.method.name());
        if let Body::Text(body) = &request.body {
            event.put("requestBytes", size(body.len()));
        }
        environment.emit(Hook::Request, &event);
        let started = environment.now();
        let (received, code, has_ended) = (None, None, false);
        Some(RequestSpan { environment, progress, started, event, received, code, has_ended })
    }

    /// Emits that a failed attempt is followed by another request: the same again, or a query of the
    /// roster.
    pub(super) fn emit_retry(
        &self,
        job: &Job,
        kind: &ErrorKind,
        progress: &Progress,
        delay_ms: u32,
    ) {
        if !self.environment.has_listener(Hook::Retry) {
            return;
        }
        let mut event = new_event(job, progress);
        event.put("code", kind.code());
        if let Some(status) = kind.status() {
            event.put("status", u32::from(status));
        }
        event.put("delayMs", delay_ms);
        self.environment.emit(Hook::Retry, &event);
    }
}

impl<E: Environment> RequestSpan<'_, E> {
    /// Ends the span with status and size of the response, if there is one, and the code of the
    /// error, if it is one.
    pub(super) fn end(mut self, received: Option<(u16, usize)>, code: Option<&'static str>) {
        self.received = received;
        self.code = code;
        self.has_ended = true;
    }
}

impl<E: Environment> Drop for RequestSpan<'_, E> {
    fn drop(&mut self) {
        let duration = self.environment.now().monotonic_ms - self.started.monotonic_ms;
        self.event.put("durationMs", Value::Number(duration.max(0.0).round()));
        if let Some((status, bytes)) = self.received {
            self.event.put("status", u32::from(status));
            self.event.put("responseBytes", size(bytes));
        }
        if !self.has_ended {
            self.code = Some(self.progress.ended_with.get());
        }
        if let Some(code) = self.code {
            self.event.put("code", code);
        }
        self.environment.emit(Hook::Response, &self.event);
    }
}

/// What every event of a request begins with.
fn new_event(job: &Job, progress: &Progress) -> Value {
    let mut event = Value::object();
    event.put("callId", progress.call_id);
    event.put("operation", Value::String(job.operation()));
    event.put("attempt", progress.attempts.get());
    event
}

#[allow(clippy::cast_precision_loss, reason = "a size in memory")]
fn size(bytes: usize) -> Value {
    Value::Number(bytes as f64)
}
