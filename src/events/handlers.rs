//! Registering event handlers, and unregistering them.

use super::connection::{Events, arguments};
use super::registrations::{Handler, Registration};
use crate::call::job::{CallFuture, CallOptions, failed_call};
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::resources::xmpp::REGISTER_EVENT_HANDLER;
use crate::session::keys;
use crate::wire::{Resource, Value};
use std::future::ready;
use std::rc::Rc;

/// The input by which a resource knows the tab.
const TAB_ID: &str = "tabId";

/// A handler that the broker has not confirmed. If the caller gives up, or the broker refuses, it is
/// removed, and an earlier one for the same messages stays.
struct Unconfirmed<E: Environment> {
    events: Rc<Events<E>>,
    registration: Rc<Registration>,
    is_confirmed: bool,
}

impl<E: Environment> Unconfirmed<E> {
    /// Whether another one is for the same messages.
    fn is_superseded(&self, other: &Rc<Registration>) -> bool {
        other.selector == self.registration.selector && !Rc::ptr_eq(other, &self.registration)
    }

    fn confirm(&mut self) -> Result<(), Box<Error>> {
        if self.registration.is_for_a_call() {
            self.is_confirmed = true;
            return Ok(());
        }
        if !self.events.registrations.contains(&self.registration) {
            // The session ended meanwhile, and its handlers with it.
            return Err(ErrorKind::NotLoggedIn.into());
        }
        self.is_confirmed = true;
        self.events.registrations.remove(&|one| self.is_superseded(one));
        Ok(())
    }
}

impl<E: Environment> Drop for Unconfirmed<E> {
    fn drop(&mut self) {
        if self.is_confirmed {
            return;
        }
        let registrations = &self.events.registrations;
        if self.registration.is_for_a_call() {
            return registrations.remove(&|one| Rc::ptr_eq(one, &self.registration));
        }
        // The broker may have registered it, so it is told again what was registered before.
        let earlier = registrations.find(&|one| self.is_superseded(one));
        let earlier = earlier.map(|one| one.name.clone()).unwrap_or_default();
        let arguments = self.events.arguments(&self.registration.selector, &earlier);
        let calls = &self.events.calls;
        if calls.environment.load(keys::TOKEN).is_some() {
            let call = calls.call(&REGISTER_EVENT_HANDLER, arguments, CallOptions::default());
            calls.environment.spawn(Box::pin(async move {
                let _ = call.await;
            }));
        }
        registrations.remove(&|one| Rc::ptr_eq(one, &self.registration));
    }
}

impl<E: Environment> Events<E> {
    /// Calls a resource that pushes events to a function of a tab: to a handler of this one, until the
    /// session ends, or an event says that the transaction has ended.
    pub(crate) fn call(
        self: &Rc<Self>,
        resource: &'static Resource,
        mut values: Vec<Value>,
        handler: Handler,
        options: CallOptions,
    ) -> CallFuture {
        let parameters = resource.parameters();
        values.resize(parameters.len(), Value::Null);
        for (input, value) in parameters.iter().zip(&values) {
            if input.name == TAB_ID && *value != Value::Null {
                let rule = "must be left out with a function: the library has a tab of its own.";
                return failed_call(ErrorKind::invalid(&input.parameter(), rule).into());
            }
        }
        // No socket is opened for a call that is wrong.
        if let Err(error) = resource.check(values.clone()) {
            return failed_call(error.into());
        }
        self.call_with(resource, values, Vec::new(), handler, options)
    }

    /// Has messages of a kind pushed to a handler, which replaces an earlier one for the same kind.
    pub(crate) fn register(
        self: &Rc<Self>,
        values: Vec<Value>,
        handler: Handler,
        options: CallOptions,
    ) -> CallFuture {
        let selector = match selector(values) {
            Ok(selector) => selector,
            Err(error) => return failed_call(error.into()),
        };
        let calls = &self.calls;
        if let (Handler::Name(name), Some(tab_id)) = (&handler, calls.environment.tab_id()) {
            // The broker's own script is on the page: it has the socket, and calls the function.
            let arguments = arguments(&selector, name, &tab_id);
            return calls.call(&REGISTER_EVENT_HANDLER, arguments, options);
        }
        let values = arguments(&selector, "", "");
        self.call_with(&REGISTER_EVENT_HANDLER, values, selector, handler, options)
    }

    /// Calls a resource with the name of a handler and the tab among its arguments.
    fn call_with(
        self: &Rc<Self>,
        resource: &'static Resource,
        mut values: Vec<Value>,
        selector: Vec<Value>,
        handler: Handler,
        mut options: CallOptions,
    ) -> CallFuture {
        let (events, calls) = (Rc::clone(self), &self.calls);
        let progress = calls.new_progress(&mut options);
        let CallOptions { timeout_ms, aborted, encoding, .. } = options;
        let call = async move {
            // No socket is opened for a call that is not sent.
            if events.calls.session.token().is_none() {
                return Err(ErrorKind::NotLoggedIn.into());
            }
            events.listen().await?;
            let registration = events.registrations.add(selector, handler);
            for (input, value) in resource.parameters().iter().zip(&mut values) {
                match input.name {
                    TAB_ID => *value = Value::String(events.registrations.tab_id()),
                    "function" | "functionName" => *value = registration.name.as_str().into(),
                    _ => {}
                }
            }
            let calls = Rc::clone(&events.calls);
            let mut unconfirmed = Unconfirmed { events, registration, is_confirmed: false };
            let options = CallOptions { timeout_ms, encoding, ..CallOptions::default() };
            let response = calls.call(resource, values, options).await?;
            unconfirmed.confirm()?;
            Ok(response)
        };
        calls.within_deadline(aborted, &progress, Box::pin(call))
    }

    /// Ends what [`Events::register`] began: the broker queues such messages again.
    pub(crate) fn unregister(
        self: &Rc<Self>,
        values: Vec<Value>,
        options: CallOptions,
    ) -> CallFuture {
        let selector = match selector(values) {
            Ok(selector) => selector,
            Err(error) => return failed_call(error.into()),
        };
        let own = self.registrations.find(&|one| one.selector == selector);
        let own_tab = own.map(|_| self.registrations.tab_id());
        let Some(tab_id) = own_tab.or_else(|| self.calls.environment.tab_id()) else {
            return Box::pin(ready(Ok(Value::object())));
        };
        let arguments = arguments(&selector, "", &tab_id);
        let call = self.calls.call(&REGISTER_EVENT_HANDLER, arguments, options);
        let events = Rc::clone(self);
        Box::pin(async move {
            let response = call.await?;
            // Not before the broker has agreed: what it pushed until then would be lost.
            events.registrations.remove(&|one| one.selector == selector);
            Ok(response)
        })
    }
}

/// Which messages are meant: the checked local name, namespace and type.
fn selector(mut values: Vec<Value>) -> Result<Vec<Value>, ErrorKind> {
    while values.len() < 3 {
        values.push(Value::Null);
    }
    // Function and tab come later, and only have to pass the check here.
    let checked = REGISTER_EVENT_HANDLER.check(arguments(&values, "", "-"))?;
    for (value, input) in values.iter_mut().zip(REGISTER_EVENT_HANDLER.inputs) {
        *value = checked.get(input.name).cloned().unwrap_or(Value::Null);
    }
    Ok(values)
}
