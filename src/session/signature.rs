//! What a token says of itself.

use crate::syntax::base64;
use crate::text;

/// What a token says of whose it is. Nobody relies on it: the broker alone can check a token.
#[must_use]
pub fn payload(token: &str) -> Option<String> {
    let payload = text::split(token, b'.').nth(1)?;
    String::from_utf8(base64::decode_url(payload)?).ok()
}
