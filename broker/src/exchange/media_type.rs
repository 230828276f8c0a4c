//! Negotiates the encodings of requests and responses.

use crate::core::Refusal;
use hyper::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use neuron_agent_api::wire::Encoding;

/// The supported media types. A response in XML uses the one that was asked for.
const MEDIA_TYPES: [(&str, Encoding); 3] = [
    ("application/json", Encoding::Json),
    ("text/xml", Encoding::Xml),
    ("application/xml", Encoding::Xml),
];

/// The encoding of a response, and its `Content-Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ResponseFormat {
    pub encoding: Encoding,
    pub content_type: &'static str,
}

impl ResponseFormat {
    /// For a response that needs no encoding.
    pub(super) const JSON: Self =
        Self { encoding: Encoding::Json, content_type: "application/json" };
}

/// The media type of bytes of which nobody says what they are (RFC 9110 §8.3).
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// The encoding of the body: JSON or XML, in UTF-8 and not compressed.
///
/// # Errors
/// 415, with a sentence.
pub(super) fn of_body(headers: &HeaderMap) -> Result<Encoding, Refusal> {
    check_not_compressed(headers)?;
    let Some(content_type) = headers.get(CONTENT_TYPE) else {
        let text = "The Content-Type is missing. Write application/json or text/xml.";
        return Err(Refusal::new(415, text));
    };
    let mut parts = content_type.to_str().unwrap_or_default().split(';').map(str::trim);
    let Some(encoding) = encoding_of(parts.next().unwrap_or_default()) else {
        let text = "The Content-Type must be application/json or text/xml.";
        return Err(Refusal::new(415, text));
    };
    if parts.all(is_utf8_parameter) {
        Ok(encoding)
    } else {
        Err(Refusal::new(415, "The body must be in UTF-8."))
    }
}

/// Checks that the body is as it was before it was sent.
///
/// # Errors
/// 415, with a sentence.
pub(super) fn check_not_compressed(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get(CONTENT_ENCODING) {
        Some(encoding) if encoding != "identity" => {
            Err(Refusal::new(415, "The body must not be compressed."))
        }
        _ => Ok(()),
    }
}

/// The media type of a body of bytes.
///
/// # Errors
/// 415, with a sentence.
pub(super) fn of_bytes(headers: &HeaderMap) -> Result<String, Refusal> {
    check_not_compressed(headers)?;
    let Some(content_type) = headers.get(CONTENT_TYPE) else { return Ok(UNKNOWN.into()) };
    let not_text = |_| Refusal::new(415, "The Content-Type must consist of ASCII characters.");
    content_type.to_str().map(Into::into).map_err(not_text)
}

fn encoding_of(media_type: &str) -> Option<Encoding> {
    let is = |(known, _): &&(&str, Encoding)| known.eq_ignore_ascii_case(media_type);
    MEDIA_TYPES.iter().find(is).map(|(_, encoding)| *encoding)
}

fn is_utf8_parameter(parameter: &str) -> bool {
    match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    }
}

/// The encoding of the response: the one that `Accept` prefers (RFC 9110 §12.5.1), or that of the
/// request if there is no preference.
///
/// # Errors
/// 406, with a sentence.
pub(super) fn of_answer(headers: &HeaderMap, has_xml: bool) -> Result<ResponseFormat, Refusal> {
    let values = headers.get_all(ACCEPT).iter();
    let ranges = values.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    let ranges: Vec<&str> = ranges.map(str::trim).filter(|range| !range.is_empty()).collect();
    let request = of_body(headers).unwrap_or(Encoding::Json);
    let mut offers: Vec<_> = MEDIA_TYPES
        .iter()
        .filter(|(_, encoding)| has_xml || *encoding == Encoding::Json)
        .map(|(media_type, encoding)| (quality(media_type, &ranges), *media_type, *encoding))
        .filter(|(quality, ..)| *quality > 0)
        .collect();
    // The sort is stable, so that text/xml precedes application/xml.
    offers.sort_by_key(|(quality, _, encoding)| (u32::MAX - quality, *encoding != request));
    match offers.first() {
        Some((_, media_type, encoding)) => {
            Ok(ResponseFormat { encoding: *encoding, content_type: content_type(media_type) })
        }
        None if has_xml => Err(Refusal::new(
            406,
            "This broker answers in application/json or text/xml. The Accept header must allow one of \
             them.",
        )),
        None => Err(Refusal::new(
            406,
            "This resource answers in application/json only, because its XML is not documented. \
             The Accept header must allow it.",
        )),
    }
}

fn content_type(media_type: &str) -> &'static str {
    match media_type {
        "text/xml" => "text/xml; charset=utf-8",
        "application/xml" => "application/xml",
        _ => "application/json",
    }
}

