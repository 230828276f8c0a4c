//! How the broker serves a resource.

use super::arguments::Arguments;
use super::call::Call;
use super::content::Content;
use super::received::Blob;
use super::refusal::Refusal;
use super::state::Broker;
use neuron_agent_api::wire::{Resource, Value};

/// Answers a call. The request is as the resource declares it.
#[derive(Clone, Copy)]
pub(super) enum Handler {
    /// With an object.
    Object(fn(&mut Broker, &Call<'_>, &Arguments) -> Answer),
    /// With an object, at once or later.
    Query(fn(&mut Broker, &Call<'_>, &Arguments) -> Result<QueryAnswer, Refusal>),
    /// With bytes.
    Bytes(fn(&mut Broker, &Call<'_>, &Arguments) -> Result<Download, Refusal>),
}

/// What a handler returns, if it does not answer with bytes.
pub(super) type Answer = Result<Value, Refusal>;

/// The answer to an information query.
pub(super) enum QueryAnswer {
    /// The result.
    Result(Value),
    /// The id of the query, which another domain answers.
    Pending(String),
}

/// Bytes that are answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// The bytes and their media type.
    pub content: Blob,
    /// The version of the bytes, in quotes, for the header `ETag` (RFC 9110 §8.8.3).
    pub etag: Option<String>,
}

/// The body of a response.
#[derive(Debug)]
pub enum ResponseBody {
    /// An object, which is written in JSON or XML.
    Object(Value),
    /// The result of the query with this id, when it is there: see [`Broker::take_response`].
    Pending(String),
    /// Bytes, which are sent as they are.
    Bytes(Download),
}

/// Renders a text as the content of a message.
pub(super) type Render = fn(&str) -> Content;

/// A resource and its handler.
pub(super) struct Route {
    pub resource: &'static Resource,
    pub handler: Handler,
    /// The property that is rendered before the handler gets it.
    pub rendered: Option<(&'static str, Render)>,
    /// Whether a disabled account may use the resource.
    pub allows_disabled: bool,
}

impl Route {
    pub(super) const fn new(
        resource: &'static Resource,
        handler: fn(&mut Broker, &Call<'_>, &Arguments) -> Answer,
    ) -> Self {
        let handler = Handler::Object(handler);
        Self { resource, handler, rendered: None, allows_disabled: false }
    }

    /// Answers with the result of an information query.
    pub(super) const fn query(
        resource: &'static Resource,
        handler: fn(&mut Broker, &Call<'_>, &Arguments) -> Result<QueryAnswer, Refusal>,
    ) -> Self {
        let handler = Handler::Query(handler);
        Self { resource, handler, rendered: None, allows_disabled: false }
    }

    /// Answers with bytes.
    pub(super) const fn bytes(
        resource: &'static Resource,
        handler: fn(&mut Broker, &Call<'_>, &Arguments) -> Result<Download, Refusal>,
    ) -> Self {
        let handler = Handler::Bytes(handler);
        Self { resource, handler, rendered: None, allows_disabled: false }
    }

    /// Renders a text property while the request is decoded, because that takes long and the broker
    /// is not locked then.
    pub(super) const fn render(self, property: &'static str, render: Render) -> Self {
        Self { rendered: Some((property, render)), ..self }
    }

    /// Lets an account use the resource before its e-mail address and its phone number are verified.
    pub(super) const fn allow_disabled(self) -> Self {
        Self { allows_disabled: true, ..self }
    }
}
