//! The templates of contracts: which are valid, and those that come with the broker.

use super::algorithms::is_in_family;
use super::contract::{CONTRACT, TRUST_PROVIDER, is_nop, nop};
use super::contract_parameter;
use super::duration;
use super::element::Element;
use super::refusal::Refusal;
use super::token_creation;
use neuron_agent_api::syntax::date_time::to_unix_seconds;
use neuron_agent_api::syntax::xml::LONGEST_NESTING;
use std::collections::BTreeSet;

/// Who may read a contract.
const VISIBILITIES: &[&str] = &["CreatorAndParts", "DomainAndParts", "Public", "PublicSearchable"];

/// A loan of a book, by a lender to a borrower.
pub(super) fn book_loan() -> Element {
    let element = |name| Element::new(name, CONTRACT);
    let text = |text: &str| element("text").saying(text);
    let parameter = |name: &str| element("parameter").with("name", name);
    let described = |element: Element, paragraph: Element| {
        element.containing(
            Element::new("description", CONTRACT).with("xml:lang", "en").containing(paragraph),
        )
    };
    let paragraph = |sentence: &str| element("paragraph").containing(text(sentence));
    let role = |name: &str, sentence: &str| {
        let role = element("role").with("name", name).with("minCount", "1").with("maxCount", "1");
        described(role, paragraph(sentence))
    };
    let title = element("stringParameter").with("name", "Title").with("minLength", "1");
    let days =
        element("numericalParameter").with("name", "Days").with("min", "1").with("max", "60");
    let parameters = element("parameters")
        .containing(described(title, paragraph("The title of the book.")))
        .containing(described(days, paragraph("For how many days it is lent.")));
    let sentence = element("paragraph")
        .containing(text("The lender lends the book "))
        .containing(element("bold").containing(parameter("Title")))
        .containing(text(" to the borrower for "))
        .containing(parameter("Days"))
        .containing(text(" days."));
    element("contract")
        .with("archiveOpt", "P3M")
        .with("archiveReq", "P1M")
        .with("canActAsTemplate", "true")
        .with("duration", "P1Y")
        .with("visibility", "Public")
        .containing(nop())
        .containing(role("Lender", "Lends the book."))
        .containing(role("Borrower", "Borrows the book."))
        .containing(element("parts").containing(element("templateOnly")))
        .containing(parameters)
        .containing(element("humanReadableText").with("xml:lang", "en").containing(sentence))
}

/// The creation of a token for a book, by its owner.
///
/// # Errors
/// What is wrong with the file.
pub(super) fn book_token() -> Result<Element, String> {
    Element::parse(include_str!("book-token.xml"))
}

/// Checks a contract that is proposed as a template, and returns it in this broker's namespace.
///
/// # Errors
/// 400 if it is not a contract, 501 if it has what this broker does not support.
pub(super) fn checked(mut contract: Element, now: i64) -> Result<Element, Refusal> {
    if contract.name != "contract" || !is_in_family(&contract.namespace, "leg:sc:1.0") {
        return Err(invalid("is not a contract"));
    }
    check_depth(&contract)?;
    let namespace = std::mem::replace(&mut contract.namespace, CONTRACT.into());
    contract.children_mut().for_each(|child| rename(child, &namespace));
    check_attributes(&contract)?;
    check_machine_content(&contract, now)?;
    check_children(&contract)?;
    check_roles(&contract)?;
    check_parts(&contract)?;
    check_parameters(&contract)?;
    contract.set("canActAsTemplate", "true");
    Ok(contract)
}

fn invalid(rule: &str) -> Refusal {
    Refusal::bad_request(format!("The property \"templateBase64\" {rule}."))
}

/// Moves what is in the namespace of contracts to the one that this broker writes.
fn rename(element: &mut Element, namespace: &str) {
    if element.namespace == namespace {
        element.namespace = CONTRACT.into();
    }
    element.children_mut().for_each(|child| rename(child, namespace));
}

