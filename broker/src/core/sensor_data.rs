//! Readouts of the simulated concentrator and its nodes. Each node answers in another way of those
//! that there are, with the same values each time.

use super::concentrator::{BAD_REQUEST, NOT_IMPLEMENTED, Node, is_true, node_of};
use super::element::{Element, timestamp};
use super::stanza::Condition;
use neuron_agent_api::syntax::date_time::to_unix_seconds;
use std::collections::BTreeSet;

/// The namespaces of requests for sensor data.
pub(super) const NAMESPACES: [&str; 3] =
    ["urn:nf:iot:sd:1.0", "urn:nfi:iot:sd:1.0", "urn:ieee:iot:sd:1.0"];

/// The maximum number of nodes in a request.
const MAX_NODES: usize = 100;

/// The maximum length of a request's id, in bytes: each message repeats it.
const MAX_ID_BYTES: usize = 256;

const HOUR: i64 = 3_600;

/// The answer to a request, and the messages that follow.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Readout {
    pub answer: Element,
    pub messages: Vec<Element>,
}

/// How the data of a node is sent. The slowest node of a request decides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Speed {
    /// All of it in the answer.
    AtOnce,
    /// The first part in the answer, the others in messages, and `done` at the end.
    InParts,
    /// All of it in messages, the last of which says that it is the last.
    Started,
    /// The same after a message that the readout has started, and `done` at the end.
    Queued,
}

/// A field: its type, its name, its value and the attributes that a type has of its own, its
/// category, and how old it is in seconds.
struct Field {
    kind: &'static str,
    name: &'static str,
    value: &'static str,
    more: Option<(&'static str, &'static str)>,
    category: &'static str,
    age: i64,
}

const fn field(
    kind: &'static str,
    name: &'static str,
    value: &'static str,
    category: &'static str,
) -> Field {
    Field { kind, name, value, more: None, category, age: 0 }
}

const fn quantity(
    name: &'static str,
    value: &'static str,
    unit: &'static str,
    category: &'static str,
    age: i64,
) -> Field {
    Field { kind: "q", name, value, more: Some(("u", unit)), category, age }
}

/// What can be read of a node.
struct Sensor {
    /// `None` for the concentrator itself.
    node: Option<&'static str>,
    speed: Speed,
    fields: &'static [Field],
    error: Option<&'static str>,
}

static SENSORS: &[Sensor] = &[
    Sensor {
        node: None,
        speed: Speed::AtOnce,
        fields: &[field("s", "Model", "Simulated concentrator", "i")],
        error: None,
    },
    Sensor {
        node: Some("Thermometer"),
        speed: Speed::AtOnce,
        fields: &[
            quantity("Temperature", "21.50", "°C", "m", 0),
            field("s", "Serial number", "T-1001", "i"),
            quantity("Temperature, Max", "24.00", "°C", "p", HOUR),
        ],
        error: None,
    },
    Sensor {
        node: Some("Hygrometer"),
        speed: Speed::InParts,
        fields: &[
            quantity("Humidity", "42", "%", "m", 0),
            field("s", "Serial number", "H-1002", "i"),
            quantity("Humidity, Max", "55", "%", "p", HOUR),
        ],
        error: None,
    },
    Sensor {
        node: Some("Meter"),
        speed: Speed::Queued,
        fields: &[
            quantity("Power", "1.2", "kW", "m", 0),
            field("l", "Pulses", "9007199254740993", "s"),
            quantity("Energy", "1021.4", "kWh", "h", HOUR),
            quantity("Energy", "1020.1", "kWh", "h", 2 * HOUR),
            quantity("Energy", "1018.9", "kWh", "h", 3 * HOUR),
        ],
        error: None,
    },
    Sensor {
        node: Some("WaterDetector"),
        speed: Speed::Started,
        fields: &[
            field("b", "Water", "false", "m"),
            Field {
                kind: "e",
                name: "Battery",
                value: "Low",
                more: Some(("t", "Simulated.BatteryState")),
                category: "s",
                age: 0,
            },
        ],
        error: Some("The humidity of the wall can't be measured."),
    },
];

