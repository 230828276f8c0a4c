//! One call: a checked request out, a checked response back, as often as it takes.

use super::account::Holder;
use super::gate::Permit;
use super::moment::Pause;
use super::prepare::is_refresh;
use super::race::first_of;
use super::retry::{self, Next, may_have_arrived};
use super::{Client, Environment, HttpRequest, HttpResponse, Origin};
use crate::error::{Cause, Error, Failure};
use crate::session::keys;
use crate::text;
use crate::wire::{Access, Effect, Encoding, Mismatch, Recipe, Resource, Value};
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;

/// What a caller can say of one call.
#[derive(Default)]
pub struct CallOptions {
    /// The deadline for the whole call, in milliseconds; the client's, where none is named.
    pub timeout_ms: Option<u32>,
    /// Finishes when the caller gives up, with the reason.
    pub aborted: Option<Pin<Box<dyn Future<Output = Cause>>>>,
    /// The encoding; the client's, where none is named.
    pub encoding: Option<Encoding>,
}

/// What is known of a call under way, whoever ends it.
pub(super) struct Progress {
    /// The time that it has.
    time: Pause,
    attempts: Cell<u32>,
    /// Whether the broker may have done what was asked.
    uncertain: Cell<bool>,
}

/// What is to be done.
pub(super) struct Job<'a> {
    pub(super) operation: &'a str,
    pub(super) effect: Effect,
    pub(super) access: Access,
    /// Where to. That of the moment of the call: what is decided later is not for it.
    pub(super) origin: Origin,
    /// The token to show, where the session that it was for has ended here.
    pub(super) parting_token: Option<String>,
    pub(super) subject: Subject<'a>,
}

/// What a request is made of.
pub(super) enum Subject<'a> {
    /// A resource and its checked arguments.
    Resource(&'a Resource, &'a Value, Encoding),
    /// The request itself, and what no error may tell.
    Request(&'a HttpRequest, &'a [String]),
}

/// A request that is about to go out.
pub(super) struct Outgoing {
    pub(super) request: HttpRequest,
    /// What no error may tell.
    pub(super) secrets: Vec<String>,
    pub(super) in_xml: bool,
}

impl<E: Environment> Client<E> {
    /// Calls a resource with the arguments of its documented parameters.
    ///
    /// # Errors
    /// Any [`Error`]. An argument that breaks a rule is told before anything is sent.
    pub async fn call(
        self: &Rc<Self>,
        resource: &Resource,
        values: Vec<Value>,
        options: CallOptions,
    ) -> Result<Value, Failure> {
        let arguments = resource.arguments(values)?;
        let CallOptions { timeout_ms, aborted, encoding } = options;
        let progress = self.progress(timeout_ms);
        let call = self.carry_out(resource, &arguments, encoding, &progress);
        self.in_time(aborted, &progress, Box::pin(call)).await
    }

    async fn carry_out(
        self: &Rc<Self>,
        resource: &Resource,
        arguments: &Value,
        encoding: Option<Encoding>,
        progress: &Progress,
    ) -> Result<Value, Failure> {
        self.environment.storage().await?;
        let encoding = encoding.unwrap_or_else(|| self.encoding());
        match resource.recipe {
            Recipe::Logout => self.end_session(resource, arguments, encoding, progress).await,
            Recipe::Refresh => self.refresh(arguments).await,
            _ if resource.opens_session() => {
                self.open_session(resource, arguments, encoding, progress).await
            }
            _ => self.perform(resource, arguments, encoding, progress).await,
        }
    }

    /// Sends a resource's request until it is answered for good.
    pub(super) async fn perform(
        self: &Rc<Self>,
        resource: &Resource,
        arguments: &Value,
        encoding: Encoding,
        progress: &Progress,
    ) -> Result<Value, Failure> {
        let job = Job {
            operation: &resource.operation(),
            effect: resource.effect,
            access: resource.access,
            origin: self.target(resource, arguments)?,
            parting_token: None,
            subject: Subject::Resource(resource, arguments, encoding),
        };
        // What can't be sent is told before anything is waited for.
        self.prepare(&job)?;
        self.persist(&job, progress).await
    }

