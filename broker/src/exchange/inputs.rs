//! Reads the inputs of a request that are not in its body: headers, and the end of the path.

use super::media_type::weight;
use crate::core::{Refusal, is_text_beside_body};
use hyper::header::{ACCEPT_LANGUAGE, HeaderMap};
use neuron_agent_api::syntax::language::is_language_tag;
use neuron_agent_api::wire::{Resource, Role};
use percent_encoding::percent_decode_str;

/// The texts that are present, by the names of the inputs.
///
/// # Errors
/// 400 for one that is no text, and for a path that leads elsewhere.
pub(super) fn read(
    resource: &Resource,
    headers: &HeaderMap,
    tail: Option<&str>,
) -> Result<Vec<(&'static str, String)>, Refusal> {
    let mut texts = Vec::new();
    for input in resource.inputs.iter().filter(|input| is_text_beside_body(input)) {
        let text = match input.role {
            Role::Header(name) if ACCEPT_LANGUAGE == *name => preferred_language(headers),
            Role::Header(name) => header(headers, name)?,
            _ => tail.map(decode_tail).transpose()?,
        };
        texts.extend(text.map(|text| (input.name, text)));
    }
    Ok(texts)
}

fn header(headers: &HeaderMap, name: &str) -> Result<Option<String>, Refusal> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    match (value.to_str(), values.next()) {
        (Ok(text), None) => Ok(Some(text.into())),
        (Err(_), None) => Err(Refusal::bad_request(format!(
            "The header {name} must consist of ASCII characters."
        ))),
        (_, Some(_)) => {
            Err(Refusal::bad_request(format!("The request has more than one header {name}.")))
        }
    }
}

/// The language that the caller prefers (RFC 9110 §12.5.4). Browsers send a list by themselves, so
/// what is no language, such as `*`, is no error.
fn preferred_language(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<_> = values.flat_map(|value| value.split(',')).collect();
    let languages = ranges.into_iter().filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let language = parts.next().filter(|language| is_language_tag(language))?;
        Some((parts.find_map(weight).unwrap_or(1_000), language))
    });
    // Of equal ones the first counts, and `max_by_key` returns the last.
    let languages: Vec<_> = languages.filter(|(weight, _)| *weight > 0).collect();
    let preferred = languages.into_iter().rev().max_by_key(|(weight, _)| *weight);
    preferred.map(|(_, language)| language.into())
}

fn decode_tail(tail: &str) -> Result<String, Refusal> {
    let not_utf_8 = |_| Refusal::bad_request("The path must be in UTF-8, percent-encoded.");
    let text = percent_decode_str(tail).decode_utf8().map_err(not_utf_8)?;
    if text.split('/').any(|segment| matches!(segment, "." | "..")) {
        let rule = "The path must not have \".\" or \"..\" between its slashes.";
        return Err(Refusal::bad_request(rule));
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::resources::account;

    #[test]
    fn the_end_of_a_path_is_decoded_and_leads_nowhere_else() {
        assert_eq!(decode_tail("a%20b/%C3%A5%3F.png").as_deref(), Ok("a b/å?.png"));
        assert_eq!(decode_tail("..a/b.../").as_deref(), Ok("..a/b.../"));
        for tail in ["..", "a/../b", ".", "a/.", "%2e%2E", "a%2F..%2Fb", "%ff"] {
            assert_eq!(decode_tail(tail).unwrap_err().status, 400, "{tail}");
        }
    }

    fn languages(values: &[&str]) -> Vec<(&'static str, String)> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT_LANGUAGE, value.parse().unwrap());
        }
        read(&account::DOMAIN_INFO, &headers, None).unwrap()
    }

    #[test]
    fn of_several_languages_the_preferred_one_is_read() {
        for (values, language) in [
            (&["sv"][..], Some("sv")),
            (&["en-US,en;q=0.9, sv;q=0.8"], Some("en-US")),
            (&["en;q=0.8, sv;q=0.9"], Some("sv")),
            (&["en", "sv"], Some("en")),
            (&["*"], None),
            (&["*, en;q=0.1"], Some("en")),
            (&["en;q=0"], None),
            (&[""], None),
            (&[], None),
        ] {
            let read = languages(values);
            let read: Vec<_> = read.iter().map(|(_, text)| text.as_str()).collect();
            assert_eq!(read, Vec::from_iter(language), "{values:?}");
        }
    }
}
