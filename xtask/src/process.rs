//! Running other programs.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::Outcome;

/// Runs a program whose output the person at the terminal sees.
pub fn run(command: &mut Command) -> Outcome<()> {
    let status = command.status().map_err(|error| missing(command, &error))?;
    if status.success() { Ok(()) } else { Err(failed(command).into()) }
}

/// Runs a program that says itself why it failed.
pub fn exit_code(command: &mut Command) -> Outcome<ExitCode> {
    let status = command.status().map_err(|error| missing(command, &error))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a program and gives what it printed, without the line break at its end.
pub fn output(command: &mut Command) -> Outcome<String> {
    let output =
        command.stderr(Stdio::inherit()).output().map_err(|error| missing(command, &error))?;
    if !output.status.success() {
        return Err(failed(command).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}

fn missing(command: &Command, error: &std::io::Error) -> String {
    let program = name(command);
    let origin = match program.as_str() {
        "node" => "install Node.js 20 or newer: https://nodejs.org",
        "rustup" => "install Rust with rustup: https://rustup.rs",
        _ => "is it installed?",
    };
    if error.kind() == ErrorKind::NotFound {
        format!("{program} was not found; {origin}")
    } else {
        format!("{program} could not be started: {error}")
    }
}

/// The first argument says what was asked of the program: a subcommand or a script.
fn failed(command: &Command) -> String {
    let task = command.get_args().next().map(|argument| Path::new(argument).file_name());
    let task = task.flatten().unwrap_or_default().to_string_lossy();
    format!("failed: {} {task}", name(command))
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
