//! No module imports one that imports it, directly or through others, and no layer of the library
//! imports one above it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod imports;

use imports::{Graph, cycle, graph, written};
use std::path::Path;

/// The parts of the library. Each imports only from those before it.
const LAYERS: [&str; 13] = [
    "allocator",
    "text",
    "error",
    "syntax",
    "wire",
    "resources",
    "environment",
    "futures",
    "session",
    "call",
    "events",
    "client",
    "web",
];

fn graph_of(sources: &str, root: &str) -> Graph {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
    graph(&|path| std::fs::read_to_string(sources.join(path)).ok(), root)
}

#[test]
fn no_modules_import_each_other_in_a_cycle() {
    for (sources, root, least) in [
        ("src", "lib.rs", 50),
        ("broker/src", "lib.rs", 20),
        ("broker/src", "main.rs", 2),
        ("unpack/src", "lib.rs", 4),
    ] {
        let graph = graph_of(sources, root);
        assert!(graph.len() >= least, "{sources}/{root}: only {} modules", graph.len());
        assert_eq!(written(&cycle(&graph)), "", "{sources}/{root}");
    }
}

#[test]
fn no_layer_of_the_library_imports_one_above_it() {
    let place = |name: &str| {
        let place = LAYERS.iter().position(|layer| *layer == name);
        place.unwrap_or_else(|| panic!("{name} is not listed in LAYERS"))
    };
    for (module, imports) in graph_of("src", "lib.rs") {
        let Some(layer) = module.first() else { continue };
        for import in imports {
            let below = import.first().unwrap_or_else(|| panic!("{module:?} imports the root"));
            assert!(place(below) <= place(layer), "{layer} imports {below}, which is above it");
        }
    }
}

/// The first cycle among files given by path and source.
fn cycle_of(files: &[(&str, &str)]) -> String {
    let read = |path: &str| {
        let found = files.iter().find(|(known, _)| *known == path);
        found.map(|(_, source)| (*source).to_owned())
    };
    written(&cycle(&graph(&read, "lib.rs")))
}

#[test]
fn a_cycle_is_found_however_the_import_is_written() {
    let root = ("lib.rs", "mod a; mod b;");
    for source in [
        "use crate::a::X;",
        "use super::{a::{self, X}, c};",
        "use super::a::*;",
        "use super::a as other;",
        "fn f() { crate::a::g(); }",
        "type T = Vec<super::a::X>;",
        "mod inline { use super::super::a::X; }",
    ] {
        let files = [root, ("a.rs", "use crate::b::Y;"), ("b.rs", source)];
        assert_eq!(cycle_of(&files), "crate::a -> crate::b -> crate::a", "{source}");
    }
}

#[test]
fn a_cycle_through_several_modules_and_one_with_a_parent_are_found() {
    let files = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b; mod c; mod d;"),
        ("a/b.rs", "use super::c::X;"),
        ("a/c.rs", "use super::d::X;"),
        ("a/d.rs", "use super::b::X;"),
    ];
    assert_eq!(cycle_of(&files), "crate::a::b -> crate::a::c -> crate::a::d -> crate::a::b");
    let files = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b; pub struct X; fn f() { b::g() }"),
        ("a/b.rs", "use super::X;"),
    ];
    assert_eq!(cycle_of(&files), "crate::a -> crate::a::b -> crate::a");
}

#[test]
fn acyclic_imports_are_not_reported() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; pub use a::X; #[cfg(test)] mod testing;"),
        (
            "a.rs",
            "use crate::c::Y; use other::a::X; #[cfg(test)] mod tests { use super::super::b; }",
        ),
        ("b.rs", "use super::{a::X, c}; fn f() { std::mem::take(a) }"),
        ("c.rs", "struct Y; impl Y { fn a() { Self::b() } }"),
    ];
    assert_eq!(cycle_of(&files), "");
}
