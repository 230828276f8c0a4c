//! A request to any resource, for those that have no method yet.

use super::context::CallContext;
use super::job::{CallFuture, CallOptions, Job, Payload, RequestBody, failed_call};
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, HttpRequest};
use crate::error::{Error, ErrorKind};
use crate::text;
use crate::wire::{Access, Effect, Method, Value};
use std::rc::Rc;

const RESOURCE_RULE: &str = "must be a path or a URL, for example \
    \"/Agent/Legal/GetIdentities\".";

impl<E: Environment> CallContext<E> {
    /// Sends a body, with `GET` if there is none, and reads the JSON of the response. A path, and a URL
    /// of the broker, go to the broker with the token; a URL of another host gets no token.
    pub(crate) fn request(
        self: &Rc<Self>,
        resource: &str,
        body: Option<RequestBody>,
        language: Value,
        mut options: CallOptions,
    ) -> CallFuture {
        let progress = self.new_progress(&mut options);
        let job = match self.request_job(resource, body, language) {
            Ok(job) => job,
            Err(error) => return failed_call(error),
        };
        let sending = self.send_with_retries(job, &progress);
        self.within_deadline(options.aborted, &progress, sending)
    }

    fn request_job(
        &self,
        resource: &str,
        body: Option<RequestBody>,
        language: Value,
    ) -> Result<Box<Job>, Box<Error>> {
        let (origin, path) = self.resolve(resource)?;
        let is_own_broker = self.session.broker.is_at(&origin);
        let mut headers = vec![("Accept", "application/json".into())];
        match language {
            Value::Null => {}
            Value::String(tag) if crate::syntax::language::is_language_tag(&tag) => {
                headers.push(("Accept-Language", tag));
            }
            _ => return Err(ErrorKind::invalid("Language", crate::syntax::language::RULE).into()),
        }
        let method = if body.is_some() { Method::Post } else { Method::Get };
        // Any of the texts may be a secret.
        let mut secrets = Vec::new();
        let body = match body {
            None => Body::Nothing,
            Some(body) => {
                secrets = self.texts_of(&body);
                if !body.media_type.is_empty() {
                    headers.push(("Content-Type", body.media_type));
                }
                body.body
            }
        };
        let query = text::split_once(path, "?").map_or("", |(_, query)| query);
        let query = text::replace(&text::replace(query, "=", "&"), "#", "&");
        for value in text::split(&query, b'&') {
            if is_redactable(value) {
                secrets.push(value.into());
            }
        }
        // What it does is unknown as well.
        let effect = if method == Method::Get { Effect::Read } else { Effect::Once };
        let request = HttpRequest {
            method,
            url: text::concat(&[&origin.base_url(), path]),
            headers,
            body,
            with_cookies: false,
            to_own_broker: is_own_broker,
            reads_bytes: false,
        };
        Ok(Box::new(Job {
            effect,
            access: if is_own_broker { Access::OptionalToken } else { Access::Anonymous },
            origin,
            logout_token: None,
            session: None,
            payload: Payload::Request(request, secrets),
        }))
    }

    /// The texts in a body, any of which may be a secret.
    pub(super) fn texts_of(&self, body: &RequestBody) -> Vec<String> {
        let mut texts = Vec::new();
        if let Ok(json) = self.environment.read_json(&body.texts) {
            json.texts(&mut texts);
        }
        texts.retain(|text| is_redactable(text));
        texts
    }

    pub(super) fn resolve<'a>(&self, resource: &'a str) -> Result<(Origin, &'a str), Box<Error>> {
        let invalid = || ErrorKind::invalid("Resource", RESOURCE_RULE);
        if text::find_byte(resource, |byte| *byte <= b' ' || *byte == b'\\').is_some() {
            return Err(invalid().into());
        }
        if resource.starts_with('/') {
            return Ok((self.session.broker.safe_origin()?, resource));
        }
        let (protocol, rest) = text::split_once(resource, "://").ok_or_else(invalid)?;
        let secure = match protocol {
            "https" => true,
            "http" => false,
            _ => return Err(invalid().into()),
        };
        let end = text::find_byte(rest, |byte| matches!(byte, b'/' | b'?' | b'#'));
        let (host, path) = end.and_then(|end| rest.split_at_checked(end)).unwrap_or((rest, ""));
        let origin = self.session.broker.origin_of(host, secure).ok_or_else(invalid)?;
        self.session.broker.check_safe(origin).map(|origin| (origin, path))
    }
}

