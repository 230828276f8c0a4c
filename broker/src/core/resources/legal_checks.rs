//! What a program asks before it applies for an identity.

use super::identities::REQUIRED;
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::personal_number;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::object;
use neuron_agent_api::resources::legal;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&legal::VALIDATE_P_NR, validate_personal_number),
    Route::new(&legal::GET_APPLICATION_ATTRIBUTES, get_application_attributes),
    Route::new(&legal::GET_SERVICE_PROVIDERS_FOR_ID_REVIEW, get_review_services),
    Route::new(&legal::SELECT_REVIEW_SERVICE, select_review_service),
];

/// Checks the form of a personal number. Only those of Sweden are known.
fn validate_personal_number(_: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    if !given.text("countryCode")?.eq_ignore_ascii_case("SE") {
        return Ok(object([("countrySupported", false.into())]));
    }
    Ok(match personal_number::normalise(given.text("pnr")?, call.now) {
        Some(normalized) => object([
            ("countrySupported", true.into()),
            ("isValid", true.into()),
            ("normalized", Value::String(normalized)),
        ]),
        None => object([("countrySupported", true.into()), ("isValid", false.into())]),
    })
}

/// The broker approves an application as soon as it is ready, so nobody reviews it.
fn get_application_attributes(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    let required = REQUIRED.iter().map(|&name| name.into()).collect();
    Ok(object([
        ("peerReview", false.into()),
        ("nrReviewers", 0_u32.into()),
        ("nrPhotos", 0_u32.into()),
        ("iso3166", true.into()),
        ("Required", Value::Array(required)),
    ]))
}

/// There is no service that reviews applications.
fn get_review_services(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    broker.own_identity(given.text("legalId")?, &call.session()?.user_name)?;
    Ok(object([("Providers", Value::Array(Vec::new()))]))
}

fn select_review_service(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    Err(Refusal::new(404, "There is no such service: this broker reviews applications itself."))
}

#[cfg(test)]
mod tests {
    use crate::core::testing::pair;
    use neuron_agent_api::resources::legal::{
        GET_APPLICATION_ATTRIBUTES, GET_SERVICE_PROVIDERS_FOR_ID_REVIEW, SELECT_REVIEW_SERVICE,
        VALIDATE_P_NR,
    };

    #[test]
    fn swedish_personal_numbers_are_checked() {
        let mut pair = pair();
        for (body, answer) in [
            (
                r#"{"countryCode":"SE","pnr":"191212121212"}"#,
                r#"{"countrySupported":true,"isValid":true,"normalized":"19121212-1212"}"#,
            ),
            (
                r#"{"countryCode":"se","pnr":"191212121213"}"#,
                r#"{"countrySupported":true,"isValid":false}"#,
            ),
            (r#"{"countryCode":"GB","pnr":"191212121212"}"#, r#"{"countrySupported":false}"#),
        ] {
            assert_eq!(pair.as_alice(&VALIDATE_P_NR, body).unwrap(), answer);
        }
    }

    #[test]
    fn the_attributes_of_an_application_are_known() {
        let answer = pair().as_alice(&GET_APPLICATION_ATTRIBUTES, "{}").unwrap();
        assert!(answer.ends_with(r#""Required":["FIRST","LAST","COUNTRY"]}"#), "{answer}");
    }

    #[test]
    fn no_service_reviews_applications() {
        let mut pair = pair();
        let id = pair.applied_as_alice();
        let body = format!(r#"{{"legalId":"{id}"}}"#);
        let answer = pair.as_alice(&GET_SERVICE_PROVIDERS_FOR_ID_REVIEW, &body).unwrap();
        assert_eq!(answer, r#"{"Providers":[]}"#);
        let refusal = pair.as_bob(&GET_SERVICE_PROVIDERS_FOR_ID_REVIEW, &body).unwrap_err();
        assert!(refusal.starts_with("403"), "{refusal}");
        let body = r#"{"serviceId":"dev","serviceProvider":"Local.DevReview"}"#;
        assert!(pair.as_alice(&SELECT_REVIEW_SERVICE, body).unwrap_err().starts_with("404"));
    }
}
