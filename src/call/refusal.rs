//! What a broker says when it refuses a request, as an error that quotes no secret.

use super::context::CallContext;
use super::job::Job;
use crate::environment::{Environment, HttpResponse};
use crate::error::{ErrorKind, Refusal};
use crate::text;
use crate::wire::{Access, Value, elements_in};

/// How much of a broker's error text goes into an error: it is meant for a person.
pub(super) const MAX_TEXT_CHARS: u32 = 500;

/// The size in bytes up to which a response is searched for problem details. They are a few sentences.
const MAX_PROBLEM_BYTES: usize = 16_384;

/// How many names are taken from a response that offers some.
const MAX_ALTERNATIVES: u32 = 20;

impl<E: Environment> CallContext<E> {
    /// The error for a response whose status is not one of success.
    pub(super) fn refusal(
        &self,
        job: &Job,
        response: &HttpResponse,
        secrets: &[String],
    ) -> ErrorKind {
        // A broker, or a proxy before it, may quote the request.
        let redact = |text: &str| match text {
            "" => String::new(),
            _ => self.environment.redact(text, secrets, MAX_TEXT_CHARS),
        };
        let header = |name: &str| (response.header)(name).unwrap_or_default();
        let mut alternatives = Vec::new();
        for number in 1..=MAX_ALTERNATIVES {
            let name = header(&text::concat(&["X-AlternativeName", &text::decimal(number)]));
            if name.is_empty() {
                break;
            }
            alternatives.push(redact(&name));
        }
        let body = response.body.text();
        let (retry_after, date) = (header("Retry-After"), header("Date"));
        ErrorKind::Refused(Box::new(Refusal {
            status: response.status,
            retry_after_ms: self.environment.retry_after_ms(&retry_after, &date, body),
            status_text: redact(&response.status_text),
            text: redact(&self.error_text(job, response)),
            alternatives,
        }))
    }

    /// The text for people: title and detail of problem details (RFC 9457), or the body as it is. An
    /// HTML page says nothing to a caller, except before a session: that the host is no broker.
    fn error_text(&self, job: &Job, response: &HttpResponse) -> String {
        let body = response.body.text().trim_ascii();
        let is_markup = body.starts_with('<');
        let problem = match is_markup {
            _ if body.len() > MAX_PROBLEM_BYTES => None,
            true => elements_in(body).ok().and_then(|mut elements| elements.pop()),
            false => self.environment.read_json(body).ok(),
        };
        let problem = problem.unwrap_or(Value::Null);
        let (title, detail) = (member(&problem, "title"), member(&problem, "detail"));
        let separator = if title.is_empty() || detail.is_empty() { "" } else { ": " };
        let text = text::concat(&[title, separator, detail]);
        match response.status {
            _ if !text.is_empty() => text,
            404 | 405 | 501 if is_markup && job.access == Access::Anonymous => {
                "this host seems to have no Agent API".into()
            }
            _ if is_markup => text,
            _ => body.into(),
        }
    }
}

/// A text of problem details, which in XML is an element; empty if there is none.
fn member<'a>(problem: &'a Value, name: &str) -> &'a str {
    let Some(member) = problem.get(name) else { return "" };
    member.get("value").unwrap_or(member).as_str().unwrap_or_default()
}
