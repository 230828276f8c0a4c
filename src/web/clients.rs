//! The clients in this instance of the module. The loader says whose turn it is before each call, so
//! that the exported functions have the parameters of the documented API and no other.

use super::browser::{Browser, Host};
use super::io;
use super::task;
use super::turn::begin_turn;
use crate::client::Client;
use crate::error::Error;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

thread_local! {
    static CLIENTS: RefCell<Vec<Option<Rc<Client<Browser>>>>> = const { RefCell::new(Vec::new()) };
    static CURRENT: Cell<usize> = const { Cell::new(0) };
}

/// The client whose turn it is.
pub(super) fn client() -> Result<Rc<Client<Browser>>, Error> {
    let known = CLIENTS.with_borrow(|clients| clients.get(CURRENT.get()).cloned().flatten());
    known.ok_or(Error::Disposed)
}

/// Makes a client for its host, and gives its number.
#[wasm_bindgen]
pub fn attach(host: Host) -> usize {
    let client = Rc::new(Client::new(Browser::new(host)));
    io::apply_limits(&client);
    // A session that is kept is looked after from now on, and ends when another tab logs out.
    let maintained = Rc::clone(&client);
    task::spawn(Box::pin(async move { maintained.maintain_session().await }));
    CLIENTS.with_borrow_mut(|clients| {
        let free = clients.iter().position(Option::is_none);
        let number = free.unwrap_or(clients.len());
        match clients.get_mut(number) {
            Some(place) => *place = Some(client),
            None => clients.push(Some(client)),
        }
        number
    })
}

/// Makes it a client's turn.
#[wasm_bindgen]
pub fn select(client: usize) {
    begin_turn();
    CURRENT.set(client);
}

/// Ends what a client is doing, and forgets it.
#[wasm_bindgen]
pub fn detach(client: usize) {
    let detached =
        CLIENTS.with_borrow_mut(|clients| clients.get_mut(client).and_then(Option::take));
    if let Some(client) = detached {
        client.dispose();
    }
}

/// Has the client look after its session.
#[wasm_bindgen]
pub fn attend() {
    if let Ok(client) = client() {
        task::spawn(Box::pin(async move { client.maintain_session().await }));
    }
}

/// Tells the client that another one on the same storage has logged out.
#[wasm_bindgen]
pub fn end_session(broker: &str, user_name: &str) {
    if let Ok(client) = client() {
        client.logged_out_elsewhere(broker, user_name);
    }
}
