//! One call: a checked request out, a checked response back, as often as it takes.

use crate::call::account::Holder;
use crate::call::fresh_token::Condition;
use crate::call::limiter::Permit;
use crate::call::prepare::is_refresh;
use crate::call::retry::{self, Next, may_have_arrived};
use crate::client::Client;
use crate::environment::clock::Pause;
use crate::environment::{Body, Environment, HttpRequest, HttpResponse};
use crate::error::{Cause, Error, Failure, Reach};
use crate::futures::race::first_of;
use crate::session::broker::Origin;
use crate::session::keys;
use crate::text;
use crate::wire::{Access, Effect, Encoding, Recipe, Resource, Value};
use std::cell::Cell;
use std::future::{poll_fn, ready};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

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
pub(crate) struct Progress {
    /// What tells its requests from those of other calls.
    pub(crate) id: u32,
    /// The time that it has.
    pub(crate) time: Pause,
    pub(crate) attempts: Cell<u32>,
    /// Whether the broker may have done what was asked.
    uncertain: Cell<bool>,
    /// How many messages it takes out of a queue, at most.
    takes: Cell<u32>,
    /// The code of what it ended with before its latest attempt did.
    pub(crate) ended_with: Cell<&'static str>,
}

/// A call under way. Boxed, so that each step of it is compiled once, and not into every caller.
pub type Pending = Pin<Box<dyn Future<Output = Result<Value, Box<Failure>>>>>;

/// What is to be done.
pub(crate) struct Job {
    pub(crate) effect: Effect,
    pub(crate) access: Access,
    /// Where to. That of the moment of the call: what is decided later is not for it.
    pub(crate) origin: Origin,
    /// What to show, where the session that it was for has ended here.
    pub(crate) parting: Option<Parting>,
    /// Whose it is, where that is not who is logged in when it begins.
    pub(crate) holder: Option<Holder>,
    pub(crate) subject: Subject,
}

impl Job {
    /// The call of a resource. In a box: a job goes through many hands.
    pub(crate) fn of(
        resource: &'static Resource,
        arguments: Value,
        encoding: Encoding,
        origin: Origin,
    ) -> Box<Self> {
        Box::new(Self {
            effect: resource.effect,
            access: resource.access,
            origin,
            parting: None,
            holder: None,
            subject: Subject::Resource(resource, arguments, encoding),
        })
    }

    /// What those hear who listen.
    pub(crate) fn operation(&self) -> String {
        match &self.subject {
            Subject::Resource(resource, ..) => resource.operation(),
            Subject::Request(..) => "IO.Request".into(),
        }
    }

    /// Whether it can't be sent again once it was.
    fn is_spent(&self) -> bool {
        matches!(&self.subject, Subject::Request(request, _) if matches!(request.body, Body::Stream(_)))
    }
}

/// The token of a session that has ended here, and not yet at the broker.
pub(crate) struct Parting {
    pub(crate) token: String,
    /// Nothing, where nobody knows.
    pub(crate) good_for: Option<Pause>,
}

/// What a request is made of.
pub(crate) enum Subject {
    /// A resource and its checked arguments.
    Resource(&'static Resource, Value, Encoding),
    /// The request itself, and what no error may tell.
    Request(HttpRequest, Vec<String>),
}

/// A request that is about to go out.
pub(crate) struct Outgoing {
    pub(crate) request: HttpRequest,
    /// What no error may tell.
    pub(crate) secrets: Vec<String>,
    pub(crate) in_xml: bool,
}

impl<E: Environment> Client<E> {
    /// Calls a resource with the arguments of its documented parameters.
    ///
    /// # Errors
    /// Any [`Error`]. An argument that breaks a rule is told before anything is sent.
    pub fn call(
        self: &Rc<Self>,
        resource: &'static Resource,
        values: Vec<Value>,
        options: CallOptions,
    ) -> Pending {
        let arguments = match resource.arguments(values) {
            Ok(arguments) => arguments,
            Err(error) => return failed(error.into()),
        };
        let CallOptions { timeout_ms, aborted, encoding } = options;
        let progress = self.progress(timeout_ms);
        let call = Rc::clone(self).carry_out(resource, arguments, encoding, Rc::clone(&progress));
        self.in_time(aborted, &progress, Box::pin(call))
    }

