//! After a lost answer: whether the roster shows that the request arrived. Sending it once more
//! without looking would ask the contact twice.

use crate::call::account::Holder;
use crate::call::prepare::text_of;
use crate::call::send::{Job, Progress, Subject};
use crate::client::Client;
use crate::environment::Environment;
use crate::error::Error;
use crate::resources::xmpp::GET_ROSTER_ITEM;
use crate::wire::{Trace, Value};
use std::rc::Rc;

impl<E: Environment> Client<E> {
    /// Looks for the trace of a stanza: `Some(Some(answer))` where it is there, `Some(None)` where it
    /// is not, nothing where nobody can say.
    pub(crate) async fn look_after(
        self: &Rc<Self>,
        trace: Trace,
        job: &Job,
        holder: &Holder,
        lost: &Error,
        progress: &Progress,
    ) -> Option<Option<Value>> {
        let Subject::Resource(resource, arguments, encoding) = &job.subject else { return None };
        if !self.budget.take() {
            return None;
        }
        // The roster knows contacts by their bare JIDs (RFC 6121 §2.1.2.3).
        let contact = text_of(arguments, "to").split('/').next().unwrap_or_default();
        let mut question = Value::object();
        question.put("bareJid", contact);
        self.tell_retry(job, lost, progress, 0);
        let progress = self.progress_of(progress.id, None);
        // That roster, and no other: somebody else may have logged in meanwhile, elsewhere even.
        let mut look = Job::of(&GET_ROSTER_ITEM, question, *encoding, job.origin.clone());
        look.holder = Some(holder.clone());
        let outcome = self.persist(look, &progress).await;
        let item = match outcome.map_err(|failure| failure.error) {
            Ok(item) => item,
            // Who is not on the roster was not asked, nor granted anything.
            Err(Error::Refused(refusal)) if refusal.status == 404 => Value::Null,
            Err(_) => return None,
        };
        if !shows(&item, trace) {
            return Some(None);
        }
        let mut answer = Value::object();
        answer.put("sent", true);
        answer.put("id", text_of(arguments, "id"));
        if resource.response.iter().any(|field| field.name == "RosterItem") {
            answer.put("RosterItem", item);
        }
        answer.put("reconciled", true);
        Some(Some(answer))
    }
}

/// Whether a roster item, or none, shows what a stanza was to bring about.
fn shows(item: &Value, trace: Trace) -> bool {
    let is = |status: &str| text_of(item, "status").eq_ignore_ascii_case(status);
    let pending = item.get("pendingSubscription") == Some(&Value::Boolean(true));
    let sees = is("To") || is("Both");
    match trace {
        Trace::None => false,
        Trace::Requested => pending || sees,
        Trace::Granted => is("From") || is("Both"),
        Trace::Ended => !pending && !sees,
    }
}
