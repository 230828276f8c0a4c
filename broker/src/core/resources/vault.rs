//! The vault of an account.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::{object, size, unix_seconds};
use crate::core::vault::{VaultDescription, VaultQuery, VaultTag};
use neuron_agent_api::resources::storage;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&storage::STORE_IN_VAULT, store_in_vault),
    Route::new(&storage::GET_FROM_VAULT, get_from_vault),
    Route::new(&storage::SEARCH_IN_VAULT, search_in_vault),
    Route::new(&storage::DELETE_FROM_VAULT, delete_from_vault),
];

/// How many items a search returns at most, unless the caller wants fewer.
const DEFAULT_COUNT: i64 = 100;

/// Stores a new item, or replaces one.
fn store_in_vault(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let description = description(arguments)?;
    let (id, created) = match arguments.optional_text("vaultId") {
        Some(id) => {
            let vault = &mut broker.caller_mut(call)?.vault;
            let replaced = vault.replace(id, description, call.now).map_err(|_| full())?;
            (id.to_owned(), replaced.ok_or_else(unknown)?)
        }
        None => {
            let id = broker.new_id();
            let vault = &mut broker.caller_mut(call)?.vault;
            vault.add(id.clone(), description, call.now).map_err(|_| full())?;
            (id, call.now)
        }
    };
    Ok(object([
        ("created", unix_seconds(created)),
        ("updated", unix_seconds(call.now)),
        ("vaultId", Value::String(id)),
    ]))
}

fn description(arguments: &Arguments) -> Result<VaultDescription, Refusal> {
    let tag = |tag: &Arguments| {
        Ok(VaultTag {
            name: tag.text("name")?.into(),
            value: tag.text("value")?.into(),
            mask: tag.optional_text("masked").map(Into::into),
        })
    };
    Ok(VaultDescription {
        kind: arguments.text("type")?.into(),
        client_id: arguments.optional_text("clientId").map(Into::into),
        tags: arguments.objects("Tags").iter().map(tag).collect::<Result<_, Refusal>>()?,
    })
}

/// Returns an item.
fn get_from_vault(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let item = broker.caller(call)?.vault.get(arguments.text("vaultId")?).ok_or_else(unknown)?;
    Ok(item.listed(is_masked(arguments)))
}

/// Returns a page of the items that have all that is given, the oldest first.
fn search_in_vault(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let query = VaultQuery {
        kind: arguments.optional_text("type"),
        client_id: arguments.optional_text("clientId"),
        tags: arguments.objects("Tags").iter().map(name_and_value).collect::<Result<_, _>>()?,
    };
    let offset = size(arguments.optional_integer("offset").unwrap_or(0));
    let most = size(arguments.optional_integer("maxCount").unwrap_or(DEFAULT_COUNT));
    let found = broker.caller(call)?.vault.find(&query).skip(offset).take(most);
    let found = found.map(|item| item.listed(is_masked(arguments))).collect();
    Ok(object([("ResultSet", Value::Array(found))]))
}

fn name_and_value(tag: &Arguments) -> Result<(&str, &str), Refusal> {
    Ok((tag.text("name")?, tag.text("value")?))
}

/// Deletes an item.
fn delete_from_vault(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    if broker.caller_mut(call)?.vault.delete(arguments.text("vaultId")?) {
        Ok(object([]))
    } else {
        Err(unknown())
    }
}

/// Whether masks are returned instead of values.
fn is_masked(arguments: &Arguments) -> bool {
    arguments.boolean("masked").unwrap_or(false)
}

fn unknown() -> Refusal {
    Refusal::new(404, "There is no such item in the vault.")
}

/// The vault has no room for another item.
fn full() -> Refusal {
    Refusal::bad_request("The vault is full. Delete items.")
}

#[cfg(test)]
mod tests {
    use crate::core::testing::{NOW, Pair, call, log_in_at, pair};
    use neuron_agent_api::resources::storage::{
        DELETE_FROM_VAULT, GET_FROM_VAULT, SEARCH_IN_VAULT, STORE_IN_VAULT,
    };

