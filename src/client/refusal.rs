//! What a broker says when it refuses, as an error that tells no secret.

use super::retry::retry_after_ms;
use super::{Client, Environment, HttpResponse};
use crate::error::{Error, Refusal};
use crate::text;

/// How much of a broker's error text goes into an error: it is meant for a person.
pub(super) const LONGEST_TEXT: u32 = 500;

/// How many names are taken from an answer that offers some.
const MOST_ALTERNATIVES: u32 = 20;

impl<E: Environment> Client<E> {
    /// The error for an answer that is none of success.
    pub(super) fn refused(&self, response: &HttpResponse, secrets: &[String]) -> Error {
        let until = |date: &str| {
            let left_ms = self.environment.parse_date(date)? - self.environment.now().wall_ms;
            Some(left_ms.max(0.0))
        };
        // A broker, or a proxy before it, that quotes the request must not make an error tell it.
        let told = |text: &str| match text {
            "" => String::new(),
            _ => self.environment.redact(text, secrets, LONGEST_TEXT),
        };
        refused(response, &told, until)
    }
}

/// Of texts of which nobody knows whether they are secrets, those that are hidden: shorter ones are
/// words of any sentence.
pub(super) fn keep_those_to_hide(texts: &mut Vec<String>) {
    texts.retain(|text| text.len() >= 4);
}

fn refused(
    response: &HttpResponse,
    told: &dyn Fn(&str) -> String,
    until: impl FnOnce(&str) -> Option<f64>,
) -> Error {
    let body = response.body.as_deref().unwrap_or_default();
    // A page in the place of a sentence says nothing to a caller.
    let is_page = body.trim_start().starts_with('<');
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
        text: if is_page { String::new() } else { told(body) },
        alternatives,
    }))
}
