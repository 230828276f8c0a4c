//! The keys under which a session is stored. They are those of TAG's `Agent.js`, so
//! that both can be used on one page and share a session.

/// Host name and port of the broker, unless it is the page's own.
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
/// When the token expires, in Unix seconds.
pub const EXPIRES: &str = "AgentAPI.RefreshTimerExpires";
/// Protocol and host of the broker that granted the token. Only this client stores it.
pub const BROKER: &str = "AgentAPI.Broker";
/// The timer of TAG's `Agent.js`. This client stores none, and removes theirs with the session.
pub const REFRESH_TIMER: &str = "AgentAPI.RefreshTimer";
/// A secret of the tabs that have a copy of the session. Only this client stores it.
pub const TAB_CHANNEL: &str = "AgentAPI.Twins";
/// Set if plain `http` beyond this machine is allowed. Only this client stores it.
pub const ALLOW_INSECURE: &str = "AgentAPI.AllowInsecure";

/// `xml` if requests are written in XML. Only this client stores it.
pub const ENCODING: &str = "AgentAPI.Encoding";

/// All of them, first those of the session, and of these first the token, because the rest means nothing
/// without it.
pub const ALL: [&str; 12] = [
    TOKEN,
    USER_NAME,
    SECONDS,
    REFRESH_DUE,
    EXPIRES,
    REFRESH_TIMER,
    BROKER,
    TAB_CHANNEL,
    HOST,
    PROTOCOL,
    ALLOW_INSECURE,
    ENCODING,
];

/// Those of the session, with which they end.
pub const OF_SESSION: &[&str] = ALL.split_at(8).0;
