//! What identities and contracts have in common: their ids and their limits.

use super::content::Content;
use super::delivery::Component;
use super::element::Element;
use super::identity::{Identity, IdentityState};
use super::memory_budget::BudgetExceeded;
use super::refusal::Refusal;
use super::state::Broker;
use std::collections::BTreeSet;

/// The maximum number of identities of an account.
const MAX_IDENTITIES: usize = 100;

/// The maximum length of an identity or a contract as XML, in bytes: messages carry it.
const MAX_XML_BYTES: usize = 512 * 1024;

/// The maximum number of identities that may read an object.
const MAX_READERS: usize = 1_000;

/// Lets an identity read an object, or forbids it again.
pub(super) fn set_reader(
    readers: &mut BTreeSet<String>,
    identity: &str,
    authorized: bool,
) -> Result<(), Refusal> {
    if authorized && readers.len() >= MAX_READERS {
        return Err(Refusal::bad_request("Too many identities may read it."));
    }
    if authorized {
        readers.insert(identity.into());
    } else {
        readers.remove(identity);
    }
    Ok(())
}

impl Broker {
    /// A new id for an identity or a contract. It looks like an address, and is none.
    pub(super) fn new_legal_id(&mut self) -> String {
        format!("{}@{}", self.new_uuid(), self.component_domain(Component::Legal))
    }

    /// The identity with an id.
    pub(super) fn identity(&self, id: &str) -> Result<&Identity, Refusal> {
        self.identities
            .get(&id.to_ascii_lowercase())
            .ok_or_else(|| Refusal::new(404, "There is no such identity."))
    }

    /// The identity with an id, which belongs to this user.
    pub(super) fn own_identity(&self, id: &str, user_name: &str) -> Result<&Identity, Refusal> {
        let identity = self.identity(id)?;
        if identity.owner != user_name {
            return Err(Refusal::new(403, "The identity is another account's."));
        }
        Ok(identity)
    }

    /// [`own_identity`](Self::own_identity), with which its owner can act.
    pub(super) fn approved_identity(
        &self,
        id: &str,
        user_name: &str,
    ) -> Result<&Identity, Refusal> {
        let identity = self.own_identity(id, user_name)?;
        if identity.state != IdentityState::Approved {
            return Err(Refusal::new(403, "The identity is not approved."));
        }
        Ok(identity)
    }

    /// The identities of a user, the oldest first.
    pub(super) fn identities_of(&self, user_name: &str) -> impl Iterator<Item = &Identity> {
        let user = self.users.get(user_name);
        let ids = user.into_iter().flat_map(|user| user.legal_objects.identities.values());
        ids.filter_map(|id| self.identities.get(id))
    }

    /// Whether a user has an identity with which it can act.
    pub(super) fn has_approved_identity(&self, user_name: &str) -> bool {
        let mut identities = self.identities_of(user_name);
        identities.any(|identity| identity.state == IdentityState::Approved)
    }

    /// Whether a key belongs to an identity.
    pub(super) fn is_key_in_use(&self, user_name: &str, key_id: &str) -> bool {
        self.identities_of(user_name).any(|identity| identity.key_id == key_id)
    }

    /// Signs an identity, and keeps it instead of the one with the same id.
    pub(super) fn keep_identity(&mut self, mut identity: Identity) -> Result<&Identity, Refusal> {
        identity.seal(&self.key_pair);
        check_length(identity.xml())?;
        let old = self.identities.get(&identity.id).map(Identity::size);
        let user = self.users.get_mut(&identity.owner);
        let user = user.ok_or_else(|| Refusal::internal("The account is gone."))?;
        let objects = &mut user.legal_objects;
        let is_too_many = old.is_none() && objects.identities.len() >= MAX_IDENTITIES;
        let full = |_| Refusal::bad_request("The account's identities are too many or too large.");
        if is_too_many {
            return Err(full(BudgetExceeded));
        }
        let new = identity.size();
        objects.identity_budget.replace(old.unwrap_or_default(), new).map_err(full)?;
        if old.is_none() {
            objects.identities.push(identity.id.clone());
        }
        let id = identity.id.clone();
        self.identities.insert(id.clone(), identity);
        self.identity(&id)
    }
}

/// An element as the content of a message.
pub(super) fn message_content(element: &Element) -> Result<Content, Refusal> {
    let fault = |reason| Refusal::bad_request(format!("The message about it {reason}"));
    element.content().map_err(fault)
}

/// Refuses XML that a message could not carry.
pub(super) fn check_length(xml: &str) -> Result<(), Refusal> {
    if xml.len() > MAX_XML_BYTES {
        return Err(Refusal::bad_request("It would be longer than 512 KiB of XML."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::broker;
    use super::*;

    #[test]
    fn ids_are_random_and_of_the_legal_domain() {
        let broker = &mut broker();
        let (one, other) = (broker.new_legal_id(), broker.new_legal_id());
        assert_ne!(one, other);
        let (uuid, domain) = one.split_once('@').unwrap();
        assert_eq!((uuid.len(), domain), (36, "legal.localhost"));
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&uuid.as_bytes()[19]));
    }

    #[test]
    fn the_length_of_xml_is_limited() {
        assert_eq!(check_length(&"x".repeat(MAX_XML_BYTES)), Ok(()));
        assert_eq!(check_length(&"x".repeat(MAX_XML_BYTES + 1)).unwrap_err().status, 400);
    }

    #[test]
    fn the_number_of_readers_is_limited() {
        let mut readers: BTreeSet<_> = (0..MAX_READERS).map(|id| id.to_string()).collect();
        assert_eq!(set_reader(&mut readers, "x", true).unwrap_err().status, 400);
        set_reader(&mut readers, "0", false).unwrap();
        set_reader(&mut readers, "x", true).unwrap();
        assert!(readers.contains("x"));
    }
}
