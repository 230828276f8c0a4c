//! One request and its response.

use super::context::CallContext;
use super::job::{Job, Outgoing};
use super::progress::Progress;
use super::retry::may_have_arrived;
use crate::environment::{Environment, ResponseBody};
use crate::error::{Error, ErrorKind};
use crate::futures::race::run_until;
use crate::text;
use crate::wire::{Effect, Value};
use std::pin::pin;
use std::rc::Rc;

impl<E: Environment> CallContext<E> {
    pub(super) async fn attempt(
        &self,
        job: &Job,
        outgoing: Box<Outgoing>,
        token: Option<String>,
        progress: &Progress,
    ) -> Result<Value, Box<Error>> {
        let Outgoing { mut request, mut secrets, in_xml } = *outgoing;
        if let Some(token) = token {
            request.headers.push(("Authorization", text::concat(&["Bearer ", &token])));
            secrets.push(token);
        }
        progress.attempts.set(progress.attempts.get() + 1);
        // Set first, because the deadline may drop this future during the request.
        let has_consequences = !matches!(job.effect, Effect::Read | Effect::Session);
        let was_ambiguous = progress.is_ambiguous.replace(has_consequences);
        let span = self.begin_span(job, &request, progress);
        // What is taken out of a queue has gone from there, so a response of any size is read.
        let max_bytes = match progress.taken_messages.get() {
            None => self.settings.max_response_bytes.get(),
            Some(_) => u32::MAX,
        };
        let mut sending = self.environment.send(request, max_bytes);
        let attempt_ms = self.settings.attempt_ms.get();
        // The deadline passes first, so a limit beyond it has no effect; one at it might begin another
        // attempt. A timer that is never stopped, as after a trap, must not keep a program running for longer.
        let after_ms = attempt_ms.min(progress.deadline_ms().saturating_add(1));
        let timeout = pin!(self.environment.sleep(after_ms));
        let outcome = run_until(timeout, sending.as_mut()).await;
        let outcome = outcome.unwrap_or(Err(ErrorKind::Timeout { after_ms }));
        let received =
            outcome.as_ref().ok().map(|response| (response.status, response.body.length()));
        let outcome = outcome.and_then(|response| {
            if let ResponseBody::Bytes(bytes, _) = &response.body {
                progress.response_bytes.replace(Some(Rc::clone(bytes)));
            }
            self.decode_response(job, &response, secrets, in_xml)
        });
        if let Some(span) = span {
            span.end(received, outcome.as_ref().err().map(ErrorKind::code));
        }
        if !outcome.as_ref().err().is_some_and(may_have_arrived) {
            progress.is_ambiguous.set(was_ambiguous);
        }
        Ok(outcome?)
    }
}
