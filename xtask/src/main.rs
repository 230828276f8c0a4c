//! `cargo xtask build` makes `pkg/`, the package that npm ships, from the sources.
//!
//! | Step | Module |
//! |---|---|
//! | Rust to WebAssembly | [`compile`] |
//! | the bindings that JavaScript calls it through | [`bindings`] |
//! | panics without their words | [`panics`] |
//! | a smaller module, the loader, one file per kind of host, the size table | [`package`] |
//! | comparing a build with the committed one | [`compare`] |

mod bindings;
mod compare;
mod compile;
mod package;
mod panics;
mod process;
mod workspace;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use workspace::Workspace;

/// What a step of the build gives; the error is one line for a person.
type Outcome<T> = Result<T, Box<dyn Error>>;

const USAGE: &str = "\
usage: cargo xtask build [--out DIR]               make the npm package (in pkg/)
       cargo xtask build --with-trap --out DIR   one whose module can be broken on purpose, for tests
       cargo xtask check                           fail unless pkg/ is what the sources make";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["build"] => build(None),
        ["build", "--out", directory] => build(Some(PathBuf::from(directory))),
        ["build", "--with-trap", "--out", directory] => build_with_trap(Path::new(directory)),
        ["check"] | ["build", "--check"] => check(),
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// A package made elsewhere leaves the committed size table and the README alone.
fn build(elsewhere: Option<PathBuf>) -> Outcome<()> {
    let workspace = Workspace::find()?;
    let report = elsewhere.is_none().then(|| workspace.root().join("docs/size.md"));
    let destination = match elsewhere {
        Some(directory) => std::path::absolute(directory)?,
        None => workspace.package(),
    };
    make(&workspace, &destination, &[])?;
    progress(&format!("made {}", destination.display()));
    if report.is_some() {
        package::publish_hashes(&workspace, &destination)?;
    }
    // Last, so that what is too large can be looked into.
    package::measure(&workspace, &destination, report.as_deref())
}

fn build_with_trap(directory: &Path) -> Outcome<()> {
    let destination = std::path::absolute(directory)?;
    make(&Workspace::find()?, &destination, &["trap"])
}

fn check() -> Outcome<()> {
    let workspace = Workspace::find()?;
    let fresh = workspace.scratch().join("check");
    make(&workspace, &fresh, &[])?;
    let differences = compare::differences(&workspace.package(), &fresh)?;
    if !differences.is_empty() {
        let list = differences.join("\n  ");
        let advice = "pkg/ is not what the sources make; run: cargo xtask build";
        return Err(format!("{advice}\n  {list}").into());
    }
    progress("pkg/ is exactly what the sources make");
    package::measure(&workspace, &fresh, None)
}

/// Nothing reaches the destination before every step has succeeded.
fn make(workspace: &Workspace, destination: &Path, features: &[&str]) -> Outcome<()> {
    // Tests and `npm start` may build at the same time, and would sweep away each other's files.
    let _turn = workspace.wait_for_turn()?;
    package::require_npm_packages(workspace)?;
    // Before they are read: who changes one meanwhile gets another build, not a stale package.
    let sources = package::digest_of_sources(workspace)?;
    let module = compile::compile(workspace, features)?;
    let stage = bindings::generate(workspace, &module)?;
    let made = package::assemble(workspace, &stage)?;
    compare::replace(destination, &made)?;
    package::record(workspace, destination, &sources)
}

/// Tells the person at the terminal what is going on.
fn progress(message: &str) {
    eprintln!("xtask: {message}");
}
