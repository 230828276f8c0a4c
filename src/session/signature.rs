//! What a token says of itself.

use crate::syntax::base64;

/// What a token says of whose it is. Nobody relies on it: the broker alone can check a token.
#[must_use]
pub fn payload(token: &str) -> Option<String> {
    let payload = token.split('.').nth(1)?;
    String::from_utf8(base64::decode_url(payload)?).ok()
}
