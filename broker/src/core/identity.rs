//! Legal identities.

use super::algorithms::{ED25519, KEYS};
use super::element::{Element, timestamp};
use super::keys::{Key, public, sign, verify};
use super::record::{self, Table};
use super::xml_as_json;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The namespace of identities, as this broker writes it.
pub(super) const IDENTITY: &str = "urn:nf:iot:leg:id:1.0";

/// How long an identity is valid.
const SECONDS_VALID: i64 = 2 * 365 * SECONDS_A_DAY;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// The identities of all accounts, by their ids.
pub(super) type Identities = Table<String, Identity>;

/// The state of an identity. The broker approves what is ready, so it rejects none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum IdentityState {
    /// An application, to which files can be added.
    Created,
    /// An identity with which its owner can act.
    Approved,
}

/// A legal identity, or the application for one.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Identity {
    pub id: String,
    /// The user name of its owner.
    pub owner: String,
    /// The id of its key.
    pub key_id: String,
    pub state: IdentityState,
    /// When it changed last. `None` if it never has.
    pub updated: Option<i64>,
    /// The identities whose owners may read it.
    pub readers: BTreeSet<String>,
    pub attachments: Vec<Attachment>,
    #[serde(with = "record::key_pair")]
    pair: SigningKey,
    /// What its owner signs: the public key and the properties.
    claims: Element,
    created: i64,
    /// The identity with all signatures, as it is answered.
    xml: String,
}

/// A file that was added to an application. Its bytes are not kept, because no resource reads them.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Attachment {
    pub id: String,
    pub file_name: String,
    pub content_type: String,
    /// The signature of the bytes by the key of the identity.
    pub signature: String,
    pub added: i64,
}

impl Identity {
    /// An application of the owner of a key.
    pub(super) fn new(
        id: String,
        owner: &str,
        (key_id, key): (&str, &Key),
        properties: &[(&str, &str)],
        now: i64,
    ) -> Self {
        Self {
            id,
            owner: owner.into(),
            key_id: key_id.into(),
            state: IdentityState::Created,
            updated: None,
            readers: BTreeSet::new(),
            attachments: Vec::new(),
            claims: claims(&key.pair, properties),
            pair: key.pair.clone(),
            created: now,
            xml: String::new(),
        }
    }

    /// The identity as XML, with all signatures.
    pub(super) fn xml(&self) -> &str {
        &self.xml
    }

    /// An upper bound for its size in an answer, and for the memory that it takes.
    pub(super) fn size(&self) -> usize {
        const READER: usize = 128;
        let answered = xml_as_json::size(&self.xml).unwrap_or_default();
        answered + 2 * self.xml.len() + READER * self.readers.len()
    }

    /// Writes and signs it anew, after a change.
    pub(super) fn seal(&mut self, broker: &SigningKey) {
        let mut element = self.unsealed();
        let signature = sign(broker, element.canonical().as_bytes());
        element.push(Element::new("serverSignature", IDENTITY).saying(signature));
        self.xml = element.to_xml();
    }

    /// Signs bytes with its key.
    pub(super) fn sign(&self, bytes: &[u8]) -> String {
        sign(&self.pair, bytes)
    }

    /// Whether a signature, in Base64, is of these bytes by its key.
    pub(super) fn has_signed(&self, bytes: &[u8], signature: &str) -> bool {
        verify(&self.pair, bytes, signature)
    }

    /// What the broker signs: all but its own signature.
    fn unsealed(&self) -> Element {
        let mut element = self.claims.clone().with("id", &self.id);
        let signature = self.sign(self.claims.canonical().as_bytes());
        element.push(Element::new("clientSignature", IDENTITY).saying(signature));
        for attachment in &self.attachments {
            element.push(attachment.element());
        }
        element.containing(self.status())
    }

