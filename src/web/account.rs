//! `AgentAPI.Account`

use super::{arguments, call, io, promise};
use crate::resources::account::{
    AUTHENTICATE_JWT, CREATE, DOMAIN_INFO, GET_SESSION_TOKEN, INFO, LOGIN, LOGOUT,
    PREPARE_REMOTE_QUICK_LOGIN, QUICK_LOGIN, RECOVER, REFRESH, REMOTE_QUICK_LOGIN,
    REMOTE_REFERENCES, RESEND_VERIFICATION_CODES, TRANSFER, VERIFY_E_MAIL, VERIFY_PHONE_NR,
    WWW_LOGIN,
};
use crate::syntax::xml::escape;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

/// Reads what the broker says of its domain.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "DomainInfo", unchecked_return_type = "Promise<DomainInfo>")]
pub fn domain_info(
    #[wasm_bindgen(
        unchecked_param_type = "[Language?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&DOMAIN_INFO, arguments)
}

/// Takes over the session of an account that was made with the web form.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "GetSessionToken", unchecked_return_type = "Promise<SessionToken>")]
pub fn get_session_token(
    #[wasm_bindgen(unchecked_param_type = "[Options?: Maybe<CallOptions>]")] arguments: Array,
) -> Promise {
    call(&GET_SESSION_TOKEN, arguments)
}

/// Tells the broker the code that it sent to an e-mail address.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "VerifyEMail", unchecked_return_type = "Promise<EMailVerified>")]
pub fn verify_e_mail(
    #[wasm_bindgen(
        unchecked_param_type = "[EMail: string, Code: string | number, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&VERIFY_E_MAIL, arguments)
}

/// Tells the broker the code that it sent to a phone number.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "VerifyPhoneNr", unchecked_return_type = "Promise<PhoneNrVerified>")]
pub fn verify_phone_nr(
    #[wasm_bindgen(
        unchecked_param_type = "[PhoneNr: string, Code: string | number, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&VERIFY_PHONE_NR, arguments)
}

/// Has the codes sent again.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "ResendVerificationCodes", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn resend_verification_codes(
    #[wasm_bindgen(
        unchecked_param_type = "[EMail: string, PhoneNr?: Maybe<string>, Language?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&RESEND_VERIFICATION_CODES, arguments)
}

/// Opens a session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Login", unchecked_return_type = "Promise<Token>")]
pub fn login(
    #[wasm_bindgen(
        unchecked_param_type = "[UserName: string, Password: string, Seconds: number, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&LOGIN, arguments)
}

/// Takes over the session of a Quick-Login.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "QuickLogin", unchecked_return_type = "Promise<QuickLoginResult>")]
pub fn quick_login(
    #[wasm_bindgen(unchecked_param_type = "[Seconds: number, Options?: Maybe<CallOptions>]")]
    arguments: Array,
) -> Promise {
    call(&QUICK_LOGIN, arguments)
}

/// Opens a session with the password itself.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "WwwLogin", unchecked_return_type = "Promise<Token>")]
pub fn www_login(
    #[wasm_bindgen(
        unchecked_param_type = "[UserName: string, Password: string, Seconds: number, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&WWW_LOGIN, arguments)
}

/// Prolongs the session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Refresh", unchecked_return_type = "Promise<Token>")]
pub fn refresh(
    #[wasm_bindgen(unchecked_param_type = "[Seconds: number, Options?: Maybe<CallOptions>]")]
    arguments: Array,
) -> Promise {
    call(&REFRESH, arguments)
}

/// Goes on with the session that is kept here.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "RestartActiveSession", unchecked_return_type = "Promise<boolean>")]
pub fn restart_active_session(
    #[wasm_bindgen(unchecked_param_type = "[Options?: Maybe<CallOptions>]")] arguments: Array,
) -> Promise {
    promise("Account.RestartActiveSession".into(), &|client| {
        Ok(client.restart_session(arguments::options(&arguments.get(0))?))
    })
}

