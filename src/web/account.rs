//! `AgentAPI.Account`

use super::{arguments, call, call_boxed, client, promise};
use crate::wire::account::{
    AUTHENTICATE_JWT, CREATE, DOMAIN_INFO, GET_SESSION_TOKEN, INFO, LOGIN, LOGOUT,
    PREPARE_REMOTE_QUICK_LOGIN, QUICK_LOGIN, RECOVER, REFRESH, REMOTE_QUICK_LOGIN,
    REMOTE_REFERENCES, RESEND_VERIFICATION_CODES, TRANSFER, VERIFY_E_MAIL, VERIFY_PHONE_NR,
    WWW_LOGIN,
};
use crate::xml::escape;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// Reads what the broker says of its domain.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "DomainInfo", unchecked_return_type = "Promise<DomainInfo>")]
pub fn domain_info(
    #[wasm_bindgen(js_name = "Language", unchecked_optional_param_type = "string | null")]
    language: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&DOMAIN_INFO, [language], options)
}

/// Takes over the session of an account that was made with the web form.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "GetSessionToken", unchecked_return_type = "Promise<SessionToken>")]
pub fn get_session_token(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&GET_SESSION_TOKEN, [], options)
}

/// Tells the broker the code that it sent to an e-mail address.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "VerifyEMail", unchecked_return_type = "Promise<EMailVerified>")]
pub fn verify_e_mail(
    #[wasm_bindgen(js_name = "EMail", unchecked_param_type = "string")] e_mail: JsValue,
    #[wasm_bindgen(js_name = "Code", unchecked_param_type = "string | number")] code: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&VERIFY_E_MAIL, [e_mail, code], options)
}

/// Tells the broker the code that it sent to a phone number.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "VerifyPhoneNr", unchecked_return_type = "Promise<PhoneNrVerified>")]
pub fn verify_phone_nr(
    #[wasm_bindgen(js_name = "PhoneNr", unchecked_param_type = "string")] phone_nr: JsValue,
    #[wasm_bindgen(js_name = "Code", unchecked_param_type = "string | number")] code: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&VERIFY_PHONE_NR, [phone_nr, code], options)
}

/// Has the codes sent again.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "ResendVerificationCodes", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn resend_verification_codes(
    #[wasm_bindgen(js_name = "EMail", unchecked_param_type = "string")] e_mail: JsValue,
    #[wasm_bindgen(js_name = "PhoneNr", unchecked_optional_param_type = "string | null")]
    phone_nr: JsValue,
    #[wasm_bindgen(js_name = "Language", unchecked_optional_param_type = "string | null")]
    language: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&RESEND_VERIFICATION_CODES, [e_mail, phone_nr, language], options)
}

/// Opens a session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Login", unchecked_return_type = "Promise<Token>")]
pub fn login(
    #[wasm_bindgen(js_name = "UserName", unchecked_param_type = "string")] user_name: JsValue,
    #[wasm_bindgen(js_name = "Password", unchecked_param_type = "string")] password: JsValue,
    #[wasm_bindgen(js_name = "Seconds", unchecked_param_type = "number")] seconds: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&LOGIN, [user_name, password, seconds], options)
}

/// Takes over the session of a Quick-Login.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "QuickLogin", unchecked_return_type = "Promise<QuickLoginResult>")]
pub fn quick_login(
    #[wasm_bindgen(js_name = "Seconds", unchecked_param_type = "number")] seconds: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&QUICK_LOGIN, [seconds], options)
}

/// Opens a session with the password itself.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "WwwLogin", unchecked_return_type = "Promise<Token>")]
pub fn www_login(
    #[wasm_bindgen(js_name = "UserName", unchecked_param_type = "string")] user_name: JsValue,
    #[wasm_bindgen(js_name = "Password", unchecked_param_type = "string")] password: JsValue,
    #[wasm_bindgen(js_name = "Seconds", unchecked_param_type = "number")] seconds: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&WWW_LOGIN, [user_name, password, seconds], options)
}

/// Prolongs the session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Refresh", unchecked_return_type = "Promise<Token>")]
pub fn refresh(
    #[wasm_bindgen(js_name = "Seconds", unchecked_param_type = "number")] seconds: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&REFRESH, [seconds], options)
}

/// Goes on with the session that is kept here.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "RestartActiveSession", unchecked_return_type = "Promise<boolean>")]
pub fn restart_active_session(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    promise("Account.RestartActiveSession", async move {
        client().restart_session(arguments::options(&options)?).await
    })
}

