//! What is told of requests to those who want to hear. Only what is named here is told: nothing of
//! what a request or an answer holds.

use crate::call::send::{Job, Progress};
use crate::client::Client;
use crate::environment::clock::Moment;
use crate::environment::{Body, Environment, Hook, HttpRequest};
use crate::error::Error;
use crate::wire::{Method, Value};

/// A request that was told of, or would have been. Its end is told too, however it ends.
pub(crate) struct Told<'a, E: Environment> {
    environment: &'a E,
    progress: &'a Progress,
    started: Moment,
    event: Value,
}

impl<E: Environment> Client<E> {
    pub(crate) fn tell_request<'a>(
        &'a self,
        job: &Job,
        request: &HttpRequest,
        progress: &'a Progress,
    ) -> Option<Told<'a, E>> {
        let environment = &self.environment;
        if !environment.listens(Hook::Request) && !environment.listens(Hook::Response) {
            return None;
        }
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let mut event = Value::object();
        event.put("callId", progress.id);
        event.put("operation", Value::String(job.operation()));
        event.put("attempt", progress.attempts.get());
        event.put("method", method);
        if let Body::Text(body) = &request.body {
            event.put("requestBytes", size(body.len()));
        }
        environment.tell(Hook::Request, &event);
        Some(Told { environment, progress, started: environment.now(), event })
    }

    /// Tells that the call of a failed attempt takes another request: the same again, or a look at
    /// the roster.
    pub(crate) fn tell_retry(&self, job: &Job, error: &Error, progress: &Progress, delay_ms: u32) {
        if !self.environment.listens(Hook::Retry) {
            return;
        }
        let mut event = Value::object();
        event.put("callId", progress.id);
        event.put("operation", Value::String(job.operation()));
        event.put("attempt", progress.attempts.get());
        event.put("code", error.code());
        if let Some(status) = error.status() {
            event.put("status", u32::from(status));
        }
        event.put("delayMs", delay_ms);
        self.environment.tell(Hook::Retry, &event);
    }
}

impl<E: Environment> Told<'_, E> {
    /// Tells of status and size, if there was an answer, and of the failure, if it was one.
    pub(crate) fn answered(mut self, heard: Option<(u16, usize)>, code: Option<&'static str>) {
        self.tell(heard, code);
    }

    fn tell(&mut self, heard: Option<(u16, usize)>, code: Option<&'static str>) {
        let mut event = std::mem::replace(&mut self.event, Value::Null);
        let duration = self.environment.now().monotonic_ms - self.started.monotonic_ms;
        event.put("durationMs", Value::Number(duration.max(0.0).round()));
        if let Some((status, bytes)) = heard {
            event.put("status", u32::from(status));
            event.put("responseBytes", size(bytes));
        }
        if let Some(code) = code {
            event.put("code", code);
        }
        self.environment.tell(Hook::Response, &event);
    }
}

impl<E: Environment> Drop for Told<'_, E> {
    fn drop(&mut self) {
        if matches!(self.event, Value::Object(_)) {
            self.tell(None, Some(self.progress.ended_with.get()));
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "a size in memory")]
fn size(bytes: usize) -> Value {
    Value::Number(bytes as f64)
}
