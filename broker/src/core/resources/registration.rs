//! Creates accounts.

use super::session::{nonce, open, take_nonce};
use crate::core::account::Account;
use crate::core::address::parse_user_name;
use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::confusable_names::check_script;
use crate::core::login_limiter::Target;
use crate::core::password::normalise;
use crate::core::profile::Profile;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Route};
use crate::core::signature;
use crate::core::state::Broker;
use crate::core::users::{self, User};
use crate::core::values::{object, unix_seconds};
use neuron_agent_api::resources::account;
use neuron_agent_api::wire::Value;

pub(super) const ROUTES: &[Route] = &[Route::new(&account::CREATE, create)];

/// How many free names are suggested instead of one that is taken.
const ALTERNATIVES: usize = 3;

const TAKEN: &str = "The user name is taken, or looks like one that is. Choose another.";
/// The maximum length of a password, in bytes.
const MAX_PASSWORD_BYTES: usize = 1_023;

/// Creates an account and logs in to it. It is disabled until its contact addresses are verified.
/// For an enabled account with the same password, this is a login.
fn create(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let nonce = nonce(arguments)?;
    let user_name = new_user_name(arguments.text("userName")?).map_err(|reason| {
        Refusal::bad_request(format!("The property \"userName\" is not a user name: {reason}."))
    })?;
    let password = arguments.text("password")?;
    if password.is_empty() {
        return Err(Refusal::bad_request("The property \"password\" must not be empty."));
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(Refusal::bad_request("The property \"password\" is longer than 1023 bytes."));
    }
    let e_mail = address(arguments.text("eMail")?, "eMail")?;
    let phone = arguments.optional_text("phoneNr");
    let phone = phone.map(|phone| address(phone, "phoneNr")).transpose()?;

    let api_key = arguments.text("apiKey")?;
    // An unknown key takes the same time and gets the same answer as a wrong secret.
    let known = broker.api_keys.get(api_key);
    let secret = known.map_or(broker.dummy_secret.as_str(), |api_key| api_key.secret.as_str());
    let message = signature::creation_message(
        [arguments.text("userName")?, call.host, e_mail],
        phone,
        [password, api_key, nonce],
    );
    let signature = signature::verify(secret.as_bytes(), &message, arguments.text("signature")?);
    let Some(signature) = signature.filter(|_| known.is_some()) else {
        broker.record_failure(call, Target::Other);
        return Err(Refusal::new(
            403,
            "The API key or its secret is incorrect. If both are right, the signature is not: the \
             secret signs the user name, the host with its port as in the Host header, the e-mail \
             address, the phone number if there is one, the password, the API key and the nonce, \
             joined with colons.",
        ));
    };
    // The answers below show whether a password is right, so guessing is limited here too.
    broker.refuse_blocked(call, Some(&user_name))?;
    take_nonce(broker, &user_name, nonce, signature)?;

    let is_new = match broker.users.get(&user_name) {
        None if broker.user_names.confusable_with(&user_name).is_some() => {
            return Err(taken(broker, &user_name));
        }
        None => true,
        Some(user) => {
            let is_right = signature::are_equal(&user.account.password, &normalise(password));
            let is_enabled = user.profile.is_enabled();
            if is_enabled && !is_right {
                broker.record_failure(call, Target::Account(&user_name));
            }
            if !is_enabled || !is_right {
                return Err(taken(broker, &user_name));
            }
            false
        }
    };
    if is_new {
        make_room(broker, api_key)?;
        let account =
            Account { user_name: user_name.clone(), password: normalise(password), legal_id: None };
        let profile = Profile {
            created: call.now,
            updated: None,
            e_mail: Some(broker.send_code(e_mail)),
            phone: phone.map(|phone| broker.send_code(phone)),
        };
        broker.user_names.add(&user_name);
        broker.users.insert(user_name.clone(), User::new(account, profile, &broker.budget));
    }
    let (jwt, expires) = open(broker, call, &user_name, arguments.integer("seconds")?)?;
    let created = broker.users.get(&user_name).map_or(call.now, |new| new.profile.created);
    Ok(object([
        ("created", unix_seconds(created)),
        ("enabled", (!is_new).into()),
        // There is no mail server to relay with.
        ("canRelay", false.into()),
        ("jwt", Value::String(jwt)),
        ("expires", unix_seconds(expires)),
        ("eMailCodeSent", is_new.into()),
        ("phoneNrCodeSent", (is_new && phone.is_some()).into()),
    ]))
}

/// Parses the name of a new account.
fn new_user_name(text: &str) -> Result<String, String> {
    let user_name = parse_user_name(text)?;
    check_script(&user_name)?;
    Ok(user_name)
}

/// Checks an e-mail address or a phone number. It must be a single line, because it is printed.
fn address<'a>(text: &'a str, name: &str) -> Result<&'a str, Refusal> {
    const MAX_BYTES: usize = 254;
    let right = match name {
        "eMail" => text.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty()),
        _ => text.bytes().any(|byte| byte.is_ascii_digit()),
    };
    if right && text.len() <= MAX_BYTES && !text.contains(char::is_control) {
        Ok(text)
    } else {
        let what = if name == "eMail" { "an e-mail address" } else { "a phone number" };
        Err(Refusal::bad_request(format!("The property {name:?} is not {what}.")))
    }
}

