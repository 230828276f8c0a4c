//! The group `Account`.

use crate::wire::Access::{Cookie, Open, Welcome};
use crate::wire::Effect::{Once, Read, Session, Write};
use crate::wire::Kind::{
    Boolean, Code, DateTime, Host, Integer, Json, Language, Name, Object, Objects, Secret, Text,
    Texts, Token, UserName,
};
use crate::wire::{Entries, Field, Recipe, Resource};

const GROUP: &str = "Account";

/// What the broker says of its domain to anybody, in the language of the header `Accept-Language`.
pub static DOMAIN_INFO: Resource = Resource::new(
    GROUP,
    "DomainInfo",
    Read,
    &[],
    "DomainInfo",
    &[
        Field::optional("domain", Text),
        Field::required("useEncryption", Boolean),
        Field::optional("humanReadableName", Text),
        Field::optional("humanReadableDescription", Text).alias("humanReadableNameDescription"),
    ],
)
.access(Open)
.get()
.made_from(&[LANGUAGE], Recipe::Language);

/// Makes an account, disabled until its addresses are verified, and logs in to it.
pub static CREATE: Resource = Resource::new(
    GROUP,
    "Create",
    Session,
    &[
        Field::required("userName", UserName),
        Field::required("eMail", Name),
        Field::optional("phoneNr", Name),
        Field::required("password", Secret),
        Field::required("apiKey", Secret),
        NONCE,
        Field::required("signature", Secret),
        SECONDS,
        LANGUAGE,
    ],
    "AccountCreated",
    ACCOUNT_CREATED,
)
.access(Open)
.request_element("CreateAccount")
.made_from(
    &[
        Field::required("userName", UserName),
        Field::required("eMail", Name),
        Field::optional("phoneNr", Name),
        Field::required("password", Secret),
        Field::required("apiKey", Secret),
        Field::required("secret", Secret),
        SECONDS,
        LANGUAGE,
    ],
    Recipe::Create,
);

/// Takes over the session of an account that was made with the broker's web form.
pub static GET_SESSION_TOKEN: Resource = Resource::new(
    GROUP,
    "GetSessionToken",
    Session,
    &[],
    "SessionToken",
    &[Field::required("AccountCreated", Object(ACCOUNT_CREATED)), SECONDS],
)
.access(Cookie);

/// Tells the broker the code that it sent to an e-mail address.
pub static VERIFY_E_MAIL: Resource = Resource::new(
    GROUP,
    "VerifyEMail",
    Once,
    &[Field::required("eMail", Name), Field::required("code", Code)],
    "EMailVerified",
    &[Field::required("eMail", Text), Field::required("userName", Text)],
)
.access(Welcome);

/// Tells the broker the code that it sent to a phone number.
pub static VERIFY_PHONE_NR: Resource = Resource::new(
    GROUP,
    "VerifyPhoneNr",
    Once,
    &[Field::required("phoneNr", Name), Field::required("code", Code)],
    "PhoneNrVerified",
    &[Field::required("phoneNr", Text), Field::required("userName", Text)],
)
.access(Welcome);

/// Has the codes sent again for what is not verified yet.
pub static RESEND_VERIFICATION_CODES: Resource = Resource::new(
    GROUP,
    "ResendVerificationCodes",
    Once,
    &[Field::required("eMail", Name), Field::optional("phoneNr", Name), LANGUAGE],
    "AckResponse",
    &[],
)
.access(Welcome);

/// Opens a session by a signature made with the password, which itself is never sent.
pub static LOGIN: Resource = Resource::new(
    GROUP,
    "Login",
    Session,
    &[Field::required("userName", UserName), NONCE, Field::required("signature", Secret), SECONDS],
    "LoggedIn",
    TOKEN,
)
.access(Open)
.made_from(USER_PASSWORD_SECONDS, Recipe::Login);

/// Takes over the session of a Quick-Login that was completed in this HTTP session.
pub static QUICK_LOGIN: Resource = Resource::new(
    GROUP,
    "QuickLogin",
    Session,
    &[SECONDS],
    "LoggedIn",
    &[
        Field::required("jwt", Token),
        Field::required("userName", Name),
        Field::required("expires", DateTime),
    ],
)
.access(Cookie);

/// Opens a session with the password itself, in the header `Authorization`.
pub static WWW_LOGIN: Resource =
    Resource::new(GROUP, "WwwLogin", Session, &[SECONDS], "LoggedIn", TOKEN)
        .access(Open)
        .made_from(USER_PASSWORD_SECONDS, Recipe::Password);

/// Exchanges the token, while it is good, for a new one.
pub static REFRESH: Resource =
    Resource::new(GROUP, "Refresh", Session, &[SECONDS], "LoggedIn", TOKEN)
        .made_from(&[SECONDS], Recipe::Refresh);

/// Ends the session.
pub static LOGOUT: Resource =
    Resource::new(GROUP, "Logout", Once, &[], "AckResponse", &[]).made_from(&[], Recipe::Logout);

