//! The group `Legal`.

use super::common::{
    ICON_HEIGHT, ICON_URL, ICON_WIDTH, MAX_COUNT, OFFSET, SERVICE_ID, SERVICE_NAME, SERVICE_TYPE,
};
use super::keys::{KEY_SIGNATURE, NONCE, request_signature, with_key};
use crate::wire::Effect::{Once, Stanza, Write};
use crate::wire::InputKind::{
    Address, Base64, Boolean, Json, Map, NonEmptyText, Objects, OneOf, Text,
};
use crate::wire::{
    Derived, ElementTemplate, Entries, Input, Object, Output, OutputKind, Part, Resource, Role,
    Trace,
};

resources! { ($) "Legal" legal, for_each_legal:

/// Checks the form of a personal number.
VALIDATE_P_NR "ValidatePNr"
    .inputs(&[
        Input::required("countryCode", NonEmptyText).doc("The country, by ISO 3166-1.").example("\"SE\""),
        Input::required("pnr", NonEmptyText).called("PNr").personal().doc("The personal number.").example("\"19121212-1212\""),
    ])
    .responds("ValidatePNrResponse", &Object::new("PersonalNumberCheck", "What a broker says of a personal number.", &[
        Output::required("countrySupported", OutputKind::Boolean, "Whether the broker knows the personal numbers of that country."),
        Output::optional("isValid", OutputKind::Boolean, "Whether the number has their form. Missing if it can't say."),
        Output::optional("normalized", OutputKind::Text, "The number, as the country writes it."),
    ]))
    .json_only()
    .example("const { isValid } = await AgentAPI.Legal.ValidatePNr(\"SE\", \"19121212-1212\");")
    .source("Agent API, Legal/ValidatePNr");

/// Reads what the broker asks of an application for a legal identity.
GET_APPLICATION_ATTRIBUTES "GetApplicationAttributes"
    .responds("ApplicationAttributes", &Object::new("ApplicationAttributes", "What a broker asks of an application for a legal identity.", &[
        Output::required("peerReview", OutputKind::Boolean, "Whether people can approve of an application for each other."),
        Output::optional("nrReviewers", OutputKind::Integer(0, i32::MAX), "How many of them it takes."),
        Output::optional("nrPhotos", OutputKind::Integer(0, i32::MAX), "How many photos it takes."),
        Output::optional("iso3166", OutputKind::Boolean, "Whether countries are written by ISO 3166-1."),
        Output::optional("Required", OutputKind::Texts, "The properties that an application must have; may be empty."),
    ]))
    .json_only()
    .example("const { Required } = await AgentAPI.Legal.GetApplicationAttributes();")
    .source("Agent API, Legal/GetApplicationAttributes");

/// Applies for a legal identity. The broker adds the address of the program that asks, from the header
/// `Referer`: in a page its URL or origin, elsewhere that of the broker itself.
APPLY_ID "ApplyId"
    .effect(Once)
    .shows_referrer()
    .inputs(with_key![
        NONCE,
        KEY_SIGNATURE,
        request_signature![Part::Input("nonce"), Part::Pairs("Properties")],
        Input::required("Properties", Map(&[
            Input::required("name", NonEmptyText).doc("The name, such as `FIRST`."),
            Input::required("value", NonEmptyText).personal().doc("The value."),
        ], "Property"))
            .not_empty()
            .doc("The properties of the identity, in the order in which they are signed.")
            .example("{ FIRST: \"Ada\", LAST: \"Byron\", COUNTRY: \"GB\" }"),
    ])
    .responds("IdentityResponse", &IDENTITY_RESPONSE)
    .throws("Rejects with `not-found` if there is no such key. After an ambiguous failure, {@link Legal.GetIdentities} \
        shows whether the broker has the application.")
    .example("const { Identity } = await AgentAPI.Legal.ApplyId(\n  \"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword,\n  { FIRST: \"Ada\", LAST: \"Byron\", COUNTRY: \"GB\" },\n);")
    .source("Agent API, Legal/ApplyId");

/// Adds a file to an application for a legal identity, such as a photo.
ADD_ID_ATTACHMENT "AddIdAttachment"
    .effect(Once)
    .inputs(with_key![
        LEGAL_ID,
        NONCE,
        KEY_SIGNATURE,
        request_signature![
            Part::Input("nonce"), Part::Input("attachmentBase64"), Part::Input("attachmentFileName"),
            Part::Input("attachmentContentType"), Part::Input("legalId"),
        ],
        Input::required("attachmentBase64", Base64).called("Attachment").doc("The file in Base64.").example("\"iVBORw0KGgo=\""),
        Input::required("attachmentFileName", NonEmptyText).called("FileName").doc("Its name.").example("\"ProfilePhoto.png\""),
        Input::required("attachmentContentType", NonEmptyText).called("ContentType").doc("Its media type.").example("\"image/png\""),
    ])
    .responds("IdentityResponse", &IDENTITY_RESPONSE)
    .throws("Rejects with `forbidden` unless the identity is in the state `Created`, and was applied for with this key. \
        After an ambiguous failure, {@link Legal.GetIdentity} shows whether the broker has the file.")
    .example("await AgentAPI.Legal.AddIdAttachment(\n  \"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword,\n  legalId, photo, \"ProfilePhoto.png\", \"image/png\",\n);")
    .source("Agent API, Legal/AddIdAttachment");

/// Creates a contract from a template.
CREATE_CONTRACT "CreateContract"
    .effect(Once)
    .inputs(&[
        Input::required("templateId", NonEmptyText).doc("The template.").example("\"template@legal.example.org\""),
        Input::required("visibility", OneOf(&["CreatorAndParts", "DomainAndParts", "Public", "PublicSearchable"])).doc("Who can read it.").example("\"CreatorAndParts\""),
        Input::optional("Parts", Objects(&[
            Input::required("role", NonEmptyText).doc("The role."),
            Input::required("legalId", NonEmptyText).doc("The identity that has it."),
        ], &Entries::Within("Part")))
            .doc("Who has which role. Without it, the template decides.")
            .example("[{ role: \"Lender\", legalId: \"alice@legal.example.org\" }]"),
        Input::required("Parameters", Map(&[
            Input::required("name", NonEmptyText).doc("The name."),
            Input::required("value", Json).doc("The value: text, number or boolean."),
        ], "Parameter"))
            .doc("The values of the template's parameters. Default: none.")
            .example("{ Title: \"Moby-Dick\", Days: 14 }"),
    ])
    .responds("ContractResponse", &CONTRACT_RESPONSE)
    .json_only()
    .throws("Rejects with `not-found` if there is no such template, with `forbidden` without an approved identity, \
        and with `bad-request` for a parameter that the template does not have. After an ambiguous failure, \
        {@link Legal.GetCreatedContracts} shows whether the contract exists.")
    .example("const { Contract } = await AgentAPI.Legal.CreateContract(\n  templateId, \"CreatorAndParts\", null, { Title: \"Moby-Dick\", Days: 14 },\n);")
    .source("Agent API, Legal/CreateContract");

/// Proposes a contract as a template. The operator of the broker approves it.
PROPOSE_TEMPLATE "ProposeTemplate"
    .effect(Once)
    .inputs(&[Input::required("templateBase64", Base64).doc("The XML of the contract, in UTF-8 and Base64.").example("\"PGNvbnRyYWN0Lz4=\"")])
    .responds("ContractResponse", &Object::new("TemplateResponse", "A contract that was proposed as a template.", &[
        Output::optional("Contract", OutputKind::Element, "The contract. Undocumented, so it may be missing.").typed("LegalContract"),
    ]))
    .json_only()
    .example("await AgentAPI.Legal.ProposeTemplate(templateBase64);")
    .source("Agent API, Legal/ProposeTemplate");

/// Reads a legal identity: one of the account, or one that the account may read.
GET_IDENTITY "GetIdentity"
    .inputs(&[LEGAL_ID])
    .responds("IdentityResponse", &IDENTITY_RESPONSE)
    .throws("Rejects with `not-found` if there is none, and with `forbidden` if the account may not read it.")
    .example("const { Identity } = await AgentAPI.Legal.GetIdentity(legalId);")
    .source("Agent API, Legal/GetIdentity");

/// Reads a contract that the account may read.
GET_CONTRACT "GetContract"
    .inputs(&[
        CONTRACT_ID,
        Input::optional("format", OneOf(&["Markdown", "Html", "Text", "Xaml", "XamarinXaml", "SmartContract"]))
            .doc("How texts for people are written. Without it, they come as elements, which lose the order of text and what is within it.")
            .example("\"Markdown\""),
    ])
    .responds("ContractResponse", &CONTRACT_RESPONSE)
    .throws("Rejects with `not-found` if there is none, and with `forbidden` if the account may not read it.")
    .example("const { Contract } = await AgentAPI.Legal.GetContract(contractId, \"Markdown\");")
    .source("Agent API, Legal/GetContract");

/// Signs a contract.
SIGN_CONTRACT "SignContract"
    .effect(Once)
    .inputs(with_key![
        NONCE,
        KEY_SIGNATURE,
        request_signature![Part::Input("nonce"), Part::Input("legalId"), Part::Input("contractId"), Part::Input("role")],
        CONTRACT_ID,
        Input::required("legalId", NonEmptyText).doc("The account's identity that signs.").example("\"alice@legal.example.org\""),
        ROLE,
    ])
    .responds("ContractResponse", &CONTRACT_RESPONSE)
    .throws("Rejects with `forbidden` if the contract, the role or the identity does not allow it. After an ambiguous \
        failure, {@link Legal.GetContract} shows whether it is signed.")
    .example("const { Contract } = await AgentAPI.Legal.SignContract(\n  \"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword, contractId, legalId, \"Lender\",\n);")
    .source("Agent API, Legal/SignContract");

/// Signs data with the key of an identity.
SIGN_DATA "SignData"
    .effect(Write)
    .inputs(with_key![
        LEGAL_ID,
        Input::required("dataBase64", Base64).doc("The data in Base64.").example("\"SGVsbG8=\""),
        KEY_SIGNATURE,
        request_signature![Part::Input("dataBase64"), Part::Input("legalId")],
    ])
    .responds("SignatureResponse", &Object::new("DataSignature", "The signature of data.", &[
        Output::required("Signature", OutputKind::NonEmptyText, "The signature in Base64."),
    ]))
    .json_only()
    .example("const { Signature } = await AgentAPI.Legal.SignData(\n  \"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword, legalId, \"SGVsbG8=\",\n);")
    .source("Agent API, Legal/SignData");

/// Reads the legal identities of the account, also those that are not approved, or not any more.
GET_IDENTITIES "GetIdentities"
    .inputs(&[OFFSET, MAX_COUNT])
    .responds("Identities", &Object::new("Identities", "Legal identities of an account.", &[
        Output::required("Identities", OutputKind::Elements, "The identities; empty if there are none.").typed("LegalIdentity[]"),
    ]))
    .json_only()
    .example("const { Identities } = await AgentAPI.Legal.GetIdentities();")
    .source("Agent API, Legal/GetIdentities");

/// Reads which contracts the account created.
GET_CREATED_CONTRACTS "GetCreatedContracts"
    .inputs(&[OFFSET, MAX_COUNT])
    .responds("Contracts", &Object::new("CreatedContracts", "Contracts that an account created.", &[
        Output::optional("Contracts", OutputKind::Json, "The contracts, or their ids: it is not documented which, so expect both. Missing if there are none.")
            .typed("(LegalContract | string | { contractId: string })[]"),
    ]))
    .json_only()
    .example("const { Contracts } = await AgentAPI.Legal.GetCreatedContracts(0, 20);")
    .source("Agent API, Legal/GetCreatedContracts");

/// Reads which contracts the account signed, and as whom.
GET_SIGNED_CONTRACTS "GetSignedContracts"
    .inputs(&[OFFSET, MAX_COUNT])
    .responds("Signatures", &Object::new("SignedContracts", "Contracts that an account signed.", &[
        Output::required("Signatures", OutputKind::Objects(&CONTRACT_SIGNATURE, &Entries::Within("Signature")), "The contracts; empty if there are none."),
    ]))
    .json_only()
    .example("const { Signatures } = await AgentAPI.Legal.GetSignedContracts(0, 20);")
    .source("Agent API, Legal/GetSignedContracts");

/// Says that an application is complete, so that its review can begin.
READY_FOR_APPROVAL "ReadyForApproval"
    .effect(Once)
    .inputs(with_key![
        LEGAL_ID,
        NONCE,
        KEY_SIGNATURE,
        request_signature![Part::Input("nonce"), Part::Input("legalId")],
    ])
    .responds("IdentityResponse", &Object::new("ReadyForApprovalResponse", "An application that is complete.", &[
        Output::optional("Identity", OutputKind::Element, "The identity. Missing with older brokers.").typed("LegalIdentity"),
    ]))
    .json_only()
    .throws("Rejects with `forbidden` unless the identity is in the state `Created`.")
    .example("await AgentAPI.Legal.ReadyForApproval(\n  \"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword, legalId,\n);")
    .source("Agent API, Legal/ReadyForApproval");

/// Proposes a contract to somebody, for a role. This is a message with the element `contractProposal`; it has no
/// resource of its own.
SEND_PROPOSAL "SendProposal"
    .at("Xmpp/SendXmlMessage")
    .effect(Stanza(Trace::None))
    .inputs(&[
        CONTRACT_ID.role(Role::SignatureOnly),
        ROLE.role(Role::SignatureOnly),
        Input::required("to", Address).doc("Who is to sign it."),
        Input::optional("message", Text).role(Role::SignatureOnly).doc("What is said to them.").example("\"Please sign.\""),
        Input::derived("xml", Derived::Element(&PROPOSAL)),
    ])
    .responds("StanzaResult", &super::xmpp::STANZA_RESULT)
    .json_only()
    .example("await AgentAPI.Legal.SendProposal(contractId, \"Borrower\", \"bob@example.org\", \"Please sign.\");")
    .source("Agent API, Xmpp/SendXmlMessage; TAG's `Agent.js` for the element");

/// Reads the services that can review an application.
GET_SERVICE_PROVIDERS_FOR_ID_REVIEW "GetServiceProvidersForIdReview"
    .inputs(&[LEGAL_ID])
    .responds("Providers", &Object::new("ReviewProviders", "Services that can review an application.", &[
        Output::required("Providers", OutputKind::Objects(&REVIEW_PROVIDER, &Entries::Within("Provider")), "The services; empty if there are none."),
    ]))
    .json_only()
    .example("const { Providers } = await AgentAPI.Legal.GetServiceProvidersForIdReview(legalId);")
    .source("Agent API, Legal/GetServiceProvidersForIdReview");

/// Chooses the service that is to review an application, if it is one of the broker's own.
SELECT_REVIEW_SERVICE "SelectReviewService"
    .effect(Write)
    .inputs(&[
        Input::required("serviceId", NonEmptyText).doc("The `id` of the service.").example("\"dev\""),
        Input::required("serviceProvider", NonEmptyText).doc("Its `type`.").example("\"Local.DevReview\""),
    ])
    .example("await AgentAPI.Legal.SelectReviewService(provider.id, provider.type);")
    .source("Agent API, Legal/SelectReviewService");

/// Allows another identity to read one of the account's, or forbids it again.
AUTHORIZE_ACCESS_TO_ID "AuthorizeAccessToId"
    .effect(Write)
    .inputs(&[LEGAL_ID, REMOTE_ID, AUTHORIZED])
    .throws("Rejects with `not-found` if there is no such identity, and with `forbidden` if it is another account's.")
    .example("await AgentAPI.Legal.AuthorizeAccessToId(legalId, remoteId, true);")
    .source("Agent API, Legal/AuthorizeAccessToId");

/// Allows another identity to read a contract, or forbids it again.
AUTHORIZE_ACCESS_TO_CONTRACT "AuthorizeAccessToContract"
    .effect(Write)
    .inputs(&[CONTRACT_ID, REMOTE_ID, AUTHORIZED])
    .throws("Rejects with `not-found` if there is no such contract, and with `forbidden` if it is not the account's.")
    .example("await AgentAPI.Legal.AuthorizeAccessToContract(contractId, remoteId, true);")
    .source("Agent API, Legal/AuthorizeAccessToContract");

/// Asks the owner of an identity to be allowed to read it. The answer comes as a message.
PETITION_ID "PetitionId"
    .effect(Once)
    .inputs(with_key![
        LEGAL_ID, REMOTE_ID, PETITION, PURPOSE, KEY_SIGNATURE, PETITION_SIGNATURE,
    ])
    .throws("Rejects with `not-found` if there is no such identity.")
    .example("await AgentAPI.Legal.PetitionId(\n  \"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword,\n  legalId, remoteId, \"petition-1\", \"To sign a contract.\",\n);")
    .source("Agent API, Legal/PetitionId");

/// Asks the owner of an identity to approve of an application. The answer comes as a message.
PETITION_PEER_REVIEW "PetitionPeerReview"
    .effect(Once)
    .inputs(with_key![
        LEGAL_ID, REMOTE_ID, PETITION, PURPOSE, KEY_SIGNATURE, PETITION_SIGNATURE,
    ])
    .throws("Rejects with `not-found` if there is no such identity, and with `forbidden` unless the application is in the state `Created`.")
    .example("await AgentAPI.Legal.PetitionPeerReview(\n  \"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword,\n  legalId, remoteId, \"petition-2\", \"You know me.\",\n);")
    .source("Agent API, Legal/PetitionPeerReview");

/// Asks the owner of an identity to sign something. The answer comes as a message.
PETITION_SIGNATURE_OF "PetitionSignature"
    .effect(Once)
    .inputs(with_key![
        LEGAL_ID, REMOTE_ID, PETITION, PURPOSE,
        Input::required("contentBase64", Base64).doc("What is to be signed, in Base64.").example("\"SGVsbG8=\""),
        KEY_SIGNATURE,
        request_signature![PETITION_PARTS, Part::Input("contentBase64")],
    ])
    .throws("Rejects with `not-found` if there is no such identity.")
    .example("await AgentAPI.Legal.PetitionSignature(\n  \"ed448\", \"urn:nf:iot:e2e:1.0\", keyId, keyPassword, accountPassword,\n  legalId, remoteId, \"petition-3\", \"As agreed.\", \"SGVsbG8=\",\n);")
    .source("Agent API, Legal/PetitionSignature");

}

