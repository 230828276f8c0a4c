//! Reads a form of the type `multipart/form-data` (RFC 7578).

use super::media_type;
use crate::core::{Blob, Received, Refusal};
use http_body_util::{BodyDataStream, Full};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap};
use multer::{Field, Multipart};
use neuron_agent_api::wire::{Input, InputKind, Value};

/// Reads the parts of a form: the texts, and the files.
///
/// # Errors
/// 400 if it is malformed, 415 if it is no form.
pub(super) async fn read(
    inputs: &'static [Input],
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Received, Refusal> {
    media_type::check_not_compressed(headers)?;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = multer::parse_boundary(content_type.unwrap_or_default()).map_err(|_| {
        Refusal::new(415, "The Content-Type must be multipart/form-data, with a boundary.")
    })?;
    let mut form = Multipart::new(BodyDataStream::new(Full::new(body)), boundary);
    let mut received = Received::from(Value::object());
    while let Some(part) = form.next_field().await.map_err(|error| malformed(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        let Some(input) = inputs.iter().find(|input| input.is_in_body() && input.name == name)
        else {
            // One is enough to refuse the request.
            received.body.put(&name, "");
            break;
        };
        let is_repeated = received.body.get(&name).is_some()
            || received.contents.iter().any(|(known, _)| *known == name);
        if is_repeated {
            let text = format!("The form has more than one part {name:?}.");
            return Err(Refusal::bad_request(text));
        }
        let content = read_part(part).await?;
        if matches!(input.kind, InputKind::Content) {
            received.contents.push((input.name, content));
        } else {
            let not_text = |_| {
                Refusal::bad_request(format!("The part {name:?} of the form must be in UTF-8."))
            };
            let text = String::from_utf8(content.bytes).map_err(not_text)?;
            received.body.put(input.name, Value::String(text));
        }
    }
    Ok(received)
}

async fn read_part(part: Field<'_>) -> Result<Blob, Refusal> {
    let media_type = part.content_type().map(ToString::to_string);
    let media_type = media_type.unwrap_or_else(|| media_type::UNKNOWN.into());
    let bytes = part.bytes().await.map_err(|error| malformed(&error))?;
    Ok(Blob { media_type, bytes: bytes.into() })
}

fn malformed(error: &multer::Error) -> Refusal {
    Refusal::bad_request(format!("The body is not a form: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    static INPUTS: &[Input] = &[
        Input::required("Content", InputKind::Content),
        Input::optional("ContentId", InputKind::NonEmptyText),
    ];

    async fn read_as(content_type: &'static str, body: &[u8]) -> Result<Received, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        read(INPUTS, &headers, Bytes::copy_from_slice(body)).await
    }

    /// Reads a form of these parts, each with its headers.
    async fn read_parts(parts: &[&[u8]]) -> Result<Received, Refusal> {
        let mut body = Vec::new();
        for part in parts {
            body.extend_from_slice(b"--x\r\nContent-Disposition: form-data; name=");
            body.extend_from_slice(part);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        read_as("multipart/form-data; boundary=x", &body).await
    }

    #[tokio::test]
    async fn texts_and_files_are_read() {
        let received = read_parts(&[
            b"\"ContentId\"\r\n\r\n\xc3\xa5",
            b"\"Content\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\x00\xff\r\n",
        ]);
        let received = received.await.unwrap();
        assert_eq!(received.body.text("ContentId"), "å");
        let content = Blob { media_type: "image/png".into(), bytes: vec![0, 255, 13, 10] };
        assert_eq!(received.contents, [("Content", content)]);
        let received = read_parts(&[b"Content\r\n\r\n"]).await.unwrap();
        assert_eq!(received.contents[0].1.media_type, "application/octet-stream");
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused() {
        for content_type in
            ["application/json", "multipart/form-data", "multipart/mixed; boundary=x"]
        {
            assert_eq!(read_as(content_type, b"").await.unwrap_err().status, 415);
        }
        for body in [
            &b""[..],
            b"--x\r\n",
            b"--x\r\nContent-Disposition: form-data; name=ContentId\r\n\r\nb",
        ] {
            let refusal = read_as("multipart/form-data; boundary=x", body).await.unwrap_err();
            assert_eq!(refusal.status, 400, "{}", refusal.text);
        }
        let twice: &[u8] = b"ContentId\r\n\r\na";
        for parts in [&[twice, twice][..], &[b"ContentId\r\n\r\n\xff"]] {
            let refusal = read_parts(parts).await.unwrap_err();
            assert_eq!(refusal.status, 400, "{}", refusal.text);
        }
    }

    #[tokio::test]
    async fn an_unknown_part_is_an_unknown_property() {
        for name in [&b"x"[..], b"\"\"", b"content"] {
            let part = [name, b"\r\n\r\n"].concat();
            let received = read_parts(&[&part]).await.unwrap();
            let Value::Object(properties) = received.body else { panic!() };
            assert_eq!(properties.len(), 1);
        }
    }
}
