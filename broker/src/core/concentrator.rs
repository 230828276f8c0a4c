//! A simulated concentrator: a device that stands for others, its nodes, which are in data sources.
//!
//! The interface is that of the Neuro-Foundation. Its namespace is written in three ways, and an
//! answer has that of its request.

use super::element::{Element, timestamp};
use super::stanza::{CANCEL, Condition};

/// The namespaces of requests to a concentrator.
pub(super) const NAMESPACES: [&str; 3] = [
    "urn:nf:iot:concentrator:1.0",
    "urn:nfi:iot:concentrator:1.0",
    "urn:ieee:iot:concentrator:1.0",
];

pub(super) const NOT_FOUND: Condition = Condition {
    code: 404,
    name: "item-not-found",
    kind: CANCEL,
    text: "The concentrator has no such node or data source.",
};

pub(super) const BAD_REQUEST: Condition = Condition {
    code: 400,
    name: "bad-request",
    kind: CANCEL,
    text: "The request breaks the schema of its namespace.",
};

pub(super) const NOT_IMPLEMENTED: Condition = Condition {
    code: 501,
    name: "feature-not-implemented",
    kind: CANCEL,
    text: "The simulated concentrator does not support this.",
};

/// The requests that are answered.
const CAPABILITIES: [&str; 8] = [
    "getCapabilities",
    "getAllDataSources",
    "getRootDataSources",
    "getChildDataSources",
    "containsNode",
    "getNode",
    "getRootNodes",
    "getChildNodes",
];

/// A data source.
struct Source {
    id: &'static str,
    parent: Option<&'static str>,
    name: &'static str,
}

static SOURCES: &[Source] = &[
    Source { id: "House", parent: None, name: "The house" },
    Source { id: "Cellar", parent: Some("House"), name: "The cellar" },
];

/// A node.
#[derive(Debug)]
pub(super) struct Node {
    pub id: &'static str,
    source: &'static str,
    parent: Option<&'static str>,
    class: &'static str,
    name: &'static str,
    pub is_readable: bool,
    /// The type, the id, the name and the value of each parameter.
    parameters: &'static [[&'static str; 4]],
    /// A warning that nobody has signed.
    warning: Option<&'static str>,
}

static NODES: &[Node] = &[
    Node {
        id: "Climate",
        source: "House",
        parent: None,
        class: "Simulated.Group",
        name: "Climate",
        is_readable: false,
        parameters: &[],
        warning: None,
    },
    Node {
        id: "Thermometer",
        source: "House",
        parent: Some("Climate"),
        class: "Simulated.Thermometer",
        name: "Thermometer in the hall",
        is_readable: true,
        parameters: &[
            ["string", "Place", "Place", "Hall"],
            ["int", "Interval", "Interval (s)", "60"],
            ["boolean", "Enabled", "Enabled", "true"],
        ],
        warning: None,
    },
    Node {
        id: "Hygrometer",
        source: "House",
        parent: Some("Climate"),
        class: "Simulated.Hygrometer",
        name: "Hygrometer in the hall",
        is_readable: true,
        parameters: &[["string", "Place", "Place", "Hall"]],
        warning: None,
    },
    Node {
        id: "Meter",
        source: "House",
        parent: None,
        class: "Simulated.ElectricityMeter",
        name: "Electricity meter",
        is_readable: true,
        parameters: &[["double", "Factor", "Factor", "0.5"]],
        warning: None,
    },
    Node {
        id: "WaterDetector",
        source: "Cellar",
        parent: None,
        class: "Simulated.WaterDetector",
        name: "Water detector",
        is_readable: true,
        parameters: &[],
        warning: Some("The battery is low."),
    },
];

