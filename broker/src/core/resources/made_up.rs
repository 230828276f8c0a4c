//! Resources that were made up for the tests of what a declaration can say.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::received::Blob;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Download, Route};
use crate::core::state::Broker;
use crate::core::values::object;
use neuron_agent_api::wire::{
    BodyKind, Effect, Input, InputKind, Method, Object, Output, OutputKind, Resource, Role,
};

const PATH: Input = Input::required("contentId", InputKind::NonEmptyText).role(Role::Path);
const CONTENT: Input = Input::required("Content", InputKind::Content);

/// What the handlers say of the request that they got.
static SEEN: Object =
    Object::new("Seen", "", &[Output::required("seen", OutputKind::Text, "What was received.")]);

static STORE: Resource = Resource::new("Test", "Store")
    .at("Test/Content")
    .method(Method::Put)
    .effect(Effect::Write)
    .body(BodyKind::Bytes)
    .inputs(&[
        CONTENT,
        PATH,
        Input::optional("visibility", InputKind::OneOf(&["Public", "Private"]))
            .role(Role::Header("X-Visibility")),
    ])
    .responds("Seen", &SEEN);

static DOWNLOAD: Resource = Resource::new("Test", "Download")
    .at("Test/Content")
    .method(Method::Get)
    .inputs(&[PATH])
    .responds_bytes();

static DELETE: Resource = Resource::new("Test", "Delete")
    .at("Test/Content")
    .method(Method::Delete)
    .effect(Effect::Write)
    .inputs(&[PATH]);

static UPLOAD: Resource = Resource::new("Test", "Upload")
    .at("Test/Content")
    .effect(Effect::Once)
    .body(BodyKind::Form)
    .inputs(&[
        CONTENT,
        Input::required("visibility", InputKind::OneOf(&["Public", "Private"])),
        Input::optional("most", InputKind::Integer(1, 9)),
    ])
    .responds("Seen", &SEEN);

pub(super) const ROUTES: &[Route] = &[
    Route::new(&STORE, describe),
    Route::bytes(&DOWNLOAD, download),
    Route::new(&DELETE, |_, _, arguments| {
        arguments.text("contentId")?;
        Ok(object([]))
    }),
    Route::new(&UPLOAD, describe),
];

/// Names all arguments.
fn describe(_: &mut Broker, _: &Call<'_>, arguments: &Arguments) -> Answer {
    let Blob { media_type, bytes } = arguments.bytes("Content")?;
    let texts = ["contentId", "visibility"].map(|name| arguments.optional_text(name));
    let most = arguments.optional_integer("most");
    Ok(object([("seen", format!("{media_type} {bytes:?} {texts:?} {most:?}").as_str().into())]))
}

/// Answers with the name as an image.
fn download(_: &mut Broker, _: &Call<'_>, arguments: &Arguments) -> Result<Download, Refusal> {
    let bytes = arguments.text("contentId")?.into();
    let content = Blob { media_type: "image/png".into(), bytes };
    Ok(Download { content, etag: Some("\"1\"".into()) })
}
