//! State machines of tokens. Notes drive them from state to state.
//!
//! Scripts are not supported: what a machine does is to change its state, to set variables to
//! literals, and to end.

use super::content::Content;
use super::element::{Element, timestamp};
use super::element_rules::ElementRules;
use super::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The namespace of state machines.
pub(super) const STATE_MACHINES: &str = "https://paiwise.tagroot.io/Schema/StateMachines.xsd";

const RULES: ElementRules = ElementRules("state machine");

/// The maximum length of the name of a state or a variable, in bytes.
const MAX_NAME_BYTES: usize = 128;

/// The maximum length of a namespace or a value, in bytes.
const MAX_VALUE_BYTES: usize = 1_024;

/// The maximum number of states, of actions, of variables, and of the parts of each.
const MAX_PARTS: usize = 100;

/// An upper bound for the memory that an entry of the history takes, in bytes.
pub(super) const HISTORY_ENTRY_BYTES: usize = MAX_NAME_BYTES + 64;

/// A state machine, and how far it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StateMachine {
    states: BTreeMap<String, State>,
    actions: BTreeMap<String, Vec<Step>>,
    variables: BTreeMap<String, Literal>,
    state: String,
    has_ended: bool,
    /// When it came into which state.
    history: Vec<(i64, String)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    /// The actions that run when the machine comes into it.
    on_enter: Vec<String>,
    events: Vec<Event>,
}

/// What a note makes happen in a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Event {
    trigger: Trigger,
    action: Option<String>,
    new_state: Option<String>,
}

/// The notes that an event is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Trigger {
    TextNote,
    XmlNote { local_name: String, namespace: String },
}

/// A step of an action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Step {
    SetVariable(String, Literal),
    End,
}

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Literal {
    value: String,
    /// Its XML type.
    kind: Cow<'static, str>,
}

/// A note that was added to the token of a machine.
#[derive(Clone, Copy, Debug)]
pub(super) enum Note<'a> {
    Text,
    /// One element.
    Xml(&'a Content),
}

/// What a note has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub state: bool,
    pub variables: bool,
}

impl StateMachine {
    /// Reads a definition, and starts the machine.
    ///
    /// # Errors
    /// 400 if the definition contradicts itself, 501 if it has what this broker does not support.
    pub(super) fn start(definition: &Element, now: i64) -> Result<Self, Refusal> {
        let mut machine = Self {
            states: BTreeMap::new(),
            actions: BTreeMap::new(),
            variables: BTreeMap::new(),
            state: attribute(definition, "startState")?,
            has_ended: false,
            history: Vec::new(),
        };
        for part in definition.children() {
            let id = || attribute(part, "id");
            let is_new = match part.name.as_str() {
                "State" => machine.states.insert(id()?, State::read(part)?).is_none(),
                "Action" => machine.actions.insert(id()?, steps(part)?).is_none(),
                "Variable" => machine.variables.insert(id()?, literal(part)?).is_none(),
                _ => return Err(RULES.unsupported(part)),
            };
            if !is_new {
                return Err(RULES.invalid(&part.name, "has the id of another"));
            }
        }
        machine.check(definition)?;
        machine.enter(machine.state.clone(), now);
        Ok(machine)
    }

    /// Checks what refers to other parts.
    fn check(&self, definition: &Element) -> Result<(), Refusal> {
        let counts = [self.states.len(), self.actions.len(), self.variables.len()].into_iter();
        let in_states = self.states.values().map(|state| state.on_enter.len() + state.events.len());
        let in_actions = self.actions.values().map(Vec::len);
        if counts.chain(in_states).chain(in_actions).any(|count| count > MAX_PARTS) {
            return Err(RULES.invalid(&definition.name, "has more than 100 parts of a kind"));
        }
        let events = || self.states.values().flat_map(|state| &state.events);
        let next = events().filter_map(|event| event.new_state.as_ref());
        if let Some(name) = next.chain([&self.state]).find(|name| !self.states.contains_key(*name))
        {
            return Err(RULES.invalid(&definition.name, &format!("lacks the state {name:?}")));
        }
        let entering = self.states.values().flat_map(|state| &state.on_enter);
        let mut actions = entering.chain(events().filter_map(|event| event.action.as_ref()));
        if let Some(name) = actions.find(|name| !self.actions.contains_key(*name)) {
            return Err(RULES.invalid(&definition.name, &format!("lacks the action {name:?}")));
        }
        let mut set = self.actions.values().flatten().filter_map(|step| match step {
            Step::SetVariable(name, _) => Some(name),
            Step::End => None,
        });
        match set.find(|name| !self.variables.contains_key(*name)) {
            Some(name) => {
                Err(RULES.invalid(&definition.name, &format!("lacks the variable {name:?}")))
            }
            None => Ok(()),
        }
    }

