//! The group `Account`.

use super::keys::{KEY_SIGNATURE, NONCE, request_signature, with_key};
use crate::wire::Access::{Anonymous, Cookie, OptionalToken};
use crate::wire::Effect::{Account, Once, Write};
use crate::wire::InputKind::{
    Code, Host, Integer, Language, NonEmptyText, Password, Secret, UserName,
};
use crate::wire::SessionChange::{Ends, Opens, Refreshes};
use crate::wire::{
    Derived, Entries, Input, Method, Object, Output, OutputKind, Part, Resource, Role, Rule,
    Signature,
};

resources! { ($) "Account" account, for_each_account:

/// Reads the broker's description of its domain. Needs no session.
DOMAIN_INFO "DomainInfo"
    .method(Method::Get)
    .access(Anonymous)
    .inputs(&[LANGUAGE
        .role(Role::Header("Accept-Language"))
        .doc("The language of the description.")])
    .responds("DomainInfo", &Object::new("DomainInfo", "A broker's description of its domain.", &[
        Output::optional("domain", OutputKind::Text, "The broker's domain, the part after `@` of its accounts."),
        Output::required("useEncryption", OutputKind::Boolean, "Whether the broker asks for an encrypted connection."),
        Output::optional("humanReadableName", OutputKind::Text, "The domain's name, for people."),
        Output::optional("humanReadableDescription", OutputKind::Text, "What the domain is for, for people.")
            .alias("humanReadableNameDescription"),
    ]))
    .example("const { domain } = await AgentAPI.Account.DomainInfo(\"en\");")
    .source("Agent API, Account/DomainInfo");

/// Creates an account and opens a session for it. The account is disabled until the e-mail address
/// (and the phone number, if one is given) is verified. If the account exists already and has the
/// same password, the call logs in to it.
///
/// The arguments come in two orders, with `PhoneNr` as the third or without it. `Secret` signs the request
/// and is not sent.
CREATE "Create"
    .access(Anonymous)
    .session(Opens)
    .effect(Account)
    .request_element("CreateAccount")
    .inputs(&[
        USER_NAME,
        Input::required("eMail", NonEmptyText).doc("The e-mail address.").example("\"alice@example.org\""),
        Input::optional("phoneNr", NonEmptyText).doc("The phone number, with `+` and the country.").example("\"+46700000000\""),
        Input::required("password", Password).doc("The account's password, which the broker is sent.").example("\"pw\""),
        Input::required("apiKey", Secret).doc("The API key, which the broker's operator gives out.").example("\"KEY\""),
        Input::required("secret", Secret).role(Role::SignatureOnly).doc("The secret of the API key. It signs the request and is not sent.").example("\"S3cret\""),
        NONCE,
        Input::derived("signature", Derived::Signature(&Signature {
            key: "secret",
            parts: &[
                Part::Input("userName"), Part::Host, Part::Input("eMail"), Part::IfGiven("phoneNr"),
                Part::Input("password"), Part::Input("apiKey"), Part::Input("nonce"),
            ],
        })),
        SECONDS,
        LANGUAGE.doc("The language of the messages that ask for verification."),
    ])
    .responds("AccountCreated", &ACCOUNT_CREATED)
    .parameters_as("...Arguments: CreateArguments")
    .throws("Rejects with `bad-request` and `alternatives` if the name is taken.")
    .example("await AgentAPI.Account.Create(\"alice\", \"alice@example.org\", password, apiKey, secret, 3600);")
    .source("Agent API, Account/Create");

/// Takes over the session of an account that was created with the broker's web form, in the same
/// HTTP session.
GET_SESSION_TOKEN "GetSessionToken"
    .access(Cookie)
    .session(Opens)
    .responds("SessionToken", &Object::new("SessionToken", "An account that was created with the broker's web form.", &[
        Output::required("AccountCreated", OutputKind::Object(&ACCOUNT_CREATED), "The account and its token."),
        Output::required("seconds", OutputKind::Integer(1, 3600), "How long the session lasts, in seconds."),
    ]))
    .example("const { seconds } = await AgentAPI.Account.GetSessionToken();")
    .source("Agent API, Account/GetSessionToken");

/// Verifies an e-mail address with the code that the broker sent to it. Wrong codes are counted.
VERIFY_E_MAIL "VerifyEMail"
    .access(OptionalToken)
    .effect(Once)
    .inputs(&[
        Input::required("eMail", NonEmptyText).doc("The address.").example("\"alice@example.org\""),
        CODE,
    ])
    .responds("EMailVerified", &Object::new("EMailVerified", "An e-mail address that was verified.", &[
        Output::required("eMail", OutputKind::Text, "The address."),
        Output::required("userName", OutputKind::Text, "The account's name."),
    ]))
    .example("await AgentAPI.Account.VerifyEMail(\"alice@example.org\", \"123456\");")
    .source("Agent API, Account/VerifyEMail");

/// Verifies a phone number with the code that the broker sent to it. Wrong codes are counted.
VERIFY_PHONE_NR "VerifyPhoneNr"
    .access(OptionalToken)
    .effect(Once)
    .inputs(&[
        Input::required("phoneNr", NonEmptyText).doc("The number, as it was given.").example("\"+46700000000\""),
        CODE,
    ])
    .responds("PhoneNrVerified", &Object::new("PhoneNrVerified", "A phone number that was verified.", &[
        Output::required("phoneNr", OutputKind::Text, "The number."),
        Output::required("userName", OutputKind::Text, "The account's name."),
    ]))
    .example("await AgentAPI.Account.VerifyPhoneNr(\"+46700000000\", \"123456\");")
    .source("Agent API, Account/VerifyPhoneNr");

/// Sends the verification codes again, for the addresses and numbers that are not verified yet.
RESEND_VERIFICATION_CODES "ResendVerificationCodes"
    .access(OptionalToken)
    .effect(Once)
    .inputs(&[
        Input::required("eMail", NonEmptyText).doc("The e-mail address of the account.").example("\"alice@example.org\""),
        Input::optional("phoneNr", NonEmptyText).doc("Its phone number.").example("\"+46700000000\""),
        LANGUAGE.doc("The language of the messages."),
    ])
    .example("await AgentAPI.Account.ResendVerificationCodes(\"alice@example.org\");")
    .source("Agent API, Account/ResendVerificationCodes");

/// Opens a session. The password is not sent; it signs the request (HMAC-SHA256).
///
/// The token is stored for the calls that follow: in a browser tab in `sessionStorage`, under the keys of
/// TAG's `Agent.js`; elsewhere in memory, as the one session of the whole process ({@link createAgentAPI}
/// creates clients with others).
///
/// The token is exchanged for a new one at half of its lifetime, while the page is visible or before
/// the next call. After failed logins a broker may ask for a pause: until its end
/// (`retryAt` of the error) logins are refused here, and nothing is sent.
LOGIN "Login"
    .access(Anonymous)
    .session(Opens)
    .inputs(&[
        USER_NAME,
        PASSWORD.role(Role::SignatureOnly),
        NONCE,
        Input::derived("signature", Derived::Signature(&Signature {
            key: "password",
            parts: &[Part::Input("userName"), Part::Host, Part::Input("nonce")],
        })),
        SECONDS,
    ])
    .responds("LoggedIn", &TOKEN)
    .throws("Rejects with `invalid-argument` before anything is sent, with `bad-request`, \
        `unauthorized`, `forbidden` or `rate-limited` if the broker refuses. Do not repeat a \
        refused login in a loop: the broker counts, and blocks.")
    .example("await AgentAPI.Account.Login(\"alice\", password, 3600);")
    .source("Agent API, Account/Login; RFC 8265 for the password");

/// Takes over the session of a Quick-Login that was completed in this HTTP session.
QUICK_LOGIN "QuickLogin"
    .access(Cookie)
    .session(Opens)
    .inputs(&[SECONDS])
    .responds("LoggedIn", &Object::new("QuickLoginResult", "The session of a Quick-Login.", &[
        JWT,
        Output::required("userName", OutputKind::NonEmptyText, "The account's name."),
        EXPIRES,
    ]))
    .example("const { userName } = await AgentAPI.Account.QuickLogin(3600);")
    .source("Agent API, Account/QuickLogin");

/// Opens a session with the password itself, in the header `Authorization`. Prefer
/// {@link Account.Login}, which does not send it.
WWW_LOGIN "WwwLogin"
    .access(Anonymous)
    .session(Opens)
    .inputs(&[
        USER_NAME.role(Role::SignatureOnly),
        PASSWORD.role(Role::SignatureOnly),
        Input::derived("credentials", Derived::BasicCredentials).role(Role::Header("Authorization")),
        SECONDS,
    ])
    .responds("LoggedIn", &TOKEN)
    .example("await AgentAPI.Account.WwwLogin(\"alice\", password, 3600);")
    .source("Agent API, Account/WwwLogin; RFC 7617");

/// Exchanges the session's token, while it is valid, for a new one.
REFRESH "Refresh"
    .session(Refreshes)
    .inputs(&[SECONDS])
    .responds("LoggedIn", &TOKEN)
    .throws("Rejects with `not-logged-in` without a session, or if the session ended meanwhile; with \
        `unauthorized` if the broker does not accept the token any more.")
    .example("const { expires } = await AgentAPI.Account.Refresh(3600);")
    .source("Agent API, Account/Refresh");

/// Ends the session.
///
/// It ends here at once, whatever the broker responds, then at the broker, and in the other tabs of the
/// page that have one of the same user in the same storage. Without a session it sends nothing.
LOGOUT "Logout"
    .session(Ends)
    .effect(Once)
    .throws("Rejects if the broker could not be reached or refused. The session has ended here nevertheless.")
    .example("await AgentAPI.Account.Logout();")
    .source("Agent API, Account/Logout");

/// Asks for help with an account whose password is lost. The response is empty on purpose.
/// Give a user name or a personal number (with its country), and an e-mail address or a phone
/// number.
RECOVER "Recover"
    .access(Anonymous)
    .effect(Once)
    .inputs(&[
        Input::optional("userName", UserName).personal().doc("The account's name."),
        Input::optional("personalNr", NonEmptyText).personal().doc("The personal number of the account's owner.").example("\"19800101-1234\""),
        Input::optional("country", NonEmptyText).personal().doc("The country of the personal number, such as `SE`.").example("\"SE\""),
        Input::optional("eMail", NonEmptyText).personal().doc("The e-mail address of the account.").example("\"alice@example.org\""),
        Input::optional("phoneNr", NonEmptyText).personal().doc("Its phone number.").example("\"+46700000000\""),
    ])
    .rules(&[
        Rule::Either("userName", "personalNr"),
        Rule::Needs("personalNr", "country"),
        Rule::Either("eMail", "phoneNr"),
    ])
    .responds("RecoverResponse", &Object::EMPTY)
    .example("await AgentAPI.Account.Recover(\"alice\", null, null, \"alice@example.org\");")
    .source("Agent API, Account/Recover");

/// Has the broker validate a token that it issued, and reads its claims.
///
/// Uses JSON whatever the encoding.
AUTHENTICATE_JWT "AuthenticateJwt"
    .access(OptionalToken)
    .inputs(&[Input::required("token", Secret).doc("The token.").example("\"a.b.c\"")])
    .responds("ValidJwt", &Object::new("JwtInfo", "A token that the broker recognizes as its own.", &[
        Output::required("header", OutputKind::Text, "The first part of the token."),
        Output::required("payload", OutputKind::Text, "The second part of the token."),
        Output::required("signature", OutputKind::Text, "The third part of the token."),
        Output::required("algorithm", OutputKind::Text, "The algorithm of the signature, such as `HS256`."),
        Output::required("claims", OutputKind::Json, "All claims, as they are in the token."),
        Output::optional("type", OutputKind::Text, "The type of the token, such as `JWT`."),
        Output::optional("issuer", OutputKind::Text, "Who issued it."),
        Output::optional("subject", OutputKind::Text, "Who it is about: the account's name."),
        Output::optional("id", OutputKind::Text, "Its id."),
        Output::optional("audience", OutputKind::Texts, "Who it is for; empty if it does not say."),
        Output::optional("expiration", OutputKind::DateTime, "When it expires"),
        Output::optional("notBefore", OutputKind::DateTime, "Until when it is not valid yet"),
        Output::optional("issuedAt", OutputKind::DateTime, "When it was issued"),
    ]))
    .json_only()
    .throws("Rejects if it is not valid.")
    .example("const { subject } = await AgentAPI.Account.AuthenticateJwt(token);")
    .source("Agent API, Account/AuthenticateJwt; RFC 7519 for the claims");

/// Reads what the broker knows about the account.
INFO "Info"
    .request_element("GetAccountInfo")
    .responds("AccountInfo", &Object::new("AccountInfo", "What the broker knows about an account.", &[
        Output::required("userName", OutputKind::Text, "The account's name."),
        CREATED,
        UPDATED,
        Output::optional("eMail", OutputKind::Text, "The e-mail address; `\"\"` for none. Missing if the account is not enabled."),
        Output::optional("eMailVerified", OutputKind::DateTime, "When the e-mail address was verified"),
        Output::optional("phoneNr", OutputKind::Text, "The phone number; `\"\"` for none. Missing if the account is not enabled."),
        Output::optional("phoneNrVerified", OutputKind::DateTime, "When the phone number was verified"),
    ]))
    .example("const { created } = await AgentAPI.Account.Info();")
    .source("Agent API, Account/Info");

/// Creates a code with which another app takes over the account and its Legal ID. The two passwords
/// sign the request and are not sent.
TRANSFER "Transfer"
    .effect(Once)
    .inputs(with_key![
        NONCE,
        KEY_SIGNATURE,
        request_signature![Part::Input("nonce"), Part::IfGiven("pin")],
        Input::optional("pin", Secret).doc("A PIN that the other app has to ask for.").example("\"1234\""),
    ])
    .responds("TransferCode", &Object::new("TransferCode", "A code with which another app takes over an account.", &[
        Output::required("onboardingUri", OutputKind::NonEmptyText, "The URI for the other app."),
        Output::required("qrCodeUrl", OutputKind::NonEmptyText, "The URL of an image of it as a QR code."),
        Output::required("qrCodeWidth", OutputKind::Integer(1, 2_147_483_647), "The width of that image, in pixels."),
        Output::required("qrCodeHeight", OutputKind::Integer(1, 2_147_483_647), "The height of that image, in pixels."),
    ]))
    .example("const { qrCodeUrl } = await AgentAPI.Account.Transfer(\n  \"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword, \"1234\",\n);")
    .source("Agent API, Account/Transfer");

/// Asks the account's own broker for the Legal ID to send to another one.
PREPARE_REMOTE_QUICK_LOGIN "PrepareRemoteQuickLogin"
    .effect(Write)
    .responds("PrepareRemoteQuickLoginResponse", &Object::new("RemoteQuickLoginPreparation", "What to send to another broker.", &[
        Output::required("legalId", OutputKind::NonEmptyText, "The Legal ID to send to the other broker."),
    ]))
    .example("const { legalId } = await AgentAPI.Account.PrepareRemoteQuickLogin();")
    .source("Agent API, Account/PrepareRemoteQuickLogin");

/// Logs in to another broker with a Legal ID, over TLS. The token of this session is not sent to it.
REMOTE_QUICK_LOGIN "RemoteQuickLogin"
    .access(Cookie)
    .effect(Once)
    .inputs(&[
        Input::required("domain", Host).role(Role::OtherBroker).doc("The other broker's host.").example("\"other.example\""),
        Input::required("legalId", NonEmptyText).doc("The Legal ID of {@link Account.PrepareRemoteQuickLogin}.").example("\"legal@id\""),
        Input::required("purpose", NonEmptyText).doc("The purpose, which the person is shown.").example("\"To test\""),
        Input::derived("tabId", Derived::TabId),
    ])
    .responds("RemoteQuickLoginResponse", &Object::new("RemoteQuickLoginResult", "The state of a login to another broker.", &[
        Output::required("loggedIn", OutputKind::Boolean, "Whether the session is logged in already."),
        Output::required("petitionSent", OutputKind::Boolean, "Whether the person was asked for consent."),
    ]))
    .example("await AgentAPI.Account.RemoteQuickLogin(\"other.example.org\", legalId, \"To log in.\");")
    .source("Agent API, Account/RemoteQuickLogin");

/// Reads at which other brokers Legal IDs of the account are known.
REMOTE_REFERENCES "RemoteReferences"
    .responds("RemoteReferencesResult", &Object::new("RemoteReferences", "Other brokers at which Legal IDs of an account are known.", &[
        Output::required("References", OutputKind::Objects(&REMOTE_REFERENCE, &Entries::Within("Reference")), "The Legal IDs and the domains that know them; may be incomplete."),
    ]))
    .example("const { References } = await AgentAPI.Account.RemoteReferences();")
    .source("Agent API, Account/RemoteReferences");

}

