//! Request and response bodies in JSON and in XML.

use super::json;
use crate::core::{Received, Refusal, Request, to_json_answer};
use neuron_agent_api::syntax::xml::Fault;
use neuron_agent_api::wire::{Encoding, NAMESPACE, Resource, Value};

/// Decodes the body of a request, and checks it and the texts beside it against the declaration of the resource.
///
/// # Errors
/// 400 if the body is malformed or not as declared, 415 if the resource has no such encoding.
pub(super) fn decode(
    resource: &Resource,
    encoding: Encoding,
    body: &[u8],
    texts: Vec<(&'static str, String)>,
) -> Result<Request, Refusal> {
    let received = Received::from(decode_value(resource, encoding, body)?);
    Request::read(resource, Received { texts, ..received })
}

pub(super) fn decode_value(
    resource: &Resource,
    encoding: Encoding,
    body: &[u8],
) -> Result<Value, Refusal> {
    match (encoding, resource.elements) {
        (Encoding::Json, _) => json::read(resource.inputs, body)
            .map_err(|error| Refusal::bad_request(format!("The body is not JSON: {error}."))),
        (Encoding::Xml, None) => Err(Refusal::new(
            415,
            "This resource accepts application/json only, because its XML is not documented.",
        )),
        (Encoding::Xml, Some((element, _))) => {
            let not_text = |_| Refusal::bad_request("The body is not XML: it is not UTF-8.");
            let document = str::from_utf8(body).map_err(not_text)?;
            resource.read_xml_request(document).map_err(|Fault { offset, rule }| {
                Refusal::bad_request(format!(
                    "The body is not the XML of this resource: {rule} at byte {offset}. Write \
                     <{element} xmlns=\"{NAMESPACE}\">, without a document type."
                ))
            })
        }
    }
}

/// Encodes an answer.
///
/// # Errors
/// 500 if the resource has no such encoding, which is checked before.
pub(super) fn encode(
    resource: &Resource,
    encoding: Encoding,
    answer: Value,
) -> Result<String, Refusal> {
    match encoding {
        Encoding::Json => serde_json::to_string(&to_json_answer(resource, answer))
            .map_err(|error| Refusal::internal(error.to_string())),
        Encoding::Xml => resource
            .xml_response(&answer)
            .ok_or_else(|| Refusal::internal("This resource has no XML encoding.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::testing::{pair, try_answer};
    use neuron_agent_api::resources::{account, all, xmpp};
    use neuron_agent_api::wire::{Input, InputKind};
    use proptest::prelude::*;

    #[test]
    fn a_document_type_is_refused_with_a_sentence() {
        let document = b"<!DOCTYPE a [<!ENTITY b 'c'>]><GetRoster offset='&b;'/>";
        let refusal = decode(&xmpp::GET_ROSTER, Encoding::Xml, document, Vec::new()).unwrap_err();
        assert_eq!(refusal.status, 400);
        assert!(refusal.text.starts_with("The body is not the XML of this resource: a DOCTYPE at"));
        let refusal =
            decode(&account::AUTHENTICATE_JWT, Encoding::Xml, b"<a/>", Vec::new()).unwrap_err();
        assert_eq!(refusal.status, 415);
    }

    /// What a field of that kind is mostly given.
    fn usual(kind: &'static InputKind) -> BoxedStrategy<Value> {
        let texts = |texts: &[&'static str]| {
            prop::sample::select(texts.to_vec()).prop_map(Value::from).boxed()
        };
        match kind {
            InputKind::Address => texts(&[
                "alice@localhost",
                "bob@localhost",
                "Bob@LOCALHOST./x",
                "nobody@localhost",
                "localhost",
                "x@example.org",
            ]),
            InputKind::Xml => texts(&[
                "<a/>",
                "<ping xmlns='urn:xmpp:ping'/>",
                "<query xmlns='http://jabber.org/protocol/disco#info'/>",
                "text<p:a xmlns:p='u' p:b='c'>d<b/><b/></p:a><!-- e -->",
                "<value>x</value><__proto__ __proto__='y'/>",
                "&lt;",
            ]),
            InputKind::OneOf(words) => texts(words),
            InputKind::Integer(..) | InputKind::IntegerOr(..) | InputKind::Code => {
                (-1_i32..3).prop_map(|number| Value::Number(number.into())).boxed()
            }
            InputKind::Texts => prop::collection::vec(texts(&["a", "b", "<c>", ""]), 0..3)
                .prop_map(Value::Array)
                .boxed(),
            _ => texts(&["", "x", "f.g", "*a* <b>\n- c", "alice", "å\u{1F600}", "a@b", "sv"]),
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Boolean),
            any::<f64>().prop_map(Value::Number),
            any::<String>().prop_map(Value::String),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
                prop::collection::vec((any::<String>(), inner), 0..3).prop_map(Value::Object),
            ]
        })
    }

    /// A request that has most of its fields, most of them as they should be.
    fn request(fields: &'static [Input]) -> BoxedStrategy<Value> {
        let mut request = Just(Vec::new()).boxed();
        for field in fields {
            let value = prop_oneof![
                8 => usual(&field.kind).prop_map(Some),
                1 => Just(None),
                1 => any_value().prop_map(Some),
            ];
            request = (request, value)
                .prop_map(|(mut request, value): (Vec<(String, Value)>, _)| {
                    request.extend(value.map(|value| (field.name.to_string(), value)));
                    request
                })
                .boxed();
        }
        request.prop_map(Value::Object).boxed()
    }

    /// The bytes of a request, sometimes with a few of them changed.
    fn body() -> impl Strategy<Value = (&'static Resource, Encoding, Vec<u8>)> {
        let resource = prop::sample::select(all().collect::<Vec<_>>());
        let written = resource.prop_flat_map(|resource| {
            let encoding = prop::sample::select(vec![Encoding::Json, Encoding::Xml]);
            (Just(resource), encoding, request(resource.inputs)).prop_map(
                |(resource, encoding, request)| {
                    let json = || serde_json::to_string(&request).unwrap_or_default();
                    let text = match encoding {
                        Encoding::Json => json(),
                        Encoding::Xml => resource
                            .xml_request(&request, &|number| number.to_string())
                            .unwrap_or_else(json),
                    };
                    (resource, encoding, text.into_bytes())
                },
            )
        });
        let piece = prop_oneof![
            prop::sample::select(vec![
                "<",
                ">",
                "</",
                "/>",
                "&",
                "&#0;",
                "]]>",
                "<![CDATA[",
                "<!--",
                "<!DOCTYPE a>",
                "xmlns=''",
                "\"",
                "'",
                "{",
                "}",
                "[",
                ",",
                ":",
                "\\u0000",
                "\\ud800",
                "\0",
            ])
            .prop_map(|text| text.as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 0..4),
        ];
        let change = (any::<prop::sample::Index>(), 0..4_usize, piece);
        let changes = prop_oneof![
            2 => Just(Vec::new()),
            1 => prop::collection::vec(change, 1..3),
        ];
        (written, changes).prop_map(|((resource, encoding, mut bytes), changes)| {
            for (place, length, piece) in changes {
                let start = place.index(bytes.len() + 1);
                let end = (start + length).min(bytes.len());
                bytes.splice(start..end, piece);
            }
            (resource, encoding, bytes)
        })
    }

    /// Many by default, because foreign bytes are read here first; a million take minutes.
    fn cases() -> ProptestConfig {
        let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
        ProptestConfig::with_cases(wanted.unwrap_or(30_000))
    }

    proptest! {
        #![proptest_config(cases())]

        /// Whatever is sent, nothing panics, and a client reads the same answer in both encodings.
        /// `PROPTEST_CASES` sets the number of cases.
        #[test]
        fn whatever_is_sent_gets_an_answer_that_keeps_the_contract(
            calls in prop::collection::vec((any::<bool>(), body()), 1..8),
        ) {
            let mut pair = pair();
            for (is_alice, (resource, encoding, bytes)) in calls {
                let Ok(request) = decode(resource, encoding, &bytes, Vec::new()) else { continue };
                let answer = try_answer(&mut pair, is_alice, resource, &request);
                let Ok(answer) = answer else { continue };
                let json = encode(resource, Encoding::Json, answer.clone()).unwrap();
                let json = resource.check_response(&serde_json::from_str(&json).unwrap());
                prop_assert!(json.is_ok(), "{:?}", json);
                if let Ok(xml) = encode(resource, Encoding::Xml, answer) {
                    let read = resource.read_xml_response(&xml).unwrap();
                    prop_assert_eq!(resource.check_response(&read), json, "{}", xml);
                }
            }
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(
            resource in prop::sample::select(all().collect::<Vec<_>>()),
            bytes in prop::collection::vec(any::<u8>(), 0..64),
            text in any::<String>(),
        ) {
            for encoding in [Encoding::Json, Encoding::Xml] {
                let _ = decode(resource, encoding, &bytes, Vec::new());
                let _ = decode(resource, encoding, text.as_bytes(), Vec::new());
            }
        }
    }
}