    /// Sends a job's request until it is answered for good. Boxed, because looking after a lost
    /// answer is a job as well.
    pub(super) fn persist<'a>(
        self: &'a Rc<Self>,
        job: &'a Job<'a>,
        progress: &'a Progress,
    ) -> Pin<Box<dyn Future<Output = Result<Value, Failure>> + 'a>> {
        Box::pin(async move {
            let holder = self.holder();
            let mut resent = false;
            loop {
                let (permit, token) = self.admit(job, &holder).await?;
                let outgoing = self.prepare(job)?;
                let outcome = self.attempt(job, outgoing, token.clone(), progress).await;
                drop(permit);
                let error = match outcome {
                    Ok(answer) => {
                        self.budget.give_back();
                        return Ok(answer);
                    }
                    Err(error) => error,
                };
                if let (Error::Refused(refusal), Some(token)) = (&error, token)
                    && refusal.status == 401
                    && job.parting_token.is_none()
                {
                    if self.is_replaced(&token, is_refresh(job)).await && !resent {
                        resent = true;
                        continue;
                    }
                    return Err(error.into());
                }
                let attempts = progress.attempts.get();
                match retry::next(job.effect, &error, attempts) {
                    Next::Fail => return Err(error.into()),
                    Next::Repeat => {}
                    Next::LookAfter(trace) => match self.look_after(trace, job).await {
                        Some(Some(answer)) => return Ok(answer),
                        Some(None) if attempts < retry::MOST_ATTEMPTS => {
                            progress.uncertain.set(false);
                        }
                        _ => return Err(error.into()),
                    },
                }
                let Some(pause) = self.pause(&error, attempts, progress) else {
                    return Err(error.into());
                };
                self.tell_retry(job, &error, attempts, pause);
                self.environment.sleep(pause).await;
            }
        })
    }

    /// The pause before another attempt, where one can be had and paid for.
    fn pause(&self, error: &Error, attempts: u32, progress: &Progress) -> Option<u32> {
        let pause = self.pause_ms(error, attempts)?;
        // A failure now tells more than a deadline later.
        let left = progress.time.left_ms(&self.environment.now())?;
        (f64::from(pause) < left && self.budget.take()).then_some(pause)
    }

    /// Waits until a request may go, with the token that it shows.
    async fn admit(
        self: &Rc<Self>,
        job: &Job<'_>,
        holder: &Holder,
    ) -> Result<(Permit<'_>, Option<String>), Error> {
        let shows_token = matches!(job.access, Access::Welcome | Access::Session);
        if job.parting_token.is_some() {
            return Ok((self.gate.enter(false).await, job.parting_token.clone()));
        }
        if is_refresh(job) {
            let permit = self.gate.enter(true).await;
            return Ok((permit, self.token_for(job, holder)?));
        }
        loop {
            if shows_token {
                self.keep_alive().await;
            }
            let permit = self.gate.enter(false).await;
            if !shows_token {
                return Ok((permit, None));
            }
            // The wait may have been long. A refresh needs a place as well, so this one is left.
            if !self.needs_care() {
                return Ok((permit, self.token_for(job, holder)?));
            }
        }
    }

    async fn attempt(
        &self,
        job: &Job<'_>,
        outgoing: Outgoing,
        token: Option<String>,
        progress: &Progress,
    ) -> Result<Value, Error> {
        let Outgoing { mut request, mut secrets, in_xml } = outgoing;
        if let Some(token) = token {
            request.headers.push(("Authorization", text::concat(&["Bearer ", &token])));
            secrets.push(token);
        }
        progress.attempts.set(progress.attempts.get() + 1);
        let before = progress.uncertain.replace(job.effect != Effect::Read);
        let told = self.tell_request(job, &request, progress.attempts.get());
        let sending = self.environment.send(request, self.settings.max_response_bytes.get());
        let attempt_ms = self.settings.attempt_ms.get();
        let outcome = if f64::from(attempt_ms) < progress.time.for_ms {
            let late = async {
                self.environment.sleep(attempt_ms).await;
                Err(Error::Timeout { after_ms: attempt_ms })
            };
            first_of(sending, late).await
        } else {
            sending.await
        };
        let heard = outcome
            .as_ref()
            .ok()
            .map(|response| (response.status, response.body.as_ref().map_or(0, String::len)));
        let outcome = outcome.and_then(|response| self.understood(job, &response, secrets, in_xml));
        self.tell_response(told, heard, outcome.as_ref().err());
        if !outcome.as_ref().err().is_some_and(may_have_arrived) {
            progress.uncertain.set(before);
        }
        outcome
    }

    /// What is known of a call that begins now.
    pub(super) fn progress(&self, timeout_ms: Option<u32>) -> Progress {
        let for_ms = timeout_ms.unwrap_or(self.settings.total_ms.get()).into();
        Progress {
            time: Pause { from: self.environment.now(), for_ms },
            attempts: Cell::new(0),
            uncertain: Cell::new(false),
        }
    }

    /// Waits for a call until it is aborted or late.
    pub(super) async fn in_time(
        &self,
        aborted: Option<Pin<Box<dyn Future<Output = Cause>>>>,
        progress: &Progress,
        call: Pin<Box<dyn Future<Output = Result<Value, Failure>> + '_>>,
    ) -> Result<Value, Failure> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
        let after_ms = progress.time.for_ms as u32;
        let late = async {
            self.environment.sleep(after_ms).await;
            Err(Error::Timeout { after_ms }.into())
        };
        let disposed = async {
            self.disposed.wait().await;
            Err(Error::Disposed.into())
        };
        let in_time = first_of(disposed, first_of(call, late));
        let outcome = match aborted {
            // The signal comes first: a call that is aborted from the start sends nothing.
            Some(aborted) => {
                first_of(async { Err(Error::Aborted(aborted.await).into()) }, in_time).await
            }
            None => in_time.await,
        };
        outcome.map_err(|mut failure: Failure| {
            failure.attempts = failure.attempts.max(progress.attempts.get());
            failure.ambiguous |= progress.uncertain.get();
            failure
        })
    }

    fn understood(
        &self,
        job: &Job<'_>,
        response: &HttpResponse,
        secrets: Vec<String>,
        in_xml: bool,
    ) -> Result<Value, Error> {
        let status = response.status;
        let bad_response = |problem| Error::BadResponse { problem, status };
        if !(200..300).contains(&status) {
            return Err(self.refused(response, secrets));
        }
        let Some(body) = &response.body else {
            let most = self.settings.max_response_bytes.get().to_string();
            let advice = " bytes. Allow more: AgentAPI.IO.SetLimits({ maxResponseBytes }).";
            return Err(bad_response(text::concat(&["it has more than ", &most, advice])));
        };
        let is_empty = body.trim().is_empty();
        let Subject::Resource(resource, ..) = job.subject else {
            let answer =
                if is_empty { Some(Value::Null) } else { self.environment.read_json(body) };
            return answer.ok_or_else(|| bad_response("it is not JSON.".into()));
        };
        let answer = if is_empty && resource.response.is_empty() {
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

#[cfg(test)]
mod tests {
    use super::super::refusal::LONGEST_TEXT;
    use super::super::simulator::{Answer, Simulator};
    use super::super::{Body, Origin};
    use super::*;
    use crate::wire::Method;
    use crate::wire::xmpp::{GET_ROSTER, SEND_PRESENCE_SUBSCRIPTION};

    const ANSWER: &str = r#"{"sent":true,"id":"1"}"#;

    fn client(answers: impl IntoIterator<Item = Answer>) -> Rc<Client<Simulator>> {
        let client = Rc::new(Client::new(Simulator::new(answers)));
        client.set_origin(Some(&Origin::new("neuron.example", true).unwrap()));
        client
    }

    fn subscribe(client: &Rc<Client<Simulator>>, options: CallOptions) -> Result<Value, Failure> {
        let arguments = vec![Value::from("bob@example.org")];
        let call = client.call(&SEND_PRESENCE_SUBSCRIPTION, arguments, options);
        client.environment.run(call)
    }

    fn failure(answer: Answer) -> Failure {
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
        let options = CallOptions { timeout_ms: Some(1234), ..CallOptions::default() };
        let error = subscribe(&client, options).unwrap_err();
        assert!(matches!(error.error, Error::Timeout { after_ms: 1234 }));
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
        let Error::Refused(refusal) = failure(answer).error else { panic!("not refused") };
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
        let Error::Refused(refusal) = failure(answer).error else { panic!("not refused") };
        assert_eq!(refusal.alternatives, ["alice1", "alice2"]);
    }
}
