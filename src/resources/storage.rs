//! The group `Storage`.

use super::common::{CREATED, MAX_COUNT_100, OFFSET, STORED, UPDATED};
use crate::wire::Effect::{Once, Write};
use crate::wire::InputKind::{
    Boolean, Content, Map, NonEmptyText, Objects, OneOf, OwnUrl, Text, Xml,
};
use crate::wire::{BodyKind, Entries, Input, Method, Object, Output, OutputKind, Resource, Role};

resources! { ($) "Storage" storage, for_each_storage:

/// Keeps an XML element for the account alone. It replaces the one of the same name and namespace.
SAVE_PRIVATE_XML "SavePrivateXml"
    .effect(Write)
    .inputs(&[Input::required("xml", Xml).doc("The element.").example("\"<prefs xmlns='urn:example:prefs' theme='dark'/>\"")])
    .responds("Stored", &STORED)
    .example("await AgentAPI.Storage.SavePrivateXml(\"<prefs xmlns='urn:example:prefs' theme='dark'/>\");")
    .source("Agent API, Storage/SavePrivateXml");

/// Reads an XML element that the account keeps.
LOAD_PRIVATE_XML "LoadPrivateXml"
    .inputs(&[
        Input::required("localName", NonEmptyText).doc("The local name of the element.").example("\"prefs\""),
        Input::required("namespace", Text).doc("Its namespace; `\"\"` for none.").example("\"urn:example:prefs\""),
    ])
    .responds("PrivateXml", &Object::new("PrivateXml", "An XML element that an account keeps.", &[
        CREATED,
        UPDATED,
        Output::required("Xml", OutputKind::Element, "The element.").alias("xml"),
    ]))
    .throws("Rejects with `not-found` if there is none.")
    .example("const { Xml } = await AgentAPI.Storage.LoadPrivateXml(\"prefs\", \"urn:example:prefs\");")
    .source("Agent API, Storage/LoadPrivateXml");

/// Keeps a file, which gets a URL. It replaces the account's file of the same name.
UPLOAD "Upload"
    .at("Storage/Content")
    .effect(Once)
    .body(BodyKind::Form)
    .inputs(&[
        Input::required("Content", Content).called("ContentFile").doc("The file: a `File`, a `Blob`, bytes or a string, or a form with one of them named `Content`. Only a `File` and a `Blob` have a media type."),
        Input::optional("ContentId", NonEmptyText).doc("Its name, with the extension of its media type. Without one, the broker chooses, also for a `File`.").example("\"note.txt\""),
        Input::required("Visibility", OneOf(VISIBILITIES)).doc("Who can read it: everybody (on the local broker, every account), contacts that may see the account's presence, or the account alone.").example("\"Private\""),
    ])
    .responds("ContentReference", &CONTENT_REFERENCE)
    .example("const { url } = await AgentAPI.Storage.Upload(file, \"note.txt\", \"Private\");")
    .source("Agent API, Storage/Content");

/// Keeps a file at a URL, in place of the one that is there.
PUT "Put"
    .at("Storage/Content")
    .method(Method::Put)
    .effect(Write)
    .body(BodyKind::Bytes)
    .inputs(&[
        URL,
        Input::required("Content", Content).doc("What it holds: a `File` or a `Blob`, bytes, a string, or a stream, which is sent once whatever happens and as it is read."),
        Input::required("visibility", OneOf(VISIBILITIES)).role(Role::Header("X-Visibility")).doc("Who can read it, as with {@link Storage.Upload}."),
        Input::optional("contentType", NonEmptyText).role(Role::Header("Content-Type"))
            .doc("Its media type, which has to fit the extension of the URL. Without it, that of the `File` or the `Blob`; bytes and streams have none.")
            .example("\"text/plain\""),
    ])
    .responds("ContentReference", &CONTENT_REFERENCE)
    .throws("Rejects with `forbidden` if it is another account's.")
    .example("await AgentAPI.Storage.Put(url, \"new text\", \"Private\", \"text/plain\");")
    .source("Agent API, Storage/Content");

/// Reads a file.
DOWNLOAD "Download"
    .at("Storage/Content")
    .method(Method::Get)
    .inputs(&[URL])
    .responds_bytes()
    .throws("Rejects with `not-found` if there is none, and with `forbidden` if the account may not read it.")
    .example("const { Content, ContentType } = await AgentAPI.Storage.Download(url);")
    .source("Agent API, Storage/Content");

/// Deletes a file.
DELETE "Delete"
    .at("Storage/Content")
    .method(Method::Delete)
    .effect(Write)
    .inputs(&[URL])
    .throws("Rejects with `not-found` if there is none, and with `forbidden` if it is another account's.")
    .example("await AgentAPI.Storage.Delete(url);")
    .source("Agent API, Storage/Content");

/// Keeps names with a value each, for the account alone.
STORE_IN_VAULT "StoreInVault"
    .effect(Once)
    .inputs(&[
        Input::optional("vaultId", NonEmptyText).doc("The item to replace. Without it, a new one is made.").example("\"v-1\""),
        Input::required("type", NonEmptyText).doc("What it is, in a word of the caller's.").example("\"Card\""),
        CLIENT_ID,
        Input::required("Tags", Objects(&[
            TAG_NAME,
            TAG_VALUE,
            Input::optional("masked", Text).doc("What is shown instead of the value.").example("\"**** 1111\""),
        ], &Entries::Within("Tag")))
            .not_empty()
            .doc("The names and values; `masked` is shown instead of a value where one is asked to.")
            .example("[{ name: \"PAN\", value: \"4111111111111111\", masked: \"**** 1111\" }]"),
    ])
    .responds("Stored", &Object::new("VaultReference", "An item of a vault that was stored.", &[
        CREATED,
        UPDATED,
        VAULT_ID_OUT,
    ]))
    .json_only()
    .throws("Rejects with `not-found` if there is no item to replace.")
    .example("const { vaultId } = await AgentAPI.Storage.StoreInVault(null, \"Card\", null, [\n  { name: \"PAN\", value: pan, masked: \"**** 1111\" },\n]);")
    .source("Agent API, Storage/StoreInVault");

/// Reads an item of the vault.
GET_FROM_VAULT "GetFromVault"
    .inputs(&[VAULT_ID, MASKED])
    .responds("VaultItem", &VAULT_ITEM)
    .json_only()
    .throws("Rejects with `not-found` if there is none.")
    .example("const { Tags } = await AgentAPI.Storage.GetFromVault(vaultId, true);")
    .source("Agent API, Storage/GetFromVault");

/// Finds items of the vault: those that have all that is given.
SEARCH_IN_VAULT "SearchInVault"
    .inputs(&[
        Input::optional("type", NonEmptyText).doc("What they are.").example("\"Card\""),
        CLIENT_ID,
        MASKED,
        Input::required("Tags", Map(&[TAG_NAME, TAG_VALUE], "Tag"))
            .doc("The names and values that they have. Default: any.")
            .example("{ PAN: \"4111111111111111\" }"),
        OFFSET, MAX_COUNT_100,
    ])
    .responds("VaultItems", &Object::new("VaultItems", "Items of a vault.", &[
        Output::required("ResultSet", OutputKind::Objects(&VAULT_ITEM, &Entries::Within("VaultItem")), "The items; empty if there are none."),
    ]))
    .json_only()
    .example("const { ResultSet } = await AgentAPI.Storage.SearchInVault(\"Card\", null, true);")
    .source("Agent API, Storage/SearchInVault");

/// Deletes an item of the vault.
DELETE_FROM_VAULT "DeleteFromVault"
    .effect(Write)
    .inputs(&[VAULT_ID])
    .json_only()
    .throws("Rejects with `not-found` if there is none.")
    .example("await AgentAPI.Storage.DeleteFromVault(vaultId);")
    .source("Agent API, Storage/DeleteFromVault");

}

