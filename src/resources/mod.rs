//! Every resource of the Agent API, declared as data: one file a group.
//!
//! What follows from a declaration: the checks and their messages, both encodings, what is signed,
//! redacted and repeated, what the broker matches, the exported function, and its documentation.
//! `docs/architecture.md` shows how one is added.

/// Declares the resources of a group. Each has its documentation, the name of its static, its name on the
/// wire, and what differs from [`Resource::new`], such as
///
/// ```text
/// /// Reads one contact.
/// GET_ROSTER_ITEM "GetRosterItem"
///     .inputs(&[BARE_JID])
///     .responds("RosterItem", &ROSTER_ITEM);
/// ```
///
/// `$for_each` becomes a macro that calls another one with all of them: `src/web` makes the exported
/// functions by it. (The first argument is a dollar sign, which a macro can't write for a macro of its
/// own.)
macro_rules! resources {
    (
        ($dollar:tt) $group:tt $module:ident, $for_each:ident:
        $(
            $(#[doc = $doc:literal])*
            $resource:ident $name:tt $(.$method:ident($($argument:tt)*))*;
        )*
    ) => {
        $(
            $(#[doc = $doc])*
            pub static $resource: Resource =
                Resource::new($group, $name).doc(&[$($doc),*]) $(.$method($($argument)*))*;
        )*

        /// The resources of this file, in the order of their declarations.
        pub static ALL: &[&Resource] = &[$(&$resource),*];

        #[cfg(all(target_arch = "wasm32", feature = "web"))]
        macro_rules! $for_each {
            ($dollar callback:ident) => { $dollar callback! { $group $module: $($resource $name)* } };
        }
        #[cfg(all(target_arch = "wasm32", feature = "web"))]
        pub(crate) use $for_each;
    };
}

pub mod account;
mod common;
pub mod crypto;
pub mod intelligence;
mod keys;
pub mod legal;
pub mod state_machines;
pub mod storage;
pub mod tokens;
pub mod wallet;
pub mod xmpp;

use crate::wire::Resource;

/// Every resource that is declared, for the programs that serve or document them all.
pub fn all() -> impl Iterator<Item = &'static Resource> {
    exported().chain([&xmpp::REGISTER_EVENT_HANDLER])
}

/// Whether `src/web/exports.rs` exports a resource. [`xmpp::REGISTER_EVENT_HANDLER`] is called by
/// `src/web/events.rs` instead.
pub fn is_exported(resource: &Resource) -> bool {
    exported().any(|other| std::ptr::eq(other, resource))
}

fn exported() -> impl Iterator<Item = &'static Resource> {
    let groups = [
        account::ALL,
        xmpp::ALL,
        storage::ALL,
        crypto::ALL,
        legal::ALL,
        wallet::ALL,
        tokens::ALL,
        state_machines::ALL,
        intelligence::ALL,
    ];
    groups.into_iter().flatten().copied()
}

#[cfg(test)]
mod tests;
