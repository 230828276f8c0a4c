//! Declarations are held to themselves: what they name is there, and what they ask for can be done.

use super::all;
use crate::wire::{
    BodyKind, Derived, Input, InputKind, NAMED_FROM, OutputKind, Part, Resource, Role, Rule,
};

fn input(resource: &'static Resource, name: &str) -> &'static Input {
    let found = resource.inputs.iter().find(|input| input.name == name);
    found.unwrap_or_else(|| panic!("{} has no input {name:?}", resource.operation()))
}

/// Whether an input is one text: numbers that are not whole are printed by the host alone.
fn is_text(input: &Input) -> bool {
    !matches!(
        input.kind,
        InputKind::Decimal
            | InputKind::Texts
            | InputKind::Object(_)
            | InputKind::Objects(..)
            | InputKind::Map(..)
            | InputKind::Json
            | InputKind::Content
    )
}

fn check_parts(resource: &'static Resource, parts: &[Part]) {
    for part in parts {
        match part {
            Part::SessionUser | Part::Host => {}
            Part::Input(name) | Part::IfGiven(name) => assert!(is_text(input(resource, name))),
            Part::Pairs(name) => {
                assert!(matches!(input(resource, name).kind, InputKind::Map(..)), "{name}");
            }
            Part::Parts(parts) => check_parts(resource, parts),
        }
    }
}

#[test]
fn what_a_signature_or_a_rule_names_is_an_input() {
    for resource in all() {
        for derived in resource.inputs.iter().filter_map(|input| input.derived.as_ref()) {
            if let Derived::Signature(signature) = derived {
                assert!(is_text(input(resource, signature.key)));
                check_parts(resource, signature.parts);
            }
        }
        for rule in resource.rules {
            let (Rule::Either(one, other) | Rule::Needs(one, other)) = rule;
            assert!(!input(resource, one).required && !input(resource, other).required);
        }
    }
}

#[test]
fn an_input_is_where_the_request_has_room_for_it() {
    for resource in all() {
        let operation = resource.operation();
        let is_in_body = |input: &&Input| input.is_in_body();
        match resource.body {
            BodyKind::Nothing => assert!(!resource.inputs.iter().any(|input| is_in_body(&input))),
            BodyKind::Object => {}
            BodyKind::Form | BodyKind::Bytes => assert!(resource.elements.is_none(), "{operation}"),
        }
        for input in resource.inputs {
            match input.role {
                Role::Header(_) | Role::Path | Role::OtherBroker => {
                    assert!(is_text(input), "{operation}")
                }
                Role::Body | Role::SignatureOnly | Role::SetByLibrary => {}
                Role::Spread => assert!(matches!(input.kind, InputKind::Object(_)), "{operation}"),
            }
            assert!(input.required || !matches!(input.role, Role::Path), "{operation}");
        }
    }
}

fn is_in_xml(inputs: &[Input]) -> bool {
    inputs.iter().all(|input| match input.kind {
        InputKind::Json | InputKind::Content => false,
        InputKind::Object(fields) | InputKind::Objects(fields, _) => {
            fields.iter().all(|field| field.derived.is_none()) && is_in_xml(fields)
        }
        InputKind::Map(fields, _) => is_in_xml(fields),
        _ => true,
    })
}

#[test]
fn what_has_no_form_in_xml_is_json_only() {
    for resource in all().filter(|resource| resource.elements.is_some()) {
        let operation = resource.operation();
        assert!(is_in_xml(resource.inputs), "{operation}");
        let has_json = |kind: &OutputKind| matches!(kind, OutputKind::Json);
        assert!(!resource.response.fields.iter().any(|field| has_json(&field.kind)), "{operation}");
    }
}

#[test]
fn arguments_by_their_names_are_told_from_the_first_argument() {
    for resource in all().filter(|resource| resource.parameters().len() >= NAMED_FROM) {
        let parameters = resource.parameters();
        assert!(
            is_text(parameters[0]),
            "{}: an object may be its first argument",
            resource.operation()
        );
        // It is read from its place among the arguments.
        assert!(
            !parameters.iter().any(|input| input.kind.is_content()),
            "{}",
            resource.operation()
        );
    }
}

#[test]
fn a_function_is_one_of_a_tab() {
    for resource in all() {
        let has = |is_it: &dyn Fn(&Input) -> bool| resource.inputs.iter().any(is_it);
        if has(&|input| matches!(input.kind, InputKind::Function)) {
            // `src/events/handlers.rs` gives them their values.
            for name in ["tabId", "functionName"] {
                let is_there = has(&|input| input.name == name && !input.required);
                assert!(is_there, "{}", resource.operation());
            }
        }
    }
}
