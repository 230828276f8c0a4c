//! A request to any resource, for those that have no method yet.

use crate::call::refusal::keep_those_to_hide;
use crate::call::send::{CallOptions, Pending};
use crate::call::send::{Job, Subject, failed};
use crate::client::Client;
use crate::environment::{Body, Environment, HttpRequest};
use crate::error::{Error, Failure};
use crate::session::broker::Origin;
use crate::text;
use crate::wire::{Access, Effect, Method, Value};
use std::rc::Rc;

const RESOURCE_RULE: &str = "must be a path, or an address of a resource, for example \
    \"/Agent/Legal/GetIdentities\".";

/// What a request carries.
pub struct Payload {
    /// The body.
    pub body: Body,
    /// What its `Content-Type` says; empty where the environment knows better.
    pub media_type: String,
    /// JSON with the texts in it, which no error may tell.
    pub texts: String,
}

impl<E: Environment> Client<E> {
    /// Sends a payload, `GET` without one, and reads the JSON of the answer. A path goes to the
    /// broker; so does an address of its own. An address elsewhere is shown no token.
    ///
    /// # Errors
    /// Any [`Error`].
    pub fn request(
        self: &Rc<Self>,
        resource: &str,
        payload: Option<Payload>,
        language: Value,
        options: CallOptions,
    ) -> Pending {
        let progress = self.progress(options.timeout_ms);
        let job = match self.job_of(resource, payload, language) {
            Ok(job) => job,
            Err(failure) => return failed(failure),
        };
        self.in_time(options.aborted, &progress, self.persist(job, &progress))
    }

    fn job_of(
        &self,
        resource: &str,
        payload: Option<Payload>,
        language: Value,
    ) -> Result<Box<Job>, Box<Failure>> {
        let (origin, path) = self.target_of(resource)?;
        let own = self.is_at(&origin);
        let mut headers = vec![("Accept", "application/json".into())];
        match language {
            Value::Null => {}
            Value::String(tag) if crate::syntax::language::is_language_tag(&tag) => {
                headers.push(("Accept-Language", tag));
            }
            _ => return Err(Error::invalid("Language", crate::syntax::language::RULE).into()),
        }
        let method = if payload.is_some() { Method::Post } else { Method::Get };
        // Nobody knows which of them are secrets.
        let mut secrets = Vec::new();
        let mut body = Body::Nothing;
        if let Some(payload) = payload {
            body = payload.body;
            if !payload.media_type.is_empty() {
                headers.push(("Content-Type", payload.media_type));
            }
            if let Ok(texts) = self.read_json(&payload.texts) {
                texts.texts(&mut secrets);
            }
        }
        let query = text::split_once(path, "?").map_or("", |(_, query)| query);
        for value in query.as_bytes().split(|byte| b"&=#".contains(byte)) {
            secrets.extend(String::from_utf8(value.into()));
        }
        keep_those_to_hide(&mut secrets);
        // Nobody knows what it does, either.
        let effect = if method == Method::Get { Effect::Read } else { Effect::Once };
        let request = HttpRequest {
            method,
            url: text::concat(&[&origin.base_url(), path]),
            headers,
            body,
            with_cookies: false,
            to_own_broker: own,
        };
        Ok(Box::new(Job {
            effect,
            access: if own { Access::Welcome } else { Access::Open },
            origin,
            parting: None,
            holder: None,
            subject: Subject::Request(request, secrets),
        }))
    }

