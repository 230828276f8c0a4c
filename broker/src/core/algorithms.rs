//! The algorithms of keys, and the namespaces of what is signed with them.

use super::refusal::Refusal;
use super::values::object;
use neuron_agent_api::wire::Value;

/// The namespace of algorithms, as this broker writes it.
pub(super) const KEYS: &str = "urn:nf:iot:e2e:1.0";

/// The only algorithm in which this broker makes keys.
pub(super) const ED25519: &str = "ed25519";

/// The families of namespaces: the same objects have been standardised three times.
const FAMILIES: &[&str] = &["urn:nf:iot:", "urn:ieee:iot:", "urn:nfi:iot:"];

/// The algorithms of a Neuron® that this broker does not have.
const OTHERS: &[&str] = &[
    "ed448", "x25519", "x448", "p192", "p224", "p256", "p384", "p521", "bp160", "bp192", "bp224",
    "bp256", "bp320", "bp384", "bp512", "rsa", "ml128", "ml192", "ml256",
];

/// Whether a namespace is that of a kind of object, in any of the families.
pub(super) fn is_in_family(namespace: &str, kind: &str) -> bool {
    FAMILIES.iter().any(|family| namespace.strip_prefix(family) == Some(kind))
}

/// Refuses an algorithm in which no key can be made.
pub(super) fn check(local_name: &str, namespace: &str) -> Result<(), Refusal> {
    if !is_in_family(namespace, "e2e:1.0") {
        return Err(Refusal::new(404, "The property \"namespace\" is not one of algorithms."));
    }
    if OTHERS.contains(&local_name) {
        let text = format!("This broker makes no {local_name} keys; it makes {ED25519} keys.");
        return Err(Refusal::new(501, text));
    }
    if local_name != ED25519 {
        let text = "The property \"localName\" is not the name of an algorithm.";
        return Err(Refusal::new(404, text));
    }
    Ok(())
}

/// The algorithm as answers have it.
pub(super) fn ed25519(namespace: &str) -> Value {
    object([
        ("localName", ED25519.into()),
        ("namespace", namespace.into()),
        ("securityStrength", 128_u32.into()),
        ("safe", true.into()),
        ("slow", false.into()),
        ("pqc", false.into()),
        ("score", 4_u32.into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_algorithm_is_supported_in_all_families() {
        for family in FAMILIES {
            assert_eq!(check("ed25519", &format!("{family}e2e:1.0")), Ok(()));
        }
        let status = |name, namespace| check(name, namespace).unwrap_err().status;
        assert_eq!(status("ed448", KEYS), 501);
        assert_eq!(status("rot13", KEYS), 404);
        assert_eq!(status("ed25519", "urn:nf:iot:leg:id:1.0"), 404);
    }
}
