//! The group `Tokens`.

use super::common::{MAX_COUNT, OFFSET};
use crate::wire::Effect::Once;
use crate::wire::InputKind::{Boolean, NonEmptyText, OneOf, XmlText};
use crate::wire::{Input, Object, Output, OutputKind, Resource};

resources! { ($) "Tokens" tokens, for_each_tokens:

/// Reads the tokens of the account.
GET_TOKENS "GetTokens"
    .inputs(&[OFFSET, MAX_COUNT, REFERENCES])
    .responds("TokensResult", &TOKENS)
    .example("const { Tokens } = await AgentAPI.Tokens.GetTokens(0, 20, false);")
    .source("Agent API, Tokens/GetTokens");

/// Reads the tokens that a contract created.
GET_CONTRACT_TOKENS "GetContractTokens"
    .inputs(&[
        Input::required("contractId", NonEmptyText).doc("The contract.").example("\"contract@legal.example.org\""),
        OFFSET, MAX_COUNT, REFERENCES,
    ])
    .responds("TokensResult", &TOKENS)
    .throws("Rejects with `not-found` if there is no such contract.")
    .example("const { Tokens } = await AgentAPI.Tokens.GetContractTokens(contractId, 0, 20, false);")
    .source("Agent API, Tokens/GetContractTokens");

/// Reads what the contract of a new token has to say.
GET_CREATION_ATTRIBUTES "GetCreationAttributes"
    .responds("CreationAttributes", &Object::new("CreationAttributes", "What the contract of a new token has to say.", &[
        Output::required("currency", OutputKind::Text, "The currency, by ISO 4217."),
        Output::required("commission", OutputKind::Decimal, "The commission of the broker's operator, in percent.").alias("commision"),
        Output::required("trustProvider", OutputKind::Text, "The legal identity of the operator."),
    ]))
    .json_only()
    .example("const { commission } = await AgentAPI.Tokens.GetCreationAttributes();")
    .source("Agent API, Tokens/GetCreationAttributes");

/// Reads a token.
GET_TOKEN "GetToken"
    .inputs(&[TOKEN_ID])
    .responds("TokenResult", &Object::new("TokenResult", "A token.", &[
        Output::required("Token", OutputKind::Element, "The token.").typed("TokenElement"),
    ]))
    .throws(NO_TOKEN)
    .example("const { Token } = await AgentAPI.Tokens.GetToken(tokenId);")
    .source("Agent API, Tokens/GetToken");

/// Reads a description of a token.
GET_DESCRIPTION "GetDescription"
    .inputs(&[
        TOKEN_ID,
        Input::required("reportFormat", OneOf(REPORT_FORMATS))
            .doc("How it is written.").example("\"Markdown\""),
    ])
    .responds("ReportResult", &REPORT)
    .throws(NO_TOKEN)
    .example("const { report } = await AgentAPI.Tokens.GetDescription(tokenId, \"Markdown\");")
    .source("Agent API, Tokens/GetDescription");

/// Adds a text to a token.
ADD_TEXT_NOTE "AddTextNote"
    .effect(Once)
    .inputs(&[TOKEN_ID, Input::required("note", NonEmptyText).doc("The text.").example("\"Polished.\""), PERSONAL])
    .responds("NoteResult", &NOTE)
    .throws(NOTE_FAILS)
    .example("await AgentAPI.Tokens.AddTextNote(tokenId, \"Polished.\", false);")
    .source("Agent API, Tokens/AddTextNote");

/// Adds an XML element to a token.
///
/// Uses JSON whatever the encoding.
ADD_XML_NOTE "AddXmlNote"
    .effect(Once)
    .inputs(&[TOKEN_ID, Input::required("note", XmlText).doc("The element.").example("\"<done xmlns='urn:example'/>\""), PERSONAL])
    .responds("NoteResult", &NOTE)
    .json_only()
    .throws(NOTE_FAILS)
    .example("await AgentAPI.Tokens.AddXmlNote(tokenId, \"<done xmlns='urn:example'/>\", false);")
    .source("Agent API, Tokens/AddXmlNote");

/// Reads what happened to a token. Events of different kinds come apart: sort them by their `timestamp`.
GET_TOKEN_EVENTS "GetTokenEvents"
    .inputs(&[TOKEN_ID, OFFSET, MAX_COUNT])
    .responds("EventsResult", &Object::new("EventsResult", "What happened to a token.", &[
        Output::required("Events", OutputKind::Element, "An element whose children are the events.").typed("TokenEvents"),
    ]))
    .json_only()
    .throws(NO_TOKEN)
    .example("const { Events } = await AgentAPI.Tokens.GetTokenEvents(tokenId);")
    .source("Agent API, Tokens/GetTokenEvents");

}

const NO_TOKEN: &str = "Rejects with `not-found` if there is none, and with `forbidden` if the account may not read it.";

const NOTE_FAILS: &str = "Rejects with `not-found` if there is no such token, and with `forbidden` if it is another \
    account's. After an ambiguous failure, {@link Tokens.GetTokenEvents} shows whether the note was added.";

/// How a broker writes reports.
pub(super) const REPORT_FORMATS: &[&str] =
    &["Markdown", "Html", "Text", "Xaml", "XamarinXaml", "SmartContract", "Xml"];

pub(super) const TOKEN_ID: Input =
    Input::required("tokenId", NonEmptyText).doc("The token.").example("\"1@tokens.example.org\"");
const REFERENCES: Input = Input::optional("references", Boolean)
    .doc("Whether only references come back, not whole tokens. Default: the broker's, true.")
    .example("false");
const PERSONAL: Input = Input::required("personal", Boolean)
    .doc("Whether it is erased when the token changes its owner.")
    .example("false");

static TOKENS: Object = Object::new(
    "TokensResult",
    "Tokens, or references to them.",
    &[Output::required("Tokens", OutputKind::Element, "An element whose children are the tokens.")
        .typed("TokenList")],
);

static NOTE: Object = Object::new(
    "NoteResult",
    "A note that was added to a token.",
    &[Output::required("Note", OutputKind::Element, "The note.").typed("TokenNote")],
);

pub(super) static REPORT: Object = Object::new(
    "Report",
    "A text about a token.",
    &[Output::required("report", OutputKind::Text, "The text, in the format that was asked for.")],
);
