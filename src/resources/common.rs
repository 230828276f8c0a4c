//! What resources of several groups have in common.

use crate::wire::InputKind::Integer;
use crate::wire::{Input, Object, Output, OutputKind};

pub(super) const OFFSET: Input = Input::optional("offset", Integer(0, i32::MAX))
    .doc("How many to skip. Default: the broker's, 0.");

pub(super) const MAX_COUNT: Input = Input::optional("maxCount", Integer(1, i32::MAX))
    .doc("How many to read at most. Default: the broker's, all.")
    .example("20");

/// [`MAX_COUNT`], where the broker has a limit of its own.
pub(super) const MAX_COUNT_100: Input = Input::optional("maxCount", Integer(1, 100))
    .doc("How many to read at most. Default: the broker's.")
    .example("20");

pub(super) const CREATED: Output =
    Output::required("created", OutputKind::DateTime, "When it was stored for the first time");
pub(super) const UPDATED: Output =
    Output::required("updated", OutputKind::DateTime, "When it was stored last");

pub(super) static STORED: Object =
    Object::new("Stored", "Something that the broker keeps.", &[CREATED, UPDATED]);

pub(super) const SERVICE_ID: Output =
    Output::required("id", OutputKind::Text, "The service, among those of its type.");
pub(super) const SERVICE_TYPE: Output = Output::required("type", OutputKind::Text, "Its type.");
pub(super) const SERVICE_NAME: Output =
    Output::required("name", OutputKind::Text, "Its name, for people.");
pub(super) const ICON_URL: Output =
    Output::optional("iconUrl", OutputKind::Text, "The URL of its icon.");
pub(super) const ICON_WIDTH: Output = Output::optional(
    "iconWidth",
    OutputKind::Integer(0, i32::MAX),
    "The width of the icon, in pixels.",
);
pub(super) const ICON_HEIGHT: Output = Output::optional(
    "iconHeight",
    OutputKind::Integer(0, i32::MAX),
    "The height of the icon, in pixels.",
);
