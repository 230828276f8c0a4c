//! The state machines of tokens.

use super::neuro_features::{report, token};
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::contract_text::escape_markdown;
use crate::core::neuro_feature::NeuroFeature;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::state_machine::StateMachine;
use crate::core::values::object;
use neuron_agent_api::resources::state_machines;
use neuron_agent_api::wire::Value;
use std::fmt::Write;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&state_machines::GET_CURRENT_STATE, get_current_state),
    Route::new(&state_machines::CREATE_REPORT, create_report),
];

fn get_current_state(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let token = token(broker, call, given)?;
    let state = machine(token)?.current_state(&token.id);
    Ok(object([("CurrentState", Value::String(state.to_xml()))]))
}

fn machine(token: &NeuroFeature) -> Result<&StateMachine, Refusal> {
    let none = || Refusal::new(404, "The token has no state machine.");
    token.machine.as_ref().ok_or_else(none)
}

fn create_report(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let machine = machine(token(broker, call, given)?)?;
    match given.text("reportType")? {
        "Present" => report(&present(machine), given),
        "History" => report(&history(machine), given),
        other => {
            let text = format!("This broker writes no report {other}: Present or History.");
            Err(Refusal::new(501, text))
        }
    }
}

/// The state and the variables, in Markdown.
fn present(machine: &StateMachine) -> String {
    let ended = if machine.has_ended() { " (ended)" } else { "" };
    let mut report =
        format!("# Present\n\nState: **{}**{ended}\n", escape_markdown(machine.state()));
    for (name, value) in machine.variables() {
        let (name, value) = (escape_markdown(name), escape_markdown(value));
        // Writing to a text can't fail.
        let _ = write!(report, "\n{name}: {value}\n");
    }
    report
}

/// When the machine came into which state, in Markdown.
fn history(machine: &StateMachine) -> String {
    let mut report = String::from("# History\n\n");
    for (time, state) in machine.history() {
        // Writing to a text can't fail.
        let _ = writeln!(report, "- {time}: **{}**", escape_markdown(state));
    }
    report
}

#[cfg(test)]
mod tests {
    use super::super::neuro_features::tests::{note, of, public_book};
    use crate::core::testing::{Pair, pair};
    use neuron_agent_api::resources::state_machines::{CREATE_REPORT, GET_CURRENT_STATE};
    use neuron_agent_api::resources::tokens::{ADD_TEXT_NOTE, ADD_XML_NOTE};
    use neuron_agent_api::resources::xmpp::POP_MESSAGES;

    fn say(pair: &mut Pair, token: &str, name: &str) {
        let note = note(token, &format!("<{name} xmlns='urn:example:book'/>"));
        pair.as_alice(&ADD_XML_NOTE, &note).unwrap();
    }

    fn current(pair: &mut Pair, token: &str) -> String {
        pair.as_bob(&GET_CURRENT_STATE, &of(token, "")).unwrap()
    }

    #[test]
    fn notes_change_the_state_and_the_owner_is_told() {
        let mut pair = pair();
        let token = public_book(&mut pair);
        let state = current(&mut pair, &token);
        for part in [
            &format!(r#""machineId":"{token}""#),
            r#""state":"AtHome""#,
            r#""running":"true","#,
            r#""ended":"false""#,
            r#""name":"Readable","type":"xs:boolean","value":"true""#,
        ] {
            assert!(state.contains(part), "{part} {state}");
        }
        pair.as_alice(&ADD_TEXT_NOTE, &note(&token, "lent")).unwrap();
        say(&mut pair, &token, "returned");
        assert_eq!(current(&mut pair, &token), state);
        assert_eq!(pair.as_alice(&POP_MESSAGES, "{}").unwrap(), r#"{"Messages":[]}"#);
        say(&mut pair, &token, "lent");
        assert!(current(&mut pair, &token).contains(r#""state":"Lent""#));
        let told = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        assert!(told.contains(r#""from":"tokens.localhost""#), "{told}");
        assert!(told.contains(&format!(r#""tokenId":"{token}","state":"Lent""#)), "{told}");
        say(&mut pair, &token, "lost");
        let state = current(&mut pair, &token);
        assert!(state.contains(r#""running":"false","state":"Lost""#), "{state}");
        let told = pair.as_alice(&POP_MESSAGES, "{}").unwrap();
        assert!(
            told.contains(r#""__name":"newState""#) && told.contains(r#""state":"""#),
            "{told}"
        );
        assert!(told.contains(r#""__name":"variablesUpdated""#), "{told}");
        say(&mut pair, &token, "returned");
        assert_eq!(current(&mut pair, &token), state);
    }

    #[test]
    fn the_present_and_the_history_are_reported() {
        let mut pair = pair();
        let token = public_book(&mut pair);
        say(&mut pair, &token, "lent");
        say(&mut pair, &token, "lost");
        let mut report = |kind: &str, format: &str| {
            let more = format!(r#","reportType":"{kind}","reportFormat":"{format}""#);
            pair.as_bob(&CREATE_REPORT, &of(&token, &more))
        };
        assert_eq!(
            report("Present", "Markdown").unwrap(),
            r##"{"report":"# Present\n\nState: **Lost** (ended)\n\nReadable: false\n"}"##
        );
        let html = report("History", "Html").unwrap();
        let [at_home, lent] = ["AtHome", "Lent"].map(|state| {
            html.find(&format!("<li>2023-11-14T22:13:20.000Z: <strong>{state}</strong></li>"))
        });
        assert!(at_home.is_some() && at_home < lent, "{html}");
        assert!(report("Present", "Text").unwrap().contains("State: Lost (ended)"));
        for (kind, format) in
            [("StateDiagram", "Markdown"), ("Profiling", "Html"), ("Present", "Xaml")]
        {
            assert!(report(kind, format).unwrap_err().starts_with("501 This broker writes no"));
        }
        assert!(report("Historsy", "Text").unwrap_err().starts_with("400"));
    }
}
