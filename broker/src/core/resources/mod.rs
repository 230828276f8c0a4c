//! One handler for each resource, and the table that finds it.

mod account;
mod xmpp;

use super::arguments::Arguments;
use super::broker::{Broker, Call};
use super::refusal::Refusal;
use neuron_agent_api::wire::{self, Resource, Value};

/// Answers a call whose body was held to the resource's declaration.
pub(super) type Handler = fn(&mut Broker, &Call<'_>, &Arguments) -> Result<Value, Refusal>;

static HANDLERS: &[(&Resource, Handler)] = &[
    (&wire::account::DOMAIN_INFO, account::domain_info),
    (&wire::account::LOGIN, account::login),
    (&wire::account::REFRESH, account::refresh),
    (&wire::account::LOGOUT, account::logout),
    (&wire::xmpp::SEND_PRESENCE_SUBSCRIPTION, xmpp::send_presence_subscription),
    (&wire::xmpp::GET_ROSTER, xmpp::get_roster),
];

/// The handler of a resource, if this broker has one.
pub(super) fn handler(resource: &Resource) -> Option<Handler> {
    let found = HANDLERS.iter().find(|(known, _)| std::ptr::eq(*known, resource));
    found.map(|(_, handler)| *handler)
}

/// A point in time, as the wire has it in answers: whole Unix seconds.
#[allow(clippy::cast_precision_loss, reason = "exact for 285 million years")]
fn unix_seconds(seconds: i64) -> Value {
    Value::Number(seconds as f64)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, broker, call};
    use super::*;

    #[test]
    fn every_declared_resource_has_a_handler() {
        for resource in wire::RESOURCES {
            assert!(handler(resource).is_some(), "{}", resource.path());
        }
    }

    #[test]
    fn a_resource_without_a_handler_says_so() {
        let resource = Resource::new("Xmpp", "Nowhere", &[], &[]).open();
        let refusal = call(&mut broker(), &resource, (None, NOW), "{}").unwrap_err();
        assert_eq!(refusal.status, 501);
        assert_eq!(refusal.text, "This broker does not implement /Agent/Xmpp/Nowhere.");
    }
}
