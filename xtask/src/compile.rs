//! Rust to WebAssembly, to the same bytes in every checkout.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::Workspace;
use crate::{Outcome, process, progress};

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles a package of the workspace and gives the path of the module.
pub fn compile(workspace: &Workspace, package: &str, features: &[&str]) -> Outcome<PathBuf> {
    require_target(workspace)?;
    progress(&format!("compiling {package} to WebAssembly"));
    let target_directory = workspace.scratch().join("cargo");
    process::run(
        cargo(workspace)
            .args(["build", "--profile", "wasm", "--lib", "--package", package])
            .args(["--features", &features.join(",")])
            .args(["--target", TARGET, "--target-dir"])
            .arg(&target_directory)
            .arg("--config")
            .arg(reproducible_paths(workspace)?),
    )?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(target_directory.join(TARGET).join("wasm").join(file))
}

/// The cargo that runs this program, without flags from the environment: they would replace those of
/// `.cargo/config.toml`, and change the bytes.
fn cargo(workspace: &Workspace) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(workspace.root());
    for variable in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
    ] {
        command.env_remove(variable);
    }
    command
}

fn rustc(workspace: &Workspace, arguments: &[&str]) -> Outcome<String> {
    process::output(Command::new("rustc").args(arguments).current_dir(workspace.root()))
}

fn require_target(workspace: &Workspace) -> Outcome<()> {
    let library = rustc(workspace, &["--print", "target-libdir", "--target", TARGET])?;
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    progress("adding the WebAssembly target to the Rust toolchain");
    process::run(
        Command::new("rustup").args(["target", "add", TARGET]).current_dir(workspace.root()),
    )
    .map_err(|problem| {
        format!(
            "Rust can't compile to WebAssembly yet; run: rustup target add {TARGET} ({problem})"
        )
        .into()
    })
}

/// A setting for cargo, added to the flags of `.cargo/config.toml`: panics name source files, and
/// their paths would differ between machines.
fn reproducible_paths(workspace: &Workspace) -> Outcome<String> {
    let sysroot = rustc(workspace, &["--print", "sysroot"])?;
    let version = rustc(workspace, &["--version", "--verbose"])?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    let mut prefixes = vec![
        (workspace.root().to_path_buf(), "/neuron-agent-api".to_owned()),
        // Where the component rust-src is not installed, this is the name that rustc gives it.
        (
            Path::new(&sysroot).join("lib/rustlib/src/rust"),
            format!("/rustc/{}", commit.unwrap_or_default()),
        ),
    ];
    // Their names hold a hash of the registry's address, which a mirror changes.
    for registry in std::fs::read_dir(cargo_home()?.join("registry/src"))? {
        prefixes.push((registry?.path(), "/crates".to_owned()));
    }
    let flags = prefixes
        .iter()
        .map(|(path, name)| toml_string(&format!("--remap-path-prefix={}={name}", path.display())))
        .collect::<Vec<_>>()
        .join(", ");
    Ok(format!("target.{TARGET}.rustflags=[{flags}]"))
}

fn cargo_home() -> Outcome<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home =
        std::env::home_dir().ok_or("there is no home directory, and CARGO_HOME is not set")?;
    Ok(home.join(".cargo"))
}

fn toml_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
