//! From a call's arguments to a request: mostly they are the same, but some calls are signed, and
//! some of what a caller gives goes into a header.

use super::context::CallContext;
use super::job::{Job, Outgoing, Payload};
use super::refusal::retain_redactable;
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, HttpRequest};
use crate::error::{Error, ErrorKind};
use crate::session::{
    NONCE_BYTES, basic_credentials, create_signature, keys, login_signature, nonce,
    transfer_signatures,
};
use crate::syntax::host;
use crate::text;
use crate::wire::{Access, Encoding, Method, Recipe, Resource, Value};

impl<E: Environment> CallContext<E> {
    /// Where a request goes: to the broker, if not to another one.
    pub(super) fn target(
        &self,
        resource: &Resource,
        arguments: &Value,
    ) -> Result<Origin, Box<Error>> {
        match resource.recipe {
            Recipe::Elsewhere => {
                let origin = self.session.broker.origin_of(arguments.text("domain"), true);
                origin.ok_or_else(|| ErrorKind::invalid("Domain", host::RULE).into())
            }
            _ => self.session.broker.safe_origin(),
        }
    }

    /// Makes the request, all but the token, anew for each attempt. What is missing for it is told
    /// here.
    pub(super) fn prepare(&self, job: &Job) -> Result<Box<Outgoing>, Box<Error>> {
        let (resource, arguments, encoding) = match &job.payload {
            Payload::Resource(resource, arguments, encoding) => (resource, arguments, *encoding),
            Payload::Request(request, secrets) => {
                let (request, secrets) = (request.clone(), secrets.clone());
                return Ok(Box::new(Outgoing { request, secrets, in_xml: false }));
            }
        };
        let text = |name| arguments.text(name);
        let host = job.origin.host();
        let mut headers = vec![("Accept", String::new())];
        // What is sent: what the caller gave, and what we add.
        let mut fields = arguments.clone();
        let mut put = |name, value: String| fields.put(name, Value::String(value));
        let nonce = match resource.recipe {
            Recipe::Login | Recipe::Create | Recipe::Transfer => self.nonce()?,
            _ => String::new(),
        };
        match resource.recipe {
            Recipe::Plain | Recipe::Logout | Recipe::Refresh => {}
            Recipe::Language => {
                let language = text("language");
                if !language.is_empty() {
                    headers.push(("Accept-Language", language.into()));
                }
            }
            Recipe::Login => {
                let signature = login_signature(text("userName"), host, &nonce, text("password"));
                put("signature", signature);
            }
            Recipe::Create => {
                let (user, e_mail, phone_nr) = (text("userName"), text("eMail"), text("phoneNr"));
                let (password, api_key) = (text("password"), text("apiKey"));
                let parts = [user, host, e_mail, phone_nr, password, api_key, &nonce];
                put("signature", create_signature(parts, text("secret")));
            }
            Recipe::Password => {
                let credentials = basic_credentials(text("userName"), text("password"));
                headers.push(("Authorization", credentials));
            }
            Recipe::Recover => check_recovery(arguments)?,
            Recipe::Transfer => {
                let user = self.environment.load(keys::USER_NAME).ok_or(ErrorKind::NotLoggedIn)?;
                let (key_signature, request_signature) = transfer_signatures(
                    [&user, host, text("localName"), text("namespace"), text("keyId")],
                    text("keyPassword"),
                    &nonce,
                    text("pin"),
                    text("accountPassword"),
                );
                put("requestSignature", request_signature);
                put("keySignature", key_signature);
            }
            Recipe::Elsewhere => {
                if let Some(tab_id) = self.environment.tab_id() {
                    put("tabId", tab_id);
                }
            }
        }
        if !nonce.is_empty() {
            put("nonce", nonce);
        }
        let payload = resource.request(field_values(resource, &fields))?;
        let mut secrets = resource.secrets(arguments, &payload);
        if resource.recipe == Recipe::Recover {
            // All of it is about a person who is not logged in.
            payload.texts(&mut secrets);
            retain_redactable(&mut secrets);
        }
        for (_, value) in &headers {
            if let Some(credentials) = value.strip_prefix("Basic ") {
                secrets.push(String::from(credentials));
            }
        }
        let xml = match encoding {
            // What is documented in JSON only goes in JSON.
            Encoding::Xml => resource.xml_request(&payload),
            Encoding::Json => None,
        };
        let in_xml = xml.is_some();
        let media_type = if in_xml { "text/xml" } else { "application/json" };
        if let Some((_, accept)) = headers.first_mut() {
            *accept = media_type.into();
        }
        let body = match resource.method {
            Method::Get => Body::Nothing,
            Method::Post => {
                headers.push(("Content-Type", media_type.into()));
                Body::Text(xml.unwrap_or_else(|| self.environment.write_json(&payload)))
            }
        };
        let request = HttpRequest {
            method: resource.method,
            url: text::concat(&[&job.origin.base_url(), &resource.path()]),
            headers,
            body,
            with_cookies: resource.access == Access::Cookie,
            to_own_broker: resource.recipe != Recipe::Elsewhere,
        };
        Ok(Box::new(Outgoing { request, secrets, in_xml }))
    }

    fn nonce(&self) -> Result<String, ErrorKind> {
        let mut random = [0; NONCE_BYTES];
        self.environment.fill_random(&mut random)?;
        Ok(nonce(&random))
    }
}

fn check_recovery(arguments: &Value) -> Result<(), ErrorKind> {
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
    Err(ErrorKind::invalid(parameter, rule))
}

/// The values of a request's fields, in their order.
pub(crate) fn field_values(resource: &Resource, fields: &Value) -> Vec<Value> {
    let mut values = Vec::new();
    for field in resource.request {
        values.push(fields.get(field.name).cloned().unwrap_or(Value::Null));
    }
    values
}
