//! The clients in this instance of the module. The loader selects one before each call, so that the
//! exported functions have the parameters of the documented API and no other.

use super::browser::Browser;
use super::host::Host;
use super::limits::apply_limits;
use super::slots::Slots;
use super::task;
use super::tick::begin_tick_at;
use crate::client::Client;
use crate::error::ErrorKind;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

thread_local! {
    static CLIENTS: ManuallyDrop<Slots<Client<Browser>>> =
        const { ManuallyDrop::new(Slots::new()) };
    static CURRENT: Cell<usize> = const { Cell::new(0) };
}

/// The selected client.
pub(super) fn client() -> Result<Rc<Client<Browser>>, ErrorKind> {
    CLIENTS.with(|clients| clients.get(CURRENT.get())).ok_or(ErrorKind::Disposed)
}

/// Creates a client for its host, and returns its number.
#[wasm_bindgen]
pub fn attach(host: Host) -> usize {
    let client = Rc::new(Client::new(Browser::new(host)));
    apply_limits(&client);
    // From now on the stored session is refreshed, and ends when another tab logs out.
    let maintained = Rc::clone(&client);
    task::spawn(Box::pin(async move { maintained.maintain_session().await }));
    CLIENTS.with(|clients| clients.add(client))
}

/// Selects a client, at a given time.
#[wasm_bindgen]
pub fn select(client: usize, monotonic_ms: f64, wall_ms: f64) {
    begin_tick_at(monotonic_ms, wall_ms);
    CURRENT.set(client);
}

/// Disposes a client, and removes it.
#[wasm_bindgen]
pub fn detach(client: usize) {
    if let Some(client) = CLIENTS.with(|clients| clients.remove(client)) {
        client.dispose();
    }
}

/// Whether another instance of the module can take the place of this one.
#[wasm_bindgen(js_name = "isReplaceable")]
pub fn is_replaceable() -> bool {
    CLIENTS.with(|clients| clients.all(Client::is_replaceable))
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