const LEGAL_ID: Input = Input::required("legalId", NonEmptyText)
    .doc("The identity.")
    .example("\"alice@legal.example.org\"");
const REMOTE_ID: Input = Input::required("remoteId", NonEmptyText)
    .doc("The other identity.")
    .example("\"bob@legal.example.org\"");
const CONTRACT_ID: Input = Input::required("contractId", NonEmptyText)
    .doc("The contract.")
    .example("\"contract@legal.example.org\"");
const ROLE: Input =
    Input::required("role", NonEmptyText).doc("The role in the contract.").example("\"Lender\"");
const AUTHORIZED: Input =
    Input::required("authorized", Boolean).doc("Whether it may.").example("true");
const PETITION: Input = Input::required("petitionId", NonEmptyText)
    .doc("The id of the petition, which its answer repeats.")
    .example("\"petition-1\"");
const PURPOSE: Input = Input::required("purpose", NonEmptyText)
    .doc("What it is for, which the owner is shown.")
    .example("\"To sign a contract.\"");

static PROPOSAL: ElementTemplate = ElementTemplate {
    name: "contractProposal",
    namespace: "urn:nf:iot:leg:sc:1.0",
    attributes: &["contractId", "role", "message"],
};

const PETITION_PARTS: Part = Part::Parts(&[
    Part::Input("petitionId"),
    Part::Input("purpose"),
    Part::Input("legalId"),
    Part::Input("remoteId"),
]);
const PETITION_SIGNATURE: Input = request_signature![PETITION_PARTS];

