//! Resources that a broker on a single machine does not support, because they need a phone, another
//! broker, or a web form that a person fills in.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use neuron_agent_api::resources::account;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&account::GET_SESSION_TOKEN, get_session_token),
    Route::new(&account::QUICK_LOGIN, quick_login),
    Route::new(&account::TRANSFER, transfer),
    Route::new(&account::PREPARE_REMOTE_QUICK_LOGIN, prepare_remote_quick_login),
    Route::new(&account::REMOTE_QUICK_LOGIN, remote_quick_login),
];

fn missing(what: &str) -> Answer {
    Err(Refusal::new(501, format!("This broker can't do that: {what}")))
}

/// Takes over the session of a web form.
fn get_session_token(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    missing("it has no web form that creates accounts. Use Account/Create.")
}

/// Opens a session for a scanned code.
fn quick_login(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    missing(
        "a Quick-Login needs an app on a phone that is connected to the broker. Use Account/Login.",
    )
}

/// Creates a code with which an app takes the account over.
fn transfer(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    missing(
        "a transfer needs an app on a phone that is connected to the broker, and cryptographic keys.",
    )
}

/// Finds the Legal ID to present to another broker.
fn prepare_remote_quick_login(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    missing("it can't reach other brokers.")
}

/// Opens a session for an account of another broker.
fn remote_quick_login(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    missing("it can't reach other brokers, so their accounts can't log in here.")
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{NOW, broker, call, log_in};
    use neuron_agent_api::resources::account;

    #[test]
    fn each_refusal_says_what_is_missing() {
        let broker = &mut broker();
        let token = log_in(broker, "alice", "wonderland");
        for (resource, body) in [
            (&account::GET_SESSION_TOKEN, "{}"),
            (&account::QUICK_LOGIN, r#"{"seconds":60}"#),
            (
                &account::TRANSFER,
                r#"{"keyId":"x","nonce":"x","keySignature":"x","requestSignature":"x"}"#,
            ),
            (&account::PREPARE_REMOTE_QUICK_LOGIN, "{}"),
            (&account::REMOTE_QUICK_LOGIN, r#"{"legalId":"x","purpose":"x"}"#),
        ] {
            let refusal = call(broker, resource, (Some(&token), NOW), body).unwrap_err();
            assert_eq!(refusal.status, 501, "{}", refusal.text);
            assert!(refusal.text.starts_with("This broker can't do that: "));
        }
    }
}
