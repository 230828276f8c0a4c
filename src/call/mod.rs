//! One call from its arguments to its result.
//!
//! | File | Responsibility |
//! |---|---|
//! | `context` | what the calls of a client share |
//! | `job`, `progress` | what has to be sent, and what is known of a call under way |
//! | `dispatch`, `request` | a call of a resource, and one of `IO.Request` |
//! | `login`, `logout`, `refresh` | the calls that open, end and prolong a session |
//! | `fresh_token` | a token that is valid when it is shown |
//! | `within_deadline` | abort signal, disposal and deadline |
//! | `send` | attempt after attempt |
//! | `retry`, `reconcile` | what follows a failed attempt |
//! | `limiter` | how many requests are in flight |
//! | `prepare`, `attempt`, `response`, `refusal` | one request, and what comes back |
//! | `hooks` | the events of requests |
//! | `settings` | what a caller can choose |

mod attempt;
pub(crate) mod context;
mod dispatch;
mod fresh_token;
mod hooks;
pub(crate) mod job;
pub(crate) mod limiter;
mod login;
mod logout;
pub(crate) mod prepare;
mod progress;
mod reconcile;
mod refresh;
mod refusal;
pub(crate) mod request;
mod response;
pub(crate) mod retry;
mod send;
pub(crate) mod settings;
mod within_deadline;

#[cfg(test)]
mod tests;
