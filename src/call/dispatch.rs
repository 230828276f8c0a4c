//! The call of a resource.

use super::context::CallContext;
use super::job::{CallFuture, CallOptions, Job, failed_call};
use super::progress::Progress;
use crate::environment::{Body, Environment};
use crate::error::{Error, ErrorKind};
use crate::futures::race::run_until;
use crate::wire::{BodyKind, Effect, Encoding, Resource, SessionChange, Value};
use std::pin::{Pin, pin};
use std::rc::Rc;

impl<E: Environment> CallContext<E> {
    /// Calls a resource with the arguments of its documented parameters. An invalid argument fails
    /// the call before anything is sent.
    pub(crate) fn call(
        self: &Rc<Self>,
        resource: &'static Resource,
        values: Vec<Value>,
        mut options: CallOptions,
    ) -> CallFuture {
        let arguments = match resource.check(values) {
            Ok(arguments) => arguments,
            Err(error) => return failed_call(error.into()),
        };
        if let Some(error) = stream_in_form(resource, &options) {
            return failed_call(error.into());
        }
        let progress = self.new_progress(&mut options);
        let CallOptions { aborted, encoding, .. } = options;
        let call = Rc::clone(self).dispatch(resource, arguments, encoding, Rc::clone(&progress));
        self.within_deadline(aborted, &progress, Box::pin(call))
    }

    async fn dispatch(
        self: Rc<Self>,
        resource: &'static Resource,
        arguments: Value,
        encoding: Option<Encoding>,
        progress: Rc<Progress>,
    ) -> Result<Value, Box<Error>> {
        let (arguments, progress) = (&arguments, &progress);
        let encoding = encoding.unwrap_or_else(|| self.encoding());
        let call: Pin<Box<dyn Future<Output = _>>> = match resource.session {
            SessionChange::Ends => Box::pin(self.log_out(resource, arguments, encoding, progress)),
            SessionChange::Refreshes => Box::pin(self.refresh(arguments, encoding, progress)),
            SessionChange::Opens => Box::pin(self.log_in(resource, arguments, encoding, progress)),
            SessionChange::None => self.send_resource(resource, arguments, encoding, progress),
        };
        let outcome = call.await;
        match resource.session {
            // A logout must report a token that could not be removed from the store.
            SessionChange::Ends => self.environment.flush_storage().await?,
            SessionChange::Refreshes | SessionChange::Opens => self.flush_store(progress).await,
            SessionChange::None => {}
        }
        outcome
    }

    /// Makes a new token durable, because whoever waits for a login may end the program next. A store
    /// that hangs or fails does not fail the login: the session lasts as long as the program then.
    async fn flush_store(&self, progress: &Progress) {
        // Nine tenths, so that the call ends before its deadline.
        let most_ms = progress.remaining_ms(&*self.environment) / 10 * 9;
        let timeout = pin!(self.environment.sleep(most_ms));
        run_until(timeout, pin!(self.environment.flush_storage())).await;
    }

    /// Sends a resource's request until it succeeds or fails for good.
    pub(super) fn send_resource(
        self: &Rc<Self>,
        resource: &'static Resource,
        arguments: &Value,
        encoding: Encoding,
        progress: &Rc<Progress>,
    ) -> CallFuture {
        if resource.effect == Effect::Consume {
            let most = arguments.get("maxCount").and_then(Value::as_integer);
            progress.taken_messages.set(most.and_then(|most| u32::try_from(most).ok()));
        }
        match self.target(resource, arguments) {
            Ok(origin) => {
                let job = Job::new(resource, arguments.clone(), encoding, origin);
                self.send_with_retries(job, progress)
            }
            Err(error) => failed_call(error),
        }
    }
}

/// The error of a stream that would be a part of a form: forms hold what is there already.
fn stream_in_form(resource: &Resource, options: &CallOptions) -> Option<ErrorKind> {
    let is_stream =
        options.content.as_ref().is_some_and(|content| matches!(content.body, Body::Stream(_)));
    let content = resource.inputs.iter().find(|input| input.kind.is_content())?;
    (is_stream && resource.body == BodyKind::Form).then(|| {
        let rule = "can't be a stream. Read it first: await new Response(stream).blob().";
        ErrorKind::invalid(&content.parameter(), rule)
    })
}
