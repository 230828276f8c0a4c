//! XML 1.0 with namespaces, as far as the Agent API needs it: no DTD, no entities of one's own,
//! no processing instructions.

mod character;
mod content;
mod reader;
mod write;

pub use character::is_character;
pub use content::{LONGEST_CONTENT, check_content};
pub use reader::{
    Attribute, Event, Fault, LONGEST_NAMESPACE, LONGEST_NESTING, Mark, Name, Reader,
    XMLNS_NAMESPACE,
};
pub use write::{embed, escape, rewrite};

#[cfg(test)]
pub(crate) use content::CHECKS;
