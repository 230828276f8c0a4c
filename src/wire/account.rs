//! The group `Account`.

use super::resource::Kind::{Boolean, DateTime, Integer, Secret, Text, Token, UserName};
use super::resource::{Field, Resource};

const GROUP: &str = "Account";

/// How long a session may be asked for, in seconds.
pub const SECONDS: (i64, i64) = (1, 3600);

/// What the broker says of its domain to anybody.
pub static DOMAIN_INFO: Resource = Resource::new(
    GROUP,
    "DomainInfo",
    &[],
    &[
        Field::optional("domain", Text),
        Field::required("useEncryption", Boolean),
        Field::optional("humanReadableName", Text),
        Field::optional("humanReadableDescription", Text),
    ],
)
.open()
.get();

/// Opens a session by a signature made with the password, which itself is never sent.
pub static LOGIN: Resource = Resource::new(
    GROUP,
    "Login",
    &[
        Field::required("userName", UserName),
        Field::required("nonce", Secret),
        Field::required("signature", Secret),
        Field::required("seconds", Integer(SECONDS.0, SECONDS.1)),
    ],
    TOKEN,
)
.open()
.made_from(&[
    Field::required("userName", UserName),
    Field::required("password", Secret),
    Field::required("seconds", Integer(SECONDS.0, SECONDS.1)),
]);

/// Exchanges the token, while it is good, for a new one.
pub static REFRESH: Resource = Resource::new(
    GROUP,
    "Refresh",
    &[Field::required("seconds", Integer(SECONDS.0, SECONDS.1))],
    TOKEN,
);

/// Ends the session.
pub static LOGOUT: Resource = Resource::new(GROUP, "Logout", &[], &[]);

const TOKEN: &[Field] = &[Field::required("jwt", Token), Field::required("expires", DateTime)];
