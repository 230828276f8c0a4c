//! A token refresh under way.

use crate::environment::clock::Deadline;
use crate::error::Error;
use crate::futures::once_event::OnceEvent;
use crate::wire::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// A refresh, shared by all who wait for its outcome: whoever stops waiting leaves it to the others.
pub(crate) struct Refresh {
    /// The lifetime that is asked for.
    pub(crate) seconds: u32,
    /// When it is given up: long after it should have been over.
    pub(super) until: Deadline,
    pub(crate) done: Rc<OnceEvent>,
    /// Set when the session that it was for has ended.
    pub(crate) abandoned: Rc<OnceEvent>,
    pub(crate) outcome: RefCell<Option<Result<Value, Box<Error>>>>,
}

impl Refresh {
    pub(super) fn new(seconds: u32, until: Deadline) -> Rc<Self> {
        Rc::new(Self {
            seconds,
            until,
            done: Rc::default(),
            abandoned: Rc::default(),
            outcome: RefCell::default(),
        })
    }
}