    async fn carry_out(
        self: Rc<Self>,
        resource: &'static Resource,
        arguments: Value,
        encoding: Option<Encoding>,
        progress: Rc<Progress>,
    ) -> Result<Value, Box<Failure>> {
        let (arguments, progress) = (&arguments, &progress);
        let encoding = encoding.unwrap_or_else(|| self.encoding());
        let outcome = match resource.recipe {
            Recipe::Logout => {
                let outcome = self.end_session(resource, arguments, encoding, progress).await;
                self.environment.flush().await?;
                return outcome;
            }
            Recipe::Refresh => self.refresh(arguments, encoding, progress).await,
            _ if resource.opens_session() => {
                self.open_session(resource, arguments, encoding, progress).await
            }
            _ => return self.perform(resource, arguments, encoding, progress).await,
        };
        self.keep_before_the_end(progress).await;
        outcome
    }

    /// Who waits for a login may end the program next. A store that takes no end, or takes nothing,
    /// is no failure of it: the session lasts as long as the program then.
    async fn keep_before_the_end(&self, progress: &Progress) {
        let left = progress.time.left_ms(&self.environment.now()).unwrap_or_default();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
        let most = (left * 0.9) as u32;
        let late = async {
            self.environment.sleep(most).await;
            Ok(())
        };
        let _ = first_of(self.environment.flush(), late).await;
    }

    /// Sends a resource's request until it is answered for good.
    pub(crate) fn perform(
        self: &Rc<Self>,
        resource: &'static Resource,
        arguments: &Value,
        encoding: Encoding,
        progress: &Rc<Progress>,
    ) -> Pending {
        if resource.effect == Effect::Consume {
            let most = arguments.get("maxCount").and_then(Value::as_integer).unwrap_or_default();
            progress.takes.set(u32::try_from(most).unwrap_or_default());
        }
        match self.target(resource, arguments) {
            Ok(origin) => {
                self.persist(Job::of(resource, arguments.clone(), encoding, origin), progress)
            }
            Err(failure) => failed(failure),
        }
    }

