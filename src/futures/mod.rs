//! Futures that any part may need.

pub(crate) mod once_event;
pub(crate) mod race;
