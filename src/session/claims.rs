//! What a JSON Web Token says. The client relies on none of it: the broker alone can check a token.

use crate::environment::Environment;
use crate::syntax::base64;
use crate::text;
use crate::wire::Value;

/// The claims of a token.
pub(super) struct Claims(Value);

impl Claims {
    /// The claims of a token; `None` if it is not a JSON Web Token.
    pub(super) fn read(environment: &impl Environment, token: &str) -> Option<Self> {
        let payload = base64::decode_url(text::split(token, b'.').nth(1)?)?;
        environment.read_json(&environment.text_of(&payload)?).ok().map(Self)
    }

    /// The user whose token it is.
    pub(super) fn subject(&self) -> Option<String> {
        Some(self.0.get("sub")?.as_str()?.to_string())
    }

    /// How long it is valid, by the broker's own clock.
    pub(super) fn lifetime_ms(&self) -> Option<f64> {
        let claim = |name| match self.0.get(name) {
            Some(Value::Number(seconds)) => Some(*seconds),
            _ => None,
        };
        Some((claim("exp")? - claim("iat")?) * 1000.0).filter(|lifetime| *lifetime > 0.0)
    }
}
