//! Dispatches a call: it is admitted, its request is decoded, and the handler of its resource
//! answers.

use super::arguments::Arguments;
use super::call::{Call, Credentials};
use super::login_limiter::Target;
use super::received::Received;
use super::refusal::{Challenge, Refusal};
use super::resources::route;
use super::route::{Handler, QueryAnswer, ResponseBody};
use super::state::Broker;
use neuron_agent_api::wire::{Access, Effect, Resource};

/// A request that matches the declaration of its resource.
#[derive(Debug)]
pub struct Request(Arguments);

impl Request {
    /// Decodes a request. What takes long is done here, where the broker is not locked:
    /// parsing XML and rendering Markdown.
    ///
    /// # Errors
    /// 400 for the first input that does not match the declaration.
    pub fn read(resource: &Resource, received: Received) -> Result<Self, Refusal> {
        let mut arguments = Arguments::read(resource.inputs, received)?;
        if let Some((name, render)) = route(resource).and_then(|route| route.rendered) {
            arguments.replace_text(name, render);
        }
        Ok(Self(arguments))
    }
}

impl Broker {
    /// Checks the credentials of a call and sets its session.
    ///
    /// # Errors
    /// 401 if the resource requires a session and there is no valid token; 403 if the account is
    /// disabled; 429 after too many failed attempts from the same endpoint.
    pub fn admit(&mut self, resource: &Resource, call: &mut Call<'_>) -> Result<(), Refusal> {
        let token = match call.credentials {
            Credentials::Bearer(token) => Some(token),
            _ => None,
        };
        match (resource.access, token) {
            // A token that is not needed is ignored, because TAG's `Agent.js` sends an old
            // one with a login.
            (Access::Anonymous | Access::Cookie, _) | (Access::OptionalToken, None) => {}
            (Access::OptionalToken, Some(token)) => {
                call.session = self.tokens.session(token, call.now).ok();
            }
            (Access::RequiresToken, None) => {
                return Err(Refusal::unauthorized(
                    "Log in first: this resource needs a bearer token.",
                    Challenge::LogIn,
                ));
            }
            (Access::RequiresToken, Some(token)) => match self.tokens.session(token, call.now) {
                Ok(session) => call.session = Some(session),
                // An invalid token counts as a failed login, as on a Neuron®.
                Err(reason) => {
                    self.refuse_blocked(call, None)?;
                    self.record_failure(call, Target::Token);
                    return Err(Refusal::unauthorized(
                        format!("{reason}. Log in again."),
                        Challenge::InvalidToken(reason),
                    ));
                }
            },
        }
        if resource.access == Access::RequiresToken
            && !route(resource).is_some_and(|route| route.allows_disabled)
            && !self.caller(call)?.profile.is_enabled()
        {
            return Err(Refusal::new(
                403,
                "The account is disabled until its e-mail address, and its phone number if it has \
                 one, are verified.",
            ));
        }
        // Whoever may be guessing passwords is blocked. A call with a session goes on, because
        // others may share its address.
        if resource.access != Access::RequiresToken && resource.effect != Effect::Read {
            self.refuse_blocked(call, None)?;
        }
        Ok(())
    }

    /// Answers a call that was admitted. Its request was decoded before by [`Request::read`], which
    /// may take long, so that the broker is not locked meanwhile.
    ///
    /// # Errors
    /// A [`Refusal`] with a status of the resource's contract.
    pub fn answer(
        &mut self,
        resource: &Resource,
        call: &Call<'_>,
        request: &Request,
    ) -> Result<ResponseBody, Refusal> {
        let Some(route) = route(resource) else {
            let path = resource.path();
            return Err(Refusal::new(501, format!("This broker does not implement {path}.")));
        };
        let gone = self.tabs.expire(call.now);
        self.requeue(gone);
        let answer = match route.handler {
            Handler::Object(handler) => handler(self, call, &request.0).map(ResponseBody::Object),
            Handler::Query(handler) => handler(self, call, &request.0).map(|answer| match answer {
                QueryAnswer::Result(result) => ResponseBody::Object(result),
                QueryAnswer::Pending(id) => ResponseBody::Pending(id),
            }),
            Handler::Bytes(handler) => handler(self, call, &request.0).map(ResponseBody::Bytes),
        };
        self.announce_ended_sessions(call.now);
        if !self.is_recorded {
            self.forget_changes();
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, broker, call};
    use super::*;

    #[test]
    fn a_resource_without_a_handler_is_refused() {
        let resource = Resource::new("Xmpp", "Nowhere");
        let resource = resource.access(Access::Anonymous);
        let refusal = call(&mut broker(), &resource, (None, NOW), "{}").unwrap_err();
        assert_eq!(refusal.status, 501);
        assert_eq!(refusal.text, "This broker does not implement /Agent/Xmpp/Nowhere.");
    }
}
