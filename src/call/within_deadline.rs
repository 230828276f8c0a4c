//! Ends a call at its deadline, when it is aborted, and when its client is disposed.

use super::context::CallContext;
use super::job::CallFuture;
use super::progress::Progress;
use crate::environment::Environment;
use crate::error::{Cause, ErrorKind};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

impl<E: Environment> CallContext<E> {
    /// Opens the storage and runs a call, until it ends or has to.
    pub(crate) fn within_deadline(
        self: &Rc<Self>,
        mut aborted: Option<Pin<Box<dyn Future<Output = Cause>>>>,
        progress: &Rc<Progress>,
        call: CallFuture,
    ) -> CallFuture {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
        let after_ms = progress.deadline.after_ms as u32;
        let (calls, progress) = (Rc::clone(self), Rc::clone(progress));
        Box::pin(async move {
            let mut call = Box::pin(async {
                calls.environment.open_storage().await?;
                call.await
            });
            let mut disposed = calls.disposed.wait();
            let mut timeout = pin!(calls.environment.sleep(after_ms));
            let ended = |error: ErrorKind| Poll::Ready(Err(error.into()));
            let outcome = poll_fn(|context| {
                // The signal comes first: a call that is aborted from the start sends nothing.
                if let Some(aborted) = &mut aborted
                    && let Poll::Ready(cause) = aborted.as_mut().poll(context)
                {
                    return ended(ErrorKind::Aborted(cause));
                }
                if pin!(&mut disposed).poll(context).is_ready() {
                    return ended(ErrorKind::Disposed);
                }
                if let Poll::Ready(outcome) = call.as_mut().poll(context) {
                    return Poll::Ready(outcome);
                }
                match timeout.as_mut().poll(context) {
                    Poll::Ready(()) => ended(ErrorKind::Timeout { after_ms }),
                    Poll::Pending => Poll::Pending,
                }
            })
            .await;
            if let Err(error) = &outcome {
                progress.ended_with.set(error.code());
            }
            drop(call);
            outcome.map_err(|mut error| {
                error.attempts = error.attempts.max(progress.attempts.get());
                error.ambiguous |= progress.is_ambiguous.get();
                error.may_be_lost = progress.taken_messages.get().unwrap_or_default();
                error
            })
        })
    }
}
