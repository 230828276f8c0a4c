//! One call: a checked request out, a checked response back.

use super::race::first_of;
use super::{Body, Client, Environment, HttpRequest, HttpResponse, Origin};
use crate::error::{Cause, Error, Refusal};
use crate::session::keys;
use crate::text;
use crate::wire::{Access, Encoding, Method, Mismatch, Recipe, Resource, Value};
use crate::xml::escape;
use std::pin::Pin;

/// How long a call may take when the caller says nothing: a person's patience.
pub const DEFAULT_TIMEOUT_MS: u32 = 30_000;

/// How much of a broker's error text goes into an error: it is meant for a person.
const LONGEST_TEXT: usize = 500;

/// How many names are taken from an answer that offers some.
const MOST_ALTERNATIVES: u32 = 20;

/// What a caller can say of one call.
pub struct CallOptions {
    /// The deadline for the whole call, in milliseconds.
    pub timeout_ms: u32,
    /// Finishes when the caller gives up, with the reason.
    pub aborted: Option<Pin<Box<dyn Future<Output = Cause>>>>,
    /// The encoding; the client's, where none is named.
    pub encoding: Option<Encoding>,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { timeout_ms: DEFAULT_TIMEOUT_MS, aborted: None, encoding: None }
    }
}

/// A request that is about to go out.
pub(super) struct Outgoing<'a> {
    pub(super) resource: &'a Resource,
    pub(super) request: Value,
    /// The token to show.
    pub(super) token: Option<String>,
    /// Where to, if not to the configured broker.
    pub(super) elsewhere: Option<Origin>,
    /// One header more.
    pub(super) header: Option<(&'static str, String)>,
    /// What no error may tell.
    pub(super) secrets: Vec<String>,
}

impl<E: Environment> Client<E> {
    /// Calls a resource with the arguments of its documented parameters.
    ///
    /// # Errors
    /// Any [`Error`]. An argument that breaks a rule is told before anything is sent.
    pub async fn call(
        &self,
        resource: &Resource,
        values: Vec<Value>,
        options: CallOptions,
    ) -> Result<Value, Error> {
        let arguments = resource.arguments(values)?;
        let outgoing = self.prepare(resource, &arguments)?;
        if resource.recipe == Recipe::Logout {
            return self.end_session(outgoing, options).await;
        }
        if !resource.opens_session() {
            return self.send(outgoing, options).await;
        }
        let request = outgoing.request.clone();
        let asked_in = self.session();
        let response = self.send(outgoing, options).await?;
        if self.session() != asked_in {
            return Err(Error::NotLoggedIn);
        }
        self.begin_session(&arguments, &request, &response);
        Ok(response)
    }

    /// Sends a checked request and waits until it is answered, aborted or late.
    pub(super) async fn send(
        &self,
        outgoing: Outgoing<'_>,
        options: CallOptions,
    ) -> Result<Value, Error> {
        let CallOptions { timeout_ms, aborted, encoding } = options;
        let exchange = self.exchange(outgoing, encoding.unwrap_or_else(|| self.encoding()));
        self.in_time(timeout_ms, aborted, Box::pin(exchange)).await
    }

