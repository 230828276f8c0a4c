//! Every way a call can fail.

use crate::text;
use std::any::Any;
use std::fmt;
use std::rc::Rc;

/// Why a call failed. A program branches on [`ErrorKind::code`], a person reads
/// [`ErrorKind::message`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument breaks a rule; nothing was sent.
    InvalidArgument {
        /// The parameter's documented name, such as `To`.
        parameter: String,
        /// What is wrong with it, and the rule or an example.
        rule: String,
    },
    /// No host is configured and there is no page to take one from.
    NoHost,
    /// Plain `http` to a host that is not this machine.
    InsecureHost(String),
    /// The call needs a session, and there is none.
    NotLoggedIn,
    /// No complete response: no network, name not found, connection refused, or blocked by the browser.
    Network {
        /// The error of the environment.
        cause: Cause,
        /// How far the request got.
        reach: Reach,
    },
    /// The deadline passed before the response was complete.
    Timeout {
        /// The deadline that passed, in milliseconds.
        after_ms: u32,
    },
    /// The caller's `AbortSignal` fired.
    Aborted(Cause),
    /// The broker responded with a status other than 2xx.
    Refused(Box<Refusal>),
    /// The broker accepts no login for a while after failed ones; nothing was sent.
    LoginBlocked,
    /// The store that the caller gave for the session failed.
    Storage(Cause),
    /// The client was disposed.
    Disposed,
    /// The response is not what the contract says.
    BadResponse {
        /// How it departs from the contract.
        problem: String,
        /// The response's status.
        status: u16,
    },
    /// The host program lacks something that the call needs.
    Unsupported(&'static str),
}

/// How far a request got that has no complete response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It was not sent, for example because the connection was refused.
    Unsent,
    /// It may have arrived.
    Unknown,
    /// A response of success has begun.
    Answered,
}

/// The error of the environment, kept for the caller and never read.
#[derive(Clone)]
pub struct Cause(pub Option<Rc<dyn Any>>);

/// A failed call, and what is known of its attempts.
#[derive(Clone, Debug)]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// How many requests the call sent, without the queries after lost responses.
    pub attempts: u32,
    /// How long the broker asks to wait, in milliseconds.
    pub retry_after_ms: Option<u32>,
    /// Until when logins fail without a request, in Unix seconds.
    pub retry_at: Option<i64>,
    /// Whether the broker may have processed the call.
    pub ambiguous: bool,
    /// How many messages are lost if it has, at most.
    pub may_be_lost: u32,
}

/// Boxed, because it is moved often and each move would copy all of it.
impl From<ErrorKind> for Box<Error> {
    fn from(kind: ErrorKind) -> Self {
        let retry_after_ms = match &kind {
            ErrorKind::Refused(refusal) => refusal.retry_after_ms,
            _ => None,
        };
        let (attempts, retry_at, ambiguous) = (0, None, false);
        let may_be_lost = 0;
        Self::new(Error { kind, attempts, retry_after_ms, retry_at, ambiguous, may_be_lost })
    }
}

impl Error {
    /// [`ErrorKind::code`]
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// [`ErrorKind::message`], and what to do if the broker may have processed the call.
    #[must_use]
    pub fn message(&self) -> String {
        let mut message = self.kind.message();
        if self.ambiguous {
            message.push_str(AMBIGUOUS);
            if self.may_be_lost > 0 {
                let most = text::decimal(self.may_be_lost);
                message.push_str(&text::concat(&[" Up to ", &most, " messages may be lost."]));
            }
        }
        message
    }
}

const AMBIGUOUS: &str = " The request may have been processed; check before retrying.";

/// A broker's refusal.
#[derive(Clone, Debug, Default)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The reason phrase; empty over HTTP/2.
    pub status_text: String,
    /// The plain text of the body; may be empty.
    pub text: String,
    /// Account names that are offered instead of one that is taken (`X-AlternativeName1`…).
    pub alternatives: Vec<String>,
    /// How long to wait, in milliseconds, if the broker says so.
    pub retry_after_ms: Option<u32>,
}

impl ErrorKind {
    /// The error for an argument that breaks a rule.
    pub fn invalid(parameter: &str, rule: impl Into<String>) -> Self {
        Self::InvalidArgument { parameter: parameter.into(), rule: rule.into() }
    }

