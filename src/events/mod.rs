//! Messages that the broker pushes: event handlers, and the WebSocket that delivers the messages.
//!
//! The broker knows a tab by an id and pushes `{ type, data }`, where `type` is the name under which
//! a handler was registered. Names are looked up in a table here; nothing is ever evaluated.
//!
//! | File | Responsibility |
//! |---|---|
//! | `registrations` | the table of handlers, and the socket that serves them |
//! | `connection` | opening the socket, reading it, and replacing it with backoff |
//! | `handlers` | registering and unregistering |

pub(crate) mod connection;
mod handlers;
pub(crate) mod registrations;

#[cfg(test)]
mod tests;
