//! eDaler URIs: signed orders to pay, such as
//! `edaler:id=1;f=alice@example.org;t=bob@example.org;am=12.5;cu=SEK;cr=2026-11-25T10:00:00Z;ex=2026-11-28;s=c2ln`.

use super::amount::Amount;
use super::refusal::Refusal;
use base64ct::{Base64, Encoding};
use neuron_agent_api::syntax::date_time::to_unix_seconds;
use neuron_agent_api::syntax::xml::is_character;
use std::collections::BTreeMap;

const SCHEME: &str = "edaler:";

/// What stands before the signature, which is the last part.
const SIGNATURE: &str = ";s=";

/// The keys of a URI that this broker knows, but for the signature.
const KEYS: &[&str] = &["id", "f", "fi", "t", "ti", "am", "cu", "cr", "ex", "m"];

/// The keys of an encrypted message, and of the public key that it was encrypted with.
const ENCRYPTED: &[&str] = &["em", "ep"];

/// The maximum length of a URI's id, in bytes.
const MAX_ID_BYTES: usize = 64;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// A signed order to pay.
#[derive(Debug, PartialEq)]
pub(super) struct EDalerUri<'a> {
    /// The id of the payment, which the sender made.
    pub id: &'a str,
    pub sender: Party<'a>,
    pub recipient: Party<'a>,
    pub amount: Amount,
    pub currency: &'a str,
    /// When it expires, in Unix seconds: at the end of its last day.
    pub expires: i64,
    /// What the sender says to the recipient.
    pub message: Option<String>,
    /// What is signed: the URI without its signature.
    pub signed: &'a str,
    /// The signature in Base64.
    pub signature: &'a str,
}

/// Who pays or is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Party<'a> {
    /// The account with an address.
    Address(&'a str),
    /// The owner of an identity.
    Identity(&'a str),
}

impl<'a> EDalerUri<'a> {
    /// Reads a URI. Its signature is not verified, and it may have expired.
    ///
    /// # Errors
    /// 400 if it is not a signed order to pay, 501 if it is one that this broker does not support.
    pub(super) fn parse(uri: &'a str) -> Result<Self, Refusal> {
        let Some((signed, signature)) = uri.rsplit_once(SIGNATURE) else {
            return Err(wrong("is not signed: it must end with \";s=\" and the signature."));
        };
        let Some(pairs) = signed.strip_prefix(SCHEME) else {
            return Err(wrong("does not begin with \"edaler:\"."));
        };
        let values = values(pairs)?;
        let get = |key| values.get(key).copied();
        let required =
            |key| get(key).ok_or_else(|| wrong(&format!("lacks {key}, or its value is empty.")));
        let [sender, recipient] = [party(get("f"), get("fi"))?, party(get("t"), get("ti"))?];
        let (Some(sender), Some(recipient)) = (sender, recipient) else {
            let text = "This broker issues and destroys no eDaler: the URI needs a sender (f or fi) \
                        and a recipient (t or ti).";
            return Err(Refusal::new(501, text));
        };
        let id = required("id")?;
        if id.len() > MAX_ID_BYTES {
            return Err(wrong("has an id of more than 64 bytes."));
        }
        let amount = Amount::parse(required("am")?);
        let amount =
            amount.ok_or_else(|| wrong(&format!("has a wrong amount: am {}", Amount::RULE)))?;
        if to_unix_seconds(required("cr")?).is_none() {
            return Err(wrong("has a wrong cr, which must be such as 2026-11-25T10:00:00.000Z."));
        }
        let last_day = to_unix_seconds(&format!("{}T00:00:00Z", required("ex")?));
        let last_day = last_day.ok_or_else(|| wrong("has a wrong ex, which must be a date."))?;
        Ok(Self {
            id,
            sender,
            recipient,
            amount,
            currency: required("cu")?,
            expires: last_day + SECONDS_A_DAY,
            message: get("m").map(message).transpose()?,
            signed,
            signature,
        })
    }
}

/// The values by their keys. One that is empty counts as missing.
fn values(pairs: &str) -> Result<BTreeMap<&str, &str>, Refusal> {
    let mut values = BTreeMap::new();
    for pair in pairs.split(';') {
        let (key, value) =
            pair.split_once('=').ok_or_else(|| wrong("is not a list of key=value."))?;
        if ENCRYPTED.contains(&key) {
            let text = "This broker does not support encrypted messages in eDaler URIs (em, ep).";
            return Err(Refusal::new(501, text));
        }
        if !KEYS.contains(&key) {
            let keys = KEYS.join(", ");
            return Err(wrong(&format!("has an unknown key; expected {keys}, and s at the end.")));
        }
        if values.insert(key, value).is_some() {
            return Err(wrong(&format!("has {key} twice.")));
        }
    }
    values.retain(|_, value| !value.is_empty());
    Ok(values)
}

fn party<'a>(
    address: Option<&'a str>,
    identity: Option<&'a str>,
) -> Result<Option<Party<'a>>, Refusal> {
    match (address, identity) {
        (Some(_), Some(_)) => {
            Err(wrong("names a party by its address and by its identity; one is enough."))
        }
        (Some(address), None) => Ok(Some(Party::Address(address))),
        (None, identity) => Ok(identity.map(Party::Identity)),
    }
}