/// The quality of a media type in thousandths, by the range that matches it most closely. Without
/// ranges everything is accepted.
fn quality(media_type: &str, ranges: &[&str]) -> u32 {
    if ranges.is_empty() {
        return 1_000;
    }
    let (class, _) = media_type.split_once('/').unwrap_or_default();
    let all = format!("{class}/*");
    let closest = [media_type, &all, "*/*"].into_iter().find_map(|wanted| {
        ranges.iter().find_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media_type = parts.next().unwrap_or_default();
            media_type.eq_ignore_ascii_case(wanted).then(|| parts.find_map(weight).unwrap_or(1_000))
        })
    });
    closest.unwrap_or(0)
}

/// The weight `q=0.5` in thousandths. One that is not between 0 and 1 counts as 1.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
pub(super) fn weight(parameter: &str) -> Option<u32> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let number = value.trim().parse::<f32>().ok().filter(|number| (0.0..=1.0).contains(number));
    Some(number.map_or(1_000, |number| (number * 1_000.0).round() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::{HeaderName, HeaderValue};

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn json_and_xml_in_utf_8_are_read() {
        for (right, encoding) in [
            ("application/json", Encoding::Json),
            ("Application/JSON", Encoding::Json),
            ("application/json; charset=utf-8", Encoding::Json),
            ("application/json;charset=\"UTF-8\"", Encoding::Json),
            ("application/json; x=y", Encoding::Json),
            ("text/xml", Encoding::Xml),
            ("TEXT/XML; charset=UTF-8", Encoding::Xml),
            ("application/xml", Encoding::Xml),
        ] {
            assert_eq!(of_body(&headers(&[(CONTENT_TYPE, right)])), Ok(encoding), "{right}");
        }
        for wrong in [
            "",
            "text/plain",
            "text/xmlx",
            "text/xml; charset=utf-16",
            "application/jsonx",
            "application/soap+xml",
            "application/json; charset=latin1",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ] {
            assert_eq!(of_body(&headers(&[(CONTENT_TYPE, wrong)])).unwrap_err().status, 415);
        }
        assert_eq!(of_body(&headers(&[])).unwrap_err().status, 415);
    }

    #[test]
    fn a_compressed_body_is_refused() {
        let with = |encoding| {
            of_body(&headers(&[(CONTENT_TYPE, "application/json"), (CONTENT_ENCODING, encoding)]))
        };
        assert_eq!(with("gzip").unwrap_err().status, 415);
        assert_eq!(with("identity"), Ok(Encoding::Json));
    }

    const JSON: Option<&str> = Some("application/json");
    const XML: Option<&str> = Some("text/xml; charset=utf-8");
    const OTHER_XML: Option<&str> = Some("application/xml");

    #[test]
    fn the_preferred_media_type_is_chosen() {
        for (accept, to_json, to_xml, json_only) in [
            ("application/json", JSON, JSON, JSON),
            ("APPLICATION/JSON", JSON, JSON, JSON),
            ("text/xml", XML, XML, None),
            ("application/xml", OTHER_XML, OTHER_XML, None),
            ("*/*", JSON, XML, JSON),
            ("", JSON, XML, JSON),
            ("application/*", JSON, OTHER_XML, JSON),
            ("text/*", XML, XML, None),
            ("text/html, */*;q=0.1", JSON, XML, JSON),
            ("text/xml, application/json;q=0.5", XML, XML, JSON),
            ("text/xml;q=0.4, application/json ; q = 0.5", JSON, JSON, JSON),
            ("text/xml, application/json", JSON, XML, JSON),
            ("application/json;q=0", None, None, None),
            ("application/json; q=0.000, */*", XML, XML, None),
            ("text/xml;q=0, */*", JSON, OTHER_XML, JSON),
            ("*/*;q=0.5, text/xml;q=0.2, application/xml;q=0.1", JSON, JSON, JSON),
            ("text/xml;q=x", XML, XML, None),
            ("nonsense", None, None, None),
            ("text/html", None, None, None),
        ] {
            let content_type = |body, has_xml| {
                let headers = headers(&[(ACCEPT, accept), (CONTENT_TYPE, body)]);
                of_answer(&headers, has_xml).ok().map(|wanted| wanted.content_type)
            };
            assert_eq!(content_type("application/json", true), to_json, "{accept}");
            assert_eq!(content_type("text/xml", true), to_xml, "{accept}");
            assert_eq!(content_type("application/json", false), json_only, "{accept}");
        }
        let two = headers(&[(ACCEPT, "text/html"), (ACCEPT, "text/xml")]);
        assert_eq!(of_answer(&two, true).unwrap().encoding, Encoding::Xml);
        assert_eq!(of_answer(&headers(&[]), true).unwrap().encoding, Encoding::Json);
        assert_eq!(of_answer(&headers(&[(ACCEPT, "text/xml")]), false).unwrap_err().status, 406);
    }
}
