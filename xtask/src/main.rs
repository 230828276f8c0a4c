//! `cargo xtask build` makes `pkg/`, the package that npm ships, from the sources.
//!
//! All steps stand in their order in `xtask/build.mjs`, which this program runs. The steps that need
//! cargo, wasm-bindgen or a parser of WebAssembly are commands of this program, and `build.mjs` calls
//! them:
//!
//! | Command | What it does | Module |
//! |---|---|---|
//! | `module DIR [FEATURE…]` | compiles the library to WebAssembly | [`compile`] |
//! |  | writes the module and its JavaScript bindings into `DIR` | [`bindings`] |
//! |  | removes the messages of panics | [`panics`] |
//! | `test-broker DIR` | compiles the test broker and writes its module and bindings into `DIR` | [`compile`], [`bindings`] |
//! | `unpacker FILE` | compiles the module that unpacks others, and writes it | [`compile`], [`mod@unpacker`] |
//! | `declarations` | prints the declarations of all resources, as JSON | [`declarations`] |
//! | `inspect MODULE` | prints where sections and functions are, as JSON | [`sections`] |
//! | `rename MODULE NAMES OUT` | gives the functions other names, one a line | [`sections`] |

mod bindings;
mod compile;
mod declarations;
mod panics;
mod process;
mod sections;
mod unpacker;
mod workspace;

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

use workspace::Workspace;

/// What a step of the build gives; the error is one line for a person.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// The npm packages that `build.mjs` imports.
const NPM_PACKAGES: [&str; 5] = ["acorn", "acorn-walk", "binaryen", "esbuild", "magic-string"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(&arguments).unwrap_or_else(|problem| {
        eprintln!("{problem}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &[&str]) -> Outcome<ExitCode> {
    match arguments {
        ["module", directory, features @ ..] => module(Path::new(directory), features)?,
        ["test-broker", directory] => test_broker(Path::new(directory))?,
        ["unpacker", file] => unpacker(Path::new(file))?,
        ["declarations"] => declarations::print()?,
        ["inspect", module] => sections::inspect(Path::new(module))?,
        ["rename", module, names, output] => {
            sections::rename(Path::new(module), Path::new(names), Path::new(output))?;
        }
        _ => return run_pipeline(arguments),
    }
    Ok(ExitCode::SUCCESS)
}

fn module(directory: &Path, features: &[&str]) -> Outcome<()> {
    let workspace = Workspace::find()?;
    let compiled = compile::compile(&workspace, "neuron-agent-api", features)?;
    bindings::generate(&compiled, directory)
}

fn test_broker(directory: &Path) -> Outcome<()> {
    let workspace = Workspace::find()?;
    let compiled = compile::compile(&workspace, "test-broker", &[])?;
    bindings::generate_for_tests(&compiled, directory)
}

fn unpacker(file: &Path) -> Outcome<()> {
    let workspace = Workspace::find()?;
    let compiled = compile::compile(&workspace, "unpack", &[])?;
    unpacker::write(&compiled, file)
}

/// Runs `build.mjs`, which calls this program back by its path in `XTASK`.
fn run_pipeline(arguments: &[&str]) -> Outcome<ExitCode> {
    let workspace = Workspace::find()?;
    // Tests and `npm start` may build at the same time, and would delete each other's files.
    let _lock = workspace.lock()?;
    for package in NPM_PACKAGES {
        if !workspace.root().join("node_modules").join(package).is_dir() {
            return Err(format!("the npm package {package} is not installed; run: npm ci").into());
        }
    }
    process::exit_code(
        Command::new("node")
            .arg(workspace.root().join("xtask/build.mjs"))
            .args(arguments)
            .env("XTASK", std::env::current_exe()?),
    )
}

/// Tells the person at the terminal what is going on.
fn progress(message: &str) {
    eprintln!("xtask: {message}");
}