/// What a request asks for.
struct ReadoutRequest<'a> {
    request: &'a Element,
    names: Vec<&'a str>,
    from: Option<i64>,
    to: Option<i64>,
    now: i64,
}

/// Reads what a request asks for: each node once, however often it is named.
pub(super) fn read(request: &Element, now: i64) -> Result<Readout, Condition> {
    let id = request.attribute("id").filter(|id| id.len() <= MAX_ID_BYTES).ok_or(BAD_REQUEST)?;
    // The broker does nothing by itself, so it has nothing that could read later.
    if request.attribute("when").is_some() {
        return Err(NOT_IMPLEMENTED);
    }
    let time = |name| match request.attribute(name) {
        Some(text) => to_unix_seconds(text).map(Some).ok_or(BAD_REQUEST),
        None => Ok(None),
    };
    let names = request.named("f").map(|field| field.attribute("n").ok_or(BAD_REQUEST));
    let (from, to) = (time("from")?, time("to")?);
    let wanted = ReadoutRequest { request, names: names.collect::<Result<_, _>>()?, from, to, now };
    if request.named("nd").nth(MAX_NODES).is_some() {
        return Err(BAD_REQUEST);
    }
    let mut sensors = Vec::new();
    let mut read = BTreeSet::new();
    for reference in request.named("nd") {
        let node = if is_of_no_node(reference) { None } else { Some(node_of(reference)?) };
        if read.insert(node.map(|node| node.id)) {
            sensors.push((node, sensor_of(node)?));
        }
    }
    if sensors.is_empty() {
        sensors.push((None, sensor_of(None)?));
    }
    let speed = sensors.iter().map(|(_, sensor)| sensor.speed).max().unwrap_or(Speed::AtOnce);
    // An answer with all of the data has each node once, as those of real devices.
    let most = if speed == Speed::AtOnce { usize::MAX } else { 1 };
    let mut parts = Vec::new();
    for (node, sensor) in sensors {
        let timestamps = wanted.timestamps(sensor);
        let Some(node) = node else {
            parts.extend(timestamps);
            continue;
        };
        parts.extend(timestamps.chunks(most).map(|part| {
            let empty = node.refer(wanted.element("nd"));
            part.iter().cloned().fold(empty, Element::containing)
        }));
    }
    let element = |name| wanted.element(name).with("id", id);
    let response = |part: Element| element("resp").with("more", "true").containing(part);
    let done = || element("done");
    let mut parts = parts.into_iter();
    let (answer, messages) = match speed {
        Speed::AtOnce => (parts.fold(element("resp"), Element::containing), Vec::new()),
        Speed::InParts => {
            let empty = element("resp").with("more", "true");
            let answer = parts.next().map_or(empty, response);
            (answer, parts.map(response).chain([done()]).collect())
        }
        Speed::Started => {
            let last = parts.next_back().map_or_else(done, |part| element("resp").containing(part));
            (element("started"), parts.map(response).chain([last]).collect())
        }
        Speed::Queued => {
            let messages = [element("started")].into_iter().chain(parts.map(response));
            (element("accepted").with("queued", "true"), messages.chain([done()]).collect())
        }
    };
    Ok(Readout { answer, messages })
}

/// Whether a reference names nothing, and so means the device itself. TAG's `Agent.Things.js` sends
/// such ones.
fn is_of_no_node(reference: &Element) -> bool {
    ["id", "src", "pt"].iter().all(|name| reference.attribute(name).is_none())
}

/// What can be read of a node, or of the concentrator itself.
fn sensor_of(node: Option<&Node>) -> Result<&'static Sensor, Condition> {
    let sensor = SENSORS.iter().find(|sensor| sensor.node == node.map(|node| node.id));
    sensor.filter(|_| node.is_none_or(|node| node.is_readable)).ok_or(NOT_IMPLEMENTED)
}

