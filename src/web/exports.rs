//! A function for each resource, exported under its documented name, such as
//! `AgentAPI.Xmpp.SendPresenceSubscription`.

use super::call;
use crate::resources::account::*;
use crate::resources::xmpp::*;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

macro_rules! export {
    ($group:tt: $($resource:ident $name:tt)*) => { $(
        const _: () = {
            #[wasm_bindgen(js_namespace = ["AgentAPI", $group], js_name = $name)]
            pub fn exported(arguments: Array) -> Promise {
                call(&$resource, &arguments)
            }
        };
    )* };
}

for_each_account!(export);
for_each_xmpp!(export);
