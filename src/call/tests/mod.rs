//! What a single call sends and returns, and how sessions begin and end.

mod declarations;
mod sessions;
mod single;