/// Answers a request. The concentrator has not changed since that time, in Unix seconds.
pub(super) fn answer(request: &Element, since: i64) -> Result<Element, Condition> {
    let new = |name| Element::new(name, &request.namespace);
    let sources = |is_meant: &dyn Fn(&Source) -> bool| {
        let meant = SOURCES.iter().filter(|source| is_meant(source));
        meant.fold(new("dataSources"), |all, source| all.containing(source.element(request, since)))
    };
    let nodes = |is_meant: &dyn Fn(&Node) -> bool| {
        let meant = NODES.iter().filter(|node| is_meant(node));
        meant.fold(new("nodeInfos"), |all, node| all.containing(node.element(request, since)))
    };
    Ok(match request.name.as_str() {
        "getCapabilities" => CAPABILITIES
            .iter()
            .fold(new("strings"), |all, name| all.containing(new("value").saying(*name))),
        "getAllDataSources" => sources(&|_| true),
        "getRootDataSources" => sources(&|source| source.parent.is_none()),
        "getChildDataSources" => {
            let id = source_of(request)?;
            sources(&|source| source.parent == Some(id))
        }
        "containsNode" => {
            let node = match node_of(request) {
                Err(NOT_FOUND) => None,
                other => Some(other?),
            };
            new("bool").saying(if node.is_some() { "true" } else { "false" })
        }
        "getNode" => node_of(request)?.element(request, since),
        "getRootNodes" => {
            let id = source_of(request)?;
            nodes(&|node| node.source == id && node.parent.is_none())
        }
        "getChildNodes" => {
            let parent = node_of(request)?;
            nodes(&|node| node.source == parent.source && node.parent == Some(parent.id))
        }
        _ => return Err(NOT_IMPLEMENTED),
    })
}

/// The id of the data source that a request names.
fn source_of(request: &Element) -> Result<&'static str, Condition> {
    let id = request.attribute("src").ok_or(BAD_REQUEST)?;
    SOURCES.iter().find(|source| source.id == id).map(|source| source.id).ok_or(NOT_FOUND)
}

/// The node that an element names. An attribute that is missing counts as empty.
pub(super) fn node_of(reference: &Element) -> Result<&'static Node, Condition> {
    let id = reference.attribute("id").ok_or(BAD_REQUEST)?;
    let source = reference.attribute("src").unwrap_or_default();
    let partition = reference.attribute("pt").unwrap_or_default();
    let is_meant = |node: &&Node| node.id == id && node.source == source && partition.is_empty();
    NODES.iter().find(is_meant).ok_or(NOT_FOUND)
}

/// Whether an attribute is true, as XML Schema has it.
pub(super) fn is_true(element: &Element, name: &str) -> bool {
    matches!(element.attribute(name), Some("true" | "1"))
}

impl Source {
    fn element(&self, request: &Element, since: i64) -> Element {
        let has_children = SOURCES.iter().any(|other| other.parent == Some(self.id));
        Element::new("dataSource", &request.namespace)
            .with("src", self.id)
            .with("name", self.name)
            .with("hasChildren", has_children.to_string())
            .with("lastChanged", timestamp(since))
    }
}

impl Node {
    /// Adds the attributes by which it is found.
    pub(super) fn refer(&self, element: Element) -> Element {
        element.with("id", self.id).with("src", self.source)
    }

    fn element(&self, request: &Element, since: i64) -> Element {
        let new = |name| Element::new(name, &request.namespace);
        let has_children = NODES.iter().any(|other| other.parent == Some(self.id));
        let state = if self.warning.is_some() { "WarningUnsigned" } else { "None" };
        let mut element = self
            .refer(new("nodeInfo"))
            .with("nodeType", self.class)
            .with("displayName", self.name)
            .with("state", state)
            .with("hasChildren", has_children.to_string())
            .with_optional("isReadable", self.is_readable.then_some("true"))
            .with_optional("parentId", self.parent)
            .with("lastChanged", timestamp(since));
        if is_true(request, "parameters") {
            for [kind, id, name, value] in self.parameters {
                let parameter =
                    new(*kind).with("id", *id).with("name", *name).with("value", *value);
                element.push(parameter);
            }
        }
        if is_true(request, "messages")
            && let Some(text) = self.warning
        {
            let message = new("message").with("timestamp", timestamp(since));
            element.push(message.with("type", "Warning").saying(text));
        }
        element
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(xml: &str) -> Result<String, &'static str> {
        let xml = xml.replace("/>", &format!(" xmlns='{}'/>", NAMESPACES[0]));
        let answer = answer(&Element::parse(&xml).unwrap(), 0);
        answer.map(|element| element.to_xml()).map_err(|condition| condition.name)
    }

