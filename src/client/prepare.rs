//! From a call's arguments to a request: mostly they are the same, but some calls are signed, and
//! some of what a caller gives goes into a header.

use super::call::Outgoing;
use super::{Client, Environment, Origin};
use crate::error::Error;
use crate::session::{
    NONCE_BYTES, basic_credentials, create_signature, keys, login_signature, nonce,
    transfer_signatures,
};
use crate::wire::{Access, Recipe, Resource, Value};

impl<E: Environment> Client<E> {
    /// Makes the request. What is missing for it is told here, before anything is sent.
    pub(super) fn prepare<'a>(
        &self,
        resource: &'a Resource,
        arguments: &Value,
    ) -> Result<Outgoing<'a>, Error> {
        let text = |name| text_of(arguments, name);
        let token = match resource.access {
            Access::Open | Access::Cookie => None,
            Access::Welcome | Access::Session => self.environment.load(keys::TOKEN),
        };
        let mut header = None;
        let mut elsewhere = None;
        let mut own = Vec::new();
        match resource.recipe {
            Recipe::Plain | Recipe::Logout => {}
            Recipe::Language => {
                let language = Some(text("language")).filter(|language| !language.is_empty());
                header = language.map(|language| ("Accept-Language", language.into()));
            }
            Recipe::Login => {
                let (nonce, origin) = (self.nonce()?, self.origin()?);
                let signature =
                    login_signature(text("userName"), origin.host(), &nonce, text("password"));
                own = vec![("nonce", nonce), ("signature", signature)];
            }
            Recipe::Create => {
                let (nonce, origin) = (self.nonce()?, self.origin()?);
                let [user, e_mail, phone_nr] = ["userName", "eMail", "phoneNr"].map(text);
                let [password, api_key] = ["password", "apiKey"].map(text);
                let parts = [user, origin.host(), e_mail, phone_nr, password, api_key, &nonce];
                let signature = create_signature(parts, text("secret"));
                own = vec![("nonce", nonce), ("signature", signature)];
            }
            Recipe::Password => {
                let credentials = basic_credentials(text("userName"), text("password"));
                header = Some(("Authorization", credentials));
            }
            Recipe::Refresh if token.is_none() => return Err(Error::NotLoggedIn),
            Recipe::Refresh => {}
            Recipe::Recover => check_recovery(arguments)?,
            Recipe::Transfer => {
                let user = self.environment.load(keys::USER_NAME).ok_or(Error::NotLoggedIn)?;
                let (nonce, origin) = (self.nonce()?, self.origin()?);
                let [local_name, namespace, key] = ["localName", "namespace", "keyId"].map(text);
                let (key_signature, request_signature) = transfer_signatures(
                    [&user, origin.host(), local_name, namespace, key],
                    text("keyPassword"),
                    &nonce,
                    text("pin"),
                    text("accountPassword"),
                );
                own = vec![
                    ("nonce", nonce),
                    ("requestSignature", request_signature),
                    ("keySignature", key_signature),
                ];
            }
            Recipe::Elsewhere => {
                elsewhere = Some(Origin::new(text("domain"), true)?);
                own.extend(self.environment.tab_id().map(|tab_id| ("tabId", tab_id)));
            }
        }
        let request = resource.request(merged(resource, arguments, &own))?;
        let mut secrets = resource.secrets(arguments, &request);
        let credentials = header.iter().filter_map(|(_, value)| value.strip_prefix("Basic "));
        secrets.extend(credentials.map(String::from));
        Ok(Outgoing { resource, request, token, elsewhere, header, secrets })
    }

    fn nonce(&self) -> Result<String, Error> {
        let mut random = [0; NONCE_BYTES];
        self.environment.fill_random(&mut random)?;
        Ok(nonce(&random))
    }
}

fn check_recovery(arguments: &Value) -> Result<(), Error> {
    let has = |name| arguments.get(name).is_some();
    let (parameter, rule) = if !has("userName") && !has("personalNr") {
        ("UserName", "is missing, and so is PersonalNr. Give one of them.")
    } else if has("personalNr") && !has("country") {
        ("Country", "is missing. A personal number needs its country, for example \"SE\".")
    } else if !has("eMail") && !has("phoneNr") {
        ("EMail", "is missing, and so is PhoneNr. Give one of them.")
    } else {
        return Ok(());
    };
    Err(Error::invalid(parameter, rule))
}

/// A text of an object, empty where there is none.
pub(super) fn text_of<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The values of a request's fields: those of the arguments, and some of our own.
fn merged(resource: &Resource, arguments: &Value, own: &[(&str, String)]) -> Vec<Value> {
    let fields = resource.request.iter();
    let value = fields.map(|field| match own.iter().find(|(name, _)| *name == field.name) {
        Some((_, value)) => value.as_str().into(),
        None => arguments.get(field.name).cloned().unwrap_or(Value::Null),
    });
    value.collect()
}
