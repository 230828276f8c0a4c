//! The transitions of a session.