    /// The state that it is in.
    pub(super) fn state(&self) -> &str {
        &self.state
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Reacts to a note. Of the events of a state that are for it, the first one counts.
    pub(super) fn react(&mut self, note: Note<'_>, now: i64) -> Changes {
        let state = self.states.get(&self.state).filter(|_| !self.has_ended);
        let mut events = state.into_iter().flat_map(|state| &state.events);
        let Some(event) = events.find(|event| event.trigger.is_for(note)).cloned() else {
            return Changes::default();
        };
        let before = self.variables.clone();
        if let Some(action) = event.action {
            self.run(&action);
        }
        let has_new_state = event.new_state.is_some();
        if let Some(state) = event.new_state.filter(|_| !self.has_ended) {
            self.enter(state, now);
        }
        Changes { state: has_new_state || self.has_ended, variables: before != self.variables }
    }

    fn enter(&mut self, state: String, now: i64) {
        let actions = self.states.get(&state).map(|state| state.on_enter.clone());
        self.history.push((now, state.clone()));
        self.state = state;
        for action in actions.unwrap_or_default() {
            self.run(&action);
        }
    }

    fn run(&mut self, action: &str) {
        for step in self.actions.get(action).into_iter().flatten() {
            match step {
                Step::SetVariable(name, literal) => {
                    self.variables.insert(name.clone(), literal.clone());
                }
                Step::End => self.has_ended = true,
            }
        }
    }

    /// The current state in an answer. How a Neuron® writes it is not published.
    pub(super) fn current_state(&self, machine_id: &str) -> Element {
        let mut current = Element::new("currentState", STATE_MACHINES)
            .with("machineId", machine_id)
            .with("state", &self.state)
            .with("running", (!self.has_ended).to_string())
            .with("ended", self.has_ended.to_string());
        for (name, Literal { value, kind }) in &self.variables {
            let variable = Element::new("variable", STATE_MACHINES);
            current
                .push(variable.with("name", name).with("value", value).with("type", kind.as_ref()));
        }
        current
    }

    /// The variables and their values.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, literal)| (name.as_str(), literal.value.as_str()))
    }

    /// Roughly how much memory its definition takes, in bytes.
    pub(super) fn memory_size(&self) -> usize {
        const PART: usize = 256;
        let state = |(id, state): (&String, &State)| {
            let events = state.events.iter().map(Event::memory_size).sum::<usize>();
            PART + id.len()
                + state.on_enter.iter().map(|id| PART + id.len()).sum::<usize>()
                + events
        };
        let action = |(id, steps): (&String, &Vec<Step>)| {
            PART + id.len() + steps.iter().map(Step::memory_size).sum::<usize>()
        };
        // Each variable may get the longest value.
        let variables = self.variables.len() * (PART + MAX_NAME_BYTES + MAX_VALUE_BYTES);
        self.states.iter().map(state).sum::<usize>()
            + self.actions.iter().map(action).sum::<usize>()
            + variables
    }

    /// When it came into which state, the oldest first.
    pub(super) fn history(&self) -> impl Iterator<Item = (String, &str)> {
        self.history.iter().map(|(time, state)| (timestamp(*time), state.as_str()))
    }
}

impl State {
    fn read(element: &Element) -> Result<Self, Refusal> {
        let mut state = Self { on_enter: Vec::new(), events: Vec::new() };
        for part in element.children() {
            match part.name.as_str() {
                "OnEnter" => state.on_enter.push(attribute(part, "actionRef")?),
                "OnEvent" => state.events.push(Event::read(part)?),
                _ => return Err(RULES.unsupported(part)),
            }
        }
        Ok(state)
    }
}

