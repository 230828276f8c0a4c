//! What every request that uses a key of the account has: which key it is, and how it is signed.

use crate::wire::InputKind::{NonEmptyText, Password};
use crate::wire::{Derived, Input, Part, Role, Signature};

/// The inputs of a request that uses a key: those that name the key and the two passwords come first.
macro_rules! with_key {
    ($($input:expr),* $(,)?) => {
        &[
            $crate::resources::keys::LOCAL_NAME,
            $crate::resources::keys::NAMESPACE,
            $crate::resources::keys::KEY_ID,
            $crate::resources::keys::KEY_PASSWORD,
            $crate::resources::keys::ACCOUNT_PASSWORD,
            $($input),*
        ]
    };
}
pub(super) use with_key;

pub(super) const LOCAL_NAME: Input = Input::required("localName", NonEmptyText)
    .role(Role::SignatureOnly)
    .doc("The local name of the key's algorithm.")
    .example("\"ed448\"");

pub(super) const NAMESPACE: Input = Input::required("namespace", NonEmptyText)
    .role(Role::SignatureOnly)
    .doc("The namespace of the key's algorithm.")
    .example("\"urn:nf:iot:e2e:1.0\"");

pub(super) const KEY_ID: Input =
    Input::required("keyId", NonEmptyText).doc("The key.").example("\"key1\"");

pub(super) const KEY_PASSWORD: Input = Input::required("keyPassword", Password)
    .role(Role::SignatureOnly)
    .doc("The key's password. It signs the request and is not sent.")
    .example("\"keypw\"");

pub(super) const ACCOUNT_PASSWORD: Input = Input::required("accountPassword", Password)
    .role(Role::SignatureOnly)
    .doc("The account's password. It signs the request and is not sent.")
    .example("\"pw\"");

pub(super) const NONCE: Input = Input::derived("nonce", Derived::Nonce);

/// What the key's password signs.
const KEY: Part = Part::Parts(&[
    Part::SessionUser,
    Part::Host,
    Part::Input("localName"),
    Part::Input("namespace"),
    Part::Input("keyId"),
]);

/// The signature of the key, which shows that the caller knows its password.
pub(super) const KEY_SIGNATURE: Input = Input::derived(
    "keySignature",
    Derived::Signature(&Signature { key: "keyPassword", parts: &[KEY] }),
);

/// The key and its signature: what every request that uses a key signs first.
pub(super) const SIGNED_KEY: Part = Part::Parts(&[KEY, Part::Input("keySignature")]);

/// The signature of the request by the account's password. `$part`s are signed behind the key.
macro_rules! request_signature {
    ($($part:expr),* $(,)?) => {
        $crate::wire::Input::derived(
            "requestSignature",
            $crate::wire::Derived::Signature(&$crate::wire::Signature {
                key: "accountPassword",
                parts: &[$crate::resources::keys::SIGNED_KEY, $($part),*],
            }),
        )
    };
}
pub(super) use request_signature;
