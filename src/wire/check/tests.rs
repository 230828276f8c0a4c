use super::*;
use crate::resources::{account, xmpp};

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
