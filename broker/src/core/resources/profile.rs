//! The profile of an account.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::profile::ContactAddress;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::{object, unix_seconds};
use neuron_agent_api::resources::account;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&account::INFO, info).allow_disabled(),
    Route::new(&account::REMOTE_REFERENCES, remote_references),
];

/// Returns the profile of the account. A contact address that it does not have is empty, and one
/// that is not verified has no time.
fn info(broker: &mut Broker, call: &Call<'_>, _: &Arguments) -> Answer {
    let user = broker.caller(call)?;
    let profile = &user.profile;
    let mut info = vec![
        ("userName".into(), user.account.user_name.as_str().into()),
        ("created".into(), unix_seconds(profile.created)),
    ];
    info.extend(profile.updated.map(|updated| ("updated".into(), unix_seconds(updated))));
    for (name, verified, contact) in [
        ("eMail", "eMailVerified", &profile.e_mail),
        ("phoneNr", "phoneNrVerified", &profile.phone),
    ] {
        let address = contact.as_ref().map_or("", |contact| contact.address.as_str());
        info.push((name.into(), address.into()));
        let time = contact.as_ref().and_then(|ContactAddress { verified, .. }| *verified);
        info.extend(time.map(|time| (verified.into(), unix_seconds(time))));
    }
    Ok(Value::Object(info))
}

/// Returns the other brokers that know the account's Legal IDs. There are none.
fn remote_references(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    Ok(object([("References", Value::Array(Vec::new()))]))
}

#[cfg(test)]
mod tests {
    use crate::core::testing::pair;
    use neuron_agent_api::resources::account::{INFO, REMOTE_REFERENCES};

    #[test]
    fn an_account_of_the_command_line_has_no_addresses() {
        assert_eq!(
            pair().as_alice(&INFO, "{}").unwrap(),
            r#"{"userName":"alice","created":1700000000,"eMail":"","phoneNr":""}"#
        );
    }

    #[test]
    fn there_are_no_remote_references() {
        assert_eq!(pair().as_alice(&REMOTE_REFERENCES, "{}").unwrap(), r#"{"References":[]}"#);
    }
}
