//! Verifies contact addresses.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::login_limiter::Target;
use crate::core::profile::{ContactAddress, Mail, Medium};
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::users::User;
use crate::core::values::object;
use neuron_agent_api::resources::account;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&account::VERIFY_E_MAIL, verify_e_mail),
    Route::new(&account::VERIFY_PHONE_NR, verify_phone_nr),
    Route::new(&account::RESEND_VERIFICATION_CODES, resend_verification_codes),
    Route::new(&account::RECOVER, recover),
];

/// Verifies an e-mail address with the code that was sent to it.
fn verify_e_mail(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    verify(broker, call, given, "eMail", Medium::EMail)
}

/// Verifies a phone number with the code that was sent to it.
fn verify_phone_nr(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    verify(broker, call, given, "phoneNr", Medium::Phone)
}

/// Several accounts may have the same address. The session tells which one is meant, or else the
/// code does. A wrong code and an unknown address get the same answer.
fn verify(
    broker: &mut Broker,
    call: &Call<'_>,
    given: &Arguments,
    name: &str,
    medium: Medium,
) -> Answer {
    let (address, code) = (given.text(name)?, given.integer("code")?);
    let caller = call.session.as_ref().map(|session| session.user_name.as_str());
    let mut users =
        broker.users.iter().filter(|(user, _)| caller.is_none_or(|caller| caller == *user));
    let is_right = |contact: &ContactAddress| contact.address == address && contact.code == code;
    let found = users.find(|(_, user)| user.profile.contact(medium).is_some_and(is_right));
    let found = found.map(|(user_name, _)| user_name.clone());
    match found {
        Some(user_name) => {
            if let Some(user) = broker.users.get_mut(&user_name)
                && let Some(contact) = user.profile.contact_mut(medium)
                && contact.verified.is_none()
            {
                contact.verified = Some(call.now);
                user.profile.updated = Some(call.now);
            }
            Ok(object([(name, address.into()), ("userName", user_name.as_str().into())]))
        }
        None => {
            broker.record_failure(call, Target::Other);
            let text = format!("The code is wrong, or no account has the property {name:?}.");
            Err(Refusal::bad_request(text))
        }
    }
}

/// Sends new codes to unverified addresses. The answer is always the same, and a call that sends
/// none counts as a failed login.
fn resend_verification_codes(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let caller = call.session.as_ref().map(|session| session.user_name.clone());
    let addresses = [
        (Some(given.text("eMail")?), Medium::EMail),
        (given.optional_text("phoneNr"), Medium::Phone),
    ];
    let mut sent = false;
    for (address, medium) in addresses {
        let Some(address) = address else { continue };
        let is_open = |(name, user): (&String, &User)| {
            let is_meant = caller.as_ref().is_none_or(|caller| caller == name);
            let contact = user.profile.contact(medium);
            let waits =
                |contact: &ContactAddress| contact.address == address && contact.verified.is_none();
            (is_meant && contact.is_some_and(waits)).then(|| name.clone())
        };
        let open: Vec<_> = broker.users.iter().filter_map(is_open).collect();
        for user_name in open {
            let contact = broker.send_code(address);
            sent = true;
            if let Some(user) = broker.users.get_mut(&user_name) {
                *user.profile.contact_mut(medium) = Some(contact);
            }
        }
    }
    if !sent {
        broker.record_failure(call, Target::Other);
    }
    Ok(object([]))
}

