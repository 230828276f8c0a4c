//! The form of a list in XML.

/// How a list of objects looks in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entries {
    /// An element of the field's name, that holds entries of this name.
    Within(&'static str),
    /// Entries of this name, side by side with the other children.
    Bare(&'static str),
}
