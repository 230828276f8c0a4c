//! Users who do no harm, and how long they wait.

use super::client::{connect, exchange, json, log_in};
use std::io::{Error, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Their names; each writes to the next.
pub const USERS: [&str; 4] = ["anna", "bertil", "cecilia", "david"];

/// How long each pauses between two calls.
const PAUSE: Duration = Duration::from_millis(5);

/// What was measured since it was taken the last time.
#[derive(Default)]
pub struct Measured {
    pub waits: Vec<Duration>,
    /// Calls that were refused or got no answer.
    pub failures: usize,
    /// The result of the first of them.
    pub first_failure: Option<String>,
}

pub type Log = Arc<Mutex<Measured>>;

/// Starts them all.
pub async fn start(broker: SocketAddr, tasks: &mut JoinSet<()>) -> Result<Log> {
    let log = Log::default();
    for (user, next) in USERS.iter().zip(USERS.iter().cycle().skip(1)) {
        let token = log_in(broker, Ipv4Addr::LOCALHOST, user, user).await?;
        tasks.spawn(work(broker, token, next, log.clone()));
    }
    Ok(log)
}

async fn work(broker: SocketAddr, token: String, next: &'static str, log: Log) {
    let message = format!(r#"{{"to":"{next}@localhost","message":"How are you?"}}"#);
    let calls = [
        ("Xmpp/SendTextMessage", &*message),
        ("Xmpp/PopMessages", r#"{"maxCount":10}"#),
        ("Xmpp/GetRoster", "{}"),
    ]
    .map(|(resource, body)| json(broker, resource, &token, body));
    let mut stream = None;
    for call in calls.iter().cycle() {
        let start = Instant::now();
        let answer = async {
            let mut open = match stream.take() {
                Some(open) => open,
                None => connect(broker, Ipv4Addr::LOCALHOST).await?,
            };
            let (status, body) = exchange(&mut open, call).await?;
            stream = Some(open);
            if status == 200 { Ok(()) } else { Err(Error::other(format!("{status} {body}"))) }
        }
        .await;
        {
            let mut log = log.lock().unwrap();
            match answer {
                Ok(()) => log.waits.push(start.elapsed()),
                Err(error) => {
                    log.failures += 1;
                    log.first_failure.get_or_insert_with(|| error.to_string());
                }
            }
        }
        sleep(PAUSE).await;
    }
}

/// The wait that this share of the calls does not exceed.
pub fn percentile(waits: &mut [Duration], share: f64) -> Duration {
    waits.sort_unstable();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "an index of some thousand"
    )]
    let index = (waits.len() as f64 * share) as usize;
    waits.get(index.min(waits.len().saturating_sub(1))).copied().unwrap_or_default()
}