/// Ends the session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Logout", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn logout(
    #[wasm_bindgen(unchecked_param_type = "[Options?: Maybe<CallOptions>]")] arguments: Array,
) -> Promise {
    call(&LOGOUT, arguments)
}

/// Has a function called when a session begins, goes on or ends.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "OnSessionChange", unchecked_return_type = "() => void")]
pub fn on_session_change(
    #[wasm_bindgen(unchecked_param_type = "[Listener: (event: SessionEvent) => void]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    io::listen("Account.OnSessionChange", "session", &arguments)
}

/// Asks for help with an account whose password is lost.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Recover", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn recover(
    #[wasm_bindgen(
        unchecked_param_type = "[UserName?: Maybe<string>, PersonalNr?: Maybe<string>, Country?: Maybe<string>, EMail?: Maybe<string>, PhoneNr?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&RECOVER, arguments)
}

/// Has the broker check a token.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "AuthenticateJwt", unchecked_return_type = "Promise<JwtInfo>")]
pub fn authenticate_jwt(
    #[wasm_bindgen(unchecked_param_type = "[Token: string, Options?: Maybe<CallOptions>]")]
    arguments: Array,
) -> Promise {
    call(&AUTHENTICATE_JWT, arguments)
}

/// Reads what the broker knows of the account.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Info", unchecked_return_type = "Promise<AccountInfo>")]
pub fn info(
    #[wasm_bindgen(unchecked_param_type = "[Options?: Maybe<CallOptions>]")] arguments: Array,
) -> Promise {
    call(&INFO, arguments)
}

/// Makes a code by which another app takes the account over.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Transfer", unchecked_return_type = "Promise<TransferCode>")]
pub fn transfer(
    #[wasm_bindgen(
        unchecked_param_type = "[LocalName: string, Namespace: string, KeyId: string, KeyPassword: string, AccountPassword: string, Pin?: Maybe<string>, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&TRANSFER, arguments)
}

/// Asks the own broker for the Legal ID to show to another one.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "PrepareRemoteQuickLogin", unchecked_return_type = "Promise<RemoteQuickLoginPreparation>")]
pub fn prepare_remote_quick_login(
    #[wasm_bindgen(unchecked_param_type = "[Options?: Maybe<CallOptions>]")] arguments: Array,
) -> Promise {
    call(&PREPARE_REMOTE_QUICK_LOGIN, arguments)
}

/// Logs in to another broker.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "RemoteQuickLogin", unchecked_return_type = "Promise<RemoteQuickLoginResult>")]
pub fn remote_quick_login(
    #[wasm_bindgen(
        unchecked_param_type = "[Domain: string, LegalId: string, Purpose: string, Options?: Maybe<CallOptions>]"
    )]
    arguments: Array,
) -> Promise {
    call(&REMOTE_QUICK_LOGIN, arguments)
}

/// Reads where else the account's Legal IDs are known.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "RemoteReferences", unchecked_return_type = "Promise<RemoteReferences>")]
pub fn remote_references(
    #[wasm_bindgen(unchecked_param_type = "[Options?: Maybe<CallOptions>]")] arguments: Array,
) -> Promise {
    call(&REMOTE_REFERENCES, arguments)
}

/// Makes an account. Its arguments come in two orders, with a phone number or without: `UserName,
/// EMail, PhoneNr, Password, ApiKey, Secret, Seconds, Language, Options`, or `UserName, EMail,
/// Password, ApiKey, Secret, Seconds, Language, Options`.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Create", unchecked_return_type = "Promise<AccountCreated>")]
pub fn create(
    #[wasm_bindgen(unchecked_param_type = "CreateArguments")] arguments: Array,
) -> Promise {
    arguments::arrange("Create", &arguments);
    call(&CREATE, arguments)
}

/// A text for use in XML.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "XmlEncode", unchecked_return_type = "string")]
pub fn xml_encode(
    #[wasm_bindgen(unchecked_param_type = "[Text: string]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    io::answer("Account.XmlEncode", &|_| {
        Ok(escape(&arguments::text("Text", &arguments.get(0))?).into())
    })
}
