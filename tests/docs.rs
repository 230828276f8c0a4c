//! `docs/wire.md` says of each resource what its declaration says. `UPDATE_DOCS=1` writes it anew.

use neuron_agent_api::resources::RESOURCES;
use neuron_agent_api::wire::{Access, Effect, Field, Kind, Method, Resource, Trace};

const BEGIN: &str = "<!-- resources: made from src/wire -->\n";
const END: &str = "<!-- end of resources -->\n";

fn row(resource: &Resource) -> String {
    let method = match resource.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let access = match resource.access {
        Access::Open => "nothing",
        Access::Cookie => "a cookie",
        Access::Welcome => "a token, if any",
        Access::Session => "a token",
    };
    let effect = match resource.effect {
        Effect::Read => "read",
        Effect::Write => "write",
        Effect::Stanza(Trace::None) => "stanza",
        Effect::Stanza(_) => "stanza, traced",
        Effect::Session => "session",
        Effect::Consume => "consume",
        Effect::Once => "once",
    };
    let elements = resource
        .elements
        .map_or("–".into(), |(request, response)| format!("`{request}` → `{response}`"));
    format!(
        "| `{}/{}` | {method} | {access} | {effect} | {} | {} | {elements} |\n",
        resource.group,
        resource.name,
        fields(resource.request),
        fields(resource.response),
    )
}

fn fields(fields: &[Field]) -> String {
    let names: Vec<_> = fields
        .iter()
        .map(|field| {
            let mark = if field.required { "" } else { "?" };
            let list = match field.kind {
                Kind::Texts | Kind::Objects(..) | Kind::Elements => "[]",
                _ => "",
            };
            format!("`{}{list}{mark}`", field.name)
        })
        .collect();
    if names.is_empty() { "–".into() } else { names.join(", ") }
}

#[test]
fn the_table_of_resources_is_that_of_the_code() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/wire.md");
    let text = std::fs::read_to_string(file).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    let table = RESOURCES.iter().map(|resource| row(resource)).collect::<String>();
    let expected = format!(
        "\n| Resource | Method | Shows | Effect | Request | Response | In XML |\n|---|---|---|---|---|---|---|\n{table}\n"
    );
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(file, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
    } else {
        assert_eq!(found, expected, "run: UPDATE_DOCS=1 cargo test --test docs");
    }
}
