//! How the broker serves a resource.

use super::arguments::Arguments;
use super::call::Call;
use super::content::Content;
use super::refusal::Refusal;
use super::state::Broker;
use neuron_agent_api::wire::{Resource, Value};

/// Answers a call. The request is as the resource declares it.
pub(super) type Handler = fn(&mut Broker, &Call<'_>, &Arguments) -> Answer;

/// What a handler returns.
pub(super) type Answer = Result<Value, Refusal>;

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
    pub(super) const fn new(resource: &'static Resource, handler: Handler) -> Self {
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
