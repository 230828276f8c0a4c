//! The contact addresses of an account, and whether they are verified.

use serde::{Deserialize, Serialize};

/// How many verification codes there are: all numbers of six digits.
pub(super) const CODE_COUNT: i64 = 1_000_000;

/// When an account was created, and how its owner can be reached.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Profile {
    pub created: i64,
    pub updated: Option<i64>,
    pub e_mail: Option<ContactAddress>,
    pub phone: Option<ContactAddress>,
}

/// An e-mail address or a phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ContactAddress {
    pub address: String,
    /// The code that was sent. It stays valid, so that verifying twice does no harm.
    pub code: i64,
    /// When the owner verified it. `None` if that has not happened.
    pub verified: Option<i64>,
}

/// How an owner is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Medium {
    EMail,
    Phone,
}

/// A mail to the owner of an account. The broker sends none: it is printed instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// An e-mail address or a phone number.
    pub to: String,
    /// The text of the mail.
    pub text: String,
}

impl Profile {
    /// Whether all contact addresses are verified. An account of the command line has none.
    pub(super) fn is_enabled(&self) -> bool {
        self.contacts().all(|contact| contact.verified.is_some())
    }

    pub(super) fn contact(&self, medium: Medium) -> Option<&ContactAddress> {
        match medium {
            Medium::EMail => self.e_mail.as_ref(),
            Medium::Phone => self.phone.as_ref(),
        }
    }

    pub(super) fn contact_mut(&mut self, medium: Medium) -> &mut Option<ContactAddress> {
        match medium {
            Medium::EMail => &mut self.e_mail,
            Medium::Phone => &mut self.phone,
        }
    }

    fn contacts(&self) -> impl Iterator<Item = &ContactAddress> {
        self.e_mail.iter().chain(&self.phone)
    }
}

impl ContactAddress {
    pub(super) fn new(address: &str, code: i64) -> Self {
        Self { address: address.into(), code, verified: None }
    }

    /// The mail with the verification code.
    pub(super) fn mail(&self) -> Mail {
        Mail { to: self.address.clone(), text: format!("the code is {:06}", self.code) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_enabled_when_all_is_verified() {
        let mut profile = Profile::default();
        assert!(profile.is_enabled());
        profile.e_mail = Some(ContactAddress::new("a@b", 123_456));
        assert!(!profile.is_enabled());
        profile.e_mail.as_mut().unwrap().verified = Some(1);
        assert!(profile.is_enabled());
        profile.phone = Some(ContactAddress::new("+46", 7));
        assert!(!profile.is_enabled());
        profile.phone.as_mut().unwrap().verified = Some(1);
        assert!(profile.is_enabled());
    }

    #[test]
    fn a_code_has_six_digits() {
        assert_eq!(ContactAddress::new("a", 7).mail().text, "the code is 000007");
    }
}
