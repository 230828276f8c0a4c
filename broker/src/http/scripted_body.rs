//! A body that follows a script: what is sent, when, and whether it ends with an error.

use super::connection_reset::ConnectionReset;
use axum::body::Body;
use hyper::body::{Bytes, Frame};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// A step of the script.
pub(super) enum Step {
    Send(Bytes),
    Wait(Duration),
    Reset,
}

/// A body that takes these steps.
pub(super) fn scripted_body<Steps>(steps: Steps) -> Body
where
    Steps: IntoIterator<Item = Step>,
    Steps::IntoIter: Send + 'static,
{
    Body::new(ScriptedBody { steps: Box::new(steps.into_iter()), wait: None })
}

struct ScriptedBody {
    steps: Box<dyn Iterator<Item = Step> + Send>,
    wait: Option<Pin<Box<Sleep>>>,
}

impl hyper::body::Body for ScriptedBody {
    type Data = Bytes;
    type Error = ConnectionReset;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ConnectionReset>>> {
        loop {
            if let Some(wait) = &mut self.wait {
                ready!(wait.as_mut().poll(context));
                self.wait = None;
            }
            match self.steps.next() {
                Some(Step::Send(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Some(Step::Wait(duration)) => self.wait = Some(Box::pin(sleep(duration))),
                Some(Step::Reset) => return Poll::Ready(Some(Err(ConnectionReset))),
                None => return Poll::Ready(None),
            }
        }
    }
}
