//! One handler for each resource, and the table that finds it.

mod domain;
mod events;
mod probe;
mod profile;
mod query;
mod queue;
mod registration;
mod roster;
mod send;
mod session;
mod subscription;
mod unsupported;
mod verification;

use super::arguments::Arguments;
use super::content::Content;
use super::markdown;
use super::refusal::Refusal;
use super::state::{Broker, Call};
use neuron_agent_api::resources::{account, xmpp};
use neuron_agent_api::wire::{Resource, Value};

/// A request that was held to its resource's declaration.
#[derive(Debug)]
pub struct Request(Arguments);

impl Request {
    /// Reads what was in a body. All that takes long is done here, without a broker: XML is parsed
    /// and written anew, Markdown rendered.
    ///
    /// # Errors
    /// 400 for the first property that is not as declared.
    pub fn read(resource: &Resource, body: &Value) -> Result<Self, Refusal> {
        let mut arguments = Arguments::read(resource.request, body)?;
        let form = FORMS.iter().find(|(known, _)| std::ptr::eq(*known, resource));
        if let Some((_, form)) = form {
            arguments.replace_text("message", *form);
        }
        Ok(Self(arguments))
    }

    pub(super) fn arguments(&self) -> &Arguments {
        &self.0
    }
}

/// Makes the content of a message of a text.
type Form = fn(&str) -> Content;

/// The resources that send a text, and what it becomes in a message.
static FORMS: &[(&Resource, Form)] =
    &[(&xmpp::SEND_TEXT_MESSAGE, send::body), (&xmpp::SEND_FORMATTED_MESSAGE, markdown::forms)];

/// Answers a call whose body was held to the resource's declaration.
pub(super) type Handler = fn(&mut Broker, &Call<'_>, &Arguments) -> Answer;

type Answer = Result<Value, Refusal>;

static HANDLERS: &[(&Resource, Handler)] = &[
    (&account::DOMAIN_INFO, domain::domain_info),
    (&account::CREATE, registration::create),
    (&account::GET_SESSION_TOKEN, unsupported::get_session_token),
    (&account::VERIFY_E_MAIL, verification::verify_e_mail),
    (&account::VERIFY_PHONE_NR, verification::verify_phone_nr),
    (&account::RESEND_VERIFICATION_CODES, verification::resend_verification_codes),
    (&account::LOGIN, session::login),
    (&account::QUICK_LOGIN, unsupported::quick_login),
    (&account::WWW_LOGIN, session::www_login),
    (&account::REFRESH, session::refresh),
    (&account::LOGOUT, session::logout),
    (&account::RECOVER, verification::recover),
    (&account::AUTHENTICATE_JWT, session::authenticate_jwt),
    (&account::INFO, profile::info),
    (&account::TRANSFER, unsupported::transfer),
    (&account::PREPARE_REMOTE_QUICK_LOGIN, unsupported::prepare_remote_quick_login),
    (&account::REMOTE_QUICK_LOGIN, unsupported::remote_quick_login),
    (&account::REMOTE_REFERENCES, profile::remote_references),
    (&xmpp::SEND_TEXT_MESSAGE, send::send_text_message),
    (&xmpp::SEND_FORMATTED_MESSAGE, send::send_formatted_message),
    (&xmpp::SEND_XML_MESSAGE, send::send_xml_message),
    (&xmpp::SEND_PRESENCE_SUBSCRIPTION, subscription::send_presence_subscription),
    (&xmpp::SEND_PRESENCE_UNSUBSCRIPTION, subscription::send_presence_unsubscription),
    (&xmpp::SEND_SUBSCRIPTION_ACCEPTED, subscription::send_subscription_accepted),
    (&xmpp::SEND_SUBSCRIPTION_DECLINED, subscription::send_subscription_declined),
    (&xmpp::GET_ROSTER, roster::get_roster),
    (&xmpp::GET_ROSTER_ITEM, roster::get_roster_item),
    (&xmpp::SET_ROSTER_ITEM, roster::set_roster_item),
    (&xmpp::REMOVE_ROSTER_ITEM, roster::remove_roster_item),
    (&xmpp::PRESENCE_PROBE, probe::presence_probe),
    (&xmpp::INFORMATION_QUERY, query::information_query),
    (&xmpp::POP_MESSAGES, queue::pop_messages),
    (&xmpp::CLEAR_MESSAGES, queue::clear_messages),
    (&xmpp::REGISTER_EVENT_HANDLER, events::register_event_handler),
];

/// What an account may do before it is enabled: see where it stands, and come and go.
static OPEN_TO_DISABLED: &[&Resource] = &[&account::INFO, &account::REFRESH, &account::LOGOUT];

/// The handler of a resource, if this broker has one.
pub(super) fn handler(resource: &Resource) -> Option<Handler> {
    let found = HANDLERS.iter().find(|(known, _)| std::ptr::eq(*known, resource));
    found.map(|(_, handler)| *handler)
}

/// Whether a disabled account may use a resource that is for sessions.
pub(super) fn is_open_to_disabled(resource: &Resource) -> bool {
    OPEN_TO_DISABLED.iter().any(|known| std::ptr::eq(*known, resource))
}

/// An answer of named properties.
fn object<const N: usize>(properties: [(&str, Value); N]) -> Value {
    Value::Object(properties.map(|(name, value)| (name.into(), value)).into())
}

/// A number of things, of which there are fewer than the wire can say.
fn count(number: usize) -> Value {
    Value::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A number from a request, of things that lie in memory.
fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, broker, call};
    use super::*;
    use neuron_agent_api::wire::{Access, Effect};

    #[test]
    fn every_declared_resource_has_a_handler() {
        for resource in neuron_agent_api::resources::RESOURCES {
            assert!(handler(resource).is_some(), "{}", resource.path());
        }
    }

    #[test]
    fn a_resource_without_a_handler_says_so() {
        let resource = Resource::new("Xmpp", "Nowhere", Effect::Read, &[], "Nothing", &[]);
        let resource = resource.access(Access::Open);
        let refusal = call(&mut broker(), &resource, (None, NOW), "{}").unwrap_err();
        assert_eq!(refusal.status, 501);
        assert_eq!(refusal.text, "This broker does not implement /Agent/Xmpp/Nowhere.");
    }
}