impl ReadoutRequest<'_> {
    fn element(&self, name: &str) -> Element {
        Element::new(name, &self.request.namespace)
    }

    /// Whether a request asks for a field. Without names it asks for all of its categories.
    fn includes(&self, field: &Field) -> bool {
        let at = self.now - field.age;
        (is_true(self.request, "all") || is_true(self.request, field.category))
            && (self.names.is_empty() || self.names.contains(&field.name))
            && self.from.is_none_or(|from| from <= at)
            && self.to.is_none_or(|to| at <= to)
    }

    /// The fields that are wanted, one element for each point in time, the latest first. The error
    /// is of the latest.
    fn timestamps(&self, sensor: &Sensor) -> Vec<Element> {
        let fields = sensor.fields.iter().filter(|field| self.includes(field));
        let fields = fields.collect::<Vec<_>>();
        let groups = fields.chunk_by(|one, other| one.age == other.age);
        let mut timestamps: Vec<_> = groups
            .map(|group| {
                let age = group.first().map_or(0, |field| field.age);
                let at = self.element("ts").with("v", timestamp(self.now - age));
                group.iter().fold(at, |at, field| at.containing(self.field(field)))
            })
            .collect();
        if let (Some(text), Some(first)) = (sensor.error, timestamps.first_mut()) {
            first.push(self.element("err").saying(text));
        }
        timestamps
    }

    fn field(&self, field: &Field) -> Element {
        let element = self.element(field.kind).with("n", field.name).with("v", field.value);
        let element = match field.more {
            Some((name, value)) => element.with(name, value),
            None => element,
        };
        element.with(field.category, "true").with("ar", "true")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 10 * HOUR;

    fn request(attributes: &str, inside: &str) -> Result<Readout, &'static str> {
        let xml = format!("<req xmlns='{}' {attributes}>{inside}</req>", NAMESPACES[0]);
        read(&Element::parse(&xml).unwrap(), NOW).map_err(|condition| condition.name)
    }

    /// The names of the answer and of the messages, with `+` for those after which more comes.
    fn shape(readout: &Readout) -> String {
        let all = [&readout.answer].into_iter().chain(&readout.messages);
        let name = |element: &Element| {
            let more = if is_true(element, "more") { "+" } else { "" };
            [&element.name, more].concat()
        };
        all.map(name).collect::<Vec<_>>().join(" ")
    }

    const EVERYTHING: &str = "id='1' all='true'";

    fn node(id: &str) -> String {
        let source = if id == "WaterDetector" { "Cellar" } else { "House" };
        format!("<nd id='{id}' src='{source}'/>")
    }

    #[test]
    fn each_node_answers_in_a_way_of_its_own() {
        for (id, expected) in [
            ("Thermometer", "resp"),
            ("Hygrometer", "resp+ resp+ done"),
            ("Meter", "accepted started resp+ resp+ resp+ resp+ done"),
            ("WaterDetector", "started resp"),
        ] {
            assert_eq!(shape(&request(EVERYTHING, &node(id)).unwrap()), expected, "{id}");
        }
        assert_eq!(shape(&request(EVERYTHING, "").unwrap()), "resp");
        let both = [node("Thermometer"), node("Hygrometer")].concat();
        assert_eq!(shape(&request(EVERYTHING, &both).unwrap()), "resp+ resp+ resp+ resp+ done");
    }

    #[test]
    fn a_reference_to_nothing_is_to_the_concentrator_itself() {
        let itself = request(EVERYTHING, "").unwrap();
        assert_eq!(request(EVERYTHING, "<nd/>").unwrap(), itself);
        assert_eq!(request(EVERYTHING, "<nd/><nd/>").unwrap(), itself);
        let both = request(EVERYTHING, &[&node("Thermometer"), "<nd/>"].concat()).unwrap();
        assert_eq!(both.answer.to_xml().matches(r#" n="Model""#).count(), 1);
    }

    #[test]
    fn what_is_sent_at_once_has_each_node_once() {
        let xml = request(EVERYTHING, &node("Thermometer")).unwrap().answer.to_xml();
        assert_eq!((xml.matches("<nd ").count(), xml.matches("<ts ").count()), (1, 2), "{xml}");
        let empty = request("id='1' c='true'", &node("Thermometer")).unwrap().answer.to_xml();
        assert_eq!(empty, r#"<resp id="1" xmlns="urn:nf:iot:sd:1.0"/>"#);
    }

    #[test]
    fn a_readout_that_finds_nothing_ends_all_the_same() {
        for (id, expected) in [
            ("Thermometer", "resp"),
            ("Hygrometer", "resp+ done"),
            ("Meter", "accepted started done"),
            ("WaterDetector", "started done"),
        ] {
            assert_eq!(shape(&request("id='1' c='true'", &node(id)).unwrap()), expected, "{id}");
        }
    }

    #[test]
    fn a_reading_has_its_node_time_unit_and_category() {
        let readout = request("id='1' m='true'", &node("Thermometer")).unwrap();
        assert_eq!(
            readout.answer.to_xml(),
            concat!(
                r#"<resp id="1" xmlns="urn:nf:iot:sd:1.0"><nd id="Thermometer" src="House">"#,
                r#"<ts v="1970-01-01T10:00:00.000Z"><q ar="true" m="true" n="Temperature" "#,
                r#"u="°C" v="21.50"/></ts></nd></resp>"#
            )
        );
    }

    #[test]
    fn only_what_is_wanted_is_read() {
        let meter = node("Meter");
        for (attributes, fields, count) in [
            ("all='true'", "", 5),
            ("m='true'", "", 1),
            ("h='1'", "", 3),
            ("h='true' from='1970-01-01T07:30:00Z'", "", 2),
            ("h='true' from='1970-01-01T07:30:00Z' to='1970-01-01T08:30:00Z'", "", 1),
            ("all='true'", "<f n='Power'/><f n='Pulses'/>", 2),
            ("all='true'", "<f n='Nothing'/>", 0),
            ("", "", 0),
        ] {
            let readout =
                request(&format!("id='1' {attributes}"), &[&meter, fields].concat()).unwrap();
            let xml: String = readout.messages.iter().map(Element::to_xml).collect();
            assert_eq!(xml.matches(" n=").count(), count, "{attributes} {fields}");
        }
    }

    #[test]
    fn a_detector_says_what_it_can_not_measure() {
        let readout = request(EVERYTHING, &node("WaterDetector")).unwrap();
        let xml = readout.messages[0].to_xml();
        assert!(xml.contains("<err>The humidity of the wall can't be measured.</err>"), "{xml}");
    }

    #[test]
    fn each_node_is_read_once() {
        let two = [node("Hygrometer"), node("Thermometer")].concat();
        let once = request(EVERYTHING, &two).unwrap();
        assert_eq!(request(EVERYTHING, &two.repeat(MAX_NODES / 2)).unwrap(), once);
    }

    #[test]
    fn the_id_of_a_request_is_limited() {
        let with_id = |length| request(&format!("id='{}'", "i".repeat(length)), "");
        assert!(with_id(MAX_ID_BYTES).is_ok());
        assert_eq!(with_id(MAX_ID_BYTES + 1).unwrap_err(), "bad-request");
    }

    #[test]
    fn other_requests_are_refused() {
        for (attributes, inside, condition) in [
            ("", "", "bad-request"),
            ("id='1' from='yesterday'", "", "bad-request"),
            ("id='1'", "<f/>", "bad-request"),
            ("id='1'", "<nd src='House'/>", "bad-request"),
            ("id='1'", "<nd id='Nobody' src='House'/>", "item-not-found"),
            ("id='1'", "<nd id='Climate' src='House'/>", "feature-not-implemented"),
            ("id='1' when='2100-01-01T00:00:00Z'", "", "feature-not-implemented"),
        ] {
            assert_eq!(
                request(attributes, inside).unwrap_err(),
                condition,
                "{attributes} {inside}"
            );
        }
        let many = node("Meter").repeat(MAX_NODES + 1);
        assert_eq!(request(EVERYTHING, &many).unwrap_err(), "bad-request");
    }
}