    /// Waits for an exchange until it is aborted or late. Boxed, to be compiled once a result.
    pub(super) async fn in_time<T>(
        &self,
        timeout_ms: u32,
        aborted: Option<Pin<Box<dyn Future<Output = Cause>>>>,
        exchange: Pin<Box<dyn Future<Output = Result<T, Error>> + '_>>,
    ) -> Result<T, Error> {
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

    async fn exchange(&self, outgoing: Outgoing<'_>, encoding: Encoding) -> Result<Value, Error> {
        let Outgoing { resource, request, token, elsewhere, header, secrets } = outgoing;
        let origin = match elsewhere {
            Some(origin) => origin,
            None => self.safe_origin()?,
        };
        // What is documented in JSON only goes in JSON.
        let xml = match encoding {
            Encoding::Xml => resource.xml_request(&request),
            Encoding::Json => None,
        };
        let media_type = if xml.is_some() { "text/xml" } else { "application/json" };
        let mut headers = vec![("Accept", media_type.into())];
        headers.extend(header);
        let in_xml = xml.is_some();
        let body = match resource.method {
            Method::Get => Body::Nothing,
            Method::Post => {
                headers.push(("Content-Type", media_type.into()));
                Body::Text(xml.unwrap_or_else(|| self.environment.write_json(&request)))
            }
        };
        let http_request = HttpRequest {
            method: resource.method,
            url: text::concat(&[&origin.base_url(), &resource.path()]),
            headers,
            body,
            with_cookies: resource.access == Access::Cookie,
        };
        let response = self.transmit(http_request, token, secrets).await?;
        self.read(resource, &response, in_xml)
    }

    /// Sends a request, with the token if there is one, and gives an answer of success.
    pub(super) async fn transmit(
        &self,
        mut request: HttpRequest,
        token: Option<String>,
        mut secrets: Vec<String>,
    ) -> Result<HttpResponse, Error> {
        if let Some(token) = &token {
            request.headers.push(("Authorization", text::concat(&["Bearer ", token])));
        }
        let response = self.environment.send(request).await?;
        if (200..300).contains(&response.status) {
            return Ok(response);
        }
        if response.status == 401 {
            self.forget_token(token.as_deref());
        }
        secrets.extend(token);
        Err(refused(&response, &self.as_quoted(secrets)))
    }

    /// Secrets in every form in which a quoted request has them.
    fn as_quoted(&self, secrets: Vec<String>) -> Vec<String> {
        let mut forms = Vec::new();
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            let in_json = self.environment.write_json(&Value::String(secret.clone()));
            let in_json = in_json.trim_matches('"').to_string();
            // The longer ones first: they may hold the shorter.
            forms.extend([escape(&secret), in_json, secret]);
        }
        forms.retain(|form| !form.is_empty());
        forms
    }

    fn read(
        &self,
        resource: &Resource,
        response: &HttpResponse,
        in_xml: bool,
    ) -> Result<Value, Error> {
        let bad_response = |problem| Error::BadResponse { problem, status: response.status };
        let body = &response.body;
        let answer = if body.trim().is_empty() && resource.response.is_empty() {
            Value::Object(Vec::new())
        } else if in_xml {
            resource.read_xml_response(body).map_err(|fault| {
                let offset = fault.offset.to_string();
                bad_response(text::concat(&["its XML has ", fault.rule, " at byte ", &offset, "."]))
            })?
        } else {
            let answer = self.environment.read_json(body);
            answer.ok_or_else(|| bad_response("it is not JSON.".into()))?
        };
        resource.response(&answer).map_err(|Mismatch { path, problem }| {
            let subject = if path.is_empty() { "it" } else { &path };
            bad_response(text::concat(&[subject, " ", problem, "."]))
        })
    }

    /// The encoding of calls that name none.
    pub fn encoding(&self) -> Encoding {
        match self.environment.load(keys::ENCODING).as_deref() {
            Some("xml") => Encoding::Xml,
            _ => Encoding::Json,
        }
    }

    /// Chooses the encoding of calls that name none.
    pub fn set_encoding(&self, encoding: Encoding) {
        match encoding {
            Encoding::Json => self.environment.remove(keys::ENCODING),
            Encoding::Xml => self.environment.store(keys::ENCODING, "xml"),
        }
    }
}

