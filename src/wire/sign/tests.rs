use super::*;
use crate::resources::account::{CREATE, LOGIN, TRANSFER};
use crate::wire::{Derived, Resource};
use ::hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;

const NONCE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const CONTEXT: SigningContext<'_> =
    SigningContext { user_name: Some("alice"), host: "neuron.example" };

fn inputs(json: &str) -> Value {
    let mut inputs: Value = serde_json::from_str(json).unwrap();
    inputs.put("nonce", NONCE);
    inputs
}

/// The signatures of a request, in the order in which they are made.
fn signatures(resource: &Resource, json: &str) -> Vec<String> {
    let mut inputs = inputs(json);
    let mut signatures = Vec::new();
    for input in resource.inputs {
        if let Some(Derived::Signature(signature)) = &input.derived {
            let signed = signature.sign(CONTEXT, &inputs).unwrap();
            inputs.put(input.name, signed.as_str());
            signatures.push(signed);
        }
    }
    signatures
}

proptest! {
    #[test]
    fn a_signature_is_that_of_a_library(key in ".{0,80}", message in ".{0,200}") {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(message.as_bytes());
        prop_assert_eq!(super::hmac(&key, &message), base64::encode(&mac.finalize().into_bytes()));
    }
}

/// The vectors of the wire contract (`docs/wire.md`), checked against TAG's `Agent.js`.
#[test]
fn the_vectors_of_the_contract_hold() {
    let login = signatures(&LOGIN, r#"{"userName":"alice","password":"correct horse"}"#);
    assert_eq!(login, ["3FsYVd6PlAct7c/s7mHETSbeTDkpuwFAkFlVlOB9MRM="]);
    for (phone, signature) in [
        ("", "qdEzNWPlmgnigFbatJCu5izzHAserZT/eGWKtDit+bk="),
        (r#""phoneNr":"+46700000000","#, "yUzX78he7Kt9B+7lIrOHShmY3UmssPOmxl5O6DRPwf8="),
    ] {
        let create = format!(
            r#"{{"userName":"alice","eMail":"alice@example.org",{phone}"password":"pw",
            "apiKey":"KEY","secret":"S3cret"}}"#
        );
        assert_eq!(signatures(&CREATE, &create), [signature]);
    }
    // Without a PIN it signs what CreateKey does.
    assert_eq!(
        signatures(&TRANSFER, KEY),
        [
            "ZlPin8FrKcJq8+Nv2RsdGsuylCFfYpO6VOdRTIhO+Xw=",
            "6ad0UxM5vKp0feWSt+TMfry708FGFtHLHvT4WsX8fIE=",
        ]
    );
}

/// Arguments of what uses a key.
const KEY: &str = r#"{"localName":"ed448","namespace":"urn:nf:iot:e2e:1.0","keyId":"key1",
    "keyPassword":"keypw","accountPassword":"pw"}"#;

