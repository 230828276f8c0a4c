//! No module imports another in a circle, and no layer imports one above it.
//!
//! What counts is what the `use` statements, and the paths that begin with `crate`, `super` or
//! `self`, name in the code that is shipped: tests may import anything.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test, helpers included"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The folders and files of the library that import only what stands before them.
const LAYERS: [&str; 12] = [
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

/// The circles of imports in the broker that are left.
const BROKER_CIRCLES: &[&[&str]] = &[
    &["core::broker", "core::resources"],
    &[
        "http::agent",
        "http::bad_network",
        "http::door",
        "http::request_checks",
        "http::server",
        "http::socket",
        "http::static_files",
    ],
];

/// Files of tests, and the world in which they run.
const TESTS: [&str; 2] = ["tests", "simulation"];

/// Each module of a crate, by its path, with the modules that it imports.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn rust_files(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let is_test = TESTS.iter().any(|name| path.file_stem().unwrap() == *name);
        if path.is_dir() && !is_test {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test {
            files.push(path);
        }
    }
}

/// The path of a module: `call::retry` for `call/retry.rs`, empty for the crate's root.
fn module_of(source: &Path, file: &Path) -> String {
    let path = file.strip_prefix(source).unwrap().with_extension("");
    let names = path.iter().map(|name| name.to_str().unwrap());
    let names: Vec<_> = names.filter(|name| !["mod", "lib", "main"].contains(name)).collect();
    names.join("::")
}

/// A file without its comments, its texts and its tests.
fn shipped_code(file: &Path) -> String {
    let code = fs::read_to_string(file).unwrap();
    let mut shipped = String::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" {
            // A module in another file takes one line; one in this file is the last item.
            match lines.next() {
                Some(item) if item.ends_with(';') => continue,
                _ => break,
            }
        }
        let line = line.split("//").next().unwrap();
        shipped.push_str(&line.split('"').step_by(2).collect::<Vec<_>>().join("_"));
        shipped.push('\n');
    }
    shipped
}

/// Every path in a `use` statement or an expression, with the braces of its lists resolved.
fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (place, _) in code.match_indices(start) {
            let before = code[..place].chars().next_back();
            if before.is_some_and(|before| before.is_alphanumeric() || "_:".contains(before)) {
                continue;
            }
            expand(&code[place..], "", &mut found);
        }
    }
    // The children of a module are in its scope without a prefix.
    for (place, _) in code.match_indices("use ") {
        let is_statement = code[..place].chars().next_back().is_none_or(|one| " \n".contains(one));
        if is_statement {
            expand(&code[place + 4..], "", &mut found);
        }
    }
    found
}

/// Expands `a::{b, c::d}` at the beginning of a text, and returns what follows it.
fn expand<'a>(code: &'a str, prefix: &str, found: &mut Vec<String>) -> &'a str {
    let is_path = |letter: char| letter.is_alphanumeric() || "_:".contains(letter);
    let end = code.find(|letter| !is_path(letter)).unwrap_or(code.len());
    let path = format!("{prefix}{}", &code[..end]);
    let mut rest = &code[end..];
    if !path.ends_with("::") || !rest.starts_with('{') {
        found.push(path.trim_end_matches("::").to_string());
        return rest;
    }
    while rest.starts_with(['{', ',']) {
        rest = rest[1..].trim_start();
        if !rest.starts_with('}') {
            rest = expand(rest, &path, found).trim_start();
        }
    }
    rest.strip_prefix('}').unwrap_or(rest)
}

/// The module that a path names, as seen from a module; `None` if it is of another crate.
fn resolve(modules: &BTreeSet<String>, from: &str, path: &str) -> Option<String> {
    let mut names: Vec<&str> = path.split("::").collect();
    let mut base: Vec<&str> = from.split("::").filter(|name| !name.is_empty()).collect();
    match names[0] {
        "crate" => base.clear(),
        "self" => {}
        "super" => {}
        child
            if modules.contains(&[from, child].join("::").trim_start_matches("::").to_string()) =>
        {
            names.insert(0, "self");
        }
        _ => return None,
    }
    for name in names {
        match name {
            "crate" | "self" => {}
            "super" => drop(base.pop()),
            name => base.push(name),
        }
    }
    // The longest part of the path that is a module.
    while !modules.contains(&base.join("::")) {
        base.pop();
    }
    Some(base.join("::"))
}

