//! From bindings and loader to the files of the package; Node does the work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Outcome, process, progress};

/// What rustc and wasm-bindgen emit, named one by one so that wasm-opt brings in nothing newer than
/// Node 20 and the browsers of its time understand.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The file in the package that tells from which sources it was made (`xtask/digests.mjs`).
pub const RECORD: &str = ".digests";

/// The module while it still names its functions, which the report on sizes wants to know.
const NAMED: &str = "agentapi.named.wasm";

/// Says in one line what to run when the npm packages are not there.
pub fn require_npm_packages(workspace: &Workspace) -> Outcome<()> {
    for package in ["binaryen", "esbuild"] {
        if !workspace.root().join("node_modules").join(package).is_dir() {
            return Err(format!("the npm package {package} is not installed; run: npm ci").into());
        }
    }
    Ok(())
}

/// Makes the package's files in a fresh directory.
pub fn assemble(workspace: &Workspace, stage: &Path) -> Outcome<PathBuf> {
    progress("making the module smaller");
    let [smaller, numbered, named] =
        ["agentapi.smaller.wasm", "agentapi.numbered.wasm", NAMED].map(|name| stage.join(name));
    process::run(
        wasm_opt(workspace, &stage.join("agentapi_bg.wasm"), &smaller)
            .arg("-Oz")
            // Once more, knowing what each function does not touch.
            .args(["--generate-global-effects", "-Oz"])
            // And again, knowing what can be where, and which parameters matter.
            .args(["--gufa", "-Oz", "--dae-optimizing"]),
    )?;
    process::run(node(workspace, "xtask/order.mjs").args([&smaller, &numbered]))?;
    process::run(wasm_opt(workspace, &numbered, &named).args([
        "--reorder-functions-by-name",
        "-Oz",
        "--dealign",
    ]))?;
    progress("bundling");
    let made = workspace.scratch().join("made");
    if made.exists() {
        fs::remove_dir_all(&made)?;
    }
    process::run(node(workspace, "xtask/bundle.mjs").arg(stage).arg(NAMED).arg(&made))?;
    Ok(made)
}

/// Prints the size of each file, and fails when the package has grown past its budget.
pub fn measure(workspace: &Workspace, package: &Path, report: Option<&Path>) -> Outcome<()> {
    let named = workspace.scratch().join("stage").join(NAMED);
    process::run(node(workspace, "xtask/sizes.mjs").arg(package).arg(named).args(report))
}

/// Writes the hashes of the files that a page names into the README.
pub fn publish_hashes(workspace: &Workspace, package: &Path) -> Outcome<()> {
    process::run(node(workspace, "xtask/integrity.mjs").arg(package))
}

/// The state of the sources, in one number.
pub fn digest_of_sources(workspace: &Workspace) -> Outcome<String> {
    process::output(node(workspace, "xtask/digests.mjs").arg("sources"))
}

/// Writes down which sources the package was made from, for `npm start`.
pub fn record(workspace: &Workspace, package: &Path, sources: &str) -> Outcome<()> {
    process::run(node(workspace, "xtask/digests.mjs").arg("record").arg(package).arg(sources))
}

/// Keeps the names of the functions.
fn wasm_opt(workspace: &Workspace, input: &Path, output: &Path) -> Command {
    let mut command = node(workspace, "node_modules/binaryen/bin/wasm-opt");
    command
        .arg(input)
        .arg("-o")
        .arg(output)
        .arg("-g")
        // Inlining functions that have one caller makes fewer bytes, but more of them after
        // brotli: apart, functions resemble each other. The smallest are better inlined.
        .args(["--one-caller-inline-max-function-size=15", "--always-inline-max-function-size=2"])
        // So it is with what these two find: fewer bytes, of more kinds.
        .args(["--skip-pass=simplify-locals", "--skip-pass=local-cse"])
        // Rust keeps the stack there, and what is below 1 KB of it is past its end.
        .arg("--low-memory-unused")
        .args(WASM_FEATURES)
        .args(["--strip-producers", "--strip-target-features"]);
    command
}

fn node(workspace: &Workspace, script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(workspace.root().join(script)).current_dir(workspace.root());
    command
}
