//! Work that ends early.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// Runs a future until it is done, or until another is: `None` then. While that one is ready, the future
/// is not even started.
pub(crate) fn run_until<'a, T>(
    mut end: Pin<&'a mut dyn Future<Output = ()>>,
    mut work: Pin<&'a mut dyn Future<Output = T>>,
) -> impl Future<Output = Option<T>> + use<'a, T> {
    poll_fn(move |context| match end.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(context).map(Some),
    })
}
