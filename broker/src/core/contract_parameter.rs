//! The parameters of contracts, and the values that they take.

use super::element::Element;
use super::refusal::Refusal;
use neuron_agent_api::syntax::date_time::to_unix_seconds;
use neuron_agent_api::wire::Value;

/// The parameters of contracts that this broker does not have.
const UNSUPPORTED: &[&str] = &[
    "timeParameter",
    "durationParameter",
    "geoParameter",
    "calcParameter",
    "roleParameter",
    "contractReferenceParameter",
    "attachmentParameter",
    "recordSet",
];

/// What restricts a parameter in ways that this broker does not check.
const UNCHECKED: &[&str] = &["exp", "protection", "regEx"];

/// The kind of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Boolean,
    Date,
    DateTime,
}

/// A value that can be compared with another of the same kind.
#[derive(PartialEq, PartialOrd)]
enum Comparable<'a> {
    Text(&'a str),
    Number(f64),
    Time(i64),
    Boolean(bool),
}

impl Kind {
    /// The kind of a parameter with this element. `None` if it is not supported.
    fn of(element: &Element) -> Option<Self> {
        Some(match element.name.as_str() {
            "stringParameter" => Self::Text,
            "numericalParameter" => Self::Number,
            "booleanParameter" => Self::Boolean,
            "dateParameter" => Self::Date,
            "dateTimeParameter" => Self::DateTime,
            _ => return None,
        })
    }

    /// The value that a text stands for. `None` if it stands for none of this kind.
    fn read(self, text: &str) -> Option<Comparable<'_>> {
        Some(match self {
            Self::Text => Comparable::Text(text),
            Self::Number => {
                Comparable::Number(text.parse().ok().filter(|number: &f64| number.is_finite())?)
            }
            Self::Boolean => Comparable::Boolean(text.parse().ok()?),
            Self::Date => Comparable::Time(to_unix_seconds(&format!("{text}T00:00:00Z"))?),
            Self::DateTime => Comparable::Time(to_unix_seconds(text)?),
        })
    }

    /// The rule for values of this kind.
    fn rule(self) -> &'static str {
        match self {
            Self::Text => "must be a text.",
            Self::Number => "must be a number.",
            Self::Boolean => "must be true or false.",
            Self::Date => "must be a date, such as 2026-11-25.",
            Self::DateTime => "must be a date and time, such as 2026-11-25T10:00:00Z.",
        }
    }
}

/// Checks a parameter of a template.
pub(super) fn check(parameter: &Element) -> Result<(), Refusal> {
    let element = &parameter.name;
    let Some(kind) = Kind::of(parameter) else {
        return Err(if UNSUPPORTED.contains(&element.as_str()) {
            Refusal::new(501, format!("This broker does not support the element {element}."))
        } else {
            Refusal::bad_request(format!("The template has an unknown parameter: {element}."))
        });
    };
    if let Some(name) = UNCHECKED.iter().find(|name| parameter.attribute(name).is_some()) {
        return Err(Refusal::new(501, format!("This broker does not support {name}.")));
    }
    let limits = ["min", "max"].map(|name| parameter.attribute(name));
    let lengths = ["minLength", "maxLength"].map(|name| parameter.attribute(name));
    let are_valid = limits.into_iter().flatten().all(|limit| kind.read(limit).is_some())
        && lengths.into_iter().flatten().all(|length| length.parse::<usize>().is_ok())
        && parameter.attribute("name").is_some_and(|name| !name.is_empty());
    if !are_valid {
        let text = format!("The template has an invalid name or limit of a {element}.");
        return Err(Refusal::bad_request(text));
    }
    parameter.attribute("value").map_or(Ok(()), |value| {
        check_value(parameter, kind, value).map_err(|rule| {
            Refusal::bad_request(format!("The value of a {element} in the template {rule}"))
        })
    })
}

