//! The declarations of `src/resources` as JSON, from which types and documents are made.

use neuron_agent_api::resources;
use neuron_agent_api::wire::{
    Access, AnswerKind, BodyKind, Derived, Effect, Entries, Input, InputKind, NAMED_FROM, Object,
    Output, OutputKind, Part, Resource, Role, Rule, Signature, Trace,
};
use serde_json::{Value, json};

use crate::Outcome;

/// Prints them to standard output.
#[allow(clippy::print_stdout, reason = "build.mjs reads it")]
pub fn print() -> Outcome<()> {
    let resources: Vec<_> = resources::all().map(resource).collect();
    println!("{}", serde_json::to_string_pretty(&resources)?);
    Ok(())
}

fn resource(resource: &'static Resource) -> Value {
    let docs = &resource.docs;
    json!({
        "group": resource.group,
        "name": resource.name,
        "path": resource.path(),
        "method": resource.method.name(),
        "access": match resource.access {
            Access::Anonymous => "anonymous",
            Access::Cookie => "cookie",
            Access::OptionalToken => "optional token",
            Access::RequiresToken => "token",
        },
        "effect": match resource.effect {
            Effect::Read => "read",
            Effect::Write => "write",
            Effect::Stanza(Trace::None) => "stanza",
            Effect::Stanza(Trace::Requested | Trace::Granted | Trace::Ended) => "traced stanza",
            Effect::Session | Effect::Account => "session",
            Effect::Consume => "consume",
            Effect::Once => "once",
        },
        "body": match resource.body {
            BodyKind::Nothing => "nothing",
            BodyKind::Object => "object",
            BodyKind::Form => "form",
            BodyKind::Bytes => "bytes",
        },
        "showsReferrer": resource.shows_referrer,
        "isAlias": resource.is_alias(),
        "answersBytes": resource.answer == AnswerKind::Bytes,
        "isExported": resources::is_exported(resource),
        "takesNamed": resource.parameters().into_iter().filter(is_documented).count() >= NAMED_FROM,
        "parameters": resource.parameters().into_iter().filter(is_documented).map(input).collect::<Vec<_>>(),
        "request": resource.inputs.iter().filter(is_sent).map(input).collect::<Vec<_>>(),
        "signatures": resource.inputs.iter().filter_map(signature).collect::<Vec<_>>(),
        "either": resource.rules.iter().filter_map(either).collect::<Vec<_>>(),
        "needs": resource.rules.iter().filter_map(needs).collect::<Vec<_>>(),
        "response": object(resource.response),
        "elements": resource.elements.map(|(request, response)| [request, response]),
        "text": docs.text,
        "returns": docs.returns,
        "throws": docs.throws,
        "example": docs.example,
        "source": docs.source,
        "parametersAs": docs.parameters,
    })
}

/// Two inputs of which one has to be given.
fn either(rule: &Rule) -> Option<[&'static str; 2]> {
    match *rule {
        Rule::Either(one, other) => Some([one, other]),
        Rule::Needs(..) => None,
    }
}

/// An input that can't be given without another, and that.
fn needs(rule: &Rule) -> Option<[&'static str; 2]> {
    match *rule {
        Rule::Needs(one, other) => Some([one, other]),
        Rule::Either(..) => None,
    }
}

fn is_documented(input: &&'static Input) -> bool {
    !matches!(input.role, Role::SetByLibrary)
}

fn is_sent(input: &&'static Input) -> bool {
    !matches!(input.role, Role::SignatureOnly)
}

fn signature(input: &'static Input) -> Option<Value> {
    let Some(Derived::Signature(&Signature { key, parts })) = input.derived else { return None };
    Some(json!({ "name": input.name, "key": key, "parts": self::parts(parts) }))
}

fn parts(parts: &'static [Part]) -> Vec<Value> {
    let part = |part: &'static Part| match part {
        Part::SessionUser => vec![json!({ "is": "session user" })],
        Part::Host => vec![json!({ "is": "host" })],
        Part::Input(name) => vec![json!({ "is": "input", "name": name })],
        Part::IfGiven(name) => vec![json!({ "is": "input if given", "name": name })],
        Part::Pairs(name) => vec![json!({ "is": "pairs", "name": name })],
        Part::Parts(parts) => self::parts(parts),
    };
    parts.iter().flat_map(part).collect()
}

