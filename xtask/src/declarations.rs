//! The declarations of `src/resources` as JSON, from which types and documents are made.

use neuron_agent_api::resources;
use neuron_agent_api::wire::{
    Access, AnswerKind, Effect, Entries, Input, InputKind, Object, Output, OutputKind, Resource,
    Role, Rule, Trace,
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
            Effect::Session => "session",
            Effect::Consume => "consume",
            Effect::Once => "once",
        },
        "answersBytes": resource.answer == AnswerKind::Bytes,
        "isExported": resources::is_exported(resource),
        "parameters": resource.parameters().into_iter().filter(is_documented).map(input).collect::<Vec<_>>(),
        "request": resource.inputs.iter().filter(|input| input.is_in_body()).map(input).collect::<Vec<_>>(),
        "either": resource.rules.iter().filter_map(either).collect::<Vec<_>>(),
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

fn is_documented(input: &&'static Input) -> bool {
    !matches!(input.role, Role::SetByLibrary)
}

fn input(input: &'static Input) -> Value {
    json!({
        "name": input.name,
        "parameter": input.parameter(),
        "required": input.required,
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
            return json!({ "is": "objects", "fields": inputs(fields), "entries": self::entries(entries) });
        }
        InputKind::Map(fields, entry) => {
            return json!({ "is": "map", "fields": inputs(*fields), "entries": entry });
        }
        InputKind::Json => "json",
        InputKind::Content => "content",
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
        OutputKind::Texts => "texts",
        OutputKind::Object(of) => return json!({ "is": "object", "object": object(of) }),
        OutputKind::Objects(of, entries) => {
            return json!({ "is": "objects", "object": object(of), "entries": self::entries(entries) });
        }
        OutputKind::Element => "element",
        OutputKind::Elements => "elements",
        OutputKind::Json => "json",
    };
    json!({ "is": name })
}

fn entries(entries: &Entries) -> &'static str {
    let (Entries::Within(entry) | Entries::Bare(entry)) = entries;
    entry
}
