//! The resources, and the table that finds their handlers.
//!
//! A new resource gets a handler and a line in `ROUTES`, both in the file of its topic.

mod contract_signing;
mod contracts;
mod domain;
mod events;
mod files;
mod identities;
mod intelligence;
mod key_request;
mod keys;
mod legal_checks;
#[cfg(test)]
mod made_up;
mod neuro_features;
mod petitions;
mod private_xml;
mod probe;
mod profile;
mod query;
mod queue;
mod registration;
mod roster;
mod send;
mod session;
mod state_machines;
mod subscription;
mod unsupported;
mod vault;
mod verification;
mod wallet;

use super::route::Route;
use neuron_agent_api::resources::all;
use neuron_agent_api::wire::Resource;

static ROUTES: &[&[Route]] = &[
    contract_signing::ROUTES,
    contracts::ROUTES,
    domain::ROUTES,
    events::ROUTES,
    files::ROUTES,
    identities::ROUTES,
    intelligence::ROUTES,
    keys::ROUTES,
    legal_checks::ROUTES,
    #[cfg(test)]
    made_up::ROUTES,
    neuro_features::ROUTES,
    petitions::ROUTES,
    private_xml::ROUTES,
    probe::ROUTES,
    profile::ROUTES,
    query::ROUTES,
    queue::ROUTES,
    registration::ROUTES,
    roster::ROUTES,
    send::ROUTES,
    session::ROUTES,
    state_machines::ROUTES,
    subscription::ROUTES,
    unsupported::ROUTES,
    vault::ROUTES,
    verification::ROUTES,
    wallet::ROUTES,
];

/// The resources that a request can be for.
pub fn resources() -> impl Iterator<Item = &'static Resource> {
    let resources = all().filter(|resource| !resource.is_alias());
    #[cfg(test)]
    let resources = resources.chain(made_up::ROUTES.iter().map(|route| route.resource));
    resources
}

/// The route of a resource. `None` if this broker does not implement it.
pub(super) fn route(resource: &Resource) -> Option<&'static Route> {
    let mut routes = ROUTES.iter().copied().flatten();
    routes.find(|route| std::ptr::eq(route.resource, resource))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_resource_has_one_handler() {
        for resource in resources() {
            let routes = ROUTES.iter().copied().flatten();
            let count = routes.filter(|route| std::ptr::eq(route.resource, resource)).count();
            assert_eq!(count, 1, "{}", resource.path());
        }
    }
}