const USER_NAME: Input =
    Input::required("userName", UserName).doc("The account's name, the part before `@`.");

const PASSWORD: Input = Input::required("password", Password)
    .doc(
        "The account's password; not empty. However it was typed, it is signed in one form \
         (RFC 8265: composed characters, plain spaces).",
    )
    .example("\"correct horse\"");

const LANGUAGE: Input = Input::optional("language", Language);

const CODE: Input = Input::required("code", Code)
    .doc("The digits; as a string they keep their leading zeros.")
    .example("\"012345\"");

const SECONDS: Input = Input::required("seconds", Integer(1, 3600))
    .doc("How long the session lasts, in seconds.")
    .example("3600");

const JWT: Output = Output::required(
    "jwt",
    OutputKind::Token,
    "The session's bearer token. It is a secret: whoever has it has the session.",
);
const EXPIRES: Output = Output::required("expires", OutputKind::DateTime, "When the token expires");
const CREATED: Output =
    Output::required("created", OutputKind::DateTime, "When the account was created");
const UPDATED: Output =
    Output::optional("updated", OutputKind::DateTime, "When the account was last changed");

static TOKEN: Object = Object::new("Token", "A session's token.", &[JWT, EXPIRES]);

static ACCOUNT_CREATED: Object = Object::new(
    "AccountCreated",
    "An account that was created, with its first session.",
    &[
        CREATED,
        UPDATED,
        Output::required(
            "enabled",
            OutputKind::Boolean,
            "Whether the account can be used; not before its addresses are verified.",
        ),
        Output::required("canRelay", OutputKind::Boolean, "Whether the account may relay e-mail."),
        JWT,
        EXPIRES,
        Output::optional(
            "eMailCodeSent",
            OutputKind::Boolean,
            "Whether a code was sent to the e-mail address.",
        ),
        Output::optional(
            "phoneNrCodeSent",
            OutputKind::Boolean,
            "Whether a code was sent to the phone number.",
        ),
    ],
);

static REMOTE_REFERENCE: Object = Object::new(
    "RemoteReference",
    "Where a Legal ID of an account is known.",
    &[
        Output::required("domain", OutputKind::NonEmptyText, "The other broker's domain."),
        Output::required("legalId", OutputKind::NonEmptyText, "The Legal ID there."),
    ],
);
