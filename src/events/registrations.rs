//! The table of event handlers, and the socket that serves them.

use crate::environment::Socket;
use crate::text;
use crate::wire::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// What is called when a message arrives.
pub enum Handler {
    /// A function.
    Function(Rc<dyn Fn(&Value)>),
    /// The dotted name of a global function.
    Name(String),
}

/// A registered handler. Several may have the same name.
pub(super) struct Registration {
    /// Which messages it is for: local name, namespace and type, each absent or not. Empty if it was
    /// named in a call, and gets the events of that.
    pub(super) selector: Vec<Value>,
    /// The name under which the broker pushes to it.
    pub(super) name: String,
    pub(super) handler: Handler,
}

impl Registration {
    /// Whether it gets the events of a call, of which the broker knows its name alone.
    pub(super) fn is_for_a_call(&self) -> bool {
        self.selector.is_empty()
    }
}

/// The handlers of a client. The socket is open for as long as there are any.
pub(crate) struct Registrations<S>(RefCell<State<S>>);

struct State<S> {
    tab_id: String,
    handlers: Vec<Rc<Registration>>,
    handlers_so_far: u32,
    socket: Option<Rc<S>>,
}

impl<S> Default for Registrations<S> {
    fn default() -> Self {
        Self(RefCell::new(State {
            tab_id: String::new(),
            handlers: Vec::new(),
            handlers_so_far: 0,
            socket: None,
        }))
    }
}

impl<S: Socket> Registrations<S> {
    /// The id by which the broker knows this client; empty before the first handler.
    pub(super) fn tab_id(&self) -> String {
        self.0.borrow().tab_id.clone()
    }

    pub(super) fn set_tab_id(&self, tab_id: String) {
        self.0.borrow_mut().tab_id = tab_id;
    }

    pub(super) fn all(&self) -> Vec<Rc<Registration>> {
        self.0.borrow().handlers.clone()
    }

    /// The latest registration of a kind.
    pub(super) fn find(
        &self,
        predicate: &dyn Fn(&Rc<Registration>) -> bool,
    ) -> Option<Rc<Registration>> {
        self.0.borrow().handlers.iter().rev().find(|one| predicate(one)).cloned()
    }

    pub(super) fn contains(&self, registration: &Rc<Registration>) -> bool {
        self.find(&|one| Rc::ptr_eq(one, registration)).is_some()
    }

    pub(super) fn add(&self, selector: Vec<Value>, handler: Handler) -> Rc<Registration> {
        let mut state = self.0.borrow_mut();
        state.handlers_so_far += 1;
        let name = match &handler {
            Handler::Function(_) => {
                text::concat(&["AgentAPI.Events.h", &text::decimal(state.handlers_so_far)])
            }
            Handler::Name(name) => name.clone(),
        };
        let registration = Rc::new(Registration { selector, name, handler });
        state.handlers.push(Rc::clone(&registration));
        registration
    }

    /// Removes handlers, and closes the socket after the last.
    pub(super) fn remove(&self, predicate: &dyn Fn(&Rc<Registration>) -> bool) {
        let mut state = self.0.borrow_mut();
        for one in std::mem::take(&mut state.handlers) {
            if !predicate(&one) {
                state.handlers.push(one);
            }
        }
        if state.handlers.is_empty()
            && let Some(socket) = state.socket.take()
        {
            drop(state);
            socket.send(r#"{"cmd":"Unregister"}"#);
            socket.close();
        }
    }

    /// Removes every handler.
    pub(crate) fn clear(&self) {
        self.remove(&|_| true);
    }

    pub(super) fn has_socket(&self) -> bool {
        self.0.borrow().socket.is_some()
    }

    /// Whether a socket is the one in use.
    pub(super) fn is_current(&self, socket: &Rc<S>) -> bool {
        self.0.borrow().socket.as_ref().is_some_and(|current| Rc::ptr_eq(current, socket))
    }

    /// Replaces the socket. Returns the one before.
    pub(super) fn replace_socket(&self, socket: &Rc<S>) -> Option<Rc<S>> {
        self.0.borrow_mut().socket.replace(Rc::clone(socket))
    }
}
