//! Which encodings a request has and wants.

use crate::core::Refusal;
use hyper::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

/// Checks that the body is JSON in UTF-8 and not compressed.
///
/// # Errors
/// 415 with a sentence.
pub(super) fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(Refusal::new(415, "The body must not be compressed."));
    }
    let Some(content_type) = headers.get(CONTENT_TYPE) else {
        let text = "The Content-Type is missing. Write application/json.";
        return Err(Refusal::new(415, text));
    };
    let mut parts = content_type.to_str().unwrap_or_default().split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    if media_type.eq_ignore_ascii_case("text/xml") {
        return Err(Refusal::new(415, "This broker does not read XML yet. Send application/json."));
    }
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::new(415, "The Content-Type must be application/json."));
    }
    if parts.all(is_utf8_parameter) {
        Ok(())
    } else {
        Err(Refusal::new(415, "The body must be in UTF-8."))
    }
}

fn is_utf8_parameter(parameter: &str) -> bool {
    match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    }
}

/// Checks that the caller takes JSON; one who does not say takes anything.
///
/// # Errors
/// 406 with a sentence.
pub(super) fn admits_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let values = headers.get_all(ACCEPT).iter();
    let ranges = values.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    let ranges: Vec<&str> = ranges.map(str::trim).filter(|range| !range.is_empty()).collect();
    // The closest range decides (RFC 9110 §12.5.1).
    let closest = ["application/json", "application/*", "*/*"].into_iter().find_map(|wanted| {
        ranges.iter().find_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media_type = parts.next().unwrap_or_default();
            media_type.eq_ignore_ascii_case(wanted).then(|| !parts.any(is_zero_quality))
        })
    });
    if closest.unwrap_or(ranges.is_empty()) {
        Ok(())
    } else {
        Err(Refusal::new(
            406,
            "This broker answers in application/json only. Accept must admit it.",
        ))
    }
}

fn is_zero_quality(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        name.eq_ignore_ascii_case("q") && value.parse::<f32>().is_ok_and(|quality| quality == 0.0)
    })
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
    fn json_in_utf_8_is_read() {
        for right in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/json; x=y",
        ] {
            assert_eq!(is_json(&headers(&[(CONTENT_TYPE, right)])), Ok(()), "{right}");
        }
        for wrong in [
            "",
            "text/xml",
            "text/plain",
            "application/jsonx",
            "application/json; charset=latin1",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ] {
            assert_eq!(is_json(&headers(&[(CONTENT_TYPE, wrong)])).unwrap_err().status, 415);
        }
        assert_eq!(is_json(&headers(&[])).unwrap_err().status, 415);
    }

    #[test]
    fn a_compressed_body_is_refused() {
        let with = |encoding| {
            is_json(&headers(&[(CONTENT_TYPE, "application/json"), (CONTENT_ENCODING, encoding)]))
        };
        assert_eq!(with("gzip").unwrap_err().status, 415);
        assert_eq!(with("identity"), Ok(()));
    }

    #[test]
    fn who_takes_json_or_does_not_say_is_answered() {
        for (accept, admitted) in [
            ("application/json", true),
            ("*/*", true),
            ("", true),
            ("application/*", true),
            ("text/xml, application/json;q=0.5", true),
            ("APPLICATION/JSON", true),
            ("text/html, */*;q=0.1", true),
            ("text/xml", false),
            ("text/*", false),
            ("application/json;q=0", false),
            ("application/json; q=0.000, */*", false),
            ("application/xml", false),
            ("nonsense", false),
        ] {
            let headers = headers(&[(ACCEPT, accept)]);
            assert_eq!(admits_json(&headers).is_ok(), admitted, "{accept}");
        }
        assert_eq!(admits_json(&headers(&[])), Ok(()));
        let two = headers(&[(ACCEPT, "text/xml"), (ACCEPT, "application/json")]);
        assert_eq!(admits_json(&two), Ok(()));
    }
}
