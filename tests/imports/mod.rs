//! Which modules of a crate import which.
//!
//! What a module imports is read from its `use` declarations and from the other paths in its code,
//! tests and the arguments of macros excepted.

use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree};

/// A module, by its path in the crate.
pub type Module = Vec<String>;

/// The modules that each module imports.
pub type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// Reads a source file, by its path from the folder of sources.
pub type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The graph of the modules that a root file declares.
pub fn graph(read: Read<'_>, root: &str) -> Graph {
    let mut files = BTreeMap::new();
    collect(read, Module::new(), root, &mut files);
    let modules: BTreeSet<_> = files.keys().cloned().collect();
    let imports = files.iter().map(|(module, file)| {
        let mut imports = Imports {
            modules: &modules,
            module: module.clone(),
            scope: module.clone(),
            found: BTreeSet::new(),
        };
        imports.visit_file(file);
        (module.clone(), imports.found)
    });
    imports.collect()
}

/// Parses the file of a module, and those of the modules below it.
fn collect(read: Read<'_>, module: Module, path: &str, files: &mut BTreeMap<Module, syn::File>) {
    let source = read(path).unwrap_or_else(|| panic!("there is no {path}"));
    let file = syn::parse_file(&source).unwrap();
    let declared = file.items.iter().filter_map(|item| match item {
        Item::Mod(ItemMod { content: None, attrs, ident, .. }) if !is_test(attrs) => {
            Some(ident.to_string())
        }
        _ => None,
    });
    for name in declared {
        let child = [&module[..], &[name]].concat();
        let path = child.join("/");
        let file = [format!("{path}.rs"), format!("{path}/mod.rs")];
        let file = file.iter().find(|path| read(path).is_some()).unwrap();
        collect(read, child.clone(), file, files);
    }
    files.insert(module, file);
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|flag| flag == "test")
    })
}

/// Collects what one module imports.
struct Imports<'a> {
    modules: &'a BTreeSet<Module>,
    module: Module,
    /// The module that `super` is relative to: the file's own, or an inline one in it.
    scope: Module,
    found: BTreeSet<Module>,
}

impl Imports<'_> {
    /// Notes the module of this crate that a path leads to, if there is one.
    fn add(&mut self, path: &[String]) {
        let mut absolute = match path.first().map(String::as_str) {
            Some("crate") => Module::new(),
            Some("self" | "super") => self.scope.clone(),
            Some(name) if self.modules.contains(&[&self.scope[..], &[name.into()]].concat()) => {
                self.scope.clone()
            }
            _ => return,
        };
        for name in path {
            match name.as_str() {
                "crate" | "self" => {}
                "super" => drop(absolute.pop()),
                name => absolute.push(name.into()),
            }
        }
        while !self.modules.contains(&absolute) {
            absolute.pop();
        }
        if absolute != self.module {
            self.found.insert(absolute);
        }
    }

    fn add_tree(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.add(&with(&name.ident)),
            UseTree::Rename(rename) => self.add(&with(&rename.ident)),
            UseTree::Glob(_) => self.add(prefix),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.add_tree(prefix, tree));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Imports<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs[..],
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.scope.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.scope.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<_> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        // A single name is a local one, or was imported.
        if names.len() > 1 {
            self.add(&names);
        }
        visit::visit_path(self, path);
    }
}

/// Modules each of which imports the next, and the last of which is the first. Empty if the graph
/// has no cycle.
pub fn cycle(graph: &Graph) -> Vec<&Module> {
    let mut done = BTreeSet::new();
    graph
        .keys()
        .find_map(|start| cycle_from(graph, start, &mut vec![], &mut done))
        .unwrap_or_default()
}

fn cycle_from<'a>(
    graph: &'a Graph,
    module: &'a Module,
    path: &mut Vec<&'a Module>,
    done: &mut BTreeSet<&'a Module>,
) -> Option<Vec<&'a Module>> {
    let start = path.iter().position(|known| *known == module);
    path.push(module);
    if let Some(start) = start {
        return Some(path.split_off(start));
    }
    if !done.contains(module) {
        let imports = graph.get(module).into_iter().flatten();
        for import in imports {
            if let Some(cycle) = cycle_from(graph, import, path, done) {
                return Some(cycle);
            }
        }
        done.insert(module);
    }
    path.pop();
    None
}

/// A cycle as a text.
pub fn written(cycle: &[&Module]) -> String {
    let names =
        cycle.iter().map(|module| ["crate".into()].iter().chain(*module).cloned().collect());
    names.map(|names: Vec<String>| names.join("::")).collect::<Vec<_>>().join(" -> ")
}