fn message(base64: &str) -> Result<String, Refusal> {
    let bytes = Base64::decode_vec(base64).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.filter(|text| text.chars().all(is_character));
    text.ok_or_else(|| wrong("has a wrong message: m must be the Base64 of a text in UTF-8."))
}

/// The URI breaks a rule. It is not quoted, because whoever has it can carry it out.
pub(super) fn wrong(rule: &str) -> Refusal {
    Refusal::bad_request(format!("The property \"uri\" {rule}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: &str = "edaler:id=1;f=alice@localhost;ti=x@legal.localhost;am=12.5;cu=SEK;\
                          cr=2026-11-25T10:00:00.000Z;ex=2026-11-28;m=SGVq";

    #[test]
    fn a_payment_is_read() {
        let uri = format!("{SIGNED};s=c2ln");
        assert_eq!(
            EDalerUri::parse(&uri),
            Ok(EDalerUri {
                id: "1",
                sender: Party::Address("alice@localhost"),
                recipient: Party::Identity("x@legal.localhost"),
                amount: Amount::parse("12.5").unwrap(),
                currency: "SEK",
                expires: to_unix_seconds("2026-11-29T00:00:00Z").unwrap(),
                message: Some("Hej".into()),
                signed: SIGNED,
                signature: "c2ln",
            })
        );
    }

    #[test]
    fn what_is_not_a_payment_is_refused() {
        for (old, new, refusal) in [
            ("edaler:", "daler:", "400 The property \"uri\" does not begin with"),
            (";s=", ";t=", "400 The property \"uri\" is not signed"),
            (";am=12.5", "", "400 The property \"uri\" lacks am"),
            ("am=12.5", "am=", "400 The property \"uri\" lacks am"),
            ("am=12.5", "am=0", "400 The property \"uri\" has a wrong amount: am must be more"),
            ("am=12.5", "am", "400 The property \"uri\" is not a list"),
            ("am=", "amount=", "400 The property \"uri\" has an unknown key"),
            ("cu=SEK", "am=1", "400 The property \"uri\" has am twice"),
            ("f=", "fi=x;f=", "400 The property \"uri\" names a party"),
            ("2026-11-28", "soon", "400 The property \"uri\" has a wrong ex"),
            ("2026-11-25T", "x", "400 The property \"uri\" has a wrong cr"),
            ("SGVq", "AAAA", "400 The property \"uri\" has a wrong message"),
            ("SGVq", "_w==", "400 The property \"uri\" has a wrong message"),
            ("id=1", &format!("id={}", "1".repeat(65)), "400 The property \"uri\" has an id"),
            ("f=alice@localhost;", "", "501 This broker issues and destroys no eDaler"),
            ("ti=x@legal.localhost;", "", "501 This broker issues and destroys no eDaler"),
            ("m=SGVq", "em=SGVq", "501 This broker does not support encrypted messages"),
        ] {
            let uri = format!("{SIGNED};s=c2ln").replace(old, new);
            let refused = EDalerUri::parse(&uri).unwrap_err();
            let found = format!("{} {}", refused.status, refused.text);
            assert!(found.starts_with(refusal), "{old} {new}: {found}");
        }
    }
}
