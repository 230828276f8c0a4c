//! One call from request to response: attempts, deadlines, sending, reading.

pub(crate) mod account;
pub(crate) mod fresh_token;
pub(crate) mod hooks;
pub(crate) mod limiter;
pub(crate) mod prepare;
pub(crate) mod reconcile;
pub(crate) mod refresh;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod send;
pub(crate) mod settings;