fn make_room(broker: &mut Broker, api_key: &str) -> Result<(), Refusal> {
    if broker.users.len() >= users::MAX_USERS {
        return Err(Refusal::new(503, "This broker has too many accounts. Start it anew."));
    }
    let quota = broker.api_keys.get(api_key).and_then(|api_key| api_key.quota);
    let used = broker.api_key_uses.get(api_key).copied().unwrap_or_default();
    if quota.is_some_and(|quota| used >= quota) {
        return Err(Refusal::new(403, "The API key's quota of accounts is used up."));
    }
    broker.api_key_uses.insert(api_key.into(), used.saturating_add(1));
    Ok(())
}

fn taken(broker: &mut Broker, user_name: &str) -> Refusal {
    let mut alternatives = Vec::with_capacity(ALTERNATIVES);
    // A name may be too long for a number at its end; then nothing is suggested.
    for _ in 0..ALTERNATIVES * 8 {
        let name = format!("{user_name}{}", broker.random_below(10_000));
        let free =
            broker.user_names.confusable_with(&name).is_none() && !alternatives.contains(&name);
        if free && parse_user_name(&name).is_ok() && alternatives.len() < ALTERNATIVES {
            alternatives.push(name);
        }
    }
    Refusal { alternatives, ..Refusal::bad_request(TAKEN) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::call::Credentials;
    use crate::core::testing::{HOST, NOW, admit, broker, call, call_with, log_in_at, sign, token};
    use base64ct::{Base64, Encoding as _};
    use neuron_agent_api::resources::account::{CREATE, INFO, LOGOUT, REFRESH, WWW_LOGIN};
    use neuron_agent_api::resources::xmpp::GET_ROSTER;

    /// The body of a valid request to create an account.
    fn body(broker: &mut Broker, user_name: &str, phone: &str) -> String {
        let nonce = format!("{:0>32}", broker.new_id());
        let joined = if phone.is_empty() { String::new() } else { format!("{phone}:") };
        let message = format!("{user_name}:{HOST}:c@x.org:{joined}hush:demo-key:{nonce}");
        let signature = sign("demo-secret", &message);
        format!(
            r#"{{"userName":"{user_name}","eMail":"c@x.org","phoneNr":"{phone}","password":"hush",
            "apiKey":"demo-key","nonce":"{nonce}","signature":"{signature}","seconds":60,
            "language":"en"}}"#
        )
    }

    /// The signature covers the password as it was sent, and the account keeps its normalised form.
    #[test]
    fn a_password_is_normalised() {
        let broker = &mut broker();
        let [typed, kept] = ["cafe\u{301}\u{3000}x", "caf\u{e9} x"];
        let nonce = format!("{:0>32}", broker.new_id());
        let message = format!("carol:{HOST}:c@x.org:{typed}:demo-key:{nonce}");
        let signature = sign("demo-secret", &message);
        let body = format!(
            r#"{{"userName":"carol","eMail":"c@x.org","password":"{typed}","apiKey":"demo-key",
            "nonce":"{nonce}","signature":"{signature}","seconds":60}}"#
        );
        call(broker, &CREATE, (None, NOW), &body).unwrap();
        assert_eq!(broker.users.get("carol").unwrap().account.password, kept);
        let credentials =
            |password: &str| Base64::encode_string(format!("carol:{password}").as_bytes());
        for (password, is_right) in [(typed, true), (kept, true), ("cafe x", false)] {
            let decoded = credentials(password);
            let answer = call_with(
                broker,
                &WWW_LOGIN,
                Credentials::Basic(&decoded),
                NOW,
                r#"{"seconds":60}"#,
            );
            assert_eq!(answer.is_ok(), is_right, "{password}");
        }
    }

    fn create(broker: &mut Broker, user_name: &str, phone: &str) -> Result<String, Refusal> {
        let body = body(broker, user_name, phone);
        call(broker, &CREATE, (None, NOW), &body)
    }

    #[test]
    fn an_account_is_created_and_a_code_is_sent() {
        let broker = &mut broker();
        let answer = create(broker, "Carol", "").unwrap();
        assert!(
            answer.starts_with(r#"{"created":1700000000,"enabled":false,"canRelay":false,"jwt":""#)
        );
        assert!(
            answer.ends_with(
                r#","expires":1700000060,"eMailCodeSent":true,"phoneNrCodeSent":false}"#
            )
        );
        let mail = broker.take_mail();
        assert_eq!(mail.len(), 1);
        assert_eq!(mail[0].to, "c@x.org");
        let token = token(&answer);
        let info = call(broker, &INFO, (Some(&token), NOW), "{}").unwrap();
        assert!(info.starts_with(r#"{"userName":"carol","#), "{info}");
    }

    #[test]
    fn a_phone_number_is_signed_and_gets_a_code() {
        let broker = &mut broker();
        assert!(create(broker, "carol", "+46700000000").unwrap().contains(r#"CodeSent":true}"#));
        let mail = broker.take_mail();
        let to: Vec<_> = mail.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(to, ["c@x.org", "+46700000000"]);
    }

    #[test]
    fn a_disabled_account_may_use_few_resources() {
        let broker = &mut broker();
        let token = token(&create(broker, "carol", "").unwrap());
        let refusal = call(broker, &GET_ROSTER, (Some(&token), NOW), "{}").unwrap_err();
        assert_eq!((refusal.status, refusal.text.contains("disabled")), (403, true));
        for (resource, body) in [(&REFRESH, r#"{"seconds":60}"#), (&INFO, "{}"), (&LOGOUT, "{}")] {
            assert!(call(broker, resource, (Some(&token), NOW), body).is_ok());
        }
        log_in_at(broker, "carol", "hush", NOW);
    }

    #[test]
    fn a_taken_name_is_answered_with_free_ones() {
        let broker = &mut broker();
        create(broker, "carol", "").unwrap();
        for name in ["alice", "ALICE", "carol"] {
            let refusal = create(broker, name, "").unwrap_err();
            assert_eq!(refusal.status, 400);
            assert_eq!(refusal.alternatives.len(), 3);
            let name = name.to_lowercase();
            assert!(refusal.alternatives.iter().all(|other| other.starts_with(&name)));
        }
    }

    #[test]
    fn a_name_that_looks_like_another_is_refused() {
        let broker = &mut broker();
        let refusal = create(broker, "a1ice", "").unwrap_err();
        assert_eq!((refusal.status, refusal.alternatives.len()), (400, 3));
        let cyrillic_a = "\u{430}lice";
        let refusal = create(broker, cyrillic_a, "").unwrap_err();
        assert_eq!((refusal.status, refusal.text.contains("several scripts")), (400, true));
        assert!(!refusal.text.contains(cyrillic_a));
        create(broker, "\u{430}\u{441}\u{435}", "").unwrap();
        assert_eq!(create(broker, "ace", "").unwrap_err().status, 400);
        create(broker, "алиса", "").unwrap();
    }

    /// The answer shows whether the password is right.
    #[test]
    fn creating_an_existing_account_does_not_help_to_guess() {
        let broker = &mut broker();
        for attempt in 0..30 {
            let expected = if attempt < 20 { 400 } else { 429 };
            assert_eq!(create(broker, "alice", "").unwrap_err().status, expected, "{attempt}");
        }
        create(broker, "carol", "").unwrap();
    }

    #[test]
    fn creating_an_existing_account_is_a_login() {
        let broker = &mut broker();
        create(broker, "carol", "").unwrap();
        broker.take_mail();
        let profile = &mut broker.users.get_mut("carol").unwrap().profile;
        profile.e_mail.as_mut().unwrap().verified = Some(NOW);
        let answer = create(broker, "carol", "").unwrap();
        assert!(answer.contains(r#""enabled":true"#));
        assert!(answer.contains(r#""eMailCodeSent":false"#));
        assert_eq!(broker.take_mail(), []);
        assert!(admit(broker, &LOGOUT, Some(&token(&answer)), NOW).is_ok());
    }

    #[test]
    fn a_wrong_signature_and_an_unknown_key_get_the_same_answer() {
        let broker = &mut broker();
        let right = body(broker, "carol", "");
        let wrong: Vec<_> = [
            right.replace("demo-key", "other-key"),
            right.replace("hush", "hash"),
            right.replace("c@x.org", "d@x.org"),
            right.replace(r#""phoneNr":"""#, r#""phoneNr":"1""#),
        ]
        .iter()
        .map(|body| call(broker, &CREATE, (None, NOW), body).unwrap_err())
        .collect();
        assert!(wrong.iter().all(|refusal| *refusal == wrong[0] && refusal.status == 403));
        assert!(call(broker, &CREATE, (None, NOW), &right).is_ok());
        let again = call(broker, &CREATE, (None, NOW), &right).unwrap_err();
        assert!(again.text.contains("nonce was used before"));
    }

    #[test]
    fn a_quota_is_used_up() {
        let broker = &mut broker();
        broker.api_keys.get_mut("demo-key").unwrap().quota = Some(1);
        create(broker, "carol", "").unwrap();
        let refusal = create(broker, "dave", "").unwrap_err();
        assert_eq!((refusal.status, refusal.text.contains("quota")), (403, true));
    }

    #[test]
    fn invalid_names_and_addresses_are_refused() {
        let broker = &mut broker();
        let right = body(broker, "carol", "");
        for (from, to) in [
            (r#""carol""#, r#""a@b""#),
            (r#""carol""#, r#""""#),
            (r#""c@x.org""#, r#""c""#),
            (r#""c@x.org""#, r#""c@x\norg""#),
            (r#""phoneNr":"""#, r#""phoneNr":"none""#),
            (r#""hush""#, r#""""#),
            (r#""hush""#, &format!(r#""{}""#, "x".repeat(1_024))),
        ] {
            let body = right.replace(from, to);
            assert_eq!(call(broker, &CREATE, (None, NOW), &body).unwrap_err().status, 400, "{to}");
        }
    }
}
