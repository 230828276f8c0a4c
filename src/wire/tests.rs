//! A resource with every kind of input, which no single one has.

use super::{Derived, Entries, Input, InputKind, Object, Part, Resource, Role, Signature};

const NAME_AND_VALUE: [Input; 2] =
    [Input::required("name", InputKind::NonEmptyText), Input::required("value", InputKind::Secret)];

const DETAILS: &[Input] = &[
    Input::required("amount", InputKind::Integer(0, 100)),
    Input::optional("pin", InputKind::Secret),
];

pub(super) static ALL_KINDS: Resource = Resource::new("Test", "AllKinds")
    .inputs(&[
        Input::required("text", InputKind::Text),
        Input::optional("boolean", InputKind::Boolean),
        Input::optional("decimal", InputKind::Decimal),
        Input::optional("dateTime", InputKind::DateTime),
        Input::optional("base64", InputKind::Base64),
        Input::optional("xmlText", InputKind::XmlText),
        Input::optional("Object", InputKind::Object(DETAILS)),
        Input::required("Objects", InputKind::Objects(DETAILS, &Entries::Within("Item"))),
        Input::required("Properties", InputKind::Map(&NAME_AND_VALUE, "Property")),
        Input::optional("password", InputKind::Password).role(Role::SignatureOnly),
        Input::derived(
            "signature",
            Derived::Signature(&Signature {
                key: "password",
                parts: &[Part::Input("text"), Part::Pairs("Properties")],
            }),
        ),
    ])
    .responds("Answer", &Object::EMPTY);