/// Helps the owner of an account who has lost the password. The answer shows nothing, and every
/// call counts as a failed login, because an owner asks only once.
///
/// This broker knows no personal numbers: an account is found by its contact addresses.
fn recover(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let get = |name| given.optional_text(name);
    let (user_name, personal_nr) = (get("userName"), get("personalNr"));
    let (e_mail, phone) = (get("eMail"), get("phoneNr"));
    let missing = if user_name.is_none() && personal_nr.is_none() {
        Some("userName or personalNr")
    } else if personal_nr.is_some() && get("country").is_none() {
        Some("country, because personalNr is given")
    } else if e_mail.is_none() && phone.is_none() {
        Some("eMail or phoneNr")
    } else {
        None
    };
    if let Some(missing) = missing {
        return Err(Refusal::bad_request(format!("A property is missing: {missing}.")));
    }
    broker.record_failure(call, Target::Other);
    let is = |contact: &Option<ContactAddress>, wanted: Option<&str>| {
        let address = contact.as_ref().map(|contact| contact.address.as_str());
        wanted.is_none() || address == wanted
    };
    let mut matching = broker.users.iter().filter(|(name, user)| {
        user_name.is_none_or(|wanted| wanted == *name)
            && is(&user.profile.e_mail, e_mail)
            && is(&user.profile.phone, phone)
    });
    let mail = match (matching.next(), matching.next()) {
        (Some(_), Some(_)) => {
            let text = "Several accounts match. Add the property \"userName\".";
            return Err(Refusal::new(422, text));
        }
        (Some((name, _)), None) => Some(Mail {
            to: e_mail.or(phone).unwrap_or_default().into(),
            text: format!("somebody asks to recover the account {name}"),
        }),
        (None, _) => None,
    };
    if let Some(mail) = mail {
        broker.send_mail(mail);
    }
    Ok(object([]))
}

#[cfg(test)]
mod tests {
    use crate::core::account::Account;
    use crate::core::profile::{ContactAddress, Profile};
    use crate::core::state::Broker;
    use crate::core::testing::{NOW, broker, call, log_in_at};
    use crate::core::users::User;
    use neuron_agent_api::resources::account::{
        INFO, RECOVER, RESEND_VERIFICATION_CODES, VERIFY_E_MAIL, VERIFY_PHONE_NR,
    };
    use neuron_agent_api::resources::xmpp;
    use neuron_agent_api::wire::Resource;

    fn add(broker: &mut Broker, user_name: &str, code: i64) {
        let account = format!("{user_name}:pw").parse::<Account>().unwrap();
        let profile = Profile {
            e_mail: Some(ContactAddress::new("c@x.org", code)),
            phone: Some(ContactAddress::new("+46", code + 1)),
            ..Profile::default()
        };
        let user = User::new(account, profile, &broker.budget);
        broker.users.insert(user_name.into(), user);
    }

    fn try_it(broker: &mut Broker, resource: &Resource, body: &str) -> Result<String, u16> {
        call(broker, resource, (None, NOW), body).map_err(|refusal| refusal.status)
    }

