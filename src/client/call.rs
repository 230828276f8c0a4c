//! One call: a checked request out, a checked response back.

use super::race::first_of;
use super::{Client, Environment, HttpRequest, HttpResponse};
use crate::error::{Cause, Error, Refusal};
use crate::session::keys;
use crate::text;
use crate::wire::{Access, Method, Mismatch, Resource, Value};
use std::pin::Pin;

/// How long a call may take when the caller says nothing: a person's patience.
pub const DEFAULT_TIMEOUT_MS: u32 = 30_000;

/// How much of a broker's error text goes into an error: it is meant for a person.
const LONGEST_TEXT: usize = 500;

/// What a caller can say of one call.
pub struct CallOptions {
    /// The deadline for the whole call, in milliseconds.
    pub timeout_ms: u32,
    /// Finishes when the caller gives up, with the reason.
    pub aborted: Option<Pin<Box<dyn Future<Output = Cause>>>>,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { timeout_ms: DEFAULT_TIMEOUT_MS, aborted: None }
    }
}

impl<E: Environment> Client<E> {
    /// Calls a resource with the arguments of its documented parameters.
    ///
    /// # Errors
    /// Any [`Error`]. An argument that breaks a rule is told before anything is sent.
    pub async fn call(
        &self,
        resource: &Resource,
        arguments: Vec<Value>,
        options: CallOptions,
    ) -> Result<Value, Error> {
        let request = resource.request(arguments)?;
        let token = match resource.access {
            Access::Open => None,
            Access::Session => self.environment.load(keys::TOKEN),
        };
        self.send(resource, &request, token, options).await
    }

    /// Sends a checked request and waits until it is answered, aborted or late.
    pub(super) async fn send(
        &self,
        resource: &Resource,
        request: &Value,
        token: Option<String>,
        options: CallOptions,
    ) -> Result<Value, Error> {
        let CallOptions { timeout_ms, aborted } = options;
        let exchange = self.exchange(resource, request, token);
        let late = async {
            self.environment.sleep(timeout_ms).await;
            Err(Error::Timeout { after_ms: timeout_ms })
        };
        let in_time = first_of(exchange, late);
        match aborted {
            // The signal comes first: a call that is aborted from the start sends nothing.
            Some(aborted) => first_of(async { Err(Error::Aborted(aborted.await)) }, in_time).await,
            None => in_time.await,
        }
    }

    async fn exchange(
        &self,
        resource: &Resource,
        request: &Value,
        token: Option<String>,
    ) -> Result<Value, Error> {
        let origin = self.safe_origin()?;
        let mut headers = vec![("Accept", "application/json".into())];
        if let Some(token) = &token {
            headers.push(("Authorization", text::concat(&["Bearer ", token])));
        }
        let body = match resource.method {
            Method::Get => None,
            Method::Post => {
                headers.push(("Content-Type", "application/json".into()));
                Some(self.environment.write_json(request))
            }
        };
        let url = text::concat(&[&origin.base_url(), &resource.path()]);
        let http_request = HttpRequest { method: resource.method, url, headers, body };
        let response = self.environment.send(http_request).await?;
        if !(200..300).contains(&response.status) {
            if response.status == 401 {
                self.forget_token(token.as_deref());
            }
            let secrets = token.as_deref().into_iter().chain(resource.secrets(request));
            return Err(refused(&response, secrets));
        }
        self.read(resource, &response)
    }

    fn read(&self, resource: &Resource, response: &HttpResponse) -> Result<Value, Error> {
        let bad_response = |problem| Error::BadResponse { problem, status: response.status };
        let answer = if response.body.trim().is_empty() && resource.response.is_empty() {
            Value::Object(Vec::new())
        } else {
            let answer = self.environment.read_json(&response.body);
            answer.ok_or_else(|| bad_response("it is not JSON.".into()))?
        };
        resource.response(&answer).map_err(|Mismatch { path, problem }| {
            let subject = if path.is_empty() { "it" } else { &path };
            bad_response(text::concat(&[subject, " ", problem, "."]))
        })
    }
}

fn refused<'a>(response: &HttpResponse, secrets: impl Iterator<Item = &'a str>) -> Error {
    let mut text = response.body.chars().take(LONGEST_TEXT).collect::<String>();
    // A page in the place of a sentence says nothing to a caller.
    if text.trim_start().starts_with('<') {
        text.clear();
    }
    // A broker, or a proxy before it, that quotes the request must not make an error tell it.
    for secret in secrets {
        text = text::replace(&text, secret, "…");
    }
    let alternatives = (1..)
        .map_while(|number: u32| {
            (response.header)(&text::concat(&["X-AlternativeName", &number.to_string()]))
        })
        .collect();
    Error::Refused(Refusal {
        status: response.status,
        status_text: response.status_text.clone(),
        text,
        alternatives,
    })
}

#[cfg(test)]
mod tests {
    use super::super::simulator::{Answer, Simulator};
    use super::*;
    use crate::client::Origin;
    use crate::wire::xmpp::{GET_ROSTER, SEND_PRESENCE_SUBSCRIPTION};

    const ANSWER: &str = r#"{"sent":true,"id":"1"}"#;

    fn client(answers: impl IntoIterator<Item = Answer>) -> Client<Simulator> {
        let client = Client::new(Simulator::new(answers));
        client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
        client
    }

    fn subscribe(client: &Client<Simulator>, options: CallOptions) -> Result<Value, Error> {
        let arguments = vec![Value::from("bob@example.org")];
        let call = client.call(&SEND_PRESENCE_SUBSCRIPTION, arguments, options);
        client.environment.run(call)
    }