/// The shapes of the resources that sign with a key (contract §1.8). The signatures were made by Node's
/// `crypto.createHmac("sha256", key).update(parts.join(":")).digest("base64")`.
#[test]
fn each_shape_is_signed_as_by_another_implementation() {
    static PARTS_OF_KEY: &[Part] = &[
        Part::SessionUser,
        Part::Host,
        Part::Input("localName"),
        Part::Input("namespace"),
        Part::Input("keyId"),
    ];
    const S1: Part = Part::Parts(&[Part::Parts(PARTS_OF_KEY), Part::Input("keySignature")]);
    const NONCE: Part = Part::Input("nonce");
    static SHAPES: &[(&str, &[Part], &str)] = &[
        ("CreateKey", &[S1, NONCE], "6ad0UxM5vKp0feWSt+TMfry708FGFtHLHvT4WsX8fIE="),
        (
            "Transfer",
            &[S1, NONCE, Part::IfGiven("pin")],
            "+H7WEbE8LI70507QpZUCc9cPV0xhImoPyI4Dy0DJoME=",
        ),
        (
            "ApplyId",
            &[S1, NONCE, Part::Pairs("Properties")],
            "ZrJaoI6TkigwmX6myeuDDi1mnJHqQ5vy+h8O3m8jR1k=",
        ),
        (
            "ApplyId without properties",
            &[S1, NONCE, Part::Pairs("None")],
            "6ad0UxM5vKp0feWSt+TMfry708FGFtHLHvT4WsX8fIE=",
        ),
        (
            "AddIdAttachment",
            &[
                S1,
                NONCE,
                Part::Input("attachmentBase64"),
                Part::Input("attachmentFileName"),
                Part::Input("attachmentContentType"),
                Part::Input("legalId"),
            ],
            "LO3mh2vA2b/mr7ZxeiVjkkEFjwGb/GwyqUdstSWW9o4=",
        ),
        (
            "ReadyForApproval",
            &[S1, NONCE, Part::Input("legalId")],
            "jb0AdrBW3vZHfpeyeqrpY923B+AZNLn/+RGGfXeX3lA=",
        ),
        (
            "SignContract",
            &[S1, NONCE, Part::Input("legalId"), Part::Input("contractId"), Part::Input("role")],
            "nmOlZNcIjAmCD2yPxr0jwKhMJEF0TNxNPpmfelwtYx4=",
        ),
        (
            "SignData",
            &[S1, Part::Input("dataBase64"), Part::Input("legalId")],
            "JQCY/nDS1zTiaO5aHhsQjOR9IOxiqMkAe9nAUlNfpKU=",
        ),
        (
            "PetitionId",
            &[
                S1,
                Part::Input("petitionId"),
                Part::Input("purpose"),
                Part::Input("legalId"),
                Part::Input("remoteId"),
            ],
            "/L/5JnkjmymSKwFdVtf7dHWa64KzokYVIu3yB00rm+w=",
        ),
        (
            "PetitionSignature",
            &[
                S1,
                Part::Input("petitionId"),
                Part::Input("purpose"),
                Part::Input("legalId"),
                Part::Input("remoteId"),
                Part::Input("contentBase64"),
            ],
            "3x2e9Bov/hy8C2QktxsBf3EmknTKr6mXZX/TQkQzOac=",
        ),
    ];
    let mut inputs = inputs(KEY);
    for (name, text) in [
        ("pin", "1234"),
        ("legalId", "legal@id"),
        ("remoteId", "remote@id"),
        ("contractId", "contract@id"),
        ("role", "Buyer"),
        ("petitionId", "petition"),
        ("purpose", "To test"),
        ("attachmentBase64", "SGVsbG8="),
        ("attachmentFileName", "a.txt"),
        ("attachmentContentType", "text/plain"),
        ("dataBase64", "SGVsbG8="),
        ("contentBase64", "SGVsbG8="),
    ] {
        inputs.put(name, text);
    }
    let properties = r#"[{"name":"FIRST","value":"Al:ice"},{"name":"LAST","value":"Å"},
        {"name":"EMPTY","value":""}]"#;
    inputs.put("Properties", serde_json::from_str::<Value>(properties).unwrap());
    let key_signature = Signature { key: "keyPassword", parts: PARTS_OF_KEY };
    let key_signature = key_signature.sign(CONTEXT, &inputs).unwrap();
    assert_eq!(key_signature, "ZlPin8FrKcJq8+Nv2RsdGsuylCFfYpO6VOdRTIhO+Xw=");
    inputs.put("keySignature", key_signature.as_str());
    for (name, parts, expected) in SHAPES {
        let signature = Signature { key: "accountPassword", parts };
        assert_eq!(signature.sign(CONTEXT, &inputs).as_deref(), Some(*expected), "{name}");
    }
}

#[test]
fn a_port_is_signed_and_a_missing_session_is_not() {
    let login = inputs(r#"{"userName":"alice","password":"correct horse"}"#);
    let signature = |host, user_name, part| {
        let parts: &[Part] = match part {
            Some(Part::SessionUser) => &[Part::SessionUser, Part::Host, Part::Input("nonce")],
            _ => &[Part::Input("userName"), Part::Host, Part::Input("nonce")],
        };
        let parts: &'static [Part] = parts;
        Signature { key: "password", parts }.sign(SigningContext { user_name, host }, &login)
    };
    assert_eq!(
        signature("127.0.0.1:8080", None, None).as_deref(),
        Some("AQeYDzZflCn13MbnZzwUw18/JFlX92itZ87e2pSFp50=")
    );
    assert_eq!(signature("neuron.example", None, Some(Part::SessionUser)), None);
}

#[test]
fn a_password_of_any_length_signs() {
    for password in ["p".to_string(), "p".repeat(64), "p".repeat(65), "p".repeat(1000)] {
        let login = format!(r#"{{"userName":"a","password":"{password}"}}"#);
        assert_eq!(signatures(&LOGIN, &login)[0].len(), 44);
    }
}

#[test]
fn a_nonce_has_44_characters() {
    assert_eq!(nonce(&[0xFF; NONCE_BYTES]), "//////////////////////////////////////////8=");
}
