//! Every resource of the Agent API, declared as data: one file a group.

pub mod account;
pub mod xmpp;

use crate::wire::Resource;

/// Every resource that is declared, for the programs that serve or document them all.
pub const RESOURCES: &[&Resource] = &[
    &account::DOMAIN_INFO,
    &account::CREATE,
    &account::GET_SESSION_TOKEN,
    &account::VERIFY_E_MAIL,
    &account::VERIFY_PHONE_NR,
    &account::RESEND_VERIFICATION_CODES,
    &account::LOGIN,
    &account::QUICK_LOGIN,
    &account::WWW_LOGIN,
    &account::REFRESH,
    &account::LOGOUT,
    &account::RECOVER,
    &account::AUTHENTICATE_JWT,
    &account::INFO,
    &account::TRANSFER,
    &account::PREPARE_REMOTE_QUICK_LOGIN,
    &account::REMOTE_QUICK_LOGIN,
    &account::REMOTE_REFERENCES,
    &xmpp::SEND_TEXT_MESSAGE,
    &xmpp::SEND_FORMATTED_MESSAGE,
    &xmpp::SEND_XML_MESSAGE,
    &xmpp::SEND_PRESENCE_SUBSCRIPTION,
    &xmpp::SEND_PRESENCE_UNSUBSCRIPTION,
    &xmpp::SEND_SUBSCRIPTION_ACCEPTED,
    &xmpp::SEND_SUBSCRIPTION_DECLINED,
    &xmpp::GET_ROSTER,
    &xmpp::GET_ROSTER_ITEM,
    &xmpp::SET_ROSTER_ITEM,
    &xmpp::REMOVE_ROSTER_ITEM,
    &xmpp::PRESENCE_PROBE,
    &xmpp::INFORMATION_QUERY,
    &xmpp::POP_MESSAGES,
    &xmpp::CLEAR_MESSAGES,
    &xmpp::REGISTER_EVENT_HANDLER,
];