/// Asks for help with an account whose password is lost. The answer tells nothing, on purpose.
pub static RECOVER: Resource =
    Resource::new(GROUP, "Recover", Once, RECOVERY, "RecoverResponse", &[])
        .access(Open)
        .made_from(RECOVERY, Recipe::Recover);

/// Has the broker say whether a token is one of its own, and what it holds. In JSON only: how the
/// claims look in XML is documented nowhere.
pub static AUTHENTICATE_JWT: Resource = Resource::new(
    GROUP,
    "AuthenticateJwt",
    Read,
    &[Field::required("token", Secret)],
    "ValidJwt",
    &[
        Field::required("header", Text),
        Field::required("payload", Text),
        Field::required("signature", Text),
        Field::required("algorithm", Text),
        Field::required("claims", Json),
        Field::optional("type", Text),
        Field::optional("issuer", Text),
        Field::optional("subject", Text),
        Field::optional("id", Text),
        Field::optional("audience", Texts),
        Field::optional("expiration", DateTime),
        Field::optional("notBefore", DateTime),
        Field::optional("issuedAt", DateTime),
    ],
)
.access(Welcome)
.json_only();

/// Reads what the broker knows of the account.
pub static INFO: Resource = Resource::new(
    GROUP,
    "Info",
    Read,
    &[],
    "AccountInfo",
    &[
        Field::required("userName", Text),
        Field::required("created", DateTime),
        Field::optional("updated", DateTime),
        Field::optional("eMail", Text),
        Field::optional("eMailVerified", DateTime),
        Field::optional("phoneNr", Text),
        Field::optional("phoneNrVerified", DateTime),
    ],
)
.request_element("GetAccountInfo");

/// Makes a code by which another app takes the account over.
pub static TRANSFER: Resource = Resource::new(
    GROUP,
    "Transfer",
    Once,
    &[
        NONCE,
        Field::required("requestSignature", Secret),
        Field::optional("keyId", Name),
        Field::optional("keySignature", Secret),
        Field::optional("pin", Secret),
    ],
    "TransferCode",
    &[
        Field::required("onboardingUri", Name),
        Field::required("qrCodeUrl", Name),
        Field::required("qrCodeWidth", Integer(1, 2_147_483_647)),
        Field::required("qrCodeHeight", Integer(1, 2_147_483_647)),
    ],
)
.made_from(
    &[
        Field::required("localName", Name),
        Field::required("namespace", Name),
        Field::required("keyId", Name),
        Field::required("keyPassword", Secret),
        Field::required("accountPassword", Secret),
        Field::optional("pin", Secret),
    ],
    Recipe::Transfer,
);

/// Asks the own broker for the Legal ID to show to another one.
pub static PREPARE_REMOTE_QUICK_LOGIN: Resource = Resource::new(
    GROUP,
    "PrepareRemoteQuickLogin",
    Write,
    &[],
    "PrepareRemoteQuickLoginResponse",
    &[Field::required("legalId", Name)],
);

/// Logs in to another broker with a Legal ID of the own one. That broker never sees the token.
pub static REMOTE_QUICK_LOGIN: Resource = Resource::new(
    GROUP,
    "RemoteQuickLogin",
    Once,
    &[
        Field::required("legalId", Name),
        Field::required("purpose", Name),
        Field::optional("tabId", Secret),
    ],
    "RemoteQuickLoginResponse",
    &[Field::required("loggedIn", Boolean), Field::required("petitionSent", Boolean)],
)
.access(Cookie)
.made_from(
    &[
        Field::required("domain", Host),
        Field::required("legalId", Name),
        Field::required("purpose", Name),
    ],
    Recipe::Elsewhere,
);

/// Reads where else the account's Legal IDs are known.
pub static REMOTE_REFERENCES: Resource = Resource::new(
    GROUP,
    "RemoteReferences",
    Read,
    &[],
    "RemoteReferencesResult",
    &[Field::required(
        "References",
        Objects(
            &[Field::required("domain", Name), Field::required("legalId", Name)],
            Entries::Within("Reference"),
        ),
    )],
);

const RECOVERY: &[Field] = &[
    Field::optional("userName", UserName),
    Field::optional("personalNr", Name),
    Field::optional("country", Name),
    Field::optional("eMail", Name),
    Field::optional("phoneNr", Name),
];

const LANGUAGE: Field = Field::optional("language", Language);
const NONCE: Field = Field::required("nonce", Secret);
/// How long a session may be asked for.
const SECONDS: Field = Field::required("seconds", Integer(1, 3600));

const USER_PASSWORD_SECONDS: &[Field] =
    &[Field::required("userName", UserName), Field::required("password", Secret), SECONDS];

const TOKEN: &[Field] = &[Field::required("jwt", Token), Field::required("expires", DateTime)];

const ACCOUNT_CREATED: &[Field] = &[
    Field::required("created", DateTime),
    Field::optional("updated", DateTime),
    Field::required("enabled", Boolean),
    Field::required("canRelay", Boolean),
    Field::required("jwt", Token),
    Field::required("expires", DateTime),
    Field::optional("eMailCodeSent", Boolean),
    Field::optional("phoneNrCodeSent", Boolean),
];