/// Ends the session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Logout", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn logout(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&LOGOUT, [], options)
}

/// Asks for help with an account whose password is lost.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Recover", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn recover(
    #[wasm_bindgen(js_name = "UserName", unchecked_optional_param_type = "string | null")]
    user_name: JsValue,
    #[wasm_bindgen(js_name = "PersonalNr", unchecked_optional_param_type = "string | null")]
    personal_nr: JsValue,
    #[wasm_bindgen(js_name = "Country", unchecked_optional_param_type = "string | null")]
    country: JsValue,
    #[wasm_bindgen(js_name = "EMail", unchecked_optional_param_type = "string | null")]
    e_mail: JsValue,
    #[wasm_bindgen(js_name = "PhoneNr", unchecked_optional_param_type = "string | null")]
    phone_nr: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&RECOVER, [user_name, personal_nr, country, e_mail, phone_nr], options)
}

/// Has the broker check a token.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "AuthenticateJwt", unchecked_return_type = "Promise<JwtInfo>")]
pub fn authenticate_jwt(
    #[wasm_bindgen(js_name = "Token", unchecked_param_type = "string")] token: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&AUTHENTICATE_JWT, [token], options)
}

/// Reads what the broker knows of the account.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Info", unchecked_return_type = "Promise<AccountInfo>")]
pub fn info(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&INFO, [], options)
}

/// Makes a code by which another app takes the account over.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Transfer", unchecked_return_type = "Promise<TransferCode>")]
pub fn transfer(
    #[wasm_bindgen(js_name = "LocalName", unchecked_param_type = "string")] local_name: JsValue,
    #[wasm_bindgen(js_name = "Namespace", unchecked_param_type = "string")] namespace: JsValue,
    #[wasm_bindgen(js_name = "KeyId", unchecked_param_type = "string")] key_id: JsValue,
    #[wasm_bindgen(js_name = "KeyPassword", unchecked_param_type = "string")] key_password: JsValue,
    #[wasm_bindgen(js_name = "AccountPassword", unchecked_param_type = "string")]
    account_password: JsValue,
    #[wasm_bindgen(js_name = "Pin", unchecked_optional_param_type = "string | null")] pin: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&TRANSFER, [local_name, namespace, key_id, key_password, account_password, pin], options)
}

/// Asks the own broker for the Legal ID to show to another one.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "PrepareRemoteQuickLogin", unchecked_return_type = "Promise<RemoteQuickLoginPreparation>")]
pub fn prepare_remote_quick_login(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&PREPARE_REMOTE_QUICK_LOGIN, [], options)
}

/// Logs in to another broker.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "RemoteQuickLogin", unchecked_return_type = "Promise<RemoteQuickLoginResult>")]
pub fn remote_quick_login(
    #[wasm_bindgen(js_name = "Domain", unchecked_param_type = "string")] domain: JsValue,
    #[wasm_bindgen(js_name = "LegalId", unchecked_param_type = "string")] legal_id: JsValue,
    #[wasm_bindgen(js_name = "Purpose", unchecked_param_type = "string")] purpose: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&REMOTE_QUICK_LOGIN, [domain, legal_id, purpose], options)
}

/// Reads where else the account's Legal IDs are known.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "RemoteReferences", unchecked_return_type = "Promise<RemoteReferences>")]
pub fn remote_references(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&REMOTE_REFERENCES, [], options)
}

/// Makes an account. Its arguments come in two orders, with a phone number or without: `UserName,
/// EMail, PhoneNr, Password, ApiKey, Secret, Seconds, Language, Options`, or `UserName, EMail,
/// Password, ApiKey, Secret, Seconds, Language, Options`.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Create", variadic, unchecked_return_type = "Promise<AccountCreated>")]
pub fn create(
    #[wasm_bindgen(js_name = "Arguments", unchecked_param_type = "CreateArguments")] arguments: Box<
        [JsValue],
    >,
) -> Promise {
    let (values, options) = arguments::of_create(arguments.into_vec());
    call_boxed(&CREATE, values.into_boxed_slice(), options)
}

/// A text for use in XML.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "XmlEncode")]
pub fn xml_encode(
    #[wasm_bindgen(js_name = "Text", unchecked_param_type = "string")] text: JsValue,
) -> Result<String, JsValue> {
    let encode = || arguments::text("Text", &text).map(|text| escape(&text));
    encode().map_err(|failure| super::error::to_js("Account.XmlEncode", failure))
}