static IDENTITY_RESPONSE: Object = Object::new(
    "IdentityResponse",
    "A legal identity.",
    &[Output::required("Identity", OutputKind::Element, "The identity.").typed("LegalIdentity")],
);

static CONTRACT_RESPONSE: Object = Object::new(
    "ContractResponse",
    "A contract.",
    &[Output::required("Contract", OutputKind::Element, "The contract.").typed("LegalContract")],
);

static CONTRACT_SIGNATURE: Object = Object::new(
    "SignedContract",
    "A contract that was signed.",
    &[
        Output::required("contractId", OutputKind::NonEmptyText, "The contract."),
        Output::required("legalId", OutputKind::NonEmptyText, "The identity that signed it."),
    ],
);

static REVIEW_PROVIDER: Object = Object::new(
    "ReviewProvider",
    "A service that can review applications.",
    &[
        SERVICE_ID,
        SERVICE_TYPE,
        SERVICE_NAME,
        Output::optional("reviewerId", OutputKind::Text, "The identity to send the petition to."),
        Output::optional(
            "external",
            OutputKind::Boolean,
            "Whether it is a person. If not, {@link Legal.SelectReviewService} comes before the petition.",
        ),
        ICON_URL,
        ICON_WIDTH,
        ICON_HEIGHT,
    ],
);
