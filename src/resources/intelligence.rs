//! The group `Intelligence`.

use super::common::{MAX_COUNT_100, OFFSET};
use crate::wire::Effect::{Once, Write};
use crate::wire::InputKind::{DateTime, Json, NonEmptyText, Object as Nested, Objects, Text};
use crate::wire::{Entries, Input, Object, Output, OutputKind, Resource, Role};

resources! { ($) "Intelligence" intelligence, for_each_intelligence:

/// Reads what the broker knows of an endpoint that has called it.
CHECK_ENDPOINT "CheckEndpoint"
    .inputs(&[ENDPOINT])
    .responds("CheckEndpointResponse", &Object::new("EndpointCheck", "What a broker knows of an endpoint.", &[
        Output::required("endpoint", OutputKind::Text, "The endpoint, without a port."),
        Output::optional("EndpointInfo", OutputKind::Object(&ENDPOINT_INFO), "What is known. Missing if nothing is."),
    ]))
    .json_only()
    .example("const { EndpointInfo } = await AgentAPI.Intelligence.CheckEndpoint(\"203.0.113.7\");")
    .source("Agent API, Intelligence/CheckEndpoint");

/// Publishes what is known of an endpoint.
ADD "Add"
    .effect(Once)
    .inputs(&[INFORMATION])
    .responds("IntelligenceAdded", &Object::new("IntelligenceReference", "Information that was published.", &[
        Output::required("objectId", OutputKind::NonEmptyText, "The information."),
    ]))
    .json_only()
    .throws("Rejects with `bad-request` if it expires in the past.")
    .example("const { objectId } = await AgentAPI.Intelligence.Add(\"203.0.113.7\", expires, \"Login\", \"HTTPS\");")
    .source("Agent API, Intelligence/Add");

/// Changes what the account published of an endpoint.
UPDATE "Update"
    .effect(Write)
    .inputs(&[OBJECT_ID, INFORMATION])
    .json_only()
    .throws("Rejects with `not-found` if there is none, and with `forbidden` if another account published it.")
    .example("await AgentAPI.Intelligence.Update(objectId, \"203.0.113.7\", expires, \"Login\", \"HTTPS\");")
    .source("Agent API, Intelligence/Update");

/// Deletes what the account published of an endpoint.
DELETE "Delete"
    .effect(Write)
    .inputs(&[OBJECT_ID])
    .json_only()
    .throws("Rejects with `not-found` if there is none, and with `forbidden` if another account published it.")
    .example("await AgentAPI.Intelligence.Delete(objectId);")
    .source("Agent API, Intelligence/Delete");

/// Finds what was published of endpoints: what has all that is given.
GET "Get"
    .inputs(&[
        Input::optional("endpoint", NonEmptyText).doc("The endpoint.").example("\"203.0.113.7\""),
        VECTOR, PROTOCOL, CLASSIFICATION, CODE,
        Input::optional("from", DateTime).doc("Published at this time or later."),
        Input::optional("to", DateTime).doc("Published at this time or earlier."),
        OFFSET, MAX_COUNT_100,
    ])
    .responds("ResultSet", &Object::new("IntelligenceResults", "What was published of endpoints.", &[
        Output::required("ResultSet", OutputKind::Objects(&PUBLISHED, &Entries::Within("Information")), "What was found; may be empty."),
    ]))
    .json_only()
    .example("const { ResultSet } = await AgentAPI.Intelligence.Get(\"203.0.113.7\");")
    .source("Agent API, Intelligence/Get");

}

const ENDPOINT: Input = Input::required("endpoint", NonEmptyText)
    .doc("The endpoint: an IP address or a host name.")
    .example("\"203.0.113.7\"");
const OBJECT_ID: Input =
    Input::required("objectId", NonEmptyText).doc("The information.").example("\"1\"");
const VECTOR: Input = Input::optional("vector", NonEmptyText)
    .doc("What was attacked, such as a login.")
    .example("\"Login\"");
const PROTOCOL: Input =
    Input::optional("protocol", NonEmptyText).doc("By which protocol.").example("\"HTTPS\"");
const CLASSIFICATION: Input = Input::optional("classification", NonEmptyText)
    .doc("What kind it was.")
    .example("\"Guessing\"");