    fn failure(answer: Answer) -> Error {
        subscribe(&client([answer]), CallOptions::default()).unwrap_err()
    }

    #[test]
    fn the_request_is_the_documented_one() {
        let client = client([Answer::body(200, ANSWER)]);
        client.environment.store(keys::TOKEN, "token");
        let arguments = ["bob@example.org", "<a/>", "sv", "id-1"].map(Value::from).to_vec();
        let call = client.call(&SEND_PRESENCE_SUBSCRIPTION, arguments, CallOptions::default());
        client.environment.run(call).unwrap();
        assert_eq!(
            client.environment.requests(),
            [HttpRequest {
                method: Method::Post,
                url: "https://neuron.example/Agent/Xmpp/SendPresenceSubscription".into(),
                headers: vec![
                    ("Accept", "application/json".into()),
                    ("Authorization", "Bearer token".into()),
                    ("Content-Type", "application/json".into()),
                ],
                body: Some(
                    r#"{"to":"bob@example.org","customXml":"<a/>","language":"sv","id":"id-1"}"#
                        .into()
                ),
            }]
        );
    }

    #[test]
    fn a_bad_argument_sends_nothing() {
        let client = client([Answer::body(200, ANSWER)]);
        let call = client.call(&GET_ROSTER, vec![Value::Number(-1.0)], CallOptions::default());
        assert_eq!(client.environment.run(call).unwrap_err().code(), "invalid-argument");
        assert_eq!(client.environment.requests().len(), 0);
    }

    #[test]
    fn every_answer_settles_with_its_code() {
        let rows = [
            (Answer::Lost, "network"),
            (Answer::Never, "timeout"),
            (Answer::body(200, ""), "bad-response"),
            (Answer::body(200, "<html>"), "bad-response"),
            (Answer::body(200, r#"{"sent":tr"#), "bad-response"),
            (Answer::body(200, r#"{"sent":"yes","id":"1"}"#), "bad-response"),
            (Answer::body(204, ""), "bad-response"),
            (Answer::body(400, "no"), "bad-request"),
            (Answer::body(401, "no"), "unauthorized"),
            (Answer::body(503, ""), "unavailable"),
            (Answer::body(0, ""), "refused"),
        ];
        for (answer, code) in rows {
            let label = format!("{answer:?}");
            assert_eq!(failure(answer).code(), code, "{label}");
        }
    }

    #[test]
    fn any_status_of_success_is_one() {
        assert!(subscribe(&client([Answer::body(201, ANSWER)]), CallOptions::default()).is_ok());
    }

    #[test]
    fn the_deadline_is_the_callers() {
        let client = client([Answer::Never]);
        let options = CallOptions { timeout_ms: 1234, ..CallOptions::default() };
        let error = subscribe(&client, options).unwrap_err();
        assert!(matches!(error, Error::Timeout { after_ms: 1234 }));
        assert_eq!(client.environment.elapsed_ms(), 1234);
    }

    #[test]
    fn an_abort_wins_at_once_and_before_sending() {
        let client = client([Answer::Never]);
        let aborted = |after_ms| {
            let simulator = client.environment.clone();
            let wait = async move {
                simulator.sleep(after_ms).await;
                Cause(None)
            };
            CallOptions { aborted: Some(Box::pin(wait)), ..CallOptions::default() }
        };
        assert_eq!(subscribe(&client, aborted(0)).unwrap_err().code(), "aborted");
        assert_eq!(client.environment.requests().len(), 0);
        assert_eq!(subscribe(&client, aborted(50)).unwrap_err().code(), "aborted");
        assert_eq!(client.environment.requests().len(), 1);
        assert_eq!(client.environment.elapsed_ms(), 50);
    }

    #[test]
    fn a_refused_token_is_dropped_and_never_sent_again() {
        let client = client([Answer::body(401, "expired"), Answer::body(401, "log in")]);
        client.environment.store(keys::TOKEN, "token");
        for _ in 0..2 {
            subscribe(&client, CallOptions::default()).unwrap_err();
        }
        let sent = client.environment.requests();
        let with_token = |request: &HttpRequest| {
            request.headers.iter().any(|(name, _)| *name == "Authorization")
        };
        assert_eq!(sent.iter().map(with_token).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_secret_that_the_broker_quotes_stays_out_of_the_error() {
        let client = client([Answer::body(500, "header was: Bearer s3cr3t-token")]);
        client.environment.store(keys::TOKEN, "s3cr3t-token");
        let message = subscribe(&client, CallOptions::default()).unwrap_err().message();
        assert!(message.contains("header was: Bearer …"), "{message}");
    }

    #[test]
    fn a_long_text_is_cut_and_a_page_left_out() {
        let long = failure(Answer::body(500, &"å".repeat(2000))).message();
        assert_eq!(long.matches('å').count(), LONGEST_TEXT);
        let page = failure(Answer::body(502, " <html><body>Bad gateway</body></html>")).message();
        assert_eq!(page, "the broker refused with 502.");
    }

    #[test]
    fn alternative_names_are_collected() {
        let answer = Answer::body(400, "taken")
            .header("X-AlternativeName1", "alice1")
            .header("X-AlternativeName2", "alice2")
            .header("X-AlternativeName4", "alice4");
        let Error::Refused(refusal) = failure(answer) else { panic!("not refused") };
        assert_eq!(refusal.alternatives, ["alice1", "alice2"]);
    }
}
