//! Payments in a play currency, and play services that buy and sell it.

use super::events::{check_function, check_tab};
use crate::core::address;
use crate::core::amount::Amount;
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::content::Content;
use crate::core::delivery::Component;
use crate::core::edaler_uri::{EDalerUri, Party, wrong};
use crate::core::element::timestamp;
use crate::core::identity::{Identity, IdentityState};
use crate::core::keys::verify;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::state::Broker;
use crate::core::values::object;
use crate::core::wallet::{CURRENCY, Direction, Outcome, Transaction, WalletError};
use jid::BareJid;
use neuron_agent_api::resources::wallet;
use neuron_agent_api::wire::Value;
use std::borrow::Cow;

pub(super) const ROUTES: &[Route] = &[
    Route::new(&wallet::GET_BALANCE, get_balance),
    Route::new(&wallet::PROCESS_E_DALER_URI, process_edaler_uri),
    Route::new(&wallet::GET_SERVICE_PROVIDERS_FOR_BUYING_E_DALER, get_buying_services),
    Route::new(&wallet::GET_SERVICE_PROVIDERS_FOR_SELLING_E_DALER, get_selling_services),
    Route::new(&wallet::GET_PAYMENT_OPTIONS_FOR_BUYING_E_DALER, get_buying_options),
    Route::new(&wallet::GET_PAYMENT_OPTIONS_FOR_SELLING_E_DALER, get_selling_options),
    Route::new(&wallet::INITIATE_BUY_E_DALER, buy),
    Route::new(&wallet::INITIATE_SELL_E_DALER, sell),
    Route::new(&wallet::GET_TRANSACTION_INFORMATION, get_transaction_information),
];

/// The namespace of messages about eDaler. That of a Neuron® is not published.
const EDALER: &str = "https://paiwise.tagroot.io/Schema/eDaler.xsd";

/// The maximum length of a transaction's id, in bytes.
const MAX_ID_BYTES: usize = 256;

/// The maximum length of a URL in a transaction, in bytes.
const MAX_URL_BYTES: usize = 2_048;

/// The services, each of which buys and sells: their ids, their names, and how each transaction
/// with them ends.
const SERVICES: [(&str, &str, Outcome); 2] = [
    ("mock", "Play bank", Outcome::Committed),
    ("mock-declined", "Play bank that declines", Outcome::Error),
];

/// Where a transaction can lead a person.
const URLS: [&str; 3] = ["successUrl", "failureUrl", "cancelUrl"];

fn get_balance(broker: &mut Broker, call: &Call<'_>, _: &Arguments) -> Answer {
    Ok(broker.caller(call)?.wallet.balance(call.now))
}

/// Carries out an order to pay, whoever hands it in, and tells both accounts.
fn process_edaler_uri(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let uri = EDalerUri::parse(given.text("uri")?)?;
    if call.now >= uri.expires {
        return Err(wrong("has expired."));
    }
    if uri.currency != CURRENCY {
        return Err(wrong(&format!("has another currency than {CURRENCY}.")));
    }
    let sender = verified_sender(broker, &uri)?;
    let recipient = account_of(broker, uri.recipient)?;
    if sender == recipient {
        return Err(wrong("has the same account as sender and recipient."));
    }
    let [from, to] = [broker.bare_jid(&sender)?, broker.bare_jid(&recipient)?];
    let [payer, payee] = broker
        .users
        .two_of(&sender, &recipient)
        .ok_or_else(|| Refusal::internal("An account is gone."))?;
    let payment = (uri.id, uri.expires);
    let paid = payer.wallet.pay(&mut payee.wallet, uri.amount, payment, call.now);
    paid.map_err(payment_refusal)?;
    let event = |change: &str, remote: &BareJid| {
        let mut attributes =
            vec![("transactionId", uri.id), ("remote", remote.as_str()), ("change", change)];
        attributes.extend(uri.message.as_deref().map(|message| ("message", message)));
        Content::element("event", EDALER, &attributes, &Content::default())
    };
    tell_balance(broker, &sender, &event(&format!("-{}", uri.amount), &to), call.now);
    tell_balance(broker, &recipient, &event(&uri.amount.to_string(), &from), call.now);
    Ok(object([("Balance", broker.caller(call)?.wallet.balance(call.now))]))
}

