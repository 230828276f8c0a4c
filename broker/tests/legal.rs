//! Keys and identities over HTTP, in both encodings.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use neuron_agent_api::resources::{crypto, legal};
use neuron_agent_api::wire::{Derived, Encoding, Resource, Role, SigningContext, Value};
use support::{Request, Response, Running, settings, start};

/// The body of a request of Alice's, signed as the client signs it.
fn signed(broker: &Running, resource: &Resource, nonce: &str, fields: &str) -> String {
    let mut inputs: Value = serde_json::from_str(fields).unwrap();
    for (name, value) in [
        ("localName", "ed25519"),
        ("namespace", "urn:nf:iot:e2e:1.0"),
        ("keyPassword", "secret"),
        ("accountPassword", "wonderland"),
    ] {
        inputs.put(name, value);
    }
    let host = broker.host();
    let context = SigningContext { user_name: Some("alice"), host: &host };
    for input in resource.inputs {
        match input.derived {
            Some(Derived::Nonce) => inputs.put(input.name, nonce),
            Some(Derived::Signature(signature)) => {
                inputs.put(input.name, signature.sign(context, &inputs).unwrap().as_str());
            }
            _ => {}
        }
    }
    let mut sent = Value::object();
    for input in resource.inputs.iter().filter(|input| !matches!(input.role, Role::SignatureOnly)) {
        if let Some(value) = inputs.get(input.name) {
            sent.put(input.name, value.clone());
        }
    }
    serde_json::to_string(&sent).unwrap()
}

fn apply(broker: &Running, token: &str, nonce: &str, referrer: Option<&str>) -> Response {
    let fields = r#"{"keyId":"key","Properties":[{"name":"FIRST","value":"Ada"},
        {"name":"LAST","value":"Byron"},{"name":"COUNTRY","value":"GB"}]}"#;
    let body = signed(broker, &legal::APPLY_ID, nonce, fields);
    let mut request =
        Request::post("Legal/ApplyId", &body).header("Authorization", &format!("Bearer {token}"));
    if let Some(referrer) = referrer {
        request = request.header("Referer", referrer);
    }
    broker.send(&request)
}

#[test]
fn an_identity_names_the_page_that_applied_for_it() {
    let broker = start(settings());
    let token = broker.log_in("alice", "wonderland");
    let nonce = |number: usize| format!("{number:032}");
    let body = signed(&broker, &crypto::CREATE_KEY, &nonce(1), r#"{"id":"key"}"#);
    assert_eq!(broker.post("Crypto/CreateKey", Some(&token), &body).status, 200);
    apply(&broker, &token, &nonce(2), None).assert_refusal(400, "The header Referer is missing");
    let response = apply(&broker, &token, &nonce(3), Some("https://app.example/apply"));
    assert_eq!(response.status, 200, "{response:?}");
    assert!(response.body.contains(r#""name":"AGENT","value":"https://app.example/apply""#));

    let answer: Value = serde_json::from_str(&response.body).unwrap();
    let id = answer.get("Identity").unwrap().text("id").to_owned();
    let body = format!(r#"{{"legalId":"{id}"}}"#);
    for encoding in [Encoding::Json, Encoding::Xml] {
        let found = broker.call(&legal::GET_IDENTITY, &token, encoding, &body);
        assert_eq!(found.get("Identity"), answer.get("Identity"), "{encoding:?}");
    }
}

#[test]
fn the_brokers_own_key_needs_no_session() {
    let broker = start(settings());
    let response = broker.post("Crypto/GetPublicKey", None, "{}");
    assert_eq!(response.status, 200, "{response:?}");
    assert_eq!(broker.post("Crypto/GetPublicKey", None, r#"{"keyId":"x"}"#).status, 401);
}
