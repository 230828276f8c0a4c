//! From checked arguments to a request: mostly they are the same, but some calls are signed, and
//! some of what a caller gives goes into a header, the path or to another broker.

use super::context::CallContext;
use super::job::{Job, Outgoing, Payload};
use super::progress::Progress;
use crate::environment::origin::Origin;
use crate::environment::{Body, Environment, HttpRequest};
use crate::error::{Error, ErrorKind};
use crate::session::keys;
use crate::syntax::host;
use crate::text;
use crate::wire::{
    Access, AnswerKind, BodyKind, Derived, Encoding, Input, InputKind, NONCE_BYTES, Resource, Role,
    SigningContext, Value, basic_credentials, nonce,
};
use std::rc::Rc;

const CONTENT_TYPE: &str = "Content-Type";

impl<E: Environment> CallContext<E> {
    /// Where a request goes: to the broker, if not to another one.
    pub(super) fn target(
        &self,
        resource: &Resource,
        arguments: &Value,
    ) -> Result<Origin, Box<Error>> {
        match resource.inputs.iter().find(|input| matches!(input.role, Role::OtherBroker)) {
            Some(input) => {
                let origin = self.session.broker.origin_of(arguments.text(input.name), true);
                origin.ok_or_else(|| ErrorKind::invalid(&input.parameter(), host::RULE).into())
            }
            None => self.session.broker.safe_origin(),
        }
    }

    /// The path of a URL that a caller gave. The token goes with the request, so it has to be one of this
    /// broker, and of what the resource is about.
    fn own_path<'a>(
        &self,
        resource: &Resource,
        input: &Input,
        url: &'a str,
        origin: &Origin,
    ) -> Result<&'a str, Box<Error>> {
        let root = text::concat(&[&resource.path(), "/"]);
        let path = match self.resolve(url) {
            Ok((at, path)) if at == *origin => path,
            _ => "",
        };
        if path.len() > root.len() && path.starts_with(&root) {
            return Ok(path);
        }
        let rule = text::concat(&["must be a URL of the account's broker below ", &root, "."]);
        Err(ErrorKind::invalid(&input.parameter(), rule).into())
    }

    /// Makes the request, all but the token. It is signed anew for each attempt; the arguments were
    /// checked before the first one.
    pub(super) fn prepare(
        &self,
        job: &Job,
        progress: &Progress,
    ) -> Result<Box<Outgoing>, Box<Error>> {
        let (resource, arguments, encoding) = match &job.payload {
            Payload::Resource(resource, arguments, encoding) => (resource, arguments, *encoding),
            Payload::Request(request, secrets) => {
                let (request, secrets) = (request.clone(), secrets.clone());
                return Ok(Box::new(Outgoing { request, secrets, in_xml: false }));
            }
        };
        let mut inputs = arguments.clone();
        for input in resource.inputs {
            if let Some(derived) = &input.derived
                && let Some(text) = self.derive(derived, job, &inputs)?
            {
                inputs.put(input.name, Value::String(text));
            }
        }
        let mut secrets = resource.secrets(&inputs);
        if let Some(content) = &progress.content {
            secrets.append(&mut self.texts_of(content));
        }
        let mut headers = Vec::new();
        let mut path = resource.path();
        for input in resource.inputs {
            let text = inputs.scalar_text(input.name);
            match input.role {
                Role::Header(name) if !text.is_empty() => headers.push((name, header(input, text))),
                Role::Path if matches!(input.kind, InputKind::OwnUrl) => {
                    path = self.own_path(resource, input, &text, &job.origin)?.into();
                }
                Role::Path => path.push_str(&text::concat(&["/", &text::percent_encode(&text)])),
                _ => {}
            }
        }
        if resource.shows_referrer {
            // A page has one of its own, and does not let a program set it.
            headers.push(("Referer", text::concat(&[&job.origin.base_url(), "/"])));
        }
        let properties = resource.body_of(inputs);
        let print = |number| self.environment.write_json(&Value::Number(number));
        let xml = match encoding {
            // What is documented in JSON only goes in JSON.
            Encoding::Xml => resource.xml_request(&properties, &print),
            Encoding::Json => None,
        };
        let in_xml = xml.is_some();
        let mut media_type = String::from(if in_xml { "text/xml" } else { "application/json" });
        let reads_bytes = resource.answer == AnswerKind::Bytes;
        let accepted = if reads_bytes { "*/*".into() } else { media_type.clone() };
        headers.push(("Accept", accepted));
        let body = match resource.body {
            BodyKind::Nothing => Body::Nothing,
            BodyKind::Object => {
                Body::Text(xml.unwrap_or_else(|| self.environment.write_json(&properties)))
            }
            BodyKind::Form => {
                media_type.clear();
                let is_content = |input: &&Input| input.kind.is_content();
                let name = resource.inputs.iter().find(is_content).map_or("", |input| input.name);
                let content = progress.content.as_ref().map(|content| content.body.clone());
                let content = Rc::new(content.unwrap_or(Body::Nothing));
                Body::Form(self.environment.write_json(&properties), name, content)
            }
            BodyKind::Bytes => match &progress.content {
                Some(content) => {
                    media_type.clone_from(&content.media_type);
                    content.body.clone()
                }
                None => Body::Nothing,
            },
        };
        let is_chosen = headers.iter().any(|(name, _)| *name == CONTENT_TYPE);
        if !is_chosen && !media_type.is_empty() && !matches!(body, Body::Nothing) {
            headers.push((CONTENT_TYPE, media_type));
        }
        let request = HttpRequest {
            method: resource.method,
            url: text::concat(&[&job.origin.base_url(), &path]),
            headers,
            body,
            with_cookies: resource.access == Access::Cookie,
            to_own_broker: !resource.goes_to_other_broker(),
            reads_bytes,
        };
        Ok(Box::new(Outgoing { request, secrets, in_xml }))
    }

    /// What is made of the inputs before it. `None` if it is left out.
    fn derive(
        &self,
        derived: &Derived,
        job: &Job,
        inputs: &Value,
    ) -> Result<Option<String>, Box<Error>> {
        Ok(match derived {
            Derived::Nonce => {
                let mut random = [0; NONCE_BYTES];
                self.environment.fill_random(&mut random)?;
                Some(nonce(&random))
            }
            Derived::Signature(signature) => {
                let user_name = self.environment.load(keys::USER_NAME);
                let context =
                    SigningContext { user_name: user_name.as_deref(), host: job.origin.host() };
                Some(signature.sign(context, inputs).ok_or(ErrorKind::NotLoggedIn)?)
            }
            Derived::TabId => self.environment.tab_id(),
            Derived::BasicCredentials => {
                Some(basic_credentials(inputs.text("userName"), inputs.text("password")))
            }
            Derived::Element(template) => Some(template.filled(inputs)),
        })
    }
}

fn header(input: &Input, text: String) -> String {
    match input.derived {
        Some(Derived::BasicCredentials) => text::concat(&["Basic ", &text]),
        _ => text,
    }
}