impl Event {
    fn read(element: &Element) -> Result<Self, Refusal> {
        let trigger = RULES.only_child(element)?;
        let optional = |name| element.attribute(name).map(|_| attribute(element, name)).transpose();
        Ok(Self {
            trigger: match trigger.name.as_str() {
                // The variable that a note is put into (noteVariable) serves scripts only.
                "OnTextNote" => Trigger::TextNote,
                "OnXmlNote" => Trigger::XmlNote {
                    local_name: attribute(trigger, "localName")?,
                    namespace: namespace(trigger)?,
                },
                _ => return Err(RULES.unsupported(trigger)),
            },
            action: optional("actionRef")?,
            new_state: optional("newState")?,
        })
    }

    fn memory_size(&self) -> usize {
        const REST: usize = 256;
        let trigger = match &self.trigger {
            Trigger::TextNote => 0,
            Trigger::XmlNote { local_name, namespace } => local_name.len() + namespace.len(),
        };
        let names = [&self.action, &self.new_state].into_iter().flatten().map(String::len);
        REST + trigger + names.sum::<usize>()
    }
}

impl Step {
    fn memory_size(&self) -> usize {
        const REST: usize = 128;
        match self {
            Self::SetVariable(name, literal) => REST + name.len() + literal.value.len(),
            Self::End => REST,
        }
    }
}

impl Trigger {
    fn is_for(&self, note: Note<'_>) -> bool {
        match (self, note) {
            (Self::TextNote, Note::Text) => true,
            (Self::XmlNote { local_name, namespace }, Note::Xml(xml)) => {
                xml.find(xml.elements(), Some(local_name), Some(namespace)).is_some()
            }
            _ => false,
        }
    }
}

fn steps(action: &Element) -> Result<Vec<Step>, Refusal> {
    let step = |part: &Element| match part.name.as_str() {
        "End" => Ok(Step::End),
        "PersistVariable" if part.attribute("value").is_some() => Err(Refusal::new(
            501,
            "This broker runs no scripts, such as the value of PersistVariable.",
        )),
        "PersistVariable" => {
            let value = RULES.only_child(part)?;
            if value.name != "Value" {
                return Err(RULES.unsupported(value));
            }
            Ok(Step::SetVariable(attribute(part, "name")?, literal(value)?))
        }
        _ => Err(RULES.unsupported(part)),
    };
    action.children().map(step).collect()
}

/// The literal in an element.
fn literal(around: &Element) -> Result<Literal, Refusal> {
    let element = RULES.only_child(around)?;
    let value = element.text();
    let (kind, is_valid) = match element.name.as_str() {
        "String" => ("xs:string", true),
        "Number" => ("xs:double", value.parse().is_ok_and(f64::is_finite)),
        "Boolean" => ("xs:boolean", matches!(value.as_str(), "true" | "false")),
        _ => return Err(RULES.unsupported(element)),
    };
    if !is_valid || value.len() > MAX_VALUE_BYTES {
        return Err(
            RULES.invalid(&element.name, "has an invalid value, or one of more than 1024 bytes")
        );
    }
    Ok(Literal { value, kind: kind.into() })
}

/// The name in an attribute.
fn attribute(element: &Element, name: &str) -> Result<String, Refusal> {
    let value = element.attribute(name);
    let value = value.filter(|value| (1..=MAX_NAME_BYTES).contains(&value.len()));
    let rule = || {
        RULES.invalid(&element.name, &format!("lacks {name}, of at most {MAX_NAME_BYTES} bytes"))
    };
    value.map(Into::into).ok_or_else(rule)
}