const CODE: Input = Input::optional("code", NonEmptyText).doc("A code for it.").example("\"401\"");

/// The parameters of a call, which are sent as one object.
const INFORMATION: Input = Input::required(
    "Information",
    Nested(&[
        ENDPOINT,
        Input::required("expires", DateTime).doc("Until when it holds, a time to come."),
        VECTOR,
        PROTOCOL,
        CLASSIFICATION,
        CODE,
        Input::optional("message", NonEmptyText)
            .doc("What happened, for people.")
            .example("\"Guessed passwords.\""),
        Input::optional(
            "Tag",
            Objects(
                &[
                    Input::required("name", NonEmptyText).doc("The name."),
                    Input::required("value", Json).doc("The value: text, number or boolean."),
                    Input::optional("type", Text).doc("Its type in XML, such as `xs:int`."),
                ],
                &Entries::Bare("Tag"),
            ),
        )
        .called("Tags")
        .doc("More about it: names with a value each.")
        .example("[{ name: \"n\", value: 3, type: \"xs:int\" }]"),
        Input::optional(
            "AgentProperty",
            Objects(
                &[Input::required("name", NonEmptyText).doc("The name.")],
                &Entries::Bare("AgentProperty"),
            ),
        )
        .called("AgentProperties")
        .doc("The properties of the account's identity to publish with it.")
        .example("[{ name: \"COUNTRY\" }]"),
    ]),
)
.role(Role::Spread);

static ENDPOINT_INFO: Object = Object::new(
    "EndpointInfo",
    "What a broker knows of an endpoint.",
    &[
        Output::optional("created", OutputKind::DateTime, "When it was first seen"),
        Output::optional("domain", OutputKind::Text, "The domain of the broker that knows it."),
        Output::optional("lastProtocol", OutputKind::Text, "The protocol it used last."),
        Output::optional("lastFailed", OutputKind::Boolean, "Whether its last login failed."),
        Output::optional("permanentBlock", OutputKind::Boolean, "Whether it is blocked for good."),
        Output::optional(
            "temporaryBlock",
            OutputKind::Json,
            "Whether, or until when, it is blocked: it is not documented which.",
        ),
        Output::optional("reason", OutputKind::Text, "Why it is blocked."),
        Output::optional("whois", OutputKind::Text, "What WHOIS says of it."),
        Output::optional("city", OutputKind::Text, "Its city."),
        Output::optional("region", OutputKind::Text, "Its region."),
        Output::optional("country", OutputKind::Text, "Its country."),
        Output::optional("countryCode", OutputKind::Text, "Its country, by ISO 3166-1."),
        Output::optional("flag", OutputKind::Text, "The flag of its country."),
    ],
);

static PUBLISHED: Object = Object::new(
    "PublishedInformation",
    "What was published of an endpoint.",
    &[
        Output::required("objectId", OutputKind::Text, "The information."),
        Output::optional("domain", OutputKind::Text, "The domain of the broker that published it."),
        Output::required("endpoint", OutputKind::Text, "The endpoint."),
        Output::required("timestamp", OutputKind::DateTime, "When it was published"),
        Output::required("expires", OutputKind::DateTime, "Until when it holds"),
        Output::optional("vector", OutputKind::Text, "What was attacked, such as a login."),
        Output::optional("protocol", OutputKind::Text, "By which protocol."),
        Output::optional("classification", OutputKind::Text, "What kind it was."),
        Output::optional("code", OutputKind::Text, "A code for it."),
        Output::optional("message", OutputKind::Text, "What happened, for people."),
        Output::required(
            "Tags",
            OutputKind::Objects(&PUBLISHED_TAG, &Entries::Bare("Tag")),
            "More about it; may be empty.",
        ),
        Output::optional(
            "AgentProperties",
            OutputKind::Json,
            "Properties of the identity that published it.",
        ),
    ],
);

static PUBLISHED_TAG: Object = Object::new(
    "PublishedTag",
    "A name with its value.",
    &[
        Output::required("name", OutputKind::Text, "The name."),
        Output::optional("value", OutputKind::Json, "The value: text, number or boolean."),
        Output::optional("type", OutputKind::Text, "Its type in XML, such as `xs:int`."),
    ],
);
