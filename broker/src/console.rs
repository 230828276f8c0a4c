//! Writes to the terminal.

use broker::core::{Account, ApiKey};
use std::io::{Write, stderr, stdout};
use std::path::Path;

/// Writes to standard output. A closed pipe is not a reason to stop.
pub fn print(text: &str) {
    let _ = writeln!(stdout(), "{text}").and_then(|()| stdout().flush());
}

/// Writes why the program ends.
pub fn error(reason: &str) {
    let _ = writeln!(stderr(), "{reason}");
}

/// Writes what happens to the link.
#[cfg(feature = "xmpp")]
pub fn report(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// Writes mail that the broker can't send.
pub fn print_mail(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// Lists the API keys. Their secrets are shown only if they are public.
pub fn describe_api_keys(api_keys: &[ApiKey], show_secrets: bool) -> String {
    let describe = |api_key: &ApiKey| {
        let mut line = format!("\n  {}", api_key.key);
        if show_secrets {
            line += &format!("  secret {}", api_key.secret);
        }
        if let Some(quota) = api_key.quota {
            line += &format!("  for {quota} accounts");
        }
        line
    };
    if api_keys.is_empty() {
        return String::new();
    }
    format!("\nAPI keys:{}", api_keys.iter().map(describe).collect::<String>())
}

/// Names the simulated concentrator, if there is one.
pub fn describe_concentrator(address: Option<&str>) -> String {
    address.map(|address| format!("\nSimulated concentrator:\n  {address}")).unwrap_or_default()
}

/// Says where the state is.
pub fn describe_state(file: Option<&Path>, accounts: usize) -> String {
    match file {
        None => "\nState: in memory, lost when the broker stops".into(),
        Some(file) => format!("\nState: in {}, with {accounts} accounts", file.display()),
    }
}

/// Lists the accounts. Their passwords are shown only if they are public.
pub fn describe_accounts(accounts: &[Account], domain: &str, show_passwords: bool) -> String {
    let describe = |account: &Account| {
        let mut line = format!("  {}@{domain}", account.user_name);
        if show_passwords {
            line += &format!("  password {}", account.password);
        }
        if let Some(legal_id) = &account.legal_id {
            line += &format!("  Legal ID {legal_id}");
        }
        line
    };
    if accounts.is_empty() {
        return String::new();
    }
    let lines: Vec<_> = accounts.iter().map(describe).collect();
    format!("Accounts:\n{}", lines.join("\n"))
}