    fn target_of<'a>(&self, resource: &'a str) -> Result<(Origin, &'a str), Box<Failure>> {
        let broken = || Error::invalid("Resource", RESOURCE_RULE);
        if resource.bytes().any(|byte| byte <= b' ' || byte == b'\\') {
            return Err(broken().into());
        }
        if resource.starts_with('/') {
            return Ok((self.safe_origin()?, resource));
        }
        let (protocol, rest) = text::split_once(resource, "://").ok_or_else(broken)?;
        let secure = match protocol {
            "https" => true,
            "http" => false,
            _ => return Err(broken().into()),
        };
        let end = rest.bytes().position(|byte| b"/?#".contains(&byte));
        let (host, path) = end.and_then(|end| rest.split_at_checked(end)).unwrap_or((rest, ""));
        let origin = self.origin_of(host, secure).ok_or_else(broken)?;
        self.safe(origin).map(|origin| (origin, path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Failure;
    use crate::session::keys;
    use crate::simulation::simulator::{Answer, Simulator};

    fn client() -> Rc<Client<Simulator>> {
        let client = Rc::new(Client::new(Simulator::new([Answer::body(200, "[1]")])));
        client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
        client.environment.store(keys::TOKEN, "token");
        client
    }

    fn request(
        client: &Rc<Client<Simulator>>,
        resource: &str,
        payload: Option<Payload>,
    ) -> Result<Value, Box<Failure>> {
        let call = client.request(resource, payload, Value::Null, CallOptions::default());
        client.environment.run(call)
    }

    fn payload(body: Body) -> Option<Payload> {
        Some(Payload { body, media_type: "text/x".into(), texts: r#"["the text in it"]"#.into() })
    }

    #[test]
    fn a_path_goes_to_the_broker_with_the_token() {
        let client = client();
        let answer =
            request(&client, "/Agent/Legal/GetIdentities", payload(Body::Text("{}".into())));
        assert_eq!(answer.unwrap(), Value::Array(vec![1.into()]));
        let sent = &client.environment.requests()[0];
        assert_eq!(sent.url, "https://neuron.example/Agent/Legal/GetIdentities");
        assert_eq!(sent.method, Method::Post);
        assert!(sent.headers.contains(&("Authorization", "Bearer token".into())));
        assert!(sent.headers.contains(&("Content-Type", "text/x".into())));
    }

    #[test]
    fn without_a_body_it_is_a_get() {
        let client = client();
        request(&client, "/x", None).unwrap();
        assert_eq!(client.environment.requests()[0].method, Method::Get);
    }

    #[test]
    fn what_can_be_sent_once_is_sent_once() {
        let bodies = [
            (Body::Text("{}".into()), 2),
            (Body::Foreign(Rc::new(())), 2),
            (Body::Stream(Rc::new(())), 1),
        ];
        for (body, requests) in bodies {
            for failure in [Answer::Unsent, Answer::body(503, ""), Answer::body(429, "")] {
                let client = client();
                client.environment.world.serve(Box::new({
                    let mut answers = vec![Answer::body(200, "1"), failure.clone()];
                    move |_| answers.pop().unwrap()
                }));
                let outcome = request(&client, "/x", payload(body.clone()));
                assert_eq!(outcome.is_ok(), requests == 2, "{body:?} {failure:?}");
                assert_eq!(client.environment.requests().len(), requests, "{body:?} {failure:?}");
            }
        }
    }

    #[test]
    fn a_stream_is_not_sent_again_with_another_token_either() {
        let client = client();
        let of_another_tab = Rc::downgrade(&client);
        client.environment.world.serve(Box::new(move |_| {
            let client = of_another_tab.upgrade().unwrap();
            client.environment.store(keys::TOKEN, "newer");
            Answer::body(401, "")
        }));
        let error = request(&client, "/x", payload(Body::Stream(Rc::new(())))).unwrap_err();
        assert_eq!(error.code(), "unauthorized");
        assert_eq!(client.environment.requests().len(), 1);
    }

    #[test]
    fn no_error_tells_what_was_sent() {
        let client = client();
        client.environment.world.serve(Box::new(|_| Answer::body(400, "not the text in it")));
        let error = request(&client, "/x", payload(Body::Foreign(Rc::new(())))).unwrap_err();
        assert!(error.message().contains(": not …."), "{}", error.message());
    }

    #[test]
    fn only_the_own_broker_is_shown_the_token() {
        for (resource, shown) in [
            ("https://neuron.example/a", true),
            ("https://Neuron.Example:443/a?b#c", true),
            ("https://neuron.example:0443/a", true),
            ("https://neuron.example", true),
            ("https://neuron.example.evil/a", false),
            ("https://neuron.example:8443/a", false),
            ("https://other.example/a", false),
            ("http://localhost/a", false),
        ] {
            let client = client();
            request(&client, resource, None).unwrap();
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
            let error = request(&client(), resource, None).unwrap_err();
            assert_eq!(error.code(), "invalid-argument", "{resource:?}");
        }
        let error = request(&client(), "http://neuron.example/a", None).unwrap_err();
        assert_eq!(error.code(), "insecure-host");
    }
}