    /// Sends a job's request until it is answered for good.
    pub(crate) fn persist(self: &Rc<Self>, mut job: Box<Job>, progress: &Rc<Progress>) -> Pending {
        let (client, progress) = (Rc::clone(self), Rc::clone(progress));
        Box::pin(async move {
            let mut holder = job.holder.take().unwrap_or_else(|| client.holder());
            let mut resent = false;
            loop {
                client.refuse_while_blocked(&job)?;
                // What can't be sent is told before anything is waited for.
                let outgoing = client.prepare(&job)?;
                // As whom it goes out first, it goes on.
                let (permit, token) = client.admit(&job, &mut holder).await?;
                client.refuse_while_blocked(&job)?;
                let epoch = client.epoch.get();
                let outcome = client.attempt(&job, outgoing, token.clone(), &progress).await;
                drop(permit);
                let failure = match outcome {
                    Ok(answer) => {
                        client.budget.give_back();
                        return Ok(answer);
                    }
                    Err(failure) => failure,
                };
                let error = &failure.error;
                if job.is_spent() {
                    return Err(failure);
                }
                if error.status() == Some(401)
                    && matches!(error, Error::Refused(_))
                    && job.parting.is_none()
                    && let Some(token) = token
                {
                    if client.is_replaced(&token, epoch, is_refresh(&job)).await && !resent {
                        resent = true;
                        client.tell_retry(&job, error, &progress, 0);
                        continue;
                    }
                    return Err(failure);
                }
                let attempts = progress.attempts.get();
                let mut looked = false;
                match retry::next(job.effect, error, attempts) {
                    Next::Fail => return Err(failure),
                    Next::Repeat => {}
                    Next::LookAfter(trace) => {
                        match client.look_after(trace, &job, &holder, error, &progress).await {
                            Some(Some(answer)) => return Ok(answer),
                            Some(None) if attempts < retry::MOST_ATTEMPTS => looked = true,
                            _ => return Err(failure),
                        }
                    }
                }
                let Some(pause) = client.pause(error, attempts, &progress) else {
                    return Err(failure);
                };
                if looked {
                    // What was not there then is taken for not arrived, now that it goes out again.
                    progress.uncertain.set(false);
                }
                client.tell_retry(&job, error, &progress, pause);
                client.environment.sleep(pause).await;
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
        job: &Job,
        holder: &mut Holder,
    ) -> Result<(Permit<'_>, Option<String>), Box<Failure>> {
        let is_refresh = is_refresh(job);
        let shows_token = matches!(job.access, Access::Welcome | Access::Session);
        let needs_care = shows_token && !is_refresh && job.parting.is_none();
        loop {
            if needs_care {
                self.keep_alive().await;
            }
            let is_immediate = self.gate.has_room(is_refresh);
            let permit = self.gate.enter(is_refresh).await;
            if let Some(Parting { token, good_for }) = &job.parting {
                let now = self.environment.now();
                let is_over = good_for.is_some_and(|time| time.left_ms(&now).is_none());
                if is_over || self.is_refused(token) {
                    return Err(Error::NotLoggedIn.into());
                }
                return Ok((permit, Some(token.clone())));
            }
            if !shows_token {
                return Ok((permit, None));
            }
            // The wait may have been long. A refresh needs a place as well, so this one is left.
            if needs_care && !is_immediate && self.needs_care() {
                continue;
            }
            if is_refresh && let Condition::Over(reason) = self.condition() {
                self.lose_unless_renewed(reason).await;
            }
            return Ok((permit, self.token_for(job, holder)?));
        }
    }

    async fn attempt(
        &self,
        job: &Job,
        outgoing: Box<Outgoing>,
        token: Option<String>,
        progress: &Progress,
    ) -> Result<Value, Box<Failure>> {
        let Outgoing { mut request, mut secrets, in_xml } = *outgoing;
        if let Some(token) = token {
            request.headers.push(("Authorization", text::concat(&["Bearer ", &token])));
            secrets.push(token);
        }
        progress.attempts.set(progress.attempts.get() + 1);
        let before = progress.uncertain.replace(job.effect != Effect::Read);
        let told = self.tell_request(job, &request, progress);
        // What is taken out of a queue is gone there, so there is no size at which it is left.
        let most_bytes = match progress.takes.get() {
            0 => self.settings.max_response_bytes.get(),
            _ => u32::MAX,
        };
        let mut sending = self.environment.send(request, most_bytes);
        let after_ms = self.settings.attempt_ms.get();
        if f64::from(after_ms) < progress.time.for_ms {
            let late = async move {
                self.environment.sleep(after_ms).await;
                Err(Error::Timeout { after_ms })
            };
            sending = Box::pin(first_of(sending, late));
        }
        let outcome = sending.await;
        let heard = outcome
            .as_ref()
            .ok()
            .map(|response| (response.status, response.body.as_ref().map_or(0, String::len)));
        let outcome = outcome.and_then(|response| self.understood(job, &response, secrets, in_xml));
        if let Some(told) = told {
            told.answered(heard, outcome.as_ref().err().map(Error::code));
        }
        if !outcome.as_ref().err().is_some_and(may_have_arrived) {
            progress.uncertain.set(before);
        }
        Ok(outcome?)
    }

    /// What is known of a call that begins now.
    pub(crate) fn progress(&self, timeout_ms: Option<u32>) -> Rc<Progress> {
        self.calls.set(self.calls.get().wrapping_add(1));
        self.progress_of(self.calls.get(), timeout_ms)
    }

    /// What is known of a part of a call that has a time of its own.
    pub(crate) fn progress_of(&self, id: u32, timeout_ms: Option<u32>) -> Rc<Progress> {
        let for_ms = timeout_ms.unwrap_or(self.settings.total_ms.get()).into();
        Rc::new(Progress {
            id,
            time: Pause { from: self.environment.now(), for_ms },
            attempts: Cell::new(0),
            uncertain: Cell::new(false),
            takes: Cell::new(0),
            ended_with: Cell::new(Error::Aborted(Cause(None)).code()),
        })
    }

    /// Waits until what is kept can be read, and then for a call, until it is aborted or late.
    pub(crate) fn in_time(
        self: &Rc<Self>,
        aborted: Option<Pin<Box<dyn Future<Output = Cause>>>>,
        progress: &Rc<Progress>,
        call: Pending,
    ) -> Pending {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
        let after_ms = progress.time.for_ms as u32;
        let (client, progress) = (Rc::clone(self), Rc::clone(progress));
        let mut aborted = aborted;
        Box::pin(async move {
            let mut call = Box::pin(async {
                client.environment.storage().await?;
                call.await
            });
            let mut disposed = client.disposed.wait();
            let mut late = pin!(client.environment.sleep(after_ms));
            let ended = |error: Error| Poll::Ready(Err(error.into()));
            let outcome = poll_fn(|context| {
                // The signal comes first: a call that is aborted from the start sends nothing.
                if let Some(aborted) = &mut aborted
                    && let Poll::Ready(cause) = aborted.as_mut().poll(context)
                {
                    return ended(Error::Aborted(cause));
                }
                if pin!(&mut disposed).poll(context).is_ready() {
                    return ended(Error::Disposed);
                }
                if let Poll::Ready(outcome) = call.as_mut().poll(context) {
                    return Poll::Ready(outcome);
                }
                match late.as_mut().poll(context) {
                    Poll::Ready(()) => ended(Error::Timeout { after_ms }),
                    Poll::Pending => Poll::Pending,
                }
            })
            .await;
            if let Err(failure) = &outcome {
                progress.ended_with.set(failure.code());
            }
            drop(call);
            outcome.map_err(|mut failure| {
                failure.attempts = failure.attempts.max(progress.attempts.get());
                failure.ambiguous |= progress.uncertain.get();
                failure.may_be_lost = progress.takes.get();
                failure
            })
        })
    }

    fn understood(
        &self,
        job: &Job,
        response: &HttpResponse,
        secrets: Vec<String>,
        in_xml: bool,
    ) -> Result<Value, Error> {
        let status = response.status;
        let bad_response = |problem| Error::BadResponse { problem, status };
        if !(200..300).contains(&status) {
            return Err(self.refused(response, &secrets));
        }
        let Some(body) = &response.body else {
            let most = text::decimal(self.settings.max_response_bytes.get());
            let advice = " bytes. Allow more: AgentAPI.IO.SetLimits({ maxResponseBytes }).";
            return Err(bad_response(text::concat(&["it has more than ", &most, advice])));
        };
        let cut = || Error::Network { cause: Cause(None), reach: Reach::Answered };
        let not_understood = |problem: &str| {
            let sentence = text::concat(&[problem, "."]);
            if is_cut(response) { cut() } else { bad_response(sentence) }
        };
        let is_empty = body.trim().is_empty();
        if is_empty && is_cut(response) {
            return Err(cut());
        }
        let Subject::Resource(resource, ..) = job.subject else {
            if is_empty {
                return Ok(Value::Null);
            }
            let answer = self.read_json(body);
            return answer.map_err(|problem| not_understood(&text::concat(&["it ", problem])));
        };
        if is_empty && resource.response.is_empty() {
            return Ok(Value::object());
        }
        let scalar = |text: &str| self.environment.read_scalar(text);
        resource.read(body, in_xml, &scalar).or_else(|problem| {
            // What was cut is asked for again, if it can be.
            let salvaged =
                if is_cut(response) { None } else { resource.salvage(body, in_xml, &scalar) };
            salvaged.ok_or_else(|| not_understood(&problem))
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

/// What a packed text may take more than the text itself. That an answer was packed is hidden from a
/// page of another origin.
const PACKING: usize = 32;

/// Whether there is surely less of an answer than was sent: `WebKit` gives a page what came of one that
/// was cut short as if it was all of it.
fn is_cut(response: &HttpResponse) -> bool {
    let length = (response.header)("Content-Length").and_then(|length| text::digits(&length));
    let there = response.body.as_ref().map_or(0, String::len);
    length.is_some_and(|length| usize::try_from(length).is_ok_and(|all| there + PACKING < all))
}

/// A call that came to nothing before it began.
pub(crate) fn failed(failure: Box<Failure>) -> Pending {
    Box::pin(ready(Err(failure)))
}

#[cfg(test)]
mod tests;