/// The imports of all modules below a folder of sources.
fn graph(source: &Path) -> Graph {
    let mut files = Vec::new();
    rust_files(source, &mut files);
    let modules: BTreeSet<String> = files.iter().map(|file| module_of(source, file)).collect();
    let mut graph = Graph::new();
    for file in files {
        let module = module_of(source, &file);
        let code = shipped_code(&file);
        let imports = paths(&code).into_iter().filter_map(|path| resolve(&modules, &module, &path));
        let imports: BTreeSet<_> = imports.filter(|imported| *imported != module).collect();
        graph.entry(module).or_default().extend(imports);
    }
    graph
}

/// All modules that a module imports, directly or through others.
fn reachable(graph: &Graph, module: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = graph[module].iter().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module.clone()) {
            next.extend(&graph[module]);
        }
    }
    reached
}

/// The groups of modules that import each other in a circle.
fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<_, _> =
        graph.keys().map(|module| (module, reachable(graph, module))).collect();
    let mut circles = BTreeSet::new();
    for (module, imports) in &reached {
        if imports.contains(*module) {
            let is_mutual = |other: &&String| reached[*other].contains(*module);
            circles.insert(imports.iter().filter(is_mutual).cloned().collect());
        }
    }
    circles.into_iter().collect()
}

/// The same graph with only the first names of its modules: the layers.
fn layers_of(graph: &Graph) -> Graph {
    let layer = |module: &String| module.split("::").next().unwrap().to_string();
    let mut layers = Graph::new();
    for (module, imports) in graph {
        let own = layer(module);
        let others = imports.iter().map(layer).filter(|other| *other != own);
        layers.entry(own.clone()).or_default().extend(others);
    }
    layers
}

fn graph_of(source: &str) -> Graph {
    graph(&Path::new(env!("CARGO_MANIFEST_DIR")).join(source))
}

#[test]
fn no_module_of_the_library_imports_in_a_circle() {
    let graph = graph_of("src");
    assert!(graph.len() > 50, "only {} modules were found", graph.len());
    assert!(circles(&graph).is_empty(), "{:?}", circles(&graph));
}

#[test]
fn no_module_of_the_broker_imports_in_a_circle() {
    let graph = graph_of("broker/src");
    assert!(graph.len() > 20, "only {} modules were found", graph.len());
    let found = circles(&graph);
    let known: Vec<BTreeSet<String>> = BROKER_CIRCLES
        .iter()
        .map(|circle| circle.iter().map(|module| module.to_string()).collect())
        .collect();
    assert_eq!(found, known);
}

#[test]
fn no_layer_imports_one_above_it() {
    let layers = layers_of(&graph_of("src"));
    for (layer, imports) in &layers {
        if layer.is_empty() {
            continue;
        }
        let place = |name: &String| LAYERS.iter().position(|layer| layer == name);
        let own = place(layer).unwrap_or_else(|| panic!("{layer} is not listed in LAYERS"));
        for import in imports {
            assert!(place(import).is_some_and(|other| other < own), "{layer} imports {import}");
        }
    }
}

/// What the reader of `use` statements must understand, or the tests above prove nothing.
#[test]
fn imports_are_read_in_every_form() {
    let modules = ["", "a", "a::b", "a::c", "d"].map(String::from).into();
    for (from, code, imported) in [
        ("a::b", "use crate::d;", &["d"][..]),
        ("a::b", "pub use crate::d::Thing;", &["d"]),
        ("a::b", "use super::c::{Thing, other};", &["a::c"]),
        ("a::b", "use super::Thing;", &["a"]),
        ("a::b", "use crate::{\n    a::c,\n    d::{One, Two},\n};", &["a::c", "d"]),
        ("a", "use c::Thing;", &["a::c"]),
        ("a", "pub(crate) use c::{Thing, Other};", &["a::c"]),
        ("d", "fn call() { crate::a::c::call(); }", &["a::c"]),
        ("d", "use std::fmt;", &[]),
        ("d", "use serde::{Serialize, a::b};", &[]),
    ] {
        let found: BTreeSet<String> = paths(code)
            .into_iter()
            .filter_map(|path| resolve(&modules, from, &path))
            .filter(|module| module != from)
            .collect();
        let imported: BTreeSet<String> = imported.iter().map(|name| name.to_string()).collect();
        assert_eq!(found, imported, "{code}");
    }
}

#[test]
fn a_circle_is_found() {
    let graph = |edges: &[(&str, &[&str])]| -> Graph {
        let imports = |list: &[&str]| list.iter().map(|name| name.to_string()).collect();
        edges.iter().map(|(module, list)| (module.to_string(), imports(list))).collect()
    };
    assert!(circles(&graph(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])).is_empty());
    let found = circles(&graph(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])]));
    assert_eq!(found, [["b", "c"].map(String::from).into()]);
}
