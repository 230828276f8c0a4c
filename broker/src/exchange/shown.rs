//! What may be shown of a request.

use super::encoding::decode_value;
use super::form;
use super::media_type;
use super::path_match::PathMatch;
use crate::core::{Blob, resources};
use hyper::body::Bytes;
use hyper::http::request::Parts;
use neuron_agent_api::wire::{BodyKind, Derived, Input, InputKind, Value};

/// What stands instead of a secret.
pub const MASK: &str = "[masked]";

/// What the body of a request says, without its secrets: an object, whatever encoding it is in; of
/// a file, its media type and its size. `None` if it is of another kind, or can't be read.
pub async fn shown_body(head: &Parts, body: Bytes) -> Option<Value> {
    let found = PathMatch::find(resources(), head.uri.path())?;
    let resource = found.with_method(&head.method)?;
    let mut shown = match resource.body {
        BodyKind::Object => {
            decode_value(resource, media_type::of_body(&head.headers).ok()?, &body).ok()?
        }
        BodyKind::Form => {
            let received = form::read(resource.inputs, &head.headers, body).await.ok()?;
            let mut shown = received.body;
            for (name, content) in received.contents {
                shown.put(name, describe(&content));
            }
            shown
        }
        BodyKind::Nothing | BodyKind::Bytes => return None,
    };
    mask(resource.inputs, &mut shown);
    Some(shown)
}

fn describe(Blob { media_type, bytes }: &Blob) -> Value {
    let mut shown = Value::object();
    shown.put("mediaType", media_type.as_str());
    shown.put("size", u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    shown
}

/// Replaces the secrets in an object, however deep they are.
fn mask(fields: &[Input], object: &mut Value) {
    let Value::Object(properties) = object else { return };
    for (name, value) in properties {
        let Some(field) = fields.iter().find(|field| field.name == name) else { continue };
        match (&field.kind, &mut *value) {
            (InputKind::Object(fields) | InputKind::Objects(fields, _), Value::Array(items)) => {
                items.iter_mut().for_each(|item| mask(fields, item))
            }
            (InputKind::Map(fields, _), Value::Array(items)) => {
                items.iter_mut().for_each(|item| mask(*fields, item));
            }
            (InputKind::Object(fields), object @ Value::Object(_)) => mask(fields, object),
            (_, value) if is_secret(field) => *value = MASK.into(),
            _ => {}
        }
    }
}

/// Whether an input is a secret, or proves that the caller has one.
fn is_secret(input: &Input) -> bool {
    let is_proof = matches!(
        input.derived,
        Some(Derived::Nonce | Derived::Signature(_) | Derived::BasicCredentials)
    );
    is_proof || input.is_secret()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    async fn shown(path: &str, content_type: &str, body: &'static str) -> Option<String> {
        let request = Request::post(format!("/Agent/{path}")).header("Content-Type", content_type);
        let (head, ()) = request.body(()).unwrap().into_parts();
        let shown = shown_body(&head, Bytes::from_static(body.as_bytes())).await?;
        Some(serde_json::to_string(&shown).unwrap())
    }

    #[tokio::test]
    async fn a_body_is_shown_without_what_proves_who_calls() {
        let body = r#"{"userName":"alice","nonce":"n","signature":"s","seconds":60}"#;
        let expected =
            r#"{"userName":"alice","nonce":"[masked]","signature":"[masked]","seconds":60}"#;
        assert_eq!(
            shown("Account/Login", "application/json", body).await.as_deref(),
            Some(expected)
        );
        let body = r#"{"apiKey":"k","userName":"eve","eMail":"e@x","password":"pw","nonce":"n","signature":"s"}"#;
        let shown = shown("Account/Create", "application/json", body).await.unwrap();
        assert!(shown.contains(r#""password":"[masked]""#), "{shown}");
        assert!(shown.contains(r#""apiKey":"[masked]""#), "{shown}");
    }

    #[tokio::test]
    async fn xml_is_shown_as_json() {
        let body = r#"<GetRoster xmlns="https://waher.se/Schema/BrokerAgent.xsd" maxCount="5"/>"#;
        let expected = r#"{"maxCount":5}"#;
        assert_eq!(shown("Xmpp/GetRoster", "text/xml", body).await.as_deref(), Some(expected));
    }

    #[tokio::test]
    async fn what_is_no_object_is_not_shown() {
        for (path, content_type, body) in [
            ("Xmpp/GetRoster", "application/json", "{"),
            ("Xmpp/GetRoster", "text/plain", "{}"),
            ("Xmpp/Nowhere", "application/json", "{}"),
        ] {
            assert_eq!(shown(path, content_type, body).await, None);
        }
    }

    #[tokio::test]
    async fn of_a_file_its_kind_and_size_are_shown() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"Visibility\"\r\n\r\nPublic\r\n\
             --x\r\nContent-Disposition: form-data; name=\"Content\"; filename=\"a.txt\"\r\n\
             Content-Type: text/plain\r\n\r\nhi\r\n--x--\r\n";
        let shown =
            shown("Storage/Content", "multipart/form-data; boundary=x", body).await.unwrap();
        assert!(shown.contains(r#""Content":{"mediaType":"text/plain","size":2}"#), "{shown}");
    }
}