    fn status(&self) -> Element {
        let from = self.created - self.created.rem_euclid(SECONDS_A_DAY);
        let provider = self.id.split_once('@').map_or("", |(_, provider)| provider);
        let state = match self.state {
            IdentityState::Created => "Created",
            IdentityState::Approved => "Approved",
        };
        Element::new("status", IDENTITY)
            .with("created", timestamp(self.created))
            .with("from", timestamp(from))
            .with("provider", provider)
            .with("state", state)
            .with("to", timestamp(from + SECONDS_VALID))
            .with_optional("updated", self.updated.map(timestamp))
    }
}

impl Attachment {
    fn element(&self) -> Element {
        Element::new("attachment", IDENTITY)
            .with("contentType", &self.content_type)
            .with("fileName", &self.file_name)
            .with("id", &self.id)
            .with("s", &self.signature)
            .with("timestamp", timestamp(self.added))
    }
}

fn claims(pair: &SigningKey, properties: &[(&str, &str)]) -> Element {
    let key = Element::new(ED25519, KEYS).with("pub", public(pair));
    let mut claims = Element::new("identity", IDENTITY)
        .containing(Element::new("clientPublicKey", IDENTITY).containing(key));
    for (name, value) in properties {
        claims.push(Element::new("property", IDENTITY).with("name", *name).with("value", *value));
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Encoding};
    use ed25519_dalek::{Signature, Verifier};

    fn identity() -> Identity {
        let key = Key {
            namespace: KEYS.into(),
            proof: String::new(),
            created: 0,
            pair: SigningKey::from_bytes(&[7; 32]),
        };
        let properties = [("FIRST", "Ada"), ("LAST", "O'Hara")];
        Identity::new("x@legal.localhost".into(), "ada", ("k", &key), &properties, 1_700_000_000)
    }

    fn verify(pair: &SigningKey, message: &str, signature: &str) {
        let bytes = Base64::decode_vec(signature).unwrap();
        let signature = Signature::from_slice(&bytes).unwrap();
        pair.verifying_key().verify(message.as_bytes(), &signature).unwrap();
    }

    #[test]
    fn both_signatures_cover_the_canonical_form() {
        let broker = SigningKey::from_bytes(&[9; 32]);
        let mut identity = identity();
        identity.seal(&broker);
        let (unsealed, seal) = identity.xml().split_once("<serverSignature>").unwrap();
        let canonical = format!("{unsealed}</identity>")
            .replacen(&format!(" xmlns=\"{IDENTITY}\""), "", 1)
            .replace('\'', "&apos;");
        verify(&broker, &canonical, seal.split_once('<').unwrap().0);
        let (claims, rest) = canonical.split_once("<clientSignature>").unwrap();
        let claims = claims.replacen(" id=\"x@legal.localhost\"", "", 1) + "</identity>";
        verify(&identity.pair, &claims, rest.split_once('<').unwrap().0);
    }

    #[test]
    fn an_identity_has_the_parts_of_the_schema_in_their_order() {
        let mut identity = identity();
        identity.attachments.push(Attachment {
            id: "a".into(),
            file_name: "ProfilePhoto.png".into(),
            content_type: "image/png".into(),
            signature: "s".into(),
            added: 1_700_000_001,
        });
        identity.seal(&SigningKey::from_bytes(&[9; 32]));
        let element = Element::parse(identity.xml()).unwrap();
        let names: Vec<_> = element.children().map(|child| child.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "clientPublicKey",
                "property",
                "property",
                "clientSignature",
                "attachment",
                "status",
                "serverSignature",
            ]
        );
        let status = element.named("status").next().unwrap();
        assert_eq!(status.attribute("created"), Some("2023-11-14T22:13:20.000Z"));
        assert_eq!(status.attribute("from"), Some("2023-11-14T00:00:00.000Z"));
        assert_eq!(status.attribute("to"), Some("2025-11-13T00:00:00.000Z"));
        assert_eq!(status.attribute("updated"), None);
    }

    #[test]
    fn its_size_is_at_least_that_of_its_answer() {
        let mut identity = identity();
        identity.seal(&SigningKey::from_bytes(&[9; 32]));
        assert!(identity.size() > xml_as_json::size(identity.xml()).unwrap());
    }
}