/// The user name of the sender, who has signed. One refusal covers a wrong signature, an unknown
/// sender and one without an approved identity, so that nobody can find out which accounts exist.
fn verified_sender(broker: &Broker, uri: &EDalerUri<'_>) -> Result<String, Refusal> {
    let signed = uri.signed.as_bytes();
    let is_signed = match signer(broker, uri.sender)? {
        Some(signer) if signer.has_signed(signed, uri.signature) => Some(signer.owner.clone()),
        Some(_) => None,
        None => {
            // It takes as long as if there were an identity.
            verify(&broker.key_pair, signed, uri.signature);
            None
        }
    };
    is_signed.ok_or_else(|| {
        let text = "The signature (s) in \"uri\" is not the sender's. The key of an approved \
                    identity of the sender signs the URI as it is without \";s=\" and the \
                    signature: of the identity in fi, or else of the sender's latest.";
        Refusal::new(403, text)
    })
}

/// The approved identity whose key signs the payments of a party. `None` if there is none.
fn signer<'a>(broker: &'a Broker, party: Party<'_>) -> Result<Option<&'a Identity>, Refusal> {
    let is_approved = |identity: &&Identity| identity.state == IdentityState::Approved;
    Ok(match party {
        Party::Identity(id) => broker.identity(id).ok().filter(is_approved),
        Party::Address(text) => {
            let address = local_address(broker, text)?;
            let user_name = broker.user_name(&address).unwrap_or_default();
            broker.identities_of(user_name).filter(is_approved).last()
        }
    })
}

/// The user name of a recipient.
fn account_of(broker: &Broker, party: Party<'_>) -> Result<String, Refusal> {
    let address = match party {
        Party::Identity(id) => return Ok(broker.identity(id)?.owner.clone()),
        Party::Address(text) => local_address(broker, text)?,
    };
    if broker.is_thing(&address) {
        return Err(Refusal::new(403, "The recipient in \"uri\" is a thing, which can't be paid."));
    }
    let user_name = broker.user_name(&address).filter(|name| broker.users.contains_key(*name));
    let unknown = || Refusal::new(404, "There is no such account as t in \"uri\" says.");
    user_name.map(Into::into).ok_or_else(unknown)
}

/// The bare address in an f or t. Other brokers can't be reached.
fn local_address(broker: &Broker, text: &str) -> Result<BareJid, Refusal> {
    let address = address::parse(text);
    let address = address.map_err(|_| wrong("has an f or t that is not an XMPP address."))?;
    let address = address.to_bare();
    if !broker.is_local(&address) {
        let text = "This broker can't reach other brokers, so it pays only its own accounts.";
        return Err(Refusal::new(501, text));
    }
    Ok(address)
}

fn payment_refusal(error: WalletError) -> Refusal {
    match error {
        WalletError::InsufficientFunds => Refusal::new(403, "The sender has not enough eDaler."),
        WalletError::TooMuch => {
            Refusal::new(403, "The recipient would have more eDaler than a wallet can hold.")
        }
        WalletError::DuplicateId => {
            Refusal::new(403, "The id in \"uri\" was used before: a payment is made once.")
        }
        WalletError::TooMany => {
            Refusal::bad_request("The sender has made too many payments that have not expired.")
        }
    }
}

/// Tells a user of the balance, and of the payment that has changed it, if it was one. The balance
/// has changed, whether or not the user can be told.
fn tell_balance(broker: &mut Broker, user_name: &str, event: &Content, now: i64) {
    let Some(user) = broker.users.get(user_name) else { return };
    let amount = user.wallet.amount().to_string();
    let time = timestamp(now);
    let attributes = [
        ("amount", amount.as_str()),
        ("reserved", "0"),
        ("currency", CURRENCY),
        ("timestamp", &time),
    ];
    let message = Content::element("balance", EDALER, &attributes, event);
    let _ = broker.notify(Component::EDaler, user_name, message, now);
}

fn get_buying_services(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    Ok(services(Direction::Buy))
}

fn get_selling_services(_: &mut Broker, _: &Call<'_>, _: &Arguments) -> Answer {
    Ok(services(Direction::Sell))
}