/// Whether a text that may or may not be a secret is redacted: a shorter one is a word of any sentence.
fn is_redactable(text: &str) -> bool {
    text.len() >= 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;
    use crate::session::keys;
    use crate::simulation::simulator::{Answer, Simulator};

    fn client() -> Rc<Client<Simulator>> {
        let client = Rc::new(Client::new(Simulator::new([Answer::body(200, "[1]")])));
        client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
        client.environment().store(keys::TOKEN, "token");
        client
    }

    fn request(
        client: &Rc<Client<Simulator>>,
        resource: &str,
        payload: Option<RequestBody>,
    ) -> Result<Value, Box<Error>> {
        let call = client.request(resource, payload, Value::Null, CallOptions::default());
        client.environment().run(call)
    }

    fn payload(body: Body) -> Option<RequestBody> {
        Some(RequestBody {
            body,
            media_type: "text/x".into(),
            texts: r#"["the text in it"]"#.into(),
        })
    }

    #[test]
    fn a_path_goes_to_the_broker_with_the_token() {
        let client = client();
        let answer =
            request(&client, "/Agent/Legal/GetIdentities", payload(Body::Text("{}".into())));
        assert_eq!(answer.unwrap(), Value::Array(vec![1.into()]));
        let sent = &client.environment().requests()[0];
        assert_eq!(sent.url, "https://neuron.example/Agent/Legal/GetIdentities");
        assert_eq!(sent.method, Method::Post);
        assert!(sent.headers.contains(&("Authorization", "Bearer token".into())));
        assert!(sent.headers.contains(&("Content-Type", "text/x".into())));
    }

    #[test]
    fn without_a_body_it_is_a_get() {
        let client = client();
        request(&client, "/x", None).unwrap();
        assert_eq!(client.environment().requests()[0].method, Method::Get);
    }

    #[test]
    fn what_can_be_sent_once_is_sent_once() {
        let bodies = [
            (Body::Text("{}".into()), 2),
            (Body::Foreign(Rc::new(())), 2),
            (Body::Stream(Rc::new(())), 1),
        ];
        for (body, requests) in bodies {
            for error in [Answer::Unsent, Answer::body(503, ""), Answer::body(429, "")] {
                let client = client();
                client.environment().world.serve(Box::new({
                    let mut answers = vec![Answer::body(200, "1"), error.clone()];
                    move |_| answers.pop().unwrap()
                }));
                let outcome = request(&client, "/x", payload(body.clone()));
                assert_eq!(outcome.is_ok(), requests == 2, "{body:?} {error:?}");
                assert_eq!(client.environment().requests().len(), requests, "{body:?} {error:?}");
            }
        }
    }

    #[test]
    fn a_stream_is_not_sent_again_with_another_token_either() {
        let client = client();
        let of_another_tab = Rc::downgrade(&client);
        client.environment().world.serve(Box::new(move |_| {
            let client = of_another_tab.upgrade().unwrap();
            client.environment().store(keys::TOKEN, "newer");
            Answer::body(401, "")
        }));
        let error = request(&client, "/x", payload(Body::Stream(Rc::new(())))).unwrap_err();
        assert_eq!(error.code(), "unauthorized");
        assert_eq!(client.environment().requests().len(), 1);
    }

    #[test]
    fn no_error_tells_what_was_sent() {
        let client = client();
        client.environment().world.serve(Box::new(|_| Answer::body(400, "not the text in it")));
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
            let sent = &client.environment().requests()[0];
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
