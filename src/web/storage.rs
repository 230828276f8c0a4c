//! Where a session is kept: `sessionStorage` in a browser tab, memory elsewhere.

use js_sys::{Map, Object, Reflect, Symbol, global};
use wasm_bindgen::prelude::*;
use web_sys::Storage;

/// Under this registered symbol the global object keeps what must outlive an instance of the
/// module and be the same for two copies of the package on one page.
const SHARED: &str = "neuron-agent-api";

pub(super) fn load(key: &str) -> Option<String> {
    match tab_storage() {
        Some(storage) => storage.get_item(key).ok().flatten(),
        None => memory().get(&key.into()).as_string(),
    }
}

pub(super) fn store(key: &str, value: &str) {
    match tab_storage() {
        Some(storage) => {
            let _ = storage.set_item(key, value);
        }
        None => {
            memory().set(&key.into(), &value.into());
        }
    }
}

pub(super) fn remove(key: &str) {
    match tab_storage() {
        Some(storage) => {
            let _ = storage.remove_item(key);
        }
        None => {
            memory().delete(&key.into());
        }
    }
}

/// A tab has a document. Elsewhere (Deno, Node) the name `sessionStorage` may exist too, and would
/// be shared by all that runs in the process. A sandboxed frame throws at the mere look at it.
fn tab_storage() -> Option<Storage> {
    let property = |name: &str| Reflect::get(&global(), &name.into()).ok();
    property("document").filter(JsValue::is_object)?;
    property("sessionStorage").filter(JsValue::is_object).map(JsCast::unchecked_into)
}

fn memory() -> Map {
    let shared = Symbol::for_(SHARED);
    if let Ok(found) = Reflect::get(&global(), &shared)
        && found.is_object()
    {
        return found.unchecked_into();
    }
    let memory = Map::new();
    // Not enumerable: nobody who lists the global object has to see it.
    let descriptor = Object::new();
    let _ = Reflect::set(&descriptor, &"value".into(), &memory);
    let _ = Reflect::define_property(&global(), &shared, &descriptor);
    memory
}
