//! The clients in this instance of the module. The loader selects one before each call, so that the
//! exported functions have the parameters of the documented API and no other.

use super::browser::Browser;
use super::host::Host;
use super::limits::apply_limits;
use super::task;
use super::tick::begin_tick;
use crate::client::Client;
use crate::error::ErrorKind;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

thread_local! {
    static CLIENTS: RefCell<Vec<Option<Rc<Client<Browser>>>>> = const { RefCell::new(Vec::new()) };
    static CURRENT: Cell<usize> = const { Cell::new(0) };
}

/// The selected client.
pub(super) fn client() -> Result<Rc<Client<Browser>>, ErrorKind> {
    let known = CLIENTS.with_borrow(|clients| clients.get(CURRENT.get()).cloned().flatten());
    known.ok_or(ErrorKind::Disposed)
}

/// Creates a client for its host, and returns its number.
#[wasm_bindgen]
pub fn attach(host: Host) -> usize {
    let client = Rc::new(Client::new(Browser::new(host)));
    apply_limits(&client);
    // From now on the stored session is refreshed, and ends when another tab logs out.
    let maintained = Rc::clone(&client);
    task::spawn(Box::pin(async move { maintained.maintain_session().await }));
    CLIENTS.with_borrow_mut(|clients| {
        let free = clients.iter().position(Option::is_none);
        let number = free.unwrap_or(clients.len());
        match clients.get_mut(number) {
            Some(slot) => *slot = Some(client),
            None => clients.push(Some(client)),
        }
        number
    })
}

/// Selects a client.
#[wasm_bindgen]
pub fn select(client: usize) {
    begin_tick();
    CURRENT.set(client);
}

/// Disposes a client, and removes it.
#[wasm_bindgen]
pub fn detach(client: usize) {
    let detached =
        CLIENTS.with_borrow_mut(|clients| clients.get_mut(client).and_then(Option::take));
    if let Some(client) = detached {
        client.dispose();
    }
}

/// Refreshes or ends the session of the selected client, if that is due.
#[wasm_bindgen(js_name = "maintainSession")]
pub fn maintain_session() {
    if let Ok(client) = client() {
        task::spawn(Box::pin(async move { client.maintain_session().await }));
    }
}

/// Another client on the same storage has logged out.
#[wasm_bindgen(js_name = "loggedOutElsewhere")]
pub fn logged_out_elsewhere(broker: JsValue, user_name: JsValue) {
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    if let Ok(client) = client() {
        client.logged_out_elsewhere(&text(broker), &text(user_name));
    }
}