    #[test]
    fn an_account_is_enabled_when_both_addresses_are_verified() {
        let broker = &mut broker();
        add(broker, "carol", 12);
        let token = log_in_at(broker, "carol", "pw", NOW);
        assert_eq!(
            try_it(broker, &VERIFY_E_MAIL, r#"{"eMail":"c@x.org","code":"000012"}"#).unwrap(),
            r#"{"eMail":"c@x.org","userName":"carol"}"#
        );
        let roster = |broker: &mut Broker| {
            call(broker, &xmpp::GET_ROSTER, (Some(&token), NOW), "{}").is_ok()
        };
        assert!(!roster(broker));
        assert_eq!(
            try_it(broker, &VERIFY_PHONE_NR, r#"{"phoneNr":"+46","code":13}"#).unwrap(),
            r#"{"phoneNr":"+46","userName":"carol"}"#
        );
        assert!(roster(broker));
        // Verifying twice does no harm.
        assert!(try_it(broker, &VERIFY_PHONE_NR, r#"{"phoneNr":"+46","code":13}"#).is_ok());
        let info = call(broker, &INFO, (Some(&token), NOW), "{}").unwrap();
        assert!(info.contains(r#""eMailVerified":1700000000"#), "{info}");
        assert!(info.contains(r#""phoneNrVerified":1700000000"#), "{info}");
    }

    #[test]
    fn guessing_is_blocked() {
        let broker = &mut broker();
        add(broker, "carol", 12);
        for body in [r#"{"eMail":"c@x.org","code":13}"#, r#"{"eMail":"d@x.org","code":12}"#] {
            for _ in 0..10 {
                assert_eq!(try_it(broker, &VERIFY_E_MAIL, body), Err(400));
            }
        }
        let right = r#"{"eMail":"c@x.org","code":12}"#;
        assert_eq!(try_it(broker, &VERIFY_E_MAIL, right), Err(429));
        assert!(call(broker, &VERIFY_E_MAIL, (None, NOW + 60), right).is_ok());
    }

    #[test]
    fn the_code_or_the_session_tells_which_account_is_meant() {
        let broker = &mut broker();
        add(broker, "carol", 12);
        add(broker, "dave", 34);
        let dave = log_in_at(broker, "dave", "pw", NOW);
        let body = r#"{"eMail":"c@x.org","code":12}"#;
        let wrong = call(broker, &VERIFY_E_MAIL, (Some(&dave), NOW), body).unwrap_err();
        assert_eq!(wrong.status, 400);
        assert!(try_it(broker, &VERIFY_E_MAIL, body).unwrap().contains("carol"));
        let body = r#"{"eMail":"c@x.org","code":34}"#;
        assert!(try_it(broker, &VERIFY_E_MAIL, body).unwrap().contains("dave"));
    }

    #[test]
    fn codes_are_sent_again_to_unverified_addresses() {
        let broker = &mut broker();
        add(broker, "carol", 12);
        let body = r#"{"eMail":"c@x.org","phoneNr":"+46","language":"en"}"#;
        assert_eq!(try_it(broker, &RESEND_VERIFICATION_CODES, body).unwrap(), "{}");
        let mail = broker.take_mail();
        assert_eq!(mail.len(), 2);
        let code = mail[0].text.strip_prefix("the code is ").unwrap();
        let body = format!(r#"{{"eMail":"c@x.org","code":"{code}"}}"#);
        assert!(try_it(broker, &VERIFY_E_MAIL, &body).is_ok());
        for _ in 0..20 {
            let body = r#"{"eMail":"c@x.org"}"#;
            assert_eq!(try_it(broker, &RESEND_VERIFICATION_CODES, body).unwrap(), "{}");
        }
        assert_eq!(broker.take_mail(), []);
        assert_eq!(try_it(broker, &RESEND_VERIFICATION_CODES, r#"{"eMail":"x"}"#), Err(429));
    }

    #[test]
    fn recovery_reveals_nothing() {
        let broker = &mut broker();
        add(broker, "carol", 1);
        for (body, mail) in [
            (r#"{"userName":"carol","eMail":"c@x.org"}"#, 1),
            (r#"{"userName":"carol","phoneNr":"+46"}"#, 1),
            (r#"{"personalNr":"1","country":"SE","eMail":"c@x.org"}"#, 1),
            (r#"{"userName":"carol","eMail":"d@x.org"}"#, 0),
            (r#"{"userName":"nobody","eMail":"c@x.org"}"#, 0),
        ] {
            assert_eq!(try_it(broker, &RECOVER, body).unwrap(), "{}");
            assert_eq!(broker.take_mail().len(), mail, "{body}");
        }
    }

    #[test]
    fn recovery_needs_to_identify_the_account() {
        let broker = &mut broker();
        add(broker, "carol", 1);
        add(broker, "dave", 2);
        for (body, status) in [
            ("{}", 400),
            (r#"{"userName":"carol"}"#, 400),
            (r#"{"eMail":"c@x.org"}"#, 400),
            (r#"{"personalNr":"1","eMail":"c@x.org"}"#, 400),
            (r#"{"personalNr":"1","country":"SE","eMail":"c@x.org"}"#, 422),
        ] {
            assert_eq!(try_it(broker, &RECOVER, body), Err(status), "{body}");
        }
        let body = r#"{"userName":"dave","eMail":"c@x.org"}"#;
        assert!(try_it(broker, &RECOVER, body).is_ok());
    }
}
