//! The resources, and the table that finds their handlers.
//!
//! A new resource gets a handler and a line in `ROUTES`, both in the file of its topic.

mod domain;
mod events;
#[cfg(test)]
mod made_up;
mod probe;
mod profile;
mod query;
mod queue;
mod registration;
mod roster;
mod send;
mod session;
mod subscription;
mod unsupported;
mod verification;

use super::route::Route;
use neuron_agent_api::resources::all;
use neuron_agent_api::wire::Resource;

static ROUTES: &[&[Route]] = &[
    domain::ROUTES,
    events::ROUTES,
    #[cfg(test)]
    made_up::ROUTES,
    probe::ROUTES,
    profile::ROUTES,
    query::ROUTES,
    queue::ROUTES,
    registration::ROUTES,
    roster::ROUTES,
    send::ROUTES,
    session::ROUTES,
    subscription::ROUTES,
    unsupported::ROUTES,
    verification::ROUTES,
];

/// The resources that a request can be for.
pub fn resources() -> impl Iterator<Item = &'static Resource> {
    let resources = all();
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
        for resource in all() {
            let routes = ROUTES.iter().copied().flatten();
            let count = routes.filter(|route| std::ptr::eq(route.resource, resource)).count();
            assert_eq!(count, 1, "{}", resource.path());
        }
    }
}