fn services(direction: Direction) -> Value {
    let service = |(id, name, _): (&str, &str, Outcome)| {
        object([("id", id.into()), ("type", provider(direction).into()), ("name", name.into())])
    };
    object([("Providers", Value::Array(SERVICES.map(service).into()))])
}

/// The type of the services for a direction.
fn provider(direction: Direction) -> &'static str {
    match direction {
        Direction::Buy => "Local.MockBuy",
        Direction::Sell => "Local.MockSell",
    }
}

fn get_buying_options(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    transact(broker, call, given, Direction::Buy, None)
}

fn get_selling_options(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    transact(broker, call, given, Direction::Sell, None)
}

fn buy(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let amount = amount(given)?;
    transact(broker, call, given, Direction::Buy, Some(amount))
}

fn sell(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    let amount = amount(given)?;
    transact(broker, call, given, Direction::Sell, Some(amount))
}

fn amount(given: &Arguments) -> Result<Amount, Refusal> {
    if given.text("currency")? != CURRENCY {
        let text = format!("The property \"currency\" must be {CURRENCY}.");
        return Err(Refusal::bad_request(text));
    }
    Amount::of_number(given.decimal("amount")?)
        .ok_or_else(|| Refusal::bad_request(format!("The property \"amount\" {}", Amount::RULE)))
}

/// Carries out a transaction at once, and tells the tab and the account.
fn transact(
    broker: &mut Broker,
    call: &Call<'_>,
    given: &Arguments,
    direction: Direction,
    amount: Option<Amount>,
) -> Answer {
    let (service_id, service_provider) = (given.text("serviceId")?, given.text("serviceProvider")?);
    let service = SERVICES.iter().find(|(id, ..)| *id == service_id);
    let Some((_, _, outcome)) = service.filter(|_| service_provider == provider(direction)) else {
        return Err(Refusal::new(404, "There is no such service."));
    };
    let listener = listener(given)?;
    let id = match given.optional_text("transactionId") {
        None => broker.new_uuid(),
        Some(id) if id.len() <= MAX_ID_BYTES => id.into(),
        Some(_) => {
            let text = "The property \"transactionId\" is longer than 256 bytes.";
            return Err(Refusal::bad_request(text));
        }
    };
    let transaction = Transaction {
        id: id.clone(),
        outcome: *outcome,
        time: call.now,
        service_id: service_id.into(),
        service_provider: service_provider.into(),
        amount,
        urls: urls(given)?,
    };
    let answer = transaction.information();
    let wallet = &mut broker.caller_mut(call)?.wallet;
    wallet.carry_out(transaction, direction).map_err(transaction_refusal)?;
    let user_name = &call.session()?.user_name;
    if let Some(listener) = listener {
        broker.push_transaction(call.session()?, &id, listener, call.now);
    }
    if amount.is_some() && *outcome == Outcome::Committed {
        tell_balance(broker, user_name, &Content::default(), call.now);
    }
    Ok(answer)
}

/// The tab that wants to be told, and the function there. `None` unless both are given.
fn listener(given: &Arguments) -> Result<Option<(&str, &str)>, Refusal> {
    let tab = given.optional_text("tabId");
    let listener = tab.zip(given.optional_text("functionName"));
    if let Some((tab, function)) = listener {
        check_tab(tab)?;
        check_function("functionName", function)?;
    }
    Ok(listener)
}

fn urls(given: &Arguments) -> Result<Vec<(Cow<'static, str>, String)>, Refusal> {
    let urls = URLS.into_iter().filter_map(|name| Some((name, given.optional_text(name)?)));
    let checked = urls.map(|(name, url)| {
        if url.len() > MAX_URL_BYTES {
            let text = format!("The property {name:?} is longer than {MAX_URL_BYTES} bytes.");
            return Err(Refusal::bad_request(text));
        }
        Ok((name.into(), url.into()))
    });
    checked.collect()
}

