//! What a broker says when it refuses, as an error that tells no secret.

use super::mask::mask;
use super::retry::retry_after_ms;
use super::{Client, Environment, HttpResponse};
use crate::error::{Error, Refusal};
use crate::text;
use crate::wire::Value;
use crate::wire::elements_in;
use crate::xml::escape;

/// How much of a broker's error text goes into an error: it is meant for a person.
pub(super) const LONGEST_TEXT: usize = 500;

/// The size in bytes up to which an answer is searched for problem details. They are a few sentences.
const LONGEST_PROBLEM: usize = 16_384;

/// How many names are taken from an answer that offers some.
const MOST_ALTERNATIVES: u32 = 20;

impl<E: Environment> Client<E> {
    /// The error for an answer that is none of success.
    pub(super) fn refused(&self, response: &HttpResponse, secrets: Vec<String>) -> Error {
        let date_of = |text: &str| self.environment.parse_date(text);
        // The broker's clock may be wrong: its dates are read by the one that it shows.
        let shown = || date_of(&(response.header)("Date")?);
        let now = || shown().unwrap_or_else(|| self.environment.now().wall_ms);
        let until = |date: &str| Some((date_of(date)? - now()).max(0.0));
        refused(response, &self.sentence_of(response), &self.as_quoted(secrets), until)
    }

    /// What an answer says to people: title and detail of problem details (RFC 9457), or the text as
    /// it is. A page says nothing to a caller.
    fn sentence_of(&self, response: &HttpResponse) -> String {
        let body = response.body.as_deref().unwrap_or_default().trim_start();
        let is_markup = body.starts_with('<');
        let problem = match is_markup {
            _ if body.len() > LONGEST_PROBLEM => None,
            true => elements_in(body).ok().and_then(|mut elements| elements.pop()),
            false => self.read_json(body).ok(),
        };
        let problem = problem.unwrap_or(Value::Null);
        let (title, detail) = (member(&problem, "title"), member(&problem, "detail"));
        let separator = if title.is_empty() || detail.is_empty() { "" } else { ": " };
        let said = text::concat(&[title, separator, detail]);
        if said.is_empty() && !is_markup { body.into() } else { said }
    }

    /// Secrets in every form in which a quoted request has them.
    fn as_quoted(&self, secrets: Vec<String>) -> Vec<String> {
        let mut forms = Vec::new();
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            let in_json = self.environment.write_json(&Value::String(secret.clone()));
            let in_json = in_json.trim_matches('"').to_string();
            for form in [escape(&secret), in_json] {
                if form != secret {
                    forms.push(form);
                }
            }
            forms.push(secret);
        }
        forms
    }
}

/// A text of problem details, which in XML is an element; empty where there is none.
fn member<'a>(problem: &'a Value, name: &str) -> &'a str {
    let Some(member) = problem.get(name) else { return "" };
    member.get("value").unwrap_or(member).as_str().unwrap_or_default()
}

fn refused(
    response: &HttpResponse,
    sentence: &str,
    secrets: &[String],
    until: impl FnOnce(&str) -> Option<f64>,
) -> Error {
    // A broker, or a proxy before it, that quotes the request must not make an error tell it.
    let told = |text: &str| mask(text, secrets, LONGEST_TEXT);
    let body = response.body.as_deref().unwrap_or_default();
    let alternative = |number: u32| {
        let name = text::concat(&["X-AlternativeName", &text::decimal(number)]);
        (response.header)(&name).filter(|name| !name.is_empty())
    };
    let mut alternatives = Vec::new();
    for name in (1..=MOST_ALTERNATIVES).map_while(alternative) {
        alternatives.push(told(&name));
    }
    let header = (response.header)("Retry-After");
    Error::Refused(Box::new(Refusal {
        status: response.status,
        retry_after_ms: retry_after_ms(header.as_deref(), body, until),
        status_text: told(&response.status_text),
        text: told(sentence),
        alternatives,
    }))
}
