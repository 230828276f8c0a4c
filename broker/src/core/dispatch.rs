//! The way of a call: it is admitted, its request is decoded, and its handler answers.

use super::arguments::Arguments;
use super::call::{Call, Credentials};
use super::login_limiter::Target;
use super::refusal::{Challenge, Refusal};
use super::resources::route;
use super::state::Broker;
use neuron_agent_api::wire::{Access, Effect, Resource, Value};

/// A request that is as its resource declares it.
#[derive(Debug)]
pub struct Request(Arguments);

impl Request {
    /// Decodes the body of a request. All that takes long is done here, without the broker: XML is
    /// parsed and rewritten, Markdown is rendered.
    ///
    /// # Errors
    /// 400 for the first property that is not as declared.
    pub fn read(resource: &Resource, body: &Value) -> Result<Self, Refusal> {
        let mut arguments = Arguments::read(resource.request, body)?;
        if let Some((name, render)) = route(resource).and_then(|route| route.rendered) {
            arguments.replace_text(name, render);
        }
        Ok(Self(arguments))
    }
}

impl Broker {
    /// Lets a caller in and notes its session, or says why not.
    ///
    /// # Errors
    /// 401, where the resource needs a session and the token does not stand for one; 403, where
    /// its account is disabled; 429, where there were too many failed attempts from the same
    /// endpoint.
    pub fn admit(&mut self, resource: &Resource, call: &mut Call<'_>) -> Result<(), Refusal> {
        let token = match call.credentials {
            Credentials::Bearer(token) => Some(token),
            _ => None,
        };
        match (resource.access, token) {
            // A token that is not needed is not looked at: the maintainers' client sends an old
            // one along with a login.
            (Access::Open | Access::Cookie, _) | (Access::Welcome, None) => {}
            (Access::Welcome, Some(token)) => {
                call.session = self.tokens.session(token, call.now).ok();
            }
            (Access::Session, None) => {
                return Err(Refusal::unauthorized(
                    "Log in first: this resource needs a bearer token.",
                    Challenge::LogIn,
                ));
            }
            (Access::Session, Some(token)) => match self.tokens.session(token, call.now) {
                Ok(session) => call.session = Some(session),
                // A dead token is a failed login, as on a Neuron®.
                Err(reason) => {
                    self.refuse_blocked(call, None)?;
                    self.fail(call, Target::Token);
                    return Err(Refusal::unauthorized(
                        format!("{reason}. Log in again."),
                        Challenge::InvalidToken(reason),
                    ));
                }
            },
        }
        if resource.access == Access::Session
            && !route(resource).is_some_and(|route| route.allows_disabled)
            && !self.caller(call)?.profile.is_enabled()
        {
            return Err(Refusal::new(
                403,
                "The account is disabled until its e-mail address, and its phone number if it has \
                 one, are verified.",
            ));
        }
        // Who may be guessing waits. Whoever has a session may go on with it: others may share the
        // address.
        if resource.access != Access::Session && resource.effect != Effect::Read {
            self.refuse_blocked(call, None)?;
        }
        Ok(())
    }

    /// Answers a call that was let in. The request was read before, by [`Request::read`]: that may
    /// take long, and the broker is not to be kept meanwhile.
    ///
    /// # Errors
    /// A [`Refusal`], as the resource's contract has it.
    pub fn answer(
        &mut self,
        resource: &Resource,
        call: &Call<'_>,
        request: &Request,
    ) -> Result<Value, Refusal> {
        let Some(route) = route(resource) else {
            let path = resource.path();
            return Err(Refusal::new(501, format!("This broker does not implement {path}.")));
        };
        let gone = self.tabs.expire(call.now);
        self.requeue(gone);
        (route.handler)(self, call, &request.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, broker, call};
    use super::*;

    #[test]
    fn a_resource_without_a_handler_is_refused() {
        let resource = Resource::new("Xmpp", "Nowhere", Effect::Read, &[], "Nothing", &[]);
        let resource = resource.access(Access::Open);
        let refusal = call(&mut broker(), &resource, (None, NOW), "{}").unwrap_err();
        assert_eq!(refusal.status, 501);
        assert_eq!(refusal.text, "This broker does not implement /Agent/Xmpp/Nowhere.");
    }
}
