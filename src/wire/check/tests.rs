use super::super::entries::Entries;
use super::*;
use crate::resources::{account, xmpp};
use std::collections::BTreeSet;

fn subscription(arguments: &[Value]) -> Result<String, String> {
    match xmpp::SEND_PRESENCE_SUBSCRIPTION.check(arguments.to_vec()) {
        Ok(request) => Ok(serde_json::to_string(&request).unwrap()),
        Err(error) => Err(error.message()),
    }
}

#[test]
fn all_four_arguments_are_the_documented_object() {
    assert_eq!(
        subscription(&["bob@example.org".into(), "<a/>".into(), "sv".into(), "id-1".into()])
            .unwrap(),
        r#"{"to":"bob@example.org","customXml":"<a/>","language":"sv","id":"id-1"}"#
    );
}

#[test]
fn absent_arguments_are_left_out() {
    let only_to = r#"{"to":"bob@example.org"}"#;
    assert_eq!(subscription(&["bob@example.org".into()]).unwrap(), only_to);
    assert_eq!(
        subscription(&["bob@example.org".into(), Value::Null, "".into(), Value::Null]).unwrap(),
        only_to
    );
}

#[test]
fn each_broken_rule_names_its_parameter() {
    let to = || Value::from("bob@example.org");
    let rows: Vec<(Vec<Value>, &str)> = vec![
        (vec![], "To is missing. Write user@domain"),
        (vec!["".into()], "To is missing."),
        (vec![7.into()], "To must be a string, not a number."),
        (vec!["bob".into()], "To is not a whole XMPP address: it has no \"@\"."),
        (vec!["@b".into()], "To is not an XMPP address: it has nothing before \"@\"."),
        (vec![to(), true.into()], "CustomXml must be a string, not a boolean."),
        (vec![to(), "<a>".into()], "CustomXml is not well-formed XML: an element is not closed"),
        (vec![to(), Value::Null, "en_US".into()], "Language is not a language tag."),
        (vec![to(), Value::Null, Value::Array(vec![])], "Language must be a string, not an array."),
        (vec![to(), Value::Null, Value::Null, "a\nb".into()], "Id must be visible characters"),
        (
            vec![to(), Value::Null, Value::Null, "a\u{FFFE}".into()],
            "Id holds a character that XML 1.0 can\'t carry.",
        ),
    ];
    for (arguments, start) in rows {
        let message = subscription(&arguments).unwrap_err();
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn seconds_are_whole_and_within_an_hour() {
    let refresh =
        |seconds: Value| account::REFRESH.check(vec![seconds]).map_err(|error| error.message());
    for right in [1, 600, 3600] {
        assert!(refresh(right.into()).is_ok());
    }
    for wrong in [0.0, 3601.0, -1.0, 1.5, f64::NAN, f64::INFINITY] {
        assert_eq!(
            refresh(Value::Number(wrong)).unwrap_err(),
            "Seconds must be a whole number from 1 to 3600. For example 3600, an hour."
        );
    }
    assert_eq!(
        refresh("600".into()).unwrap_err(),
        "Seconds must be a number, not a string. For example 3600, an hour."
    );
}

#[test]
fn a_user_name_is_no_address() {
    let login = account::LOGIN.check(vec!["alice@example.org".into()]);
    assert!(login.unwrap_err().message().starts_with("UserName is not a user name"));
}

fn all_kinds(arguments: &str) -> Result<String, String> {
    let Value::Array(arguments) = serde_json::from_str(arguments).unwrap() else { panic!() };
    match crate::wire::tests::ALL_KINDS.check(arguments) {
        Ok(inputs) => Ok(serde_json::to_string(&inputs).unwrap()),
        Err(error) => Err(error.message()),
    }
}

#[test]
fn every_kind_takes_what_fits() {
    assert_eq!(
        all_kinds(
            r#"["a",true,-12.5,"2026-11-26T12:00:00.5+01:00","SGVsbG8=","<a/>",{"amount":1,"pin":"2"},
            [{"amount":0}],{"b":"1","a":"2"},"pw"]"#
        )
        .as_deref(),
        Ok(r#"{"text":"a","boolean":true,"decimal":-12.5,"#.to_string()
            + r#""dateTime":"2026-11-26T12:00:00.5+01:00","base64":"SGVsbG8=","xmlText":"<a/>","#
            + r#""Object":{"amount":1,"pin":"2"},"Objects":[{"amount":0}],"#
            + r#""Properties":[{"name":"b","value":"1"},{"name":"a","value":"2"}],"password":"pw"}"#)
            .as_deref()
    );
    // A list of pairs keeps an order that an object would not; lists that are absent are empty.
    assert_eq!(
        all_kinds(r#"["",null,null,null,"","",null,null,[["2","x"],["1","y"]]]"#).as_deref(),
        Ok(
            r#"{"text":"","Objects":[],"Properties":[{"name":"2","value":"x"},{"name":"1","value":"y"}]}"#
        )
    );
}

#[test]
fn every_kind_names_the_place_that_breaks_its_rule() {
    for (place, value, start) in [
        (1, "1", "Boolean must be a boolean, not a number."),
        (2, "\"1\"", "Decimal must be a number, not a string. For example 12.5."),
        (2, "1e21", "Decimal must be a number that is written without an exponent."),
        (2, "1e-7", "Decimal must be a number that is written without an exponent."),
        (3, "\"2026-11-26\"", "DateTime is not an ISO 8601 date and time with a time zone."),
        (
            3,
            "\"2026-11-26T12:00:00\"",
            "DateTime is not an ISO 8601 date and time with a time zone.",
        ),
        (4, "\"SGVsbG8\"", "Base64 is not Base64 with padding."),
        (4, "\"SGV=bG8=\"", "Base64 is not Base64 with padding."),
        (5, "\"<a>\"", "XmlText is not well-formed XML"),
        (6, "[]", "Object must be an object, not an array."),
        (6, "{}", "Object.amount is missing."),
        (6, r#"{"amount":101}"#, "Object.amount must be a whole number from 0 to 100."),
        (6, r#"{"amount":1,"x":1}"#, "Object.x is a property that is not documented."),
        (7, "{}", "Objects must be an array of objects, not an object."),
        (7, r#"[{"amount":1},7]"#, "Objects[1] must be an object, not a number."),
        (
            7,
            r#"[{"amount":1},{"amount":"1"}]"#,
            "Objects[1].amount must be a number, not a string.",
        ),
        (8, r#""a""#, "Properties must be an object or an array of pairs, not a string."),
        (
            8,
            r#"["a","b"]"#,
            "Properties must be an object, or an array of pairs, each an array of a name",
        ),
        (
            8,
            r#"[["a"]]"#,
            "Properties must be an object, or an array of pairs, each an array of a name",
        ),
        (8, r#"{"a":"1","b":"2","c":null}"#, "Properties[c].value is missing."),
        (8, r#"[["",1]]"#, "Properties[0].name is missing."),
        (8, r#"{"a":1}"#, "Properties[a].value must be a string, not a number."),
        (8, r#"{"A\nB":1}"#, "Properties[0].value must be a string, not a number."),
    ] {
        let mut arguments = vec!["\"a\"".to_string()];
        arguments.resize(place, "null".to_string());
        arguments.push(value.to_string());
        let message = all_kinds(&format!("[{}]", arguments.join(","))).unwrap_err();
        assert!(message.starts_with(start), "{message}");
    }
}

/// The loader compares these words; one that it does not know would be read as a scalar.
#[test]
fn the_loader_knows_every_type_of_argument() {
    const PAIR: &[Input; 2] =
        &[Input::required("name", InputKind::Text), Input::required("value", InputKind::Text)];
    let kinds = [
        InputKind::Text,
        InputKind::Texts,
        InputKind::Decimal,
        InputKind::Password,
        InputKind::DateTime,
        InputKind::Object(&[]),
        InputKind::Objects(&[], &Entries::Bare("Item")),
        InputKind::Map(PAIR, "Item"),
        InputKind::Json,
        InputKind::Content,
        InputKind::Function,
    ];
    let used: BTreeSet<_> = kinds.iter().map(InputKind::argument_type).collect();
    let (_, declared) =
        include_str!("../../loader/arguments.js").split_once("@typedef {\"scalar\"").unwrap();
    let (declared, _) = declared.split_once("} ArgumentType").unwrap();
    let words = declared.split(" | ").map(|word| word.trim_matches('"'));
    let declared: BTreeSet<_> = words.filter(|word| !word.is_empty()).chain(["scalar"]).collect();
    assert_eq!(used, declared);
}
