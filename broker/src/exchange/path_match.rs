//! Finds the resources at a path, which differ by their methods.

use hyper::Method;
use neuron_agent_api::wire::{self, Resource, Role};

/// The resources at the longest declared path that fits, and what follows it.
pub(super) struct PathMatch<'a> {
    resources: Vec<&'static Resource>,
    /// The path behind that of the resources, without its slash. It is not decoded.
    pub tail: Option<&'a str>,
}

impl<'a> PathMatch<'a> {
    /// `None` if no resource fits.
    pub(super) fn find(
        all: impl Iterator<Item = &'static Resource>,
        path: &'a str,
    ) -> Option<Self> {
        let matches = all.filter_map(|resource| Some((resource, rest(resource, path)?)));
        let matches: Vec<_> = matches.collect();
        let shortest = matches.iter().map(|(_, rest)| *rest).min_by_key(|rest| rest.len())?;
        let at_longest = matches.iter().filter(|(_, rest)| rest.len() == shortest.len());
        let resources = at_longest.map(|(resource, _)| *resource).collect();
        Some(Self { resources, tail: shortest.strip_prefix('/') })
    }

    /// The resource of that method. `HEAD` is answered like `GET` (RFC 9110 §9.3.2).
    pub(super) fn with_method(&self, method: &Method) -> Option<&'static Resource> {
        let name = if method == Method::HEAD { "GET" } else { method.as_str() };
        self.resources.iter().copied().find(|resource| resource.method.name() == name)
    }

    /// The methods of the path, as the header `Allow` has them.
    pub(super) fn allowed_methods(&self) -> String {
        let mut names = Vec::new();
        for resource in &self.resources {
            names.push(resource.method.name());
            if resource.method == wire::Method::Get {
                names.push("HEAD");
            }
        }
        names.push("OPTIONS");
        names.join(", ")
    }
}

/// What a path has behind that of a resource. `None` if it does not fit the resource.
fn rest<'a>(resource: &Resource, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(&resource.path())?;
    let tail = resource.inputs.iter().find(|input| matches!(input.role, Role::Path));
    let fits = match tail {
        Some(tail) => rest.starts_with('/') || rest.is_empty() && !tail.required,
        None => rest.is_empty(),
    };
    fits.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuron_agent_api::wire::{Input, InputKind};

    static TAIL: &[Input] = &[Input::required("id", InputKind::NonEmptyText).role(Role::Path)];
    static OPTIONAL: &[Input] = &[Input::optional("id", InputKind::Text).role(Role::Path)];
    static ALL: &[Resource] = &[
        Resource::new("Test", "Content").method(wire::Method::Get).inputs(TAIL),
        Resource::new("Test", "Content").method(wire::Method::Delete).inputs(TAIL),
        Resource::new("Test", "Content"),
        Resource::new("Test", "Inner")
            .at("Test/Content/Inner")
            .method(wire::Method::Put)
            .inputs(OPTIONAL),
    ];

    /// The index of the resource, the tail, and the allowed methods.
    fn find(method: &Method, path: &str) -> Option<(Option<usize>, Option<String>, String)> {
        let found = PathMatch::find(ALL.iter(), path)?;
        let resource = found.with_method(method);
        let index = resource.and_then(|found| ALL.iter().position(|one| std::ptr::eq(one, found)));
        Some((index, found.tail.map(Into::into), found.allowed_methods()))
    }

    #[test]
    fn the_longest_path_that_fits_is_found() {
        const BASE: &str = "POST, OPTIONS";
        const TAIL: &str = "GET, HEAD, DELETE, OPTIONS";
        const INNER: &str = "PUT, OPTIONS";
        for (method, path, index, tail, allowed) in [
            (Method::POST, "/Agent/Test/Content", Some(2), None, BASE),
            (Method::GET, "/Agent/Test/Content", None, None, BASE),
            (Method::GET, "/Agent/Test/Content/", Some(0), Some(""), TAIL),
            (Method::GET, "/Agent/Test/Content/a/b%20c", Some(0), Some("a/b%20c"), TAIL),
            (Method::HEAD, "/Agent/Test/Content/a", Some(0), Some("a"), TAIL),
            (Method::DELETE, "/Agent/Test/Content/a", Some(1), Some("a"), TAIL),
            (Method::POST, "/Agent/Test/Content/a", None, Some("a"), TAIL),
            (Method::PATCH, "/Agent/Test/Content/a", None, Some("a"), TAIL),
            (Method::GET, "/Agent/Test/Content/Inners", Some(0), Some("Inners"), TAIL),
            (Method::PUT, "/Agent/Test/Content/Inner", Some(3), None, INNER),
            (Method::PUT, "/Agent/Test/Content/Inner/a", Some(3), Some("a"), INNER),
            (Method::GET, "/Agent/Test/Content/Inner/a", None, Some("a"), INNER),
        ] {
            let expected = (index, tail.map(Into::into), allowed.into());
            assert_eq!(find(&method, path), Some(expected), "{method} {path}");
        }
        for path in ["/Agent/Test/Contents", "/Agent/Test", "/Agent/Test/content/a", "/", ""] {
            assert_eq!(find(&Method::GET, path), None, "{path}");
        }
    }
}
