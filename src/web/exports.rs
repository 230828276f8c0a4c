//! A function for each resource, exported under its documented name, such as
//! `AgentAPI.Xmpp.SendPresenceSubscription`.

use super::call;
use crate::resources::{
    account, crypto, intelligence, legal, state_machines, storage, tokens, wallet, xmpp,
};
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

macro_rules! export {
    ($group:tt $module:ident: $($resource:ident $name:tt)*) => { $(
        const _: () = {
            #[wasm_bindgen(js_namespace = ["AgentAPI", $group], js_name = $name)]
            pub fn exported(arguments: Array) -> Promise {
                call(&$module::$resource, &arguments)
            }
        };
    )* };
}

account::for_each_account!(export);
xmpp::for_each_xmpp!(export);
storage::for_each_storage!(export);
crypto::for_each_crypto!(export);
legal::for_each_legal!(export);
wallet::for_each_wallet!(export);
tokens::for_each_tokens!(export);
state_machines::for_each_state_machines!(export);
intelligence::for_each_intelligence!(export);