fn transaction_refusal(error: WalletError) -> Refusal {
    match error {
        WalletError::InsufficientFunds => Refusal::new(403, "The account has not enough eDaler."),
        WalletError::TooMuch => {
            Refusal::new(403, "The account would have more eDaler than a wallet can hold.")
        }
        WalletError::DuplicateId => {
            Refusal::new(403, "The property \"transactionId\" is that of another transaction.")
        }
        WalletError::TooMany => {
            Refusal::bad_request("The account's transactions are too many or too large.")
        }
    }
}

/// Reads a transaction of the account. It has ended, so its tab has no more events to get.
fn get_transaction_information(broker: &mut Broker, call: &Call<'_>, given: &Arguments) -> Answer {
    listener(given)?;
    let transaction = broker.caller(call)?.wallet.transaction(given.text("transactionId")?);
    let unknown = || Refusal::new(404, "The account has no such transaction.");
    Ok(transaction.ok_or_else(unknown)?.information())
}

#[cfg(test)]
mod tests {
    use super::SERVICES;
    use crate::core::testing::{NOW, Pair, call, log_in_at, pair};
    use base64ct::{Base64, Encoding};
    use neuron_agent_api::resources::legal::SIGN_DATA;
    use neuron_agent_api::resources::wallet::{
        GET_BALANCE, GET_PAYMENT_OPTIONS_FOR_BUYING_E_DALER,
        GET_SERVICE_PROVIDERS_FOR_BUYING_E_DALER, GET_SERVICE_PROVIDERS_FOR_SELLING_E_DALER,
        GET_TRANSACTION_INFORMATION, INITIATE_BUY_E_DALER, INITIATE_SELL_E_DALER,
        PROCESS_E_DALER_URI,
    };
    use neuron_agent_api::resources::xmpp::POP_MESSAGES;
    use neuron_agent_api::wire::Value;

    /// An order of Alice's to pay Bob 12.5, without its signature.
    const ORDER: &str = "edaler:id=1;f=alice@localhost;t=bob@localhost;am=12.5;cu=SEK;\
                         cr=2023-11-14T22:13:20.000Z;ex=2023-11-14;m=SGVq";

