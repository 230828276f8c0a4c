//! From a response to the call's result, or its error.

use super::context::CallContext;
use super::job::{Job, Payload};
use crate::environment::{Environment, HttpResponse, ResponseBody};
use crate::error::{Cause, ErrorKind, Reach};
use crate::text;
use crate::wire::{AnswerKind, Value};

/// By how much a compressed text may be larger than the text itself. That a response was compressed
/// is hidden from a page of another origin.
const COMPRESSION_OVERHEAD: usize = 32;

impl<E: Environment> CallContext<E> {
    pub(super) fn decode_response(
        &self,
        job: &Job,
        response: &HttpResponse,
        secrets: Vec<String>,
        in_xml: bool,
    ) -> Result<Value, ErrorKind> {
        let status = response.status;
        let bad_response = |problem| ErrorKind::BadResponse { problem, status };
        if !(200..300).contains(&status) {
            return Err(self.refusal(job, response, &secrets));
        }
        let truncated = || ErrorKind::Network { cause: Cause(None), reach: Reach::Answered };
        let body = match &response.body {
            ResponseBody::Text(text) => text,
            ResponseBody::Bytes(..) if is_truncated(response) => return Err(truncated()),
            ResponseBody::Bytes(..) => return Ok(Value::object()),
            ResponseBody::TooLarge => {
                let most = text::decimal(self.settings.max_response_bytes.get());
                let advice = " bytes. Allow more: AgentAPI.IO.SetLimits({ maxResponseBytes }).";
                return Err(bad_response(text::concat(&["it has more than ", &most, advice])));
            }
        };
        let invalid = |problem: &str| {
            let sentence = text::concat(&[problem, "."]);
            if is_truncated(response) { truncated() } else { bad_response(sentence) }
        };
        let is_empty = body.trim_ascii().is_empty();
        if is_empty && is_truncated(response) {
            return Err(truncated());
        }
        let Payload::Resource(resource, ..) = job.payload else {
            if is_empty {
                return Ok(Value::Null);
            }
            let answer = self.environment.read_json(body);
            return answer.map_err(|problem| invalid(&text::concat(&["it ", problem])));
        };
        if resource.answer == AnswerKind::Nothing && is_empty {
            return Ok(Value::object());
        }
        let scalar = |text: &str| self.environment.read_scalar(text);
        resource.read(body, in_xml, &scalar).or_else(|problem| {
            // A truncated response is requested again, if it can be.
            let salvaged =
                if is_truncated(response) { None } else { resource.salvage(body, in_xml, &scalar) };
            salvaged.ok_or_else(|| invalid(&problem))
        })
    }
}

/// Whether a body is surely shorter than what was sent: `WebKit` gives a page what it received of a
/// truncated response as if it was complete.
fn is_truncated(response: &HttpResponse) -> bool {
    let length = (response.header)("Content-Length").and_then(|length| text::digits(&length));
    length.is_some_and(|length| {
        usize::try_from(length).is_ok_and(|all| response.body.length() + COMPRESSION_OVERHEAD < all)
    })
}
