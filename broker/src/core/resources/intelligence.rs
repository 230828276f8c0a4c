//! What accounts publish of endpoints.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::intelligence::{Information, InformationTag, Query, Record, RecordError};
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::{object, size};
use neuron_agent_api::resources::intelligence;
use neuron_agent_api::wire::Value;
use std::net::{IpAddr, SocketAddr};

pub(super) const ROUTES: &[Route] = &[
    Route::new(&intelligence::CHECK_ENDPOINT, check_endpoint),
    Route::new(&intelligence::ADD, add),
    Route::new(&intelligence::UPDATE, update),
    Route::new(&intelligence::DELETE, delete),
    Route::new(&intelligence::GET, get),
];

/// How many records an answer has at most, unless the caller wants fewer.
const DEFAULT_COUNT: i64 = 100;

/// The XML types of numbers that JSON can carry without loss. A value of any other type stays as it
/// was sent.
const NUMBER_TYPES: &[&str] = &[
    "xs:byte",
    "xs:double",
    "xs:float",
    "xs:int",
    "xs:short",
    "xs:unsignedByte",
    "xs:unsignedInt",
    "xs:unsignedShort",
];

/// Returns an endpoint without its port. This broker keeps no information of the endpoints that
/// have called it, so there is none to return.
fn check_endpoint(_: &mut Broker, _: &Call<'_>, arguments: &Arguments) -> Answer {
    let endpoint = without_port(arguments.text("endpoint")?);
    Ok(object([("endpoint", Value::String(endpoint))]))
}

/// An IP address or a host name without a port, and without the brackets of an IPv6 address.
fn without_port(endpoint: &str) -> String {
    if let Ok(address) = endpoint.parse::<SocketAddr>() {
        return address.ip().to_string();
    }
    let bare = endpoint.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Ok(address) = bare.unwrap_or(endpoint).parse::<IpAddr>() {
        return address.to_string();
    }
    match endpoint.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') && port.parse::<u16>().is_ok() => host.into(),
        _ => endpoint.into(),
    }
}

/// Publishes what is known of an endpoint.
fn add(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let information = information(call, arguments)?;
    let id = broker.new_id();
    let owner = call.session()?.user_name.clone();
    let record = Record { id: id.clone(), owner, timestamp: call.now, information };
    broker.intelligence.add(record).map_err(refusal)?;
    Ok(object([("objectId", Value::String(id))]))
}

/// Changes what the account has published. The time of its publication stays.
fn update(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let information = information(call, arguments)?;
    let (id, owner) = (arguments.text("objectId")?, &call.session()?.user_name);
    broker.intelligence.update(id, owner, information, call.now).map_err(refusal)?;
    Ok(object([]))
}

/// Deletes what the account has published.
fn delete(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let (id, owner) = (arguments.text("objectId")?, &call.session()?.user_name);
    broker.intelligence.delete(id, owner, call.now).map_err(refusal)?;
    Ok(object([]))
}

/// Returns a page of the records that have all that is given, the newest last.
fn get(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let query = Query {
        endpoint: arguments.optional_text("endpoint"),
        vector: arguments.optional_text("vector"),
        protocol: arguments.optional_text("protocol"),
        classification: arguments.optional_text("classification"),
        code: arguments.optional_text("code"),
        from: arguments.optional_integer("from"),
        to: arguments.optional_integer("to"),
    };
    let offset = size(arguments.optional_integer("offset").unwrap_or(0));
    let most = size(arguments.optional_integer("maxCount").unwrap_or(DEFAULT_COUNT));
    let domain = broker.domain.as_str();
    let found = broker.intelligence.find(&query, call.now).skip(offset).take(most);
    let found = found.map(|record| record.listed(domain)).collect();
    Ok(object([("ResultSet", Value::Array(found))]))
}