fn refused(response: &HttpResponse, secrets: &[String]) -> Error {
    // A broker, or a proxy before it, that quotes the request must not make an error tell it.
    let without_secrets = |told: &str| {
        secrets.iter().fold(told.to_string(), |told, secret| text::replace(&told, secret, "…"))
    };
    let body = without_secrets(&response.body);
    // A page in the place of a sentence says nothing to a caller.
    let is_page = body.trim_start().starts_with('<');
    let text = if is_page { String::new() } else { body.chars().take(LONGEST_TEXT).collect() };
    let alternative = |number: u32| {
        let name = text::concat(&["X-AlternativeName", &number.to_string()]);
        (response.header)(&name).filter(|name| !name.is_empty())
    };
    let alternatives = (1..=MOST_ALTERNATIVES).map_while(alternative);
    Error::Refused(Refusal {
        status: response.status,
        status_text: without_secrets(&response.status_text),
        text,
        alternatives: alternatives.map(|name| without_secrets(&name)).collect(),
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

    fn sent_in(encoding: Encoding, answer: &str) -> HttpRequest {
        let client = client([Answer::body(200, answer)]);
        client.environment.store(keys::TOKEN, "token");
        let arguments = ["bob@example.org", "<a/>", "sv", "id-1"].map(Value::from).to_vec();
        let options = CallOptions { encoding: Some(encoding), ..CallOptions::default() };
        let call = client.call(&SEND_PRESENCE_SUBSCRIPTION, arguments, options);
        assert_eq!(client.environment.run(call).unwrap().get("id"), Some(&"1".into()));
        client.environment.requests().pop().unwrap()
    }

    fn text_of(request: &HttpRequest) -> &str {
        match &request.body {
            Body::Text(text) => text,
            _ => "",
        }
    }

    #[test]
    fn the_request_is_the_documented_one() {
        let request = sent_in(Encoding::Json, ANSWER);
        assert_eq!(request.method, Method::Post);
        assert_eq!(request.url, "https://neuron.example/Agent/Xmpp/SendPresenceSubscription");
        assert_eq!(
            request.headers,
            [
                ("Accept", "application/json".into()),
                ("Content-Type", "application/json".into()),
                ("Authorization", "Bearer token".to_string()),
            ]
        );
        assert_eq!(
            text_of(&request),
            r#"{"to":"bob@example.org","customXml":"<a/>","language":"sv","id":"id-1"}"#
        );
    }

    #[test]
    fn the_request_is_the_documented_one_in_xml() {
        let request = sent_in(
            Encoding::Xml,
            "<PresenceSubscriptionResult xmlns='https://waher.se/Schema/BrokerAgent.xsd' \
             sent='true' id='1'/>",
        );
        assert_eq!(
            request.headers,
            [
                ("Accept", "text/xml".into()),
                ("Content-Type", "text/xml".into()),
                ("Authorization", "Bearer token".to_string()),
            ]
        );
        assert_eq!(
            text_of(&request),
            "<SendPresenceSubscription xmlns=\"https://waher.se/Schema/BrokerAgent.xsd\" \
             to=\"bob@example.org\" language=\"sv\" id=\"id-1\"><a xmlns=\"\"/>\
             </SendPresenceSubscription>"
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
    fn a_secret_is_found_wherever_it_stands() {
        let token = "x".repeat(600);
        let quote = |lead: usize| format!("{}{token}", "a".repeat(lead));
        for lead in [0, 1, 499, 500, 501] {
            let mut answer =
                Answer::body(500, &quote(lead)).header("X-AlternativeName1", &quote(1));
            if let Answer::Http { status_text, .. } = &mut answer {
                *status_text = quote(2);
            }
            let client = client([answer]);
            client.environment.store(keys::TOKEN, &token);
            let error = subscribe(&client, CallOptions::default()).unwrap_err();
            assert!(!format!("{error:?} {error}").contains("xx"), "{error:?}");
        }
    }

    #[test]
    fn names_without_end_come_to_an_end() {
        let mut answer = Answer::body(400, "taken");
        for number in 1..1000 {
            answer = answer.header(&format!("X-AlternativeName{number}"), "x");
        }
        let Error::Refused(refusal) = failure(answer) else { panic!("not refused") };
        assert_eq!(refusal.alternatives.len(), 20);
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
