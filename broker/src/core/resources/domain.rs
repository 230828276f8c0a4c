//! Information about the domain.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::object;
use neuron_agent_api::resources::account;

pub(super) const ROUTES: &[Route] = &[Route::new(&account::DOMAIN_INFO, domain_info)];

/// Returns information about the broker's domain. No login is needed.
fn domain_info(broker: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    Ok(object([
        ("domain", broker.domain().into()),
        ("useEncryption", false.into()),
        ("humanReadableName", "Local broker".into()),
        (
            "humanReadableDescription",
            "A broker for development. All its state is lost when it stops.".into(),
        ),
    ]))
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{NOW, broker, call};
    use neuron_agent_api::resources::account::DOMAIN_INFO;

    #[test]
    fn anybody_may_ask_for_the_domain() {
        let answer = call(&mut broker(), &DOMAIN_INFO, (None, NOW), "{}").unwrap();
        assert!(answer.starts_with(r#"{"domain":"localhost","useEncryption":false,"#));
    }
}
