//! What is known of a call under way, whoever ends it.

use super::job::{CallOptions, RequestBody, ResponseBytesSlot};
use crate::environment::Environment;
use crate::environment::clock::Deadline;
use crate::error::{Cause, ErrorKind};
use std::cell::Cell;
use std::rc::Rc;

/// What is known of a call under way.
pub(crate) struct Progress {
    /// Tells its requests from those of other calls.
    pub(super) call_id: u32,
    pub(super) deadline: Deadline,
    pub(super) attempts: Cell<u32>,
    /// Whether the broker may have processed the request.
    pub(super) is_ambiguous: Cell<bool>,
    /// How many messages it takes out of a queue, at most; `None` if it takes none.
    pub(super) taken_messages: Cell<Option<u32>>,
    /// What an input holds that is not a value, and what a response holds.
    pub(super) content: Option<RequestBody>,
    pub(super) response_bytes: ResponseBytesSlot,
    /// The error code with which the call ended during an attempt: what the event of a response shows if
    /// the future is dropped without an outcome, such as that of an abandoned refresh.
    pub(super) ended_with: Cell<&'static str>,
}

impl Progress {
    pub(super) fn new(call_id: u32, deadline: Deadline, options: &mut CallOptions) -> Rc<Self> {
        Rc::new(Self {
            call_id,
            deadline,
            attempts: Cell::new(0),
            is_ambiguous: Cell::new(false),
            taken_messages: Cell::new(None),
            content: options.content.take(),
            response_bytes: Rc::clone(&options.response_bytes),
            ended_with: Cell::new(ErrorKind::Aborted(Cause(None)).code()),
        })
    }

    /// The milliseconds until the deadline, 0 if it has passed.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
    pub(super) fn remaining_ms(&self, environment: &impl Environment) -> u32 {
        self.deadline.remaining_ms(&environment.now()).unwrap_or_default() as u32
    }
}
