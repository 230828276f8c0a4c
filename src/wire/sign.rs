//! Signatures of the Agent API: HMAC-SHA256 over parts joined by colons, in Base64.

use super::value::Value;
use crate::syntax::base64;
use crate::text;
use sha2::{Digest, Sha256};

/// How many random bytes a nonce is made of; as Base64 they are 44 characters, and the broker
/// asks for 32 or more.
pub const NONCE_BYTES: usize = 32;

/// A nonce, from random bytes that serve this one time.
#[must_use]
pub fn nonce(random: &[u8; NONCE_BYTES]) -> String {
    base64::encode(random)
}

/// User name and password as they are sent (RFC 7617).
#[must_use]
pub fn basic_credentials(user_name: &str, password: &str) -> String {
    base64::encode(text::concat(&[user_name, ":", password]).as_bytes())
}

/// What a signature is made of. Inputs are named as on the wire.
#[derive(Debug)]
pub struct Signature {
    /// The input that is the key.
    pub key: &'static str,
    /// What is signed, in this order.
    pub parts: &'static [Part],
}

/// A part of what is signed.
#[derive(Debug)]
pub enum Part {
    /// The user name of the session.
    SessionUser,
    /// The value of the `Host` header, a port that is not the protocol's own included.
    Host,
    /// An input.
    Input(&'static str),
    /// An input, and nothing at all if it was not given.
    IfGiven(&'static str),
    /// Name and value of each pair of a [`super::InputKind::Map`].
    Pairs(&'static str),
    /// Other parts, such as those of the key's signature.
    Parts(&'static [Part]),
}

/// What is signed beside inputs.
#[derive(Clone, Copy, Debug)]
pub struct SigningContext<'a> {
    /// The user name of the session, if there is one.
    pub user_name: Option<&'a str>,
    /// The value of the `Host` header.
    pub host: &'a str,
}

impl Signature {
    /// Signs inputs. `None` if it takes the user name of a session and there is none.
    #[must_use]
    pub fn sign(&self, context: SigningContext<'_>, inputs: &Value) -> Option<String> {
        let message = self.message(context, inputs)?;
        Some(hmac(&inputs.scalar_text(self.key), &message))
    }

    /// What is signed: the parts, not escaped, joined by colons.
    #[must_use]
    pub fn message(&self, context: SigningContext<'_>, inputs: &Value) -> Option<String> {
        let mut message = String::new();
        add(&mut message, self.parts, context, inputs)?;
        // Each part has a colon in front, the first one too.
        Some(message.get(1..).unwrap_or_default().into())
    }
}

fn add(
    message: &mut String,
    parts: &[Part],
    context: SigningContext<'_>,
    inputs: &Value,
) -> Option<()> {
    for part in parts {
        match part {
            Part::SessionUser => push(message, context.user_name?),
            Part::Host => push(message, context.host),
            Part::Input(name) => push(message, &inputs.scalar_text(name)),
            Part::IfGiven(name) if inputs.get(name).is_none() => {}
            Part::IfGiven(name) => push(message, &inputs.scalar_text(name)),
            Part::Pairs(name) => {
                for pair in inputs.items(name) {
                    let Value::Object(name_and_value) = pair else { continue };
                    for (_, part) in name_and_value {
                        push(message, &part.to_text().unwrap_or_default());
                    }
                }
            }
            Part::Parts(parts) => add(message, parts, context, inputs)?,
        }
    }
    Some(())
}

fn push(message: &mut String, part: &str) {
    message.push(':');
    message.push_str(part);
}

/// How many bytes SHA-256 takes at a time.
const BLOCK_BYTES: usize = 64;

/// HMAC-SHA256 (RFC 2104 §2) in Base64. The crate `hmac` keeps states for many messages, and takes
/// three times as much code; the tests compare the two.
fn hmac(key: &str, message: &str) -> String {
    let hashed = hash(key.as_bytes(), &[]);
    let key = if key.len() > BLOCK_BYTES { &hashed } else { key.as_bytes() };
    let inner = hash(&padded(key, 0x36), message.as_bytes());
    base64::encode(&hash(&padded(key, 0x5C), &inner))
}

/// A key as long as a block, each byte combined with another one.
fn padded(key: &[u8], other: u8) -> [u8; BLOCK_BYTES] {
    let mut block = [other; BLOCK_BYTES];
    for (place, byte) in key.iter().enumerate() {
        if let Some(padded) = block.get_mut(place) {
            *padded ^= byte;
        }
    }
    block
}

#[inline(never)]
fn hash(start: &[u8], end: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(start);
    hash.update(end);
    hash.finalize().to_vec()
}

/// The signature of a login, for the tests' own broker.
#[cfg(test)]
pub(crate) fn login_signature(user_name: &str, host: &str, nonce: &str, password: &str) -> String {
    hmac(password, &[user_name, host, nonce].join(":"))
}

#[cfg(test)]
mod tests;
