//! What a broker says when it refuses, as an error that tells no secret.

use crate::client::Client;
use crate::environment::{Environment, HttpResponse};
use crate::error::{Error, Refusal};
use crate::text;
use crate::wire::{Value, elements_in};

/// How much of a broker's error text goes into an error: it is meant for a person.
pub(crate) const LONGEST_TEXT: u32 = 500;

/// The size in bytes up to which an answer is searched for problem details. They are a few sentences.
const LONGEST_PROBLEM: usize = 16_384;

/// How many names are taken from an answer that offers some.
const MOST_ALTERNATIVES: u32 = 20;

impl<E: Environment> Client<E> {
    /// The error for an answer that is none of success.
    pub(crate) fn refused(&self, response: &HttpResponse, secrets: &[String]) -> Error {
        // A broker, or a proxy before it, that quotes the request must not make an error tell it.
        let told = |text: &str| match text {
            "" => String::new(),
            _ => self.environment.redact(text, secrets, LONGEST_TEXT),
        };
        let header = |name: &str| (response.header)(name).unwrap_or_default();
        let mut alternatives = Vec::new();
        for number in 1..=MOST_ALTERNATIVES {
            let name = header(&text::concat(&["X-AlternativeName", &text::decimal(number)]));
            if name.is_empty() {
                break;
            }
            alternatives.push(told(&name));
        }
        let body = response.body.as_deref().unwrap_or_default();
        let (asked, date) = (header("Retry-After"), header("Date"));
        Error::Refused(Box::new(Refusal {
            status: response.status,
            retry_after_ms: self.environment.retry_after_ms(&asked, &date, body),
            status_text: told(&response.status_text),
            text: told(&self.sentence_of(response)),
            alternatives,
        }))
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
}

/// Of texts of which nobody knows whether they are secrets, those that are hidden: shorter ones are
/// words of any sentence.
pub(crate) fn keep_those_to_hide(texts: &mut Vec<String>) {
    texts.retain(|text| text.len() >= 4);
}

/// A text of problem details, which in XML is an element; empty where there is none.
fn member<'a>(problem: &'a Value, name: &str) -> &'a str {
    let Some(member) = problem.get(name) else { return "" };
    member.get("value").unwrap_or(member).as_str().unwrap_or_default()
}
