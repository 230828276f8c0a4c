//! The group `StateMachines`.

use super::tokens::{REPORT, REPORT_FORMATS, TOKEN_ID};
use crate::wire::InputKind::OneOf;
use crate::wire::{Input, Object, Output, OutputKind, Resource};

resources! { ($) "StateMachines" state_machines, for_each_state_machines:

/// Reads the state of the machine of a token.
GET_CURRENT_STATE "GetCurrentState"
    .inputs(&[TOKEN_ID])
    .responds("StateResult", &Object::new("StateResult", "The state of a machine.", &[
        Output::required("CurrentState", OutputKind::Element, "The state, and the variables of the machine.").typed("MachineState"),
    ]))
    .throws("Rejects with `not-found` if there is no such token, or it has no machine.")
    .example("const { CurrentState } = await AgentAPI.StateMachines.GetCurrentState(tokenId);")
    .source("Agent API, StateMachines/GetCurrentState");

/// Has the broker write a report about the machine of a token.
CREATE_REPORT "CreateReport"
    .inputs(&[
        TOKEN_ID,
        Input::required("reportType", OneOf(&["Present", "History", "StateDiagram", "Profiling"]))
            .doc("What it is about.").example("\"Present\""),
        Input::required("reportFormat", OneOf(REPORT_FORMATS))
            .doc("How it is written.").example("\"Markdown\""),
    ])
    .responds("ReportResult", &REPORT)
    .throws("Rejects with `not-found` if there is no such token, or it has no machine.")
    .example("const { report } = await AgentAPI.StateMachines.CreateReport(tokenId, \"Present\", \"Markdown\");")
    .source("Agent API, StateMachines/CreateReport");

}