/// Reads what is to be published. The properties of the account's identity that it names are left
/// out, because no account has an identity with properties here.
fn information(call: &Call<'_>, arguments: &Arguments) -> Result<Information, Refusal> {
    let missing = || Refusal::internal("The information is not declared.");
    let information = arguments.object("Information").ok_or_else(missing)?;
    let expires = information.integer("expires")?;
    if expires <= call.now {
        let text = "The property \"Information.expires\" must be a time to come.";
        return Err(Refusal::bad_request(text));
    }
    let text = |name| information.optional_text(name).map(Into::into);
    let tags = information.objects("Tag").iter().enumerate();
    Ok(Information {
        endpoint: information.text("endpoint")?.into(),
        expires,
        vector: text("vector"),
        protocol: text("protocol"),
        classification: text("classification"),
        code: text("code"),
        message: text("message"),
        tags: tags.map(|(index, tag)| read_tag(index, tag)).collect::<Result<_, _>>()?,
    })
}

/// Reads a tag. A text becomes what its XML type says, if this broker knows the type.
fn read_tag(index: usize, tag: &Arguments) -> Result<InformationTag, Refusal> {
    let name = tag.text("name")?.into();
    let kind = tag.optional_text("type");
    let broken = |rule: &str| {
        let path = format!("Information.Tag[{index}].value");
        Refusal::bad_request(format!("The property {path:?} {rule}"))
    };
    let value = match tag.json("value") {
        Some(Value::String(text)) => {
            typed(text, kind).ok_or_else(|| broken("is not a value of its type."))?
        }
        Some(value @ (Value::Number(_) | Value::Boolean(_))) => value.clone(),
        _ => return Err(broken("must be text, a number or a boolean.")),
    };
    Ok(InformationTag { name, value, kind: kind.map(Into::into) })
}

/// The value that a text stands for. `None` if it is not a value of its type.
fn typed(text: &str, kind: Option<&str>) -> Option<Value> {
    match kind {
        Some("xs:boolean") => match text {
            "true" | "1" => Some(true.into()),
            "false" | "0" => Some(false.into()),
            _ => None,
        },
        Some(kind) if NUMBER_TYPES.contains(&kind) => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            number.map(Value::Number)
        }
        _ => Some(text.into()),
    }
}