/// Sets the value of a parameter.
///
/// # Errors
/// The rule that the value breaks.
pub(super) fn set(parameter: &mut Element, value: &Value) -> Result<(), &'static str> {
    let kind = Kind::of(parameter).ok_or("is of a kind that this broker does not support.")?;
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if kind == Kind::Number => number.to_string(),
        Value::Boolean(boolean) if kind == Kind::Boolean => boolean.to_string(),
        _ => return Err(kind.rule()),
    };
    check_value(parameter, kind, &text)?;
    parameter.set("value", text);
    Ok(())
}

fn check_value(parameter: &Element, kind: Kind, text: &str) -> Result<(), &'static str> {
    let value = kind.read(text).ok_or(kind.rule())?;
    let limit = |name| parameter.attribute(name).and_then(|limit| kind.read(limit));
    let is_included = |name| parameter.attribute(name) != Some("false");
    if let Some(min) = limit("min")
        && (value < min || value == min && !is_included("minIncluded"))
    {
        return Err("is too small.");
    }
    if let Some(max) = limit("max")
        && (value > max || value == max && !is_included("maxIncluded"))
    {
        return Err("is too large.");
    }
    let length = |name| parameter.attribute(name).and_then(|length| length.parse::<usize>().ok());
    let characters = text.chars().count();
    if length("minLength").is_some_and(|min| characters < min) {
        return Err("is too short.");
    }
    if length("maxLength").is_some_and(|max| characters > max) {
        return Err("is too long.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(xml: &str) -> Element {
        Element::parse(xml).unwrap()
    }

    #[test]
    fn values_are_of_the_kind_of_their_parameter_and_in_its_range() {
        let number = "<numericalParameter name='n' min='1' max='60' maxIncluded='false'/>";
        let text = "<stringParameter name='t' minLength='2' maxLength='3' min='b'/>";
        let date = "<dateParameter name='d' min='2026-01-01'/>";
        for (xml, value, result) in [
            (number, Value::Number(1.0), Ok("1")),
            (number, Value::Number(59.5), Ok("59.5")),
            (number, "14".into(), Ok("14")),
            (number, Value::Number(0.0), Err("is too small.")),
            (number, Value::Number(60.0), Err("is too large.")),
            (number, true.into(), Err("must be a number.")),
            (number, "NaN".into(), Err("must be a number.")),
            (text, "bå".into(), Ok("bå")),
            (text, "b".into(), Err("is too short.")),
            (text, "bbbb".into(), Err("is too long.")),
            (text, "aa".into(), Err("is too small.")),
            (text, Value::Number(1.0), Err("must be a text.")),
            ("<booleanParameter name='b'/>", true.into(), Ok("true")),
            ("<booleanParameter name='b'/>", "no".into(), Err("must be true or false.")),
            (date, "2026-01-01".into(), Ok("2026-01-01")),
            (date, "2025-12-31".into(), Err("is too small.")),
            (date, "31/12/2026".into(), Err("must be a date, such as 2026-11-25.")),
            (
                "<dateTimeParameter name='t'/>",
                "2026-01-01T00:00:00Z".into(),
                Ok("2026-01-01T00:00:00Z"),
            ),
        ] {
            let mut parameter = parameter(xml);
            let set = set(&mut parameter, &value);
            let found = set.map(|()| parameter.attribute("value").unwrap());
            assert_eq!(found, result, "{xml} {value:?}");
        }
    }

    #[test]
    fn a_parameter_of_a_template_is_checked() {
        for (xml, status) in [
            ("<stringParameter name='t'/>", None),
            ("<numericalParameter name='t' min='1' value='1'/>", None),
            ("<numericalParameter name='t' min='1' value='0'/>", Some(400)),
            ("<numericalParameter name='t' min='x'/>", Some(400)),
            ("<stringParameter name='t' maxLength='-1'/>", Some(400)),
            ("<stringParameter/>", Some(400)),
            ("<x name='t'/>", Some(400)),
            ("<calcParameter name='t'/>", Some(501)),
            ("<stringParameter name='t' regEx='.'/>", Some(501)),
        ] {
            let result = check(&parameter(xml)).map_err(|refusal| refusal.status);
            assert_eq!(result.err(), status, "{xml}");
        }
    }
}