    /// Signs an order with the key of an identity of Alice's.
    fn signed(pair: &mut Pair, legal_id: &str, order: &str) -> String {
        let data = Base64::encode_string(order.as_bytes());
        let fields = format!(r#"{{"keyId":"key","legalId":"{legal_id}","dataBase64":"{data}"}}"#);
        let answer = pair.sign_as_alice(&SIGN_DATA, &fields).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        format!(r#"{{"uri":"{order};s={}"}}"#, answer.text("Signature"))
    }

    fn amounts(pair: &mut Pair) -> [String; 2] {
        let amount = |answer: Result<String, String>| {
            let answer: Value = serde_json::from_str(&answer.unwrap()).unwrap();
            let Some(Value::Number(amount)) = answer.get("amount") else { panic!("{answer:?}") };
            amount.to_string()
        };
        [amount(pair.as_alice(&GET_BALANCE, "{}")), amount(pair.as_bob(&GET_BALANCE, "{}"))]
    }

    #[test]
    fn an_account_begins_with_a_balance() {
        assert_eq!(
            pair().as_bob(&GET_BALANCE, "{}").unwrap(),
            format!(r#"{{"amount":1000,"reserved":0,"currency":"SEK","timestamp":{NOW}}}"#)
        );
    }

    #[test]
    fn a_payment_is_made_once_and_both_accounts_are_told() {
        let mut pair = pair();
        let alice = pair.approved_as_alice();
        let uri = signed(&mut pair, &alice, ORDER);
        let answer = pair.as_bob(&PROCESS_E_DALER_URI, &uri).unwrap();
        assert!(answer.starts_with(r#"{"Balance":{"amount":1012.5,"#), "{answer}");
        assert_eq!(amounts(&mut pair), ["987.5", "1012.5"]);
        for (answer, attributes, event) in [
            (
                pair.as_alice(&POP_MESSAGES, "{}"),
                r#""amount":"987.5","#,
                r#""remote":"bob@localhost","change":"-12.5","message":"Hej""#,
            ),
            (
                pair.as_bob(&POP_MESSAGES, "{}"),
                r#""amount":"1012.5","#,
                r#""remote":"alice@localhost","change":"12.5","message":"Hej""#,
            ),
        ] {
            let answer = answer.unwrap();
            let from = r#""from":"edaler.localhost""#;
            for part in [from, r#""__name":"balance""#, attributes, event] {
                assert!(answer.contains(part), "{part} {answer}");
            }
        }
        for refused in
            [pair.as_bob(&PROCESS_E_DALER_URI, &uri), pair.as_alice(&PROCESS_E_DALER_URI, &uri)]
        {
            assert!(refused.unwrap_err().starts_with("403 The id in \"uri\" was used before"));
        }
        assert_eq!(amounts(&mut pair), ["987.5", "1012.5"]);
    }

    #[test]
    fn a_payment_may_name_identities() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        let order = ORDER.replace("f=alice@localhost", &format!("fi={alice}"));
        let order = order.replace("t=bob@localhost", &format!("ti={bob}"));
        let uri = signed(&mut pair, &alice, &order);
        pair.as_alice(&PROCESS_E_DALER_URI, &uri).unwrap();
        assert_eq!(amounts(&mut pair), ["987.5", "1012.5"]);
    }

    #[test]
    fn a_signed_order_that_can_not_be_carried_out_is_refused() {
        let mut pair = pair();
        let (alice, bob) = (pair.approved_as_alice(), pair.approved_as_bob());
        for (old, new, refusal) in [
            ("am=12.5", "am=1000.5", "403 The sender has not enough eDaler"),
            ("ex=2023-11-14", "ex=2023-11-13", "400 The property \"uri\" has expired"),
            ("cu=SEK", "cu=EUR", "400 The property \"uri\" has another currency"),
            ("t=bob@localhost", "t=alice@localhost", "400 The property \"uri\" has the same"),
            ("t=bob@localhost", "t=carol@localhost", "404 There is no such account"),
            ("t=bob@localhost", "t=concentrator@localhost", "403 The recipient in \"uri\" is a"),
            ("t=bob@localhost", "t=bob@other.example", "501 This broker can't reach other"),
            ("t=bob@localhost", "t=@", "400 The property \"uri\" has an f or t"),
            ("t=bob@localhost", "ti=x", "404 There is no such identity"),
            ("f=alice@localhost", "f=bob@localhost", "403 The signature (s)"),
            ("f=alice@localhost", &format!("fi={bob}"), "403 The signature (s)"),
        ] {
            let order = ORDER.replace(old, new);
            assert_ne!(order, ORDER);
            let uri = signed(&mut pair, &alice, &order);
            let refused = pair.as_alice(&PROCESS_E_DALER_URI, &uri).unwrap_err();
            assert!(refused.starts_with(refusal), "{new}: {refused}");
        }
        let uri = signed(&mut pair, &alice, ORDER).replace("am=12.5", "am=12.6");
        let refused = pair.as_alice(&PROCESS_E_DALER_URI, &uri).unwrap_err();
        assert!(refused.starts_with("403 The signature (s) in \"uri\" is not"), "{refused}");
        assert_eq!(amounts(&mut pair), ["1000", "1000"]);
    }

    #[test]
    fn a_payment_is_valid_until_the_end_of_its_last_day() {
        let mut pair = pair();
        let alice = pair.approved_as_alice();
        let uri = signed(&mut pair, &alice, ORDER);
        // The day ends 6,400 seconds after the session's beginning.
        for (now, is_valid) in [(NOW + 6_400, false), (NOW + 6_399, true)] {
            let token = log_in_at(&mut pair.broker, "alice", "wonderland", now);
            let answer = call(&mut pair.broker, &PROCESS_E_DALER_URI, (Some(&token), now), &uri);
            assert_eq!(answer.is_ok(), is_valid, "{answer:?}");
        }
    }

    #[test]
    fn only_an_approved_identity_signs_payments() {
        let mut pair = pair();
        let alice = pair.applied_as_alice();
        let identity = pair.broker.identity(&alice).unwrap().clone();
        for order in [ORDER.into(), ORDER.replace("f=alice@localhost", &format!("fi={alice}"))] {
            let signature = identity.sign(order.as_bytes());
            let uri = format!(r#"{{"uri":"{order};s={signature}"}}"#);
            let refused = pair.as_alice(&PROCESS_E_DALER_URI, &uri).unwrap_err();
            assert!(refused.starts_with("403 The signature (s) in \"uri\" is not"), "{refused}");
        }
    }

    #[test]
    fn a_wrong_signature_does_not_tell_which_accounts_exist() {
        let mut pair = pair();
        let alice = pair.approved_as_alice();
        let mut refusals = Vec::new();
        for sender in [
            "f=alice@localhost",
            "f=bob@localhost",
            "f=carol@localhost",
            &format!("fi={alice}"),
            "fi=x",
        ] {
            for recipient in ["t=bob@localhost", "t=carol@localhost", "ti=x"] {
                let order = ORDER.replace("f=alice@localhost", sender);
                let order = order.replace("t=bob@localhost", recipient);
                let uri = format!(r#"{{"uri":"{order};s=c2ln"}}"#);
                refusals.push(pair.as_bob(&PROCESS_E_DALER_URI, &uri).unwrap_err());
            }
        }
        assert!(refusals.iter().all(|refusal| refusal.starts_with("403 ")), "{refusals:?}");
        refusals.dedup();
        assert_eq!(refusals.len(), 1, "{refusals:?}");
    }

    fn with_mock(provider: &str, more: &str) -> String {
        format!(r#"{{"serviceId":"mock","serviceProvider":"{provider}"{more}}}"#)
    }

    #[test]
    fn services_buy_and_sell() {
        let mut pair = pair();
        for (resource, provider) in [
            (&GET_SERVICE_PROVIDERS_FOR_BUYING_E_DALER, "Local.MockBuy"),
            (&GET_SERVICE_PROVIDERS_FOR_SELLING_E_DALER, "Local.MockSell"),
        ] {
            let answer = pair.as_alice(resource, "{}").unwrap();
            let first = format!(r#"{{"id":"mock","type":"{provider}","name":"Play bank"}}"#);
            assert!(answer.contains(&first), "{answer}");
            assert_eq!(answer.matches(provider).count(), SERVICES.len());
        }
        let amount = r#","amount":50.25,"currency":"SEK","transactionId":"t","successUrl":"u""#;
        let body = with_mock("Local.MockBuy", amount);
        let bought = pair.as_alice(&INITIATE_BUY_E_DALER, &body).unwrap();
        assert_eq!(
            bought,
            format!(
                r#"{{"id":"t","state":"Committed","started":{NOW},"ended":{NOW},"serviceId":"mock","serviceProvider":"Local.MockBuy","amount":50.25,"currency":"SEK","successUrl":"u"}}"#
            )
        );
        let read = r#"{"transactionId":"t"}"#;
        assert_eq!(pair.as_alice(&GET_TRANSACTION_INFORMATION, read).unwrap(), bought);
        assert!(pair.as_bob(&GET_TRANSACTION_INFORMATION, read).unwrap_err().starts_with("404"));
        assert!(pair.as_alice(&POP_MESSAGES, "{}").unwrap().contains(r#""amount":"1050.25""#));
        let body = with_mock("Local.MockSell", r#","amount":0.25,"currency":"SEK""#);
        pair.as_alice(&INITIATE_SELL_E_DALER, &body).unwrap();
        assert_eq!(amounts(&mut pair), ["1050", "1000"]);
        // What is declined moves nothing, so it need not be covered.
        let body = body.replace("0.25", "5000").replace(r#""mock""#, r#""mock-declined""#);
        let declined = pair.as_alice(&INITIATE_SELL_E_DALER, &body).unwrap();
        assert!(declined.contains(r#""state":"Error""#), "{declined}");
        assert_eq!(amounts(&mut pair), ["1050", "1000"]);
    }

    #[test]
    fn a_transaction_that_can_not_begin_is_refused() {
        let mut pair = pair();
        let buy = with_mock("Local.MockBuy", r#","amount":50,"currency":"SEK""#);
        let with = |more: &str| buy.replace('}', &format!("{more}}}"));
        pair.as_alice(&INITIATE_BUY_E_DALER, &with(r#","transactionId":"t""#)).unwrap();
        let long = "u".repeat(2_049);
        for (body, refusal) in [
            (
                with(r#","transactionId":"t""#),
                "403 The property \"transactionId\" is that of another",
            ),
            (
                with(&format!(r#","transactionId":"{}""#, "t".repeat(257))),
                "400 The property \"transactionId\" is longer",
            ),
            (
                with(&format!(r#","cancelUrl":"{long}""#)),
                "400 The property \"cancelUrl\" is longer",
            ),
            (
                with(r#","tabId":"a","functionName":"a(b)""#),
                "400 The property \"functionName\" must be",
            ),
            (buy.replace("50", "-1"), "400 The property \"amount\" must be more than 0"),
            (buy.replace("SEK", "EUR"), "400 The property \"currency\" must be SEK"),
            (buy.replace("MockBuy", "MockSell"), "404 There is no such service"),
            (buy.replace("\"mock\"", "\"x\""), "404 There is no such service"),
            (buy.replace("50", "1000000000"), "403 The account would have more"),
        ] {
            let refused = pair.as_alice(&INITIATE_BUY_E_DALER, &body).unwrap_err();
            assert!(refused.starts_with(refusal), "{body}: {refused}");
        }
        let body = with_mock("Local.MockSell", r#","amount":1051,"currency":"SEK""#);
        let refused = pair.as_alice(&INITIATE_SELL_E_DALER, &body).unwrap_err();
        assert!(refused.starts_with("403 The account has not enough eDaler"), "{refused}");
    }

    #[test]
    fn a_tab_is_told_of_a_transaction() {
        let mut pair = pair();
        let listener = r#","tabId":"tab","functionName":"Page.OnPayment""#;
        let body = with_mock("Local.MockBuy", listener);
        pair.as_alice(&GET_PAYMENT_OPTIONS_FOR_BUYING_E_DALER, &body).unwrap();
        assert_eq!(pair.broker.event_count(), 0, "the tab is not there");
        let connection = pair.broker.connect_tab("tab", "192.0.2.1", NOW).unwrap();
        pair.as_alice(&GET_PAYMENT_OPTIONS_FOR_BUYING_E_DALER, &body).unwrap();
        let body =
            with_mock("Local.MockBuy", &format!(r#","amount":1,"currency":"SEK"{listener}"#));
        let bought = pair.as_alice(&INITIATE_BUY_E_DALER, &body).unwrap();
        let event = pair.broker.take_event("tab", connection).unwrap().unwrap();
        assert_eq!(event.function, "Page.OnPayment");
        assert_eq!(event.data().get("options"), Some(&Value::Array(Vec::new())));
        let event = pair.broker.take_event("tab", connection).unwrap().unwrap();
        assert_eq!(serde_json::to_string(&event.data()).unwrap(), bought);
        assert_eq!(pair.broker.take_event("tab", connection), Ok(None));
        // Somebody with a session named it, so it is not removed like the tabs of strangers.
        pair.broker.connect_tab("other", "192.0.2.1", NOW + 31).unwrap();
        assert_eq!(pair.broker.touch_tab("tab", connection, NOW + 31), Ok(()));
    }

    #[test]
    fn a_transaction_that_is_no_longer_kept_does_not_hold_up_later_ones() {
        let mut pair = pair();
        let connection = pair.broker.connect_tab("tab", "192.0.2.1", NOW).unwrap();
        let listener = r#","tabId":"tab","functionName":"Page.OnPayment""#;
        let told = with_mock("Local.MockBuy", listener);
        let untold = with_mock("Local.MockBuy", "");
        pair.as_alice(&GET_PAYMENT_OPTIONS_FOR_BUYING_E_DALER, &told).unwrap();
        for _ in 0..1_000 {
            pair.as_alice(&GET_PAYMENT_OPTIONS_FOR_BUYING_E_DALER, &untold).unwrap();
        }
        let body = with_mock("Local.MockBuy", &format!(r#","transactionId":"last"{listener}"#));
        pair.as_alice(&GET_PAYMENT_OPTIONS_FOR_BUYING_E_DALER, &body).unwrap();
        let event = pair.broker.take_event("tab", connection).unwrap().unwrap();
        assert_eq!(event.data().text("id"), "last");
        assert_eq!(pair.broker.take_event("tab", connection), Ok(None));
    }
}
