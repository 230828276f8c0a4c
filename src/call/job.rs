//! What a call sends.

use crate::environment::origin::Origin;
use crate::environment::{Body, ForeignBytes, HttpRequest};
use crate::error::{Cause, Error};
use crate::session::snapshot::{LogoutToken, Snapshot};
use crate::wire::{Access, Effect, Encoding, Resource, SessionChange, Value};
use std::cell::RefCell;
use std::future::ready;
use std::pin::Pin;
use std::rc::Rc;

/// What a caller can choose for one call.
#[derive(Default)]
pub struct CallOptions {
    /// The deadline for the whole call, in milliseconds; `None` for the client's.
    pub timeout_ms: Option<u32>,
    /// Finishes when the caller aborts, with the reason.
    pub aborted: Option<Pin<Box<dyn Future<Output = Cause>>>>,
    /// The encoding; `None` for the client's.
    pub encoding: Option<Encoding>,
    /// What the input of the kind [`crate::wire::InputKind::Content`] holds, if there is one.
    pub content: Option<RequestBody>,
    /// Takes the bytes of a response.
    pub response_bytes: ResponseBytesSlot,
}

/// The body of a request.
#[derive(Clone)]
pub struct RequestBody {
    /// The body.
    pub body: Body,
    /// Its `Content-Type`; empty if the environment chooses it.
    pub media_type: String,
    /// JSON with the texts in it, which no error may quote.
    pub texts: String,
}

/// A place for the bytes of a response, which are not a [`Value`].
pub type ResponseBytesSlot = Rc<RefCell<Option<ForeignBytes>>>;

/// A call under way. Boxed, so that each step of it is compiled once and not into every caller.
pub type CallFuture = Pin<Box<dyn Future<Output = Result<Value, Box<Error>>>>>;

/// A call that failed before it began.
pub(crate) fn failed_call(error: Box<Error>) -> CallFuture {
    Box::pin(ready(Err(error)))
}

/// What a call sends, as often as it takes.
pub(crate) struct Job {
    pub(super) effect: Effect,
    pub(super) access: Access,
    /// The broker at the time of the call; a later choice is not for this call.
    pub(super) origin: Origin,
    /// What to show if this is the logout of a session that has ended in this client.
    pub(super) logout_token: Option<LogoutToken>,
    /// In whose session it is sent, if that is not the session in which it begins.
    pub(super) session: Option<Snapshot>,
    pub(super) payload: Payload,
}

/// What a request is made from.
pub(crate) enum Payload {
    /// A resource and its checked arguments.
    Resource(&'static Resource, Value, Encoding),
    /// The request itself, and the secrets in it.
    Request(HttpRequest, Vec<String>),
}

/// A request that is about to be sent.
pub(crate) struct Outgoing {
    pub(super) request: HttpRequest,
    /// What no error may quote.
    pub(super) secrets: Vec<String>,
    pub(super) in_xml: bool,
}

impl Job {
    /// The call of a resource. Boxed, because a job is moved often.
    pub(super) fn new(
        resource: &'static Resource,
        arguments: Value,
        encoding: Encoding,
        origin: Origin,
    ) -> Box<Self> {
        Box::new(Self {
            effect: resource.effect,
            access: resource.access,
            origin,
            logout_token: None,
            session: None,
            payload: Payload::Resource(resource, arguments, encoding),
        })
    }

    /// The name of the operation, such as `Xmpp.GetRoster`.
    pub(super) fn operation(&self) -> String {
        match &self.payload {
            Payload::Resource(resource, ..) => resource.operation(),
            Payload::Request(..) => "IO.Request".into(),
        }
    }

    /// Whether it exchanges the token.
    pub(super) fn is_refresh(&self) -> bool {
        matches!(&self.payload, Payload::Resource(resource, ..) if resource.session == SessionChange::Refreshes)
    }

    /// Whether it may show the session's token.
    pub(super) fn shows_token(&self) -> bool {
        matches!(self.access, Access::OptionalToken | Access::RequiresToken)
    }

    /// Whether the broker counts its failures, and blocks who has too many.
    pub(super) fn is_login(&self) -> bool {
        matches!(&self.payload, Payload::Resource(resource, ..) if resource.is_login())
    }
}