/// The namespace of the notes that an event is for.
fn namespace(trigger: &Element) -> Result<String, Refusal> {
    let namespace = trigger.attribute("namespace").unwrap_or_default();
    if namespace.len() > MAX_VALUE_BYTES {
        return Err(RULES.invalid(&trigger.name, "has a namespace of more than 1024 bytes"));
    }
    Ok(namespace.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    /// A lamp that a text switches on.
    const LAMP: &str = "<StateMachine xmlns='https://paiwise.tagroot.io/Schema/StateMachines.xsd'
        startState='Off'>
        <Variable id='Bright'><Boolean>false</Boolean></Variable>
        <State id='Off'><OnEvent newState='On'><OnTextNote/></OnEvent></State>
        <State id='On'>
            <OnEnter actionRef='Shine'/>
            <OnEvent newState='Broken'><OnXmlNote localName='fall' namespace='u'/></OnEvent>
            <OnEvent actionRef='Dim'><OnTextNote noteVariable='Note'/></OnEvent>
        </State>
        <State id='Broken'><OnEnter actionRef='End'/></State>
        <Action id='Shine'>
            <PersistVariable name='Bright'><Value><Boolean>true</Boolean></Value></PersistVariable>
        </Action>
        <Action id='Dim'>
            <PersistVariable name='Bright'><Value><Boolean>false</Boolean></Value></PersistVariable>
        </Action>
        <Action id='End'><End/></Action>
    </StateMachine>";

    fn start(xml: &str) -> Result<StateMachine, Refusal> {
        StateMachine::start(&Element::parse(xml).unwrap(), NOW)
    }

    #[test]
    fn notes_drive_a_machine_until_it_ends() {
        let mut lamp = start(LAMP).unwrap();
        let xml = |text| Content::parse(text).unwrap();
        let changes = |state, variables| Changes { state, variables };
        let fall = xml("<fall xmlns='u'/>");
        assert_eq!(lamp.react(Note::Xml(&fall), NOW), changes(false, false));
        assert_eq!(lamp.react(Note::Text, NOW + 1), changes(true, true));
        assert_eq!(lamp.react(Note::Text, NOW + 2), changes(false, true));
        assert_eq!(lamp.react(Note::Xml(&xml("<fall/>")), NOW + 3), changes(false, false));
        assert_eq!(
            lamp.current_state("m").to_xml(),
            concat!(
                "<currentState ended=\"false\" machineId=\"m\" running=\"true\" state=\"On\" ",
                "xmlns=\"https://paiwise.tagroot.io/Schema/StateMachines.xsd\">",
                "<variable name=\"Bright\" type=\"xs:boolean\" value=\"false\"/></currentState>"
            )
        );
        assert_eq!(lamp.react(Note::Xml(&fall), NOW + 4), changes(true, false));
        assert!(lamp.has_ended());
        assert_eq!(lamp.react(Note::Text, NOW + 5), changes(false, false));
        let history: Vec<_> = lamp.history().map(|(_, state)| state).collect();
        assert_eq!(history, ["Off", "On", "Broken"]);
    }

    #[test]
    fn a_definition_is_checked() {
        let many: String = (0..101).map(|id| format!("<State id='{id}'/>")).collect();
        for (old, new, refusal) in [
            (
                "startState='Off'",
                "",
                "400 The element StateMachine of the state machine lacks startState",
            ),
            (
                "startState='Off'",
                "startState='x'",
                "400 The element StateMachine of the state machine lacks the state \"x\"",
            ),
            (
                "newState='On'",
                "newState='x'",
                "400 The element StateMachine of the state machine lacks the state",
            ),
            (
                "actionRef='Dim'",
                "actionRef='x'",
                "400 The element StateMachine of the state machine lacks the action",
            ),
            (
                "name='Bright'",
                "name='x'",
                "400 The element StateMachine of the state machine lacks the variable",
            ),
            ("id='On'", "id='Off'", "400 The element State of the state machine has the id"),
            (
                "<Boolean>true",
                "<Boolean>1",
                "400 The element Boolean of the state machine has an invalid",
            ),
            ("<OnTextNote/>", "", "400 The element OnEvent of the state machine must have one"),
            (
                "<State id='Broken'>",
                &format!("{many}<State id='Broken'>"),
                "400 The element StateMachine of the state machine has more than 100",
            ),
            (
                "<OnTextNote/>",
                "<OnExternalTextNote/>",
                "501 This broker does not support the element OnExternalTextNote",
            ),
            ("<End/>", "<LogEvent/>", "501 This broker does not support the element LogEvent"),
            ("Value>", "x>", "501 This broker does not support the element x"),
            ("name='Bright'>", "name='Bright' value='{1}'>", "501 This broker runs no scripts"),
            (
                "<Variable id",
                "<NoteCommand/><Variable id",
                "501 This broker does not support the element NoteCommand",
            ),
        ] {
            let refused = start(&LAMP.replace(old, new)).unwrap_err();
            let found = format!("{} {}", refused.status, refused.text);
            assert!(found.starts_with(refusal), "{old} {new}: {found}");
        }
    }
}