fn refusal(error: RecordError) -> Refusal {
    match error {
        RecordError::Unknown => Refusal::new(404, "There is no such information."),
        RecordError::NotOwner => Refusal::new(403, "Another account published the information."),
        RecordError::TooLong => {
            Refusal::bad_request("The property \"Information\" is longer than 40 KiB.")
        }
        RecordError::Full => {
            Refusal::bad_request("There is no room for more information. Delete some.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;
    use crate::core::testing::{NOW, Pair, call, log_in_at, pair};
    use neuron_agent_api::resources::intelligence::{ADD, CHECK_ENDPOINT, DELETE, GET, UPDATE};

    const UNKNOWN: &str = "404 There is no such information.";

    /// The body of `Add` with more properties, each with a comma before it.
    fn information(endpoint: &str, more: &str) -> String {
        let expires = NOW + 100;
        format!(r#"{{"Information":{{"endpoint":"{endpoint}","expires":{expires}{more}}}}}"#)
    }

    /// Publishes something of Alice's, and returns its id.
    fn publish(pair: &mut Pair, endpoint: &str, more: &str) -> String {
        let answer = pair.as_alice(&ADD, &information(endpoint, more)).unwrap();
        answer.split('"').nth(3).unwrap().into()
    }

    fn of(id: &str) -> String {
        format!(r#"{{"objectId":"{id}"}}"#)
    }

    fn update_of(id: &str, endpoint: &str) -> String {
        information(endpoint, "").replacen('{', &format!(r#"{{"objectId":"{id}","#), 1)
    }

    /// The endpoints that Bob finds.
    fn found(pair: &mut Pair, body: &str) -> String {
        endpoints(&pair.as_bob(&GET, body).unwrap())
    }

    fn endpoints(answer: &str) -> String {
        let endpoints = answer.split(r#""endpoint":""#).skip(1);
        endpoints.filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn an_endpoint_is_returned_without_its_port() {
        for (endpoint, bare) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7:443", "203.0.113.7"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:DB8:0::1]", "2001:db8::1"),
            ("::1", "::1"),
            ("neuron.example:8080", "neuron.example"),
            ("neuron.example", "neuron.example"),
            ("neuron.example:port", "neuron.example:port"),
        ] {
            assert_eq!(without_port(endpoint), bare);
        }
        let answer = pair().as_alice(&CHECK_ENDPOINT, r#"{"endpoint":"203.0.113.7:1"}"#);
        assert_eq!(answer.unwrap(), r#"{"endpoint":"203.0.113.7"}"#);
    }

    #[test]
    fn information_is_published_for_everybody() {
        let pair = &mut pair();
        let more = concat!(
            r#","vector":"Login","protocol":"HTTPS","classification":"Guessing","code":"401","#,
            r#""message":"Guessed.","Tag":[{"name":"n","value":3,"type":"xs:int"},"#,
            r#"{"name":"t","value":"x"}],"AgentProperty":[{"name":"COUNTRY"}]"#
        );
        let id = publish(pair, "203.0.113.7", more);
        let expected = format!(
            concat!(
                r#"{{"ResultSet":[{{"objectId":"{}","domain":"localhost","endpoint":"203.0.113.7","#,
                r#""timestamp":{},"expires":{},"vector":"Login","protocol":"HTTPS","#,
                r#""classification":"Guessing","code":"401","message":"Guessed.","#,
                r#""Tags":[{{"name":"n","value":3,"type":"xs:int"}},{{"name":"t","value":"x"}}]}}]}}"#
            ),
            id,
            NOW,
            NOW + 100
        );
        assert_eq!(pair.as_bob(&GET, "{}").unwrap(), expected);
    }

    #[test]
    fn a_text_is_stored_as_a_value_of_its_type() {
        let pair = &mut pair();
        for (value, kind, stored) in [
            (r#""3""#, "xs:int", "3"),
            (r#""1.5""#, "xs:double", "1.5"),
            (r#""true""#, "xs:boolean", "true"),
            (r#""0""#, "xs:boolean", "false"),
            (r#""3""#, "xs:string", r#""3""#),
            ("true", "xs:int", "true"),
        ] {
            let tag = format!(r#","Tag":[{{"name":"n","value":{value},"type":"{kind}"}}]"#);
            publish(pair, "a", &tag);
            let stored = format!(r#""value":{stored},"type":"{kind}""#);
            assert!(pair.as_bob(&GET, "{}").unwrap().contains(&stored), "{stored}");
        }
        for (value, kind, rule) in [
            (r#""x""#, "xs:int", "is not a value of its type."),
            (r#""yes""#, "xs:boolean", "is not a value of its type."),
            ("[]", "xs:int", "must be text, a number or a boolean."),
        ] {
            let tag = format!(r#","Tag":[{{"name":"n","value":{value},"type":"{kind}"}}]"#);
            let refusal = pair.as_alice(&ADD, &information("a", &tag)).unwrap_err();
            assert_eq!(refusal, format!(r#"400 The property "Information.Tag[0].value" {rule}"#));
        }
    }

    #[test]
    fn all_that_is_given_restricts_what_is_found() {
        let pair = &mut pair();
        publish(pair, "a", r#","vector":"Login","protocol":"HTTPS""#);
        publish(pair, "b", r#","vector":"Login","classification":"Guessing""#);
        publish(pair, "c", r#","protocol":"HTTPS","code":"401""#);
        for (body, endpoints) in [
            ("{}", "abc"),
            (r#"{"endpoint":"b"}"#, "b"),
            (r#"{"vector":"Login"}"#, "ab"),
            (r#"{"protocol":"HTTPS"}"#, "ac"),
            (r#"{"classification":"Guessing"}"#, "b"),
            (r#"{"code":"401"}"#, "c"),
            (r#"{"vector":"Login","protocol":"HTTPS"}"#, "a"),
            (r#"{"endpoint":"b","protocol":"HTTPS"}"#, ""),
            (r#"{"offset":1,"maxCount":1}"#, "b"),
            (r#"{"offset":3}"#, ""),
        ] {
            assert_eq!(found(pair, body), endpoints, "{body}");
        }
    }

    #[test]
    fn the_time_of_publication_restricts_inclusively_and_the_newest_is_the_last() {
        let pair = &mut pair();
        for (seconds, endpoint) in [(0, "a"), (10, "b"), (20, "c")] {
            let now = NOW + seconds;
            let token = log_in_at(&mut pair.broker, "alice", "wonderland", now);
            let body = information(endpoint, "");
            call(&mut pair.broker, &ADD, (Some(&token), now), &body).unwrap();
        }
        for (from, to, endpoints) in [
            (NOW, NOW + 20, "abc"),
            (NOW + 10, NOW + 20, "bc"),
            (NOW + 1, NOW + 10, "b"),
            (NOW + 21, NOW + 90, ""),
        ] {
            assert_eq!(found(pair, &format!(r#"{{"from":{from},"to":{to}}}"#)), endpoints);
        }
    }

    #[test]
    fn a_hundred_records_are_returned_unless_fewer_are_wanted() {
        let pair = &mut pair();
        for _ in 0..101 {
            publish(pair, "a", "");
        }
        assert_eq!(found(pair, "{}").len(), 100);
        assert_eq!(found(pair, r#"{"offset":100}"#), "a");
        assert!(pair.as_bob(&GET, r#"{"maxCount":101}"#).unwrap_err().starts_with("400"));
    }

    #[test]
    fn expired_information_is_gone() {
        let pair = &mut pair();
        let id = publish(pair, "a", "");
        let now = NOW + 100;
        let token = log_in_at(&mut pair.broker, "alice", "wonderland", now);
        let mut later = |resource, body: &str| {
            let answer = call(&mut pair.broker, resource, (Some(&token), now), body);
            answer.map_err(|refusal| refusal.status)
        };
        assert_eq!(later(&GET, "{}").unwrap(), r#"{"ResultSet":[]}"#);
        assert_eq!(later(&DELETE, &of(&id)), Err(404));
    }

    #[test]
    fn information_that_has_expired_already_is_refused() {
        let pair = &mut pair();
        let id = publish(pair, "a", "");
        let text = "400 The property \"Information.expires\" must be a time to come.";
        let expired = |body: String| body.replace(&(NOW + 100).to_string(), &NOW.to_string());
        assert_eq!(pair.as_alice(&ADD, &expired(information("b", ""))).unwrap_err(), text);
        assert_eq!(pair.as_alice(&UPDATE, &expired(update_of(&id, "b"))).unwrap_err(), text);
        assert_eq!(found(pair, "{}"), "a");
    }

    #[test]
    fn only_its_publisher_changes_or_deletes_information() {
        let pair = &mut pair();
        let id = publish(pair, "a", r#","vector":"Login""#);
        let refused = "403 Another account published the information.";
        assert_eq!(pair.as_bob(&UPDATE, &update_of(&id, "b")).unwrap_err(), refused);
        assert_eq!(pair.as_bob(&DELETE, &of(&id)).unwrap_err(), refused);
        assert_eq!(found(pair, r#"{"vector":"Login"}"#), "a");
        assert_eq!(pair.as_alice(&UPDATE, &update_of(&id, "b")).unwrap(), "{}");
        assert_eq!(found(pair, "{}"), "b");
        assert_eq!(found(pair, r#"{"vector":"Login"}"#), "");
        assert_eq!(pair.as_alice(&DELETE, &of(&id)).unwrap(), "{}");
        assert_eq!(found(pair, "{}"), "");
        assert_eq!(pair.as_alice(&DELETE, &of(&id)).unwrap_err(), UNKNOWN);
        assert_eq!(pair.as_alice(&UPDATE, &update_of(&id, "b")).unwrap_err(), UNKNOWN);
    }

    #[test]
    fn information_that_is_too_long_is_refused() {
        let message = format!(r#","message":"{}""#, "x".repeat(50_000));
        let refusal = pair().as_alice(&ADD, &information("a", &message)).unwrap_err();
        assert_eq!(refusal, "400 The property \"Information\" is longer than 40 KiB.");
    }
}