    const CARD: &str = concat!(
        r#"{"type":"Card","clientId":"c1","Tags":["#,
        r#"{"name":"PAN","value":"4111","masked":"**11"},{"name":"CVC","value":"123"}]}"#
    );
    const UNKNOWN: &str = "404 There is no such item in the vault.";

    /// Stores an item of Alice's, and returns its id.
    fn store(pair: &mut Pair, body: &str) -> String {
        let answer = pair.as_alice(&STORE_IN_VAULT, body).unwrap();
        answer.split('"').nth(7).unwrap().into()
    }

    fn of(id: &str) -> String {
        format!(r#"{{"vaultId":"{id}"}}"#)
    }

    /// The ids that a search of Alice's finds.
    fn search(pair: &mut Pair, body: &str) -> Vec<String> {
        let answer = pair.as_alice(&SEARCH_IN_VAULT, body).unwrap();
        let ids = answer.split(r#""vaultId":""#).skip(1);
        ids.map(|rest| rest.split('"').next().unwrap().into()).collect()
    }

    #[test]
    fn an_item_is_stored_read_and_deleted() {
        let mut pair = pair();
        let id = store(&mut pair, CARD);
        let item = |first: &str| {
            format!(
                concat!(
                    r#"{{"vaultId":"{}","type":"Card","created":{},"updated":{},"Tags":["#,
                    r#"{{"name":"PAN","value":"{}"}},{{"name":"CVC","value":"123"}}],"#,
                    r#""clientId":"c1"}}"#
                ),
                id, NOW, NOW, first
            )
        };
        assert_eq!(pair.as_alice(&GET_FROM_VAULT, &of(&id)).unwrap(), item("4111"));
        let masked = |masked| format!(r#"{{"vaultId":"{id}","masked":{masked}}}"#);
        assert_eq!(pair.as_alice(&GET_FROM_VAULT, &masked(true)).unwrap(), item("**11"));
        assert_eq!(pair.as_alice(&GET_FROM_VAULT, &masked(false)).unwrap(), item("4111"));
        assert_eq!(pair.as_alice(&DELETE_FROM_VAULT, &of(&id)).unwrap(), "{}");
        for resource in [&GET_FROM_VAULT, &DELETE_FROM_VAULT] {
            assert_eq!(pair.as_alice(resource, &of(&id)).unwrap_err(), UNKNOWN);
        }
    }

    #[test]
    fn an_item_is_replaced_and_keeps_the_time_of_its_creation() {
        let mut pair = pair();
        let id = store(&mut pair, CARD);
        let later = log_in_at(&mut pair.broker, "alice", "wonderland", NOW + 60);
        let body = format!(r#"{{"vaultId":"{id}","type":"Note","Tags":[]}}"#);
        let token = (Some(later.as_str()), NOW + 60);
        let answer = call(&mut pair.broker, &STORE_IN_VAULT, token, &body).unwrap();
        let updated = NOW + 60;
        assert_eq!(answer, format!(r#"{{"created":{NOW},"updated":{updated},"vaultId":"{id}"}}"#));
        let item = call(&mut pair.broker, &GET_FROM_VAULT, token, &of(&id)).unwrap();
        assert_eq!(
            item,
            format!(
                r#"{{"vaultId":"{id}","type":"Note","created":{NOW},"updated":{updated},"Tags":[]}}"#
            )
        );
    }

    #[test]
    fn only_an_item_of_the_own_vault_is_known() {
        let mut pair = pair();
        let id = store(&mut pair, CARD);
        for resource in [&GET_FROM_VAULT, &DELETE_FROM_VAULT] {
            assert_eq!(pair.as_bob(resource, &of(&id)).unwrap_err(), UNKNOWN);
            assert_eq!(pair.as_alice(resource, &of("x")).unwrap_err(), UNKNOWN);
        }
        let body = format!(r#"{{"vaultId":"{id}","type":"Note","Tags":[]}}"#);
        assert_eq!(pair.as_bob(&STORE_IN_VAULT, &body).unwrap_err(), UNKNOWN);
        let nothing = r#"{"ResultSet":[]}"#;
        assert_eq!(pair.as_bob(&SEARCH_IN_VAULT, "{}").unwrap(), nothing);
        assert!(pair.as_alice(&GET_FROM_VAULT, &of(&id)).unwrap().contains("Card"));
    }

    #[test]
    fn a_search_finds_what_has_all_that_is_given() {
        let pair = &mut pair();
        let card = store(pair, CARD);
        let note = store(pair, r#"{"type":"Note","Tags":[{"name":"PAN","value":"4111"}]}"#);
        let other = store(pair, r#"{"type":"Card","clientId":"c2"}"#);
        for (body, found) in [
            ("{}", vec![&card, &note, &other]),
            (r#"{"Tags":[]}"#, vec![&card, &note, &other]),
            (r#"{"type":"Card"}"#, vec![&card, &other]),
            (r#"{"clientId":"c1"}"#, vec![&card]),
            (r#"{"type":"Card","clientId":"c3"}"#, vec![]),
            (r#"{"Tags":[{"name":"PAN","value":"4111"}]}"#, vec![&card, &note]),
            (
                r#"{"Tags":[{"name":"PAN","value":"4111"},{"name":"CVC","value":"123"}]}"#,
                vec![&card],
            ),
            (r#"{"type":"Note","Tags":[{"name":"CVC","value":"123"}]}"#, vec![]),
            // A mask is no value.
            (r#"{"masked":true,"Tags":[{"name":"PAN","value":"**11"}]}"#, vec![]),
        ] {
            assert_eq!(search(pair, body).iter().collect::<Vec<_>>(), found, "{body}");
        }
        let masked = r#"{"masked":true,"Tags":[{"name":"PAN","value":"4111"}]}"#;
        let masked = pair.as_alice(&SEARCH_IN_VAULT, masked).unwrap();
        assert_eq!(masked.matches("4111").count(), 1, "{masked}");
        assert!(masked.contains("**11"), "{masked}");
    }

    #[test]
    fn a_search_has_pages() {
        let pair = &mut pair();
        let ids: Vec<_> = (0..101).map(|_| store(pair, r#"{"type":"Note"}"#)).collect();
        assert_eq!(search(pair, "{}"), ids[..100]);
        assert_eq!(search(pair, r#"{"offset":99}"#), ids[99..]);
        assert_eq!(search(pair, r#"{"offset":1,"maxCount":2}"#), ids[1..3]);
        assert!(search(pair, r#"{"offset":101}"#).is_empty());
        for body in [r#"{"offset":-1}"#, r#"{"maxCount":0}"#, r#"{"maxCount":101}"#] {
            assert!(pair.as_alice(&SEARCH_IN_VAULT, body).unwrap_err().starts_with("400"));
        }
    }

    #[test]
    fn the_size_of_a_vault_is_limited() {
        let pair = &mut pair();
        let value = "x".repeat(60_000);
        let tags: Vec<_> =
            (0..16).map(|n| format!(r#"{{"name":"{n}","value":"{value}"}}"#)).collect();
        let body = format!(r#"{{"type":"Note","Tags":[{}]}}"#, tags.join(","));
        let ids: Vec<_> = (0..4).map(|_| store(pair, &body)).collect();
        let refusal = pair.as_alice(&STORE_IN_VAULT, &body).unwrap_err();
        assert_eq!(refusal, "400 The vault is full. Delete items.");
        assert_eq!(search(pair, "{}"), ids);
        pair.as_alice(&DELETE_FROM_VAULT, &of(&ids[0])).unwrap();
        store(pair, &body);
    }
}
