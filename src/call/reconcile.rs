//! After a lost response: asks the roster whether a stanza was delivered. Sending it again without
//! asking could bother the contact twice.

use super::context::CallContext;
use super::job::{CallOptions, Job, Payload};
use super::progress::Progress;
use crate::environment::Environment;
use crate::error::ErrorKind;
use crate::resources::xmpp::GET_ROSTER_ITEM;
use crate::session::snapshot::Snapshot;
use crate::text;
use crate::wire::{Trace, Value};

use std::rc::Rc;

/// What the roster shows of a stanza.
pub(super) enum Reconciled {
    /// It was delivered: the result of the call.
    Delivered(Value),
    /// It was not delivered.
    NotDelivered,
    /// The roster could not be read.
    Unknown,
}

impl<E: Environment> CallContext<E> {
    /// Looks for the trace of a stanza on the roster of the account that sent it.
    pub(super) async fn reconcile(
        self: &Rc<Self>,
        trace: Trace,
        job: &Job,
        session: &Snapshot,
        kind: &ErrorKind,
        progress: &Progress,
    ) -> Reconciled {
        let Payload::Resource(resource, arguments, encoding) = &job.payload else {
            return Reconciled::Unknown;
        };
        // After a sleep of the machine, the time of the call may be over together with that of its attempt.
        let is_in_time = progress.remaining_ms(&*self.environment) > 0;
        if !is_in_time || !self.retry_budget.take() {
            return Reconciled::Unknown;
        }
        // The roster knows contacts by their bare JIDs (RFC 6121 §2.1.2.3).
        let contact = text::split(arguments.text("to"), b'/').next().unwrap_or_default();
        let mut query = Value::object();
        query.put("bareJid", contact);
        self.emit_retry(job, kind, progress, 0);
        let progress = self.progress_of(progress.call_id, &mut CallOptions::default());
        let mut query = Job::new(&GET_ROSTER_ITEM, query, *encoding, job.origin.clone());
        // Another user may have logged in meanwhile, at another broker even.
        query.session = Some(session.clone());
        let outcome = self.send_with_retries(query, &progress).await;
        let item = match outcome.map_err(|error| error.kind) {
            Ok(item) => item,
            // A contact that is not on the roster was neither asked nor granted anything.
            Err(ErrorKind::Refused(refusal)) if refusal.status == 404 => Value::Null,
            Err(_) => return Reconciled::Unknown,
        };
        if !has_trace(&item, trace) {
            return Reconciled::NotDelivered;
        }
        let mut answer = Value::object();
        answer.put("sent", true);
        answer.put("id", arguments.text("id"));
        if resource.response.fields.iter().any(|field| field.name == "RosterItem") {
            answer.put("RosterItem", item);
        }
        answer.put("reconciled", true);
        Reconciled::Delivered(answer)
    }
}

/// Whether a roster item, or `Null` for none, shows the effect of a stanza.
fn has_trace(item: &Value, trace: Trace) -> bool {
    let is = |status: &str| item.text("status").eq_ignore_ascii_case(status);
    let is_pending = matches!(item.get("pendingSubscription"), Some(Value::Boolean(true)));
    let is_subscribed = is("To") || is("Both");
    match trace {
        Trace::None => false,
        Trace::Requested => is_pending || is_subscribed,
        Trace::Granted => is("From") || is("Both"),
        Trace::Ended => !is_pending && !is_subscribed,
    }
}