    /// The stable name of this kind of failure.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidArgument { .. } => "invalid-argument",
            Self::NoHost => "no-host",
            Self::InsecureHost(_) => "insecure-host",
            Self::NotLoggedIn => "not-logged-in",
            Self::Network { .. } => "network",
            Self::Timeout { .. } => "timeout",
            Self::Aborted(_) => "aborted",
            Self::Refused(refusal) => code_of_status(refusal.status),
            Self::LoginBlocked => code_of_status(429),
            Self::Storage(_) => "storage",
            Self::Disposed => "disposed",
            Self::BadResponse { .. } => "bad-response",
            Self::Unsupported(_) => "unsupported",
        }
    }

    /// Whether the broker refused the token.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 401)
    }

    /// The status of the response, if there is one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::BadResponse { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// One sentence or two that say what happened and what to do about it.
    ///
    /// Never holds a secret: of the request it names only parameters, of the response it quotes only
    /// the broker's own error text.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::InvalidArgument { parameter, rule } => text::concat(&[parameter, " ", rule]),
            Self::NoHost => "no host is set. Set the broker's first, for example \
                AgentAPI.IO.SetHost(\"neuron.example.org\")."
                .into(),
            Self::InsecureHost(host) => text::concat(&[
                "plain http to ",
                host,
                " is not encrypted. Use https, or allow it on a private network: \
                 AgentAPI.IO.AllowInsecure(true).",
            ]),
            Self::NotLoggedIn => {
                "not logged in. Log in first: await AgentAPI.Account.Login(UserName, \
                 Password, Seconds)."
                    .into()
            }
            Self::Network { .. } => {
                // `src/loader/task.js` writes the host in place of "the broker".
                "no response from the broker: it can't be reached, or the browser \
                blocked the request (DNS, certificate, CORS or content security policy). See the \
                property `cause`."
                    .into()
            }
            Self::Timeout { after_ms } => {
                text::concat(&["no complete response within ", &text::decimal(*after_ms), " ms."])
            }
            Self::Aborted(_) => "aborted by the caller's signal.".into(),
            Self::Refused(refusal) => refusal.message(),
            Self::LoginBlocked => "too many failed logins. Nothing was sent, because the broker \
                accepts no login before the time in the property `retryAt`."
                .into(),
            Self::Storage(_) => {
                "the store that was given to createAgentAPI failed. See the property `cause`."
                    .into()
            }
            Self::Disposed => {
                "this client has been disposed; create another: createAgentAPI(Options).".into()
            }
            Self::BadResponse { problem, status } => text::concat(&[
                "unexpected response (status ",
                &text::decimal(*status),
                "): ",
                problem,
            ]),
            Self::Unsupported(what) => (*what).into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message())
    }
}

impl std::error::Error for Error {}

impl fmt::Debug for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cause")
    }
}

impl Refusal {
    fn message(&self) -> String {
        let status = text::decimal(self.status);
        let text = self.text.trim_ascii();
        let mut message = text::concat(&["the broker refused with ", &status]);
        if !self.status_text.is_empty() {
            message.push(' ');
            message.push_str(&self.status_text);
        }
        if !text.is_empty() {
            message.push_str(": ");
            message.push_str(text);
        }
        if !matches!(message.bytes().next_back(), Some(b'.' | b'!' | b'?')) {
            message.push('.');
        }
        // The broker's own reason is better than a guess at it.
        if self.status != 403 || text.is_empty() {
            message.push_str(advice(self.status));
        }
        message
    }
}

fn advice(status: u16) -> &'static str {
    match status {
        401 => " Check user name and password, or log in again.",
        403 => {
            " The account lacks the privilege, is not enabled, or the connection is not encrypted."
        }
        429 => " Wait before retrying: repeated attempts can block this address.",
        503 => " Try again later.",
        _ => "",
    }
}

fn code_of_status(status: u16) -> &'static str {
    match status {
        400 | 422 => "bad-request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        406 => "not-acceptable",
        408 => "timeout",
        413 => "too-large",
        415 => "unsupported-media-type",
        429 => "rate-limited",
        501 => "not-implemented",
        503 => "unavailable",
        500..=599 => "server-error",
        _ => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, text: &str) -> ErrorKind {
        let refusal = Refusal { status, text: text.into(), ..Refusal::default() };
        ErrorKind::Refused(Box::new(refusal))
    }

    #[test]
    fn a_guess_at_a_reason_is_made_where_the_broker_gives_none() {
        let reason = "the broker refused with 403: The file is another account's.";
        assert_eq!(refused(403, "The file is another account's.").message(), reason);
        assert!(refused(403, "").message().contains("lacks the privilege"));
        assert!(refused(401, "No.").message().contains("Check user name"));
    }

    #[test]
    fn each_status_has_its_code() {
        let table = [
            (400, "bad-request"),
            (401, "unauthorized"),
            (403, "forbidden"),
            (404, "not-found"),
            (405, "method-not-allowed"),
            (406, "not-acceptable"),
            (413, "too-large"),
            (415, "unsupported-media-type"),
            (422, "bad-request"),
            (429, "rate-limited"),
            (500, "server-error"),
            (501, "not-implemented"),
            (502, "server-error"),
            (503, "unavailable"),
            (302, "refused"),
            (418, "refused"),
        ];
        for (status, code) in table {
            assert_eq!(refused(status, "").code(), code, "{status}");
        }
    }

    #[test]
    fn a_refusal_quotes_the_broker_and_says_what_to_do() {
        assert_eq!(
            refused(401, "Login required").message(),
            "the broker refused with 401: Login required. Check user name and password, or log in \
             again."
        );
        assert_eq!(refused(500, " \n").message(), "the broker refused with 500.");
    }
}