    /// How often a text is in an answer.
    fn count(xml: &str, text: &str) -> usize {
        ask(xml).unwrap().matches(text).count()
    }

    #[test]
    fn the_capabilities_are_what_is_answered() {
        for name in CAPABILITIES {
            assert_eq!(count("<getCapabilities/>", &format!("<value>{name}</value>")), 1);
            let request = format!("<{name} id='Meter' src='House'/>");
            assert_ne!(ask(&request), Err("feature-not-implemented"), "{name}");
        }
        assert_eq!(ask("<getAncestors/>"), Err("feature-not-implemented"));
    }

    #[test]
    fn sources_are_a_tree() {
        assert_eq!(count("<getAllDataSources/>", "<dataSource "), 2);
        assert_eq!(
            ask("<getRootDataSources/>").unwrap(),
            concat!(
                r#"<dataSources xmlns="urn:nf:iot:concentrator:1.0">"#,
                r#"<dataSource hasChildren="true" lastChanged="1970-01-01T00:00:00.000Z" "#,
                r#"name="The house" src="House"/></dataSources>"#
            )
        );
        assert_eq!(count("<getChildDataSources src='House'/>", "<dataSource "), 1);
        assert_eq!(count("<getChildDataSources src='Cellar'/>", "<dataSource "), 0);
        assert_eq!(ask("<getChildDataSources src='Attic'/>"), Err("item-not-found"));
        assert_eq!(ask("<getChildDataSources/>"), Err("bad-request"));
    }

    #[test]
    fn nodes_are_a_tree_in_each_source() {
        assert_eq!(count("<getRootNodes src='House'/>", "<nodeInfo "), 2);
        assert_eq!(count("<getRootNodes src='Cellar'/>", "<nodeInfo "), 1);
        assert_eq!(ask("<getRootNodes src='Attic'/>"), Err("item-not-found"));
        let children = "<getChildNodes id='Climate' src='House'/>";
        assert_eq!(count(children, r#"parentId="Climate""#), 2);
        assert_eq!(count("<getChildNodes id='Meter' src='House'/>", "<nodeInfo "), 0);
        assert_eq!(ask("<getChildNodes id='Climate' src='Cellar'/>"), Err("item-not-found"));
    }

    #[test]
    fn a_node_is_found_by_all_of_its_reference() {
        for (reference, contains) in [
            ("id='Meter' src='House'", "true"),
            ("id='Meter' src='House' pt=''", "true"),
            ("id='Meter'", "false"),
            ("id='Meter' src='Cellar'", "false"),
            ("id='Meter' src='House' pt='1'", "false"),
        ] {
            let request = format!("<containsNode {reference}/>");
            assert_eq!(count(&request, &format!(">{contains}</bool>")), 1, "{reference}");
            let is_found = ask(&format!("<getNode {reference}/>")).is_ok();
            assert_eq!(is_found, contains == "true", "{reference}");
        }
        assert_eq!(ask("<containsNode src='House'/>"), Err("bad-request"));
    }

    #[test]
    fn parameters_and_messages_are_for_those_who_ask() {
        let thermometer = "<getNode id='Thermometer' src='House'/>";
        assert_eq!(count(thermometer, "<string "), 0);
        let asked = "<getNode id='Thermometer' src='House' parameters='true'/>";
        assert_eq!(count(asked, r#"<int id="Interval" name="Interval (s)" value="60"/>"#), 1);
        let detector = "<getNode id='WaterDetector' src='Cellar' messages='1'/>";
        assert_eq!(count(detector, ">The battery is low.</message>"), 1);
        assert_eq!(count(detector, r#"state="WarningUnsigned""#), 1);
    }

    #[test]
    fn an_answer_has_the_namespace_of_its_request() {
        for namespace in NAMESPACES {
            let request = Element::new("getCapabilities", namespace);
            assert_eq!(answer(&request, 0).unwrap().namespace, namespace);
        }
    }
}
