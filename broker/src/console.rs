//! What the program says on its terminal.

use broker::core::Account;
use std::io::{Write, stderr, stdout};

/// Says something. Nobody may be listening: a closed pipe is no reason to stop.
pub fn say(text: &str) {
    let _ = writeln!(stdout(), "{text}").and_then(|()| stdout().flush());
}

/// Says why the program ends.
pub fn error(reason: &str) {
    let _ = writeln!(stderr(), "{reason}");
}

/// The accounts there are. Passwords are shown where they are no secret.
pub fn introduce(accounts: &[Account], domain: &str, show_passwords: bool) -> String {
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
    let lines: Vec<_> = accounts.iter().map(describe).collect();
    format!("Accounts:\n{}", lines.join("\n"))
}
