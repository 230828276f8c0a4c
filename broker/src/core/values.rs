//! Values in answers and in arguments.

use neuron_agent_api::wire::Value;

/// An object with these properties.
pub(super) fn object<const N: usize>(properties: [(&str, Value); N]) -> Value {
    Value::Object(properties.map(|(name, value)| (name.into(), value)).into())
}

/// A number of items.
pub(super) fn count(number: usize) -> Value {
    Value::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A number from a request, as a number of items in memory.
pub(super) fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A point in time, as answers have it: whole Unix seconds.
#[allow(clippy::cast_precision_loss, reason = "exact for 285 million years")]
pub(super) fn unix_seconds(seconds: i64) -> Value {
    Value::Number(seconds as f64)
}
