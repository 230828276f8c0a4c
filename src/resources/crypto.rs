//! The group `Crypto`.

use super::common::STORED;
use super::keys::{ACCOUNT_PASSWORD, KEY_PASSWORD, NONCE};
use crate::wire::Access::OptionalToken;
use crate::wire::Effect::Once;
use crate::wire::InputKind::NonEmptyText;
use crate::wire::{Derived, Entries, Input, Object, Output, OutputKind, Part, Resource, Signature};

resources! { ($) "Crypto" crypto, for_each_crypto:

/// Reads the algorithms in which the broker makes keys.
GET_ALGORITHMS "GetAlgorithms"
    .responds("Algorithms", &Object::new("Algorithms", "The algorithms of a broker's keys.", &[
        Output::required("Algorithms", OutputKind::Objects(&ALGORITHM, &Entries::Bare("Algorithm")), "The algorithms; empty if there are none.")
            .alias("algorithms"),
    ]))
    .json_only()
    .example("const { Algorithms } = await AgentAPI.Crypto.GetAlgorithms();")
    .source("Agent API, Crypto/GetAlgorithms");

/// Makes a key for the account. The broker keeps it, encrypted with the key's password, which is not
/// sent: requests that use the key are signed with it.
CREATE_KEY "CreateKey"
    .effect(Once)
    .inputs(&[
        Input::required("localName", NonEmptyText).doc("The local name of its algorithm, which {@link Crypto.GetAlgorithms} gives.").example("\"ed448\""),
        Input::required("namespace", NonEmptyText).doc("The namespace of its algorithm.").example("\"urn:nf:iot:e2e:1.0\""),
        Input::required("id", NonEmptyText).doc("The name of the key, among those of the account.").example("\"key1\""),
        KEY_PASSWORD,
        ACCOUNT_PASSWORD,
        NONCE,
        Input::derived("keySignature", Derived::Signature(&Signature { key: "keyPassword", parts: &[NEW_KEY] })),
        Input::derived("requestSignature", Derived::Signature(&Signature {
            key: "accountPassword",
            parts: &[NEW_KEY, Part::Input("keySignature"), Part::Input("nonce")],
        })),
    ])
    .responds("Stored", &STORED)
    .throws("Rejects with `not-found` if the broker does not know the algorithm, with `not-implemented` if it \
        makes no keys in it, and with `forbidden` if the key exists already and an identity has it.")
    .example("await AgentAPI.Crypto.CreateKey(\"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword);")
    .source("Agent API, Crypto/CreateKey");

/// Reads a public key of the account, or that of the broker.
GET_PUBLIC_KEY "GetPublicKey"
    .access(OptionalToken)
    .inputs(&[Input::optional("keyId", NonEmptyText).doc("The key. Without it, that of the broker is read, for which no session is needed.").example("\"key1\"")])
    .responds("PublicKey", &Object::new("PublicKey", "A public key.", &[
        Output::required("key", OutputKind::NonEmptyText, "The key in Base64, as its algorithm writes it."),
        Output::required("Algorithm", OutputKind::Object(&ALGORITHM), "Its algorithm."),
    ]))
    .throws("Rejects with `not-found` if there is no such key.")
    .example("const { key } = await AgentAPI.Crypto.GetPublicKey(keyId);")
    .source("Agent API, Crypto/GetPublicKey");

}

/// What the password of a new key signs.
const NEW_KEY: Part = Part::Parts(&[
    Part::SessionUser,
    Part::Host,
    Part::Input("localName"),
    Part::Input("namespace"),
    Part::Input("id"),
]);

static ALGORITHM: Object = Object::new(
    "Algorithm",
    "An algorithm of keys.",
    &[
        Output::required("localName", OutputKind::NonEmptyText, "Its local name, such as `ed448`."),
        Output::required("namespace", OutputKind::NonEmptyText, "Its namespace."),
        Output::required(
            "securityStrength",
            OutputKind::Integer(0, i32::MAX),
            "Its strength, in bits.",
        ),
        Output::required(
            "safe",
            OutputKind::Boolean,
            "Whether it is safe by the criteria of safecurves.cr.yp.to.",
        ),
        Output::required("slow", OutputKind::Boolean, "Whether its computations take long."),
        Output::optional(
            "pqc",
            OutputKind::Boolean,
            "Whether it withstands quantum computers. Older brokers don't say.",
        ),
        Output::required(
            "score",
            OutputKind::Integer(0, i32::MAX),
            "How good it is, as the broker counts.",
        ),
    ],
);
