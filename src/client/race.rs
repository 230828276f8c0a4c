//! The first of several futures to finish.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

/// Runs futures until one is done. An earlier one has precedence, and while it
/// is ready a later one is not even started.
pub(super) async fn first_of_all<T>(all: &mut [Pin<Box<dyn Future<Output = T>>>]) -> T {
    poll_fn(|context| {
        for one in &mut *all {
            if let Poll::Ready(value) = one.as_mut().poll(context) {
                return Poll::Ready(value);
            }
        }
        Poll::Pending
    })
    .await
}

/// Runs two futures until one is done and drops the other. The first has precedence, and while it
/// is ready the second is not even started.
pub(super) async fn first_of<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    let mut one = pin!(one);
    let mut other = pin!(other);
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(value),
        Poll::Pending => other.as_mut().poll(context),
    })
    .await
}