/// A message about a contract has it one element deeper.
fn check_depth(contract: &Element) -> Result<(), Refusal> {
    const DEEPEST: usize = LONGEST_NESTING - 1;
    if contract.depth() > DEEPEST {
        return Err(invalid(&format!("has elements that are nested deeper than {DEEPEST}")));
    }
    Ok(())
}

fn check_attributes(contract: &Element) -> Result<(), Refusal> {
    if ["id", "nonce"].iter().any(|name| contract.attribute(name).is_some()) {
        return Err(invalid("has an id or a nonce, which the broker adds"));
    }
    if contract.attribute("visibility").is_none_or(|name| !VISIBILITIES.contains(&name)) {
        return Err(invalid("lacks a valid visibility"));
    }
    for name in ["duration", "archiveReq", "archiveOpt"] {
        if contract.attribute(name).and_then(duration::parse).is_none() {
            return Err(invalid(&format!("lacks a valid {name}, such as P1Y")));
        }
    }
    for name in ["signAfter", "signBefore"] {
        if contract.attribute(name).is_some_and(|time| to_unix_seconds(time).is_none()) {
            return Err(invalid(&format!("has an invalid {name}")));
        }
    }
    Ok(())
}

/// The first child is the machine-readable content, in a namespace of its own.
fn check_machine_content(contract: &Element, now: i64) -> Result<(), Refusal> {
    let mut foreign = contract.children().filter(|child| child.namespace != CONTRACT);
    let first = contract.children().next().filter(|child| child.namespace != CONTRACT);
    let (Some(content), 1) = (first, foreign.by_ref().count()) else {
        return Err(invalid("must begin with one machine-readable element"));
    };
    if !is_nop(content) && token_creation::plan(contract, now)?.is_none() {
        let text =
            "This broker supports no machine-readable content but Nop, and Create for a token.";
        return Err(Refusal::new(501, text));
    }
    Ok(())
}

fn check_children(contract: &Element) -> Result<(), Refusal> {
    const KNOWN: &[&str] = &["role", "parts", "parameters", "humanReadableText"];
    let mut own = contract.children().filter(|child| child.namespace == CONTRACT);
    if let Some(unknown) = own.find(|child| !KNOWN.contains(&child.name.as_str())) {
        let name: String = unknown.name.chars().take(64).collect();
        return Err(invalid(&format!("has an element {name}, which a template can't have")));
    }
    if contract.has_text() {
        return Err(invalid("has text between its elements"));
    }
    if contract.named("humanReadableText").next().is_none() {
        return Err(invalid("lacks a humanReadableText"));
    }
    if contract.named("parts").count() > 1 || contract.named("parameters").count() > 1 {
        return Err(invalid("has parts or parameters twice"));
    }
    Ok(())
}

fn check_roles(contract: &Element) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for role in contract.named("role") {
        let count = |name| role.attribute(name).and_then(|count| count.parse::<usize>().ok());
        let counts = count("minCount").zip(count("maxCount"));
        let name = role.attribute("name").filter(|name| !name.is_empty());
        let (Some(name), Some((min, max))) = (name, counts) else {
            return Err(invalid("has a role without name, minCount or maxCount"));
        };
        if name == TRUST_PROVIDER && (min, max) != (1, 1) {
            return Err(invalid("has a role TrustProvider that does not take one signature"));
        }
        if !names.insert(name) || max == 0 || min > max {
            return Err(invalid("has a role twice, or one whose counts contradict each other"));
        }
    }
    Ok(())
}

fn check_parts(contract: &Element) -> Result<(), Refusal> {
    let Some(parts) = contract.named("parts").next() else { return Ok(()) };
    let roles: BTreeSet<_> =
        contract.named("role").filter_map(|role| role.attribute("name")).collect();
    let mut children = parts.children();
    let is_valid = match children.next() {
        Some(child) if matches!(child.name.as_str(), "open" | "templateOnly") => {
            children.next().is_none()
        }
        Some(_) => parts.children().all(|part| {
            part.name == "part"
                && part.attribute("legalId").is_some()
                && part.attribute("role").is_some_and(|role| roles.contains(role))
        }),
        None => false,
    };
    if is_valid { Ok(()) } else { Err(invalid("has invalid parts")) }
}