/// Where an input goes; in a header, the name of that.
fn place(role: &Role) -> Value {
    let name = match *role {
        Role::Body | Role::SetByLibrary | Role::Spread => "body",
        Role::Header(header) => return json!({ "is": "header", "name": header }),
        Role::Path => "path",
        Role::OtherBroker => "broker",
        Role::SignatureOnly => "signature",
    };
    json!({ "is": name })
}

/// What the library makes of other inputs, or by itself.
fn derived(derived: &Derived) -> &'static str {
    match derived {
        Derived::Nonce => "nonce",
        Derived::Signature(_) => "signature",
        Derived::TabId => "tab id",
        Derived::BasicCredentials => "credentials",
        Derived::Element(_) => "element",
    }
}

fn input(input: &'static Input) -> Value {
    json!({
        "name": input.name,
        "place": place(&input.role),
        "derived": input.derived.as_ref().map(derived),
        "parameter": input.parameter(),
        "required": input.required,
        "isSecret": input.is_secret(),
        "notEmpty": input.not_empty,
        "kind": input_kind(&input.kind),
        "text": input.doc,
        "example": input.example,
    })
}

fn inputs(fields: &'static [Input]) -> Vec<Value> {
    fields.iter().map(input).collect()
}

fn input_kind(kind: &'static InputKind) -> Value {
    let name = match kind {
        InputKind::Text => "text",
        InputKind::NonEmptyText => "non-empty text",
        InputKind::Secret => "secret",
        InputKind::Password => "password",
        InputKind::UserName => "user name",
        InputKind::Address => "address",
        InputKind::Host => "host",
        InputKind::Language => "language",
        InputKind::StanzaId => "stanza id",
        InputKind::OneOf(texts) => return json!({ "is": "one of", "texts": texts }),
        InputKind::Code => "code",
        InputKind::Xml => "xml",
        InputKind::XmlText => "xml text",
        InputKind::Boolean => "boolean",
        InputKind::Integer(least, greatest) => {
            return json!({ "is": "integer", "least": least, "greatest": greatest });
        }
        InputKind::IntegerOr(least, greatest, default) => {
            return json!({ "is": "integer", "least": least, "greatest": greatest, "default": default });
        }
        InputKind::Decimal => "decimal",
        InputKind::DateTime => "date-time",
        InputKind::Base64 => "base64",
        InputKind::Texts => "texts",
        InputKind::Object(fields) => return json!({ "is": "object", "fields": inputs(fields) }),
        InputKind::Objects(fields, entries) => {
            let (entries, within) = names(entries);
            return json!({ "is": "objects", "fields": inputs(fields), "entries": entries, "areWithin": within });
        }
        InputKind::Map(fields, entry) => {
            return json!({ "is": "map", "fields": inputs(*fields), "entries": entry, "areWithin": true });
        }
        InputKind::Json => "json",
        InputKind::Content => "content",
        InputKind::OwnUrl => "url",
        InputKind::Function => "function",
    };
    json!({ "is": name })
}

fn object(object: &'static Object) -> Value {
    json!({
        "name": object.name,
        "text": object.doc,
        "fields": object.fields.iter().map(output).collect::<Vec<_>>(),
    })
}

fn output(output: &'static Output) -> Value {
    json!({
        "name": output.name,
        "required": output.required,
        "kind": output_kind(&output.kind),
        "alias": output.alias,
        "text": output.doc,
        "known": output.known,
        "interface": output.interface,
    })
}

fn output_kind(kind: &'static OutputKind) -> Value {
    let name = match kind {
        OutputKind::Text => "text",
        OutputKind::NonEmptyText => "non-empty text",
        OutputKind::Token => "token",
        OutputKind::Boolean => "boolean",
        OutputKind::Integer(least, greatest) => {
            return json!({ "is": "integer", "least": least, "greatest": greatest });
        }
        OutputKind::DateTime => "date-time",
        OutputKind::Decimal => "decimal",
        OutputKind::Texts => "texts",
        OutputKind::Object(of) => return json!({ "is": "object", "object": object(of) }),
        OutputKind::Objects(of, entries) => {
            let (entries, within) = names(entries);
            return json!({ "is": "objects", "object": object(of), "entries": entries, "areWithin": within });
        }
        OutputKind::Element => "element",
        OutputKind::Elements => "elements",
        OutputKind::Json => "json",
    };
    json!({ "is": name })
}

/// The name of the elements of a list in XML, and whether an element of the list's name holds them.
fn names(entries: &Entries) -> (&'static str, bool) {
    match entries {
        Entries::Within(entry) => (entry, true),
        Entries::Bare(entry) => (entry, false),
    }
}
