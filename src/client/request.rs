//! A request to any resource, for those that have no method yet.

use super::call::{Job, Subject, failed};
use super::refusal::keep_those_to_hide;
use super::{Body, CallOptions, Client, Environment, HttpRequest, Origin, Pending};
use crate::error::Error;
use crate::text;
use crate::wire::{Access, Effect, Method, Value};
use std::rc::Rc;

const RESOURCE_RULE: &str = "must be a path, or an address of a resource, for example \
    \"/Agent/Legal/GetIdentities\".";

impl<E: Environment> Client<E> {
    /// Sends a body, `GET` without one, and reads the JSON of the answer. A path goes to the
    /// broker; so does an address of its own. An address elsewhere is shown no token.
    ///
    /// # Errors
    /// Any [`Error`].
    pub fn request(
        self: &Rc<Self>,
        resource: &str,
        body: Body,
        language: Value,
        options: CallOptions,
    ) -> Pending {
        let progress = self.progress(options.timeout_ms);
        let job = match self.job_of(resource, body, language) {
            Ok(job) => job,
            Err(error) => return failed(error),
        };
        let (client, kept) = (Rc::clone(self), Rc::clone(&progress));
        let call = async move {
            client.environment.storage().await?;
            client.persist(job, &kept).await
        };
        self.in_time(options.aborted, &progress, Box::pin(call))
    }

    fn job_of(&self, resource: &str, body: Body, language: Value) -> Result<Box<Job>, Error> {
        let (origin, path) = self.target_of(resource)?;
        let own = self.origin().is_ok_and(|own| own == origin);
        let mut headers = vec![("Accept", "application/json".into())];
        match language {
            Value::Null => {}
            Value::String(tag) if crate::language::is_language_tag(&tag) => {
                headers.push(("Accept-Language", tag));
            }
            _ => return Err(Error::invalid("Language", crate::language::RULE)),
        }
        if matches!(body, Body::Text(_)) {
            headers.push(("Content-Type", "application/json".into()));
        }
        // Nobody knows which of them are secrets.
        let mut secrets = Vec::new();
        if let Body::Text(body) = &body
            && let Some(payload) = self.environment.read_json(body)
        {
            payload.texts(&mut secrets);
        }
        let query = text::split_once(path, "?").map_or("", |(_, query)| query);
        for value in query.split(['&', '=', '#']) {
            secrets.push(value.into());
        }
        keep_those_to_hide(&mut secrets);
        let reads = matches!(body, Body::Nothing);
        let request = HttpRequest {
            method: if reads { Method::Get } else { Method::Post },
            url: text::concat(&[&origin.base_url(), path]),
            headers,
            body,
            with_cookies: false,
            to_own_broker: own,
        };
        Ok(Box::new(Job {
            operation: "IO.Request".into(),
            // Nobody knows what it does, either.
            effect: if reads { Effect::Read } else { Effect::Once },
            access: if own { Access::Welcome } else { Access::Open },
            origin,
            parting: None,
            holder: None,
            subject: Subject::Request(request, secrets),
        }))
    }

    fn target_of<'a>(&self, resource: &'a str) -> Result<(Origin, &'a str), Error> {
        let broken = || Error::invalid("Resource", RESOURCE_RULE);
        if resource.contains(|character: char| character <= ' ' || character == '\\') {
            return Err(broken());
        }
        if resource.starts_with('/') {
            return Ok((self.safe_origin()?, resource));
        }
        let (protocol, rest) = text::split_once(resource, "://").ok_or_else(broken)?;
        let secure = match protocol {
            "https" => true,
            "http" => false,
            _ => return Err(broken()),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(end).ok_or_else(broken)?;
        let origin = Origin::new(host, secure).map_err(|_| broken())?;
        self.safe(origin).map(|origin| (origin, path))
    }
}

#[cfg(test)]
mod tests {
    use super::super::simulator::{Answer, Simulator};
    use super::*;
    use crate::error::Failure;
    use crate::session::keys;

    fn client() -> Rc<Client<Simulator>> {
        let client = Rc::new(Client::new(Simulator::new([Answer::body(200, "[1]")])));
        client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
        client.environment.store(keys::TOKEN, "token");
        client
    }

    fn request(
        client: &Rc<Client<Simulator>>,
        resource: &str,
        body: Body,
    ) -> Result<Value, Box<Failure>> {
        let call = client.request(resource, body, Value::Null, CallOptions::default());
        client.environment.run(call)
    }

    #[test]
    fn a_path_goes_to_the_broker_with_the_token() {
        let client = client();
        let answer = request(&client, "/Agent/Legal/GetIdentities", Body::Text("{}".into()));
        assert_eq!(answer.unwrap(), Value::Array(vec![1.into()]));
        let sent = &client.environment.requests()[0];
        assert_eq!(sent.url, "https://neuron.example/Agent/Legal/GetIdentities");
        assert_eq!(sent.method, Method::Post);
        assert!(sent.headers.contains(&("Authorization", "Bearer token".into())));
    }

    #[test]
    fn without_a_body_it_is_a_get() {
        let client = client();
        request(&client, "/x", Body::Nothing).unwrap();
        assert_eq!(client.environment.requests()[0].method, Method::Get);
    }

    #[test]
    fn only_the_own_broker_is_shown_the_token() {
        for (resource, shown) in [
            ("https://neuron.example/a", true),
            ("https://Neuron.Example:443/a?b#c", true),
            ("https://neuron.example", true),
            ("https://neuron.example.evil/a", false),
            ("https://neuron.example:8443/a", false),
            ("https://other.example/a", false),
            ("http://localhost/a", false),
        ] {
            let client = client();
            request(&client, resource, Body::Nothing).unwrap();
            let sent = &client.environment.requests()[0];
            let has_token = sent.headers.iter().any(|(name, _)| *name == "Authorization");
            assert_eq!(has_token, shown, "{resource}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for resource in [
            "",
            "x",
            "ftp://a/b",
            "https://",
            "https://a b/",
            "https://u:p@a/",
            "/a\\b",
            "/a\nb",
            "//a/b c",
            "javascript:alert(1)",
            "https:/a",
        ] {
            let error = request(&client(), resource, Body::Nothing).unwrap_err();
            assert_eq!(error.code(), "invalid-argument", "{resource:?}");
        }
        let error = request(&client(), "http://neuron.example/a", Body::Nothing).unwrap_err();
        assert_eq!(error.code(), "insecure-host");
    }
}