const VISIBILITIES: &[&str] = &["Public", "Presence", "Private"];

static CONTENT_REFERENCE: Object = Object::new(
    "ContentReference",
    "A file that the broker keeps.",
    &[
        Output::required("uploaded", OutputKind::DateTime, "When it was uploaded"),
        Output::required("visibility", OutputKind::Text, "Who can read it.").known(VISIBILITIES),
        Output::required(
            "etag",
            OutputKind::Text,
            "The entity tag of its content (RFC 9110 §8.8.3).",
        ),
        Output::required("url", OutputKind::NonEmptyText, "Where it is."),
    ],
);

const URL: Input = Input::required("url", OwnUrl)
    .role(Role::Path)
    .doc("Its URL at the account's broker, whole or from the path on.")
    .example("\"/Agent/Storage/Content/alice/note.txt\"");

const VAULT_ID: Input =
    Input::required("vaultId", NonEmptyText).doc("The item.").example("\"v-1\"");
const CLIENT_ID: Input = Input::optional("clientId", NonEmptyText)
    .doc("Whose it is, in a word of the caller's.")
    .example("\"c1\"");
const MASKED: Input = Input::optional("masked", Boolean)
    .doc("Whether values that have a mask are replaced by it.")
    .example("true");
const TAG_NAME: Input = Input::required("name", NonEmptyText).doc("The name.");
// What a vault is for is nothing to be shown.
const TAG_VALUE: Input = Input::required("value", Text).personal().doc("The value.");

const VAULT_ID_OUT: Output = Output::required("vaultId", OutputKind::NonEmptyText, "The item.");

static VAULT_ITEM: Object = Object::new(
    "VaultItem",
    "An item of a vault.",
    &[
        VAULT_ID_OUT,
        CREATED,
        UPDATED,
        Output::optional("type", OutputKind::Text, "What it is, in a word of the caller's."),
        Output::optional("clientId", OutputKind::Text, "Whose it is, in a word of the caller's."),
        Output::required(
            "Tags",
            OutputKind::Objects(&VAULT_TAG, &Entries::Within("Tag")),
            "Its names and values.",
        ),
    ],
);

static VAULT_TAG: Object = Object::new(
    "VaultTag",
    "A name with its value in an item of a vault.",
    &[
        Output::required("name", OutputKind::Text, "The name."),
        Output::required("value", OutputKind::Text, "The value, or what is shown instead of it."),
    ],
);