fn check_parameters(contract: &Element) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for parameter in contract.named("parameters").flat_map(Element::children) {
        contract_parameter::check(parameter)?;
        let name = parameter.attribute("name").unwrap_or_default();
        if !names.insert(name.to_lowercase()) {
            return Err(invalid("has two parameters with the same name"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn status(xml: &str) -> Option<u16> {
        checked(Element::parse(xml).unwrap(), NOW).map_err(|refusal| refusal.status).err()
    }

    #[test]
    fn the_template_of_the_broker_is_valid_in_each_namespace() {
        let xml = book_loan().to_xml();
        for family in ["nf", "nfi", "ieee"] {
            let other = xml.replace("urn:nf:", &format!("urn:{family}:"));
            assert_eq!(checked(Element::parse(&other).unwrap(), NOW).unwrap(), book_loan_as_read());
        }
    }

    #[test]
    fn the_template_that_creates_a_token_is_valid() {
        assert!(checked(book_token().unwrap(), NOW).is_ok());
    }

    fn book_loan_as_read() -> Element {
        let mut read = Element::parse(&book_loan().to_xml()).unwrap();
        read.set("canActAsTemplate", "true");
        read
    }

    #[test]
    fn other_documents_are_refused() {
        let valid = book_loan().to_xml();
        assert_eq!(status("<contract/>"), Some(400));
        for (old, new, expected) in [
            ("<contract ", "<contract id='x' ", 400),
            ("Public", "Secret", 400),
            ("P1Y", "1 year", 400),
            ("<contract ", "<contract signAfter='soon' ", 400),
            ("<Nop xmlns=\"https://paiwise.tagroot.io/Schema/PaymentInstructions.xsd\"/>", "", 400),
            ("Nop", "Create", 501),
            ("<parts>", "<status/><parts>", 400),
            ("<parts>", "text<parts>", 400),
            ("<parts>", "<parts/><parts>", 400),
            ("humanReadableText", "parameters", 400),
            ("minCount=\"1\"", "", 400),
            ("minCount=\"1\"", "minCount=\"2\"", 400),
            ("Borrower", "Lender", 400),
            ("minCount=\"1\" name=\"Borrower\"", "minCount=\"0\" name=\"TrustProvider\"", 400),
            ("<templateOnly/>", "", 400),
            ("<templateOnly/>", "<open/><open/>", 400),
            ("<templateOnly/>", "<part legalId='x' role='Reader'/>", 400),
            ("name=\"Days\"", "name=\"title\"", 400),
            ("numericalParameter", "calcParameter", 501),
        ] {
            let changed = valid.replace(old, new);
            assert_ne!(changed, valid, "{old}");
            assert_eq!(status(&changed), Some(expected), "{old} {new}");
        }
        let listed = valid.replace("<templateOnly/>", "<part legalId='x' role='Lender'/>");
        assert_eq!(status(&listed), None);
    }

    #[test]
    fn a_template_is_no_deeper_than_a_message_can_carry() {
        let valid = book_loan().to_xml();
        // The human-readable text is the second level.
        let nested = |levels| {
            let (open, close) = ("<a>".repeat(levels), "</a>".repeat(levels));
            valid.replace("</humanReadableText>", &format!("{open}{close}</humanReadableText>"))
        };
        assert_eq!(status(&nested(61)), None);
        let refused = checked(Element::parse(&nested(62)).unwrap(), NOW).unwrap_err();
        let rule = "The property \"templateBase64\" has elements that are nested deeper than 63.";
        assert_eq!(refused, Refusal::bad_request(rule));
    }
}
