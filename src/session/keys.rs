//! The names under which a session is kept. They are those of the maintainers' JavaScript client,
//! so that both can live on one page and share a session.

/// Host name and port of the broker, where it is not that of the page.
pub const HOST: &str = "AgentAPI.Host";
/// `https` or `http`, beside [`HOST`].
pub const PROTOCOL: &str = "AgentAPI.Protocol";
/// The account's name.
pub const USER_NAME: &str = "AgentAPI.UserName";
/// The bearer token.
pub const TOKEN: &str = "AgentAPI.Token";
/// The lifetime that was asked for, in seconds.
pub const SECONDS: &str = "AgentAPI.Seconds";
/// When the token is due for a refresh, in Unix seconds.
pub const REFRESH_DUE: &str = "AgentAPI.RefreshTimerElapses";
/// When the token ends, in Unix seconds.
pub const EXPIRES: &str = "AgentAPI.RefreshTimerExpires";
/// Protocol and host of the broker that gave the token. Ours alone.
pub const BROKER: &str = "AgentAPI.Broker";
/// The timer of the maintainers' client. Ours writes none, and removes theirs with the session.
pub const REFRESH_TIMER: &str = "AgentAPI.RefreshTimer";
/// A secret of the tabs that have a copy of the session. Ours alone.
pub const TWINS: &str = "AgentAPI.Twins";
/// Set where plain `http` beyond this machine was allowed. Ours alone.
pub const ALLOW_INSECURE: &str = "AgentAPI.AllowInsecure";

/// `xml` where calls are to go in XML. Ours alone.
pub const ENCODING: &str = "AgentAPI.Encoding";

/// All that ends with the session; the token first, without which the rest is nobody's.
pub const OF_SESSION: [&str; 8] =
    [TOKEN, USER_NAME, SECONDS, REFRESH_DUE, EXPIRES, REFRESH_TIMER, BROKER, TWINS];
