//! The files that accounts upload, share and delete.

use crate::core::arguments::Arguments;
use crate::core::call::Call;
use crate::core::files::{StoredFile, Visibility};
use crate::core::media_types::{extension, extensions};
use crate::core::received::Blob;
use crate::core::refusal::Refusal;
use crate::core::route::{Answer, Download, Route};
use crate::core::state::Broker;
use crate::core::subscription::Stage;
use crate::core::users::User;
use crate::core::values::{object, unix_seconds};
use neuron_agent_api::resources::storage;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub(super) const ROUTES: &[Route] = &[
    Route::new(&storage::UPLOAD, upload),
    Route::new(&storage::PUT, put),
    Route::bytes(&storage::DOWNLOAD, download),
    Route::new(&storage::DELETE, delete),
];

/// The maximum length of a file's name, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// What is encoded in a segment of a path: all but the unreserved characters (RFC 3986 §2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Keeps a file, instead of the account's file of the same name.
fn upload(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let content = arguments.bytes("Content")?;
    // TAG's `Agent.js` sends this text for a name that it was not given.
    let given = arguments.optional_text("ContentId").filter(|name| *name != "undefined");
    let name = match given {
        Some(name) => match broken_rule(name, &content.media_type) {
            Some(rule) => {
                return Err(Refusal::bad_request(format!("The property \"ContentId\" {rule}")));
            }
            None => name.to_owned(),
        },
        None => new_name(broker, &content.media_type),
    };
    store(broker, call, &name, content, arguments.text("Visibility")?)
}

/// Keeps a file of the caller's at its URL, instead of the one that is there.
fn put(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let content = arguments.bytes("Content")?;
    let (owner_name, name) = split(arguments.text("url")?)?;
    if owner_name != call.session()?.user_name {
        return Err(Refusal::new(403, "The URL is another account's."));
    }
    if let Some(rule) = broken_rule(name, &content.media_type) {
        return Err(Refusal::bad_request(format!("The name at the end of the path {rule}")));
    }
    store(broker, call, name, content, arguments.text("visibility")?)
}

fn store(
    broker: &mut Broker,
    call: &Call<'_>,
    name: &str,
    content: &Blob,
    visibility: &str,
) -> Answer {
    let visibility = Visibility::parse(visibility)
        .ok_or_else(|| Refusal::internal("The visibility is unknown."))?;
    let etag = broker.new_id();
    let answer = object([
        ("uploaded", unix_seconds(call.now)),
        ("visibility", visibility.name().into()),
        ("etag", etag.as_str().into()),
        ("url", url(call, name)?.as_str().into()),
    ]);
    let file = StoredFile { uploaded: call.now, visibility, etag, content: content.clone() };
    broker.caller_mut(call)?.files.store(name, file).map_err(|_| full())?;
    Ok(answer)
}

/// Returns the bytes of a file that the caller may read.
fn download(
    broker: &mut Broker,
    call: &Call<'_>,
    arguments: &Arguments,
) -> Result<Download, Refusal> {
    let (owner_name, name) = split(arguments.text("url")?)?;
    let owner = broker.users.get(owner_name).ok_or_else(unknown)?;
    let file = owner.files.get(name).ok_or_else(unknown)?;
    if owner_name != call.session()?.user_name && !is_shared(broker, call, owner, file)? {
        return Err(Refusal::new(403, "The account may not read this file."));
    }
    Ok(Download { content: file.content.clone(), etag: Some(format!("\"{}\"", file.etag)) })
}

/// Whether somebody else's file is shared with the caller.
fn is_shared(
    broker: &Broker,
    call: &Call<'_>,
    owner: &User,
    file: &StoredFile,
) -> Result<bool, Refusal> {
    Ok(match file.visibility {
        Visibility::Public => true,
        Visibility::Presence => {
            let caller = broker.caller_address(call)?;
            owner.roster.subscription(&caller).from == Stage::Granted
        }
        Visibility::Private => false,
    })
}

/// Deletes a file of the caller's.
fn delete(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let (owner_name, name) = split(arguments.text("url")?)?;
    let is_own = owner_name == call.session()?.user_name;
    let files = &mut broker.users.get_mut(owner_name).ok_or_else(unknown)?.files;
    if !is_own && files.get(name).is_some() {
        return Err(Refusal::new(403, "The file is another account's."));
    }
    if files.delete(name) { Ok(object([])) } else { Err(unknown()) }
}

/// The name of an account and that of its file, from the end of a path.
fn split(path: &str) -> Result<(&str, &str), Refusal> {
    path.split_once('/').ok_or_else(unknown)
}

/// Why a file can't have a name: it has to be a plain one, with an extension of its media type if it
/// has one at all.
fn broken_rule(name: &str, media_type: &str) -> Option<&'static str> {
    if name.contains(['/', '\\']) || name.contains(char::is_control) {
        return Some("must be a file name, without slashes and control characters.");
    }
    if name.chars().all(|character| character == '.' || character.is_whitespace()) {
        return Some("must be a file name, not only dots or spaces.");
    }
    if name.len() > MAX_NAME_BYTES {
        return Some("is longer than 255 bytes.");
    }
    let known = extensions(media_type);
    let is_known = |own: &str| known.iter().any(|known| known.eq_ignore_ascii_case(own));
    let own = extension(name).filter(|own| !known.is_empty() && !is_known(own));
    own.map(|_| "has an extension that is not one of the media type of the content.")
}

/// A name that no other file has.
fn new_name(broker: &mut Broker, media_type: &str) -> String {
    let id = broker.new_id();
    extensions(media_type).first().map_or(id.clone(), |extension| format!("{id}.{extension}"))
}

/// The URL of a file of the caller's.
fn url(call: &Call<'_>, name: &str) -> Result<String, Refusal> {
    let (host, path) = (call.host, storage::UPLOAD.path());
    let scheme = if call.is_secure { "https" } else { "http" };
    let [owner, name] = [call.session()?.user_name.as_str(), name]
        .map(|segment| utf8_percent_encode(segment, ENCODED).to_string());
    Ok(format!("{scheme}://{host}{path}/{owner}/{name}"))
}

fn unknown() -> Refusal {
    Refusal::new(404, "There is no such file.")
}

/// The account has no room for another file.
fn full() -> Refusal {
    Refusal::bad_request("The account has no room for the file. Delete files.")
}

#[cfg(test)]
mod tests {
    use super::broken_rule;
    use crate::core::route::{Download, ResponseBody};
    use crate::core::testing::{HOST, NOW, Pair, pair};
    use crate::core::{Blob, Received};
    use neuron_agent_api::resources::storage::{DELETE, DOWNLOAD, PUT, UPLOAD};
    use neuron_agent_api::wire::{Resource, Value};

    /// A form with a file.
    fn form(name: &str, visibility: &str, media_type: &str, bytes: &[u8]) -> Received {
        let mut body = Value::object();
        body.put("ContentId", name);
        body.put("Visibility", visibility);
        let content = Blob { media_type: media_type.into(), bytes: bytes.into() };
        Received { contents: vec![("Content", content)], ..body.into() }
    }

    /// Uploads a text of Bob's, and returns the answer.
    fn upload(pair: &mut Pair, name: &str, visibility: &str) -> Result<Value, String> {
        match pair.send_as_bob(&UPLOAD, form(name, visibility, "text/plain", b"hi"))? {
            ResponseBody::Object(answer) => Ok(answer),
            other => panic!("{other:?}"),
        }
    }

    fn at(path: &str) -> Received {
        Received { texts: vec![("url", path.into())], ..Value::object().into() }
    }

    fn bytes(body: ResponseBody) -> Download {
        let ResponseBody::Bytes(download) = body else { panic!("{body:?}") };
        download
    }

    fn as_alice(pair: &mut Pair, resource: &Resource, path: &str) -> Result<ResponseBody, String> {
        pair.send_as_alice(resource, at(path))
    }

    const NOT_ALLOWED: &str = "403 The account may not read this file.";
    const UNKNOWN: &str = "404 There is no such file.";

    #[test]
    fn a_file_is_uploaded_downloaded_and_deleted() {
        let pair = &mut pair();
        let answer = upload(pair, "nöte 1.txt", "Private").unwrap();
        assert_eq!(answer.get("uploaded"), Some(&Value::from(u32::try_from(NOW).unwrap())));
        assert_eq!(answer.text("visibility"), "Private");
        let url = format!("http://{HOST}/Agent/Storage/Content/bob/n%C3%B6te%201.txt");
        assert_eq!(answer.text("url"), url);
        UPLOAD.check_response(&answer).unwrap();
        let path = "bob/nöte 1.txt";
        let download = bytes(pair.send_as_bob(&DOWNLOAD, at(path)).unwrap());
        assert_eq!(download.etag, Some(format!("\"{}\"", answer.text("etag"))));
        assert_eq!(download.content, Blob { media_type: "text/plain".into(), bytes: b"hi".into() });
        assert!(pair.send_as_bob(&DELETE, at(path)).is_ok());
        for resource in [&DOWNLOAD, &DELETE] {
            assert_eq!(pair.send_as_bob(resource, at(path)).unwrap_err(), UNKNOWN);
        }
    }

    #[test]
    fn a_file_replaces_the_one_of_its_name() {
        let pair = &mut pair();
        let first = upload(pair, "a.txt", "Public").unwrap();
        assert!(as_alice(pair, &DOWNLOAD, "bob/a.txt").is_ok());
        let second = upload(pair, "a.txt", "Private").unwrap();
        assert_eq!(first.text("url"), second.text("url"));
        assert_ne!(first.text("etag"), second.text("etag"));
        assert_eq!(as_alice(pair, &DOWNLOAD, "bob/a.txt").unwrap_err(), NOT_ALLOWED);
    }

    #[test]
    fn a_file_is_put_at_its_url_by_its_owner() {
        let pair = &mut pair();
        let put = |path: &str, visibility: &str, media_type: &str| {
            let texts = vec![("url", path.into()), ("visibility", visibility.into())];
            let content = Blob { media_type: media_type.into(), bytes: b"new".into() };
            let contents = vec![("Content", content)];
            Received { texts, contents, ..Value::object().into() }
        };
        upload(pair, "a.txt", "Private").unwrap();
        for path in ["bob/a.txt", "bob/b.txt"] {
            let answer = pair.send_as_bob(&PUT, put(path, "Public", "text/plain")).unwrap();
            let ResponseBody::Object(answer) = answer else { panic!("{answer:?}") };
            assert_eq!(answer.text("url"), format!("http://{HOST}/Agent/Storage/Content/{path}"));
            PUT.check_response(&answer).unwrap();
            let download = bytes(as_alice(pair, &DOWNLOAD, path).unwrap());
            assert_eq!(download.content.bytes, b"new");
        }
        for (path, media_type, refusal) in [
            ("bob/a.txt", "image/png", "400 The name at the end of the path has an extension"),
            (
                "bob/a/b.txt",
                "text/plain",
                "400 The name at the end of the path must be a file name",
            ),
            ("bob/", "text/plain", "400 The name at the end of the path must be a file name"),
            ("alice/a.txt", "text/plain", "403 The URL is another account's."),
            ("nobody/a.txt", "text/plain", "403 The URL is another account's."),
            ("bob", "text/plain", "404"),
        ] {
            let found = pair.send_as_bob(&PUT, put(path, "Public", media_type)).unwrap_err();
            assert!(found.starts_with(refusal), "{found}");
        }
    }

    #[test]
    fn a_file_without_a_name_gets_one_with_the_extension_of_its_type() {
        let pair = &mut pair();
        for (given, media_type, end) in [
            ("", "image/jpeg", ".jpg"),
            ("undefined", "text/plain; charset=utf-8", ".txt"),
            ("", "x/y", ""),
        ] {
            let form = form(given, "Private", media_type, b"hi");
            let body = pair.send_as_bob(&UPLOAD, form).unwrap();
            let ResponseBody::Object(answer) = body else { panic!("{body:?}") };
            let (_, path) = answer.text("url").split_once("/Content/").unwrap();
            assert_eq!(path.len(), "bob/".len() + 32 + end.len());
            assert!(path.ends_with(end), "{path}");
            assert!(pair.send_as_bob(&DOWNLOAD, at(path)).is_ok());
        }
    }

    #[test]
    fn a_public_file_is_for_everybody_and_a_private_one_for_its_owner() {
        let pair = &mut pair();
        upload(pair, "public.txt", "Public").unwrap();
        upload(pair, "private.txt", "Private").unwrap();
        for _ in 0..2 {
            assert!(as_alice(pair, &DOWNLOAD, "bob/public.txt").is_ok());
            let refusal = as_alice(pair, &DOWNLOAD, "bob/private.txt").unwrap_err();
            assert_eq!(refusal, NOT_ALLOWED);
            pair.befriend();
        }
        assert!(pair.send_as_bob(&DOWNLOAD, at("bob/private.txt")).is_ok());
    }

    #[test]
    fn a_file_for_contacts_is_for_those_that_may_see_the_presence() {
        let pair = &mut pair();
        upload(pair, "a.txt", "Presence").unwrap();
        assert!(pair.send_as_bob(&DOWNLOAD, at("bob/a.txt")).is_ok());
        assert_eq!(as_alice(pair, &DOWNLOAD, "bob/a.txt").unwrap_err(), NOT_ALLOWED);
        // Alice may see Bob's presence then, but he may not see hers.
        pair.befriend();
        assert!(as_alice(pair, &DOWNLOAD, "bob/a.txt").is_ok());
        let hers = form("b.txt", "Presence", "text/plain", b"hi");
        pair.send_as_alice(&UPLOAD, hers).unwrap();
        let refusal = pair.send_as_bob(&DOWNLOAD, at("alice/b.txt")).unwrap_err();
        assert_eq!(refusal, NOT_ALLOWED);
    }

    #[test]
    fn only_its_owner_deletes_a_file() {
        let pair = &mut pair();
        upload(pair, "a.txt", "Public").unwrap();
        pair.befriend();
        let refusal = as_alice(pair, &DELETE, "bob/a.txt").unwrap_err();
        assert_eq!(refusal, "403 The file is another account's.");
        assert!(as_alice(pair, &DOWNLOAD, "bob/a.txt").is_ok());
    }

    #[test]
    fn what_was_not_uploaded_is_not_found() {
        let pair = &mut pair();
        upload(pair, "a.txt", "Public").unwrap();
        for path in
            ["bob/b.txt", "bob/a.txt/", "bob//a.txt", "nobody/a.txt", "Bob/a.txt", "bob", "bob/"]
        {
            for resource in [&DOWNLOAD, &DELETE] {
                assert_eq!(as_alice(pair, resource, path).unwrap_err(), UNKNOWN, "{path}");
                assert_eq!(pair.send_as_bob(resource, at(path)).unwrap_err(), UNKNOWN, "{path}");
            }
        }
    }

    #[test]
    fn a_name_is_plain_and_fits_the_media_type() {
        for (name, media_type) in [
            ("note.txt", "text/plain"),
            ("NOTE.TXT", "Text/Plain; charset=utf-8"),
            ("a.jpeg", "image/jpeg"),
            ("note", "text/plain"),
            (".profile", "text/plain"),
            ("note.txt", "application/octet-stream"),
            ("a.b", "x/y"),
            ("...a", "x/y"),
        ] {
            assert_eq!(broken_rule(name, media_type), None);
        }
        for (name, rule) in [
            ("a/b.txt", "must be a file name, without slashes"),
            ("a\\b.txt", "must be a file name, without slashes"),
            ("a\n.txt", "must be a file name, without slashes"),
            ("..", "must be a file name, not only dots"),
            (" .", "must be a file name, not only dots"),
            (&"x".repeat(256), "is longer than 255 bytes."),
            ("note.png", "has an extension that is not one of the media type of the content."),
        ] {
            let refusal = upload(&mut pair(), name, "Private").unwrap_err();
            let start = format!("400 The property \"ContentId\" {rule}");
            assert!(refusal.starts_with(&start), "{refusal}");
        }
    }

    #[test]
    fn a_form_has_a_file_and_a_visibility() {
        let pair = &mut pair();
        let refusal = upload(pair, "a.txt", "Secret").unwrap_err();
        assert!(refusal.starts_with("400 The property \"Visibility\" is not one"), "{refusal}");
        let mut body = Value::object();
        body.put("Visibility", "Public");
        let refusal = pair.send_as_bob(&UPLOAD, body.into()).unwrap_err();
        assert_eq!(refusal, "400 The property \"Content\" is missing.");
    }

    #[test]
    fn the_files_of_an_account_are_limited() {
        let pair = &mut pair();
        let large = vec![0; 7 * 1024 * 1024];
        let form = |name: &str| form(name, "Private", "x/y", &large);
        for number in 0..9 {
            pair.send_as_bob(&UPLOAD, form(&number.to_string())).unwrap();
        }
        let refusal = pair.send_as_bob(&UPLOAD, form("9")).unwrap_err();
        assert_eq!(refusal, "400 The account has no room for the file. Delete files.");
        assert_eq!(pair.send_as_bob(&DOWNLOAD, at("bob/9")).unwrap_err(), UNKNOWN);
        pair.send_as_bob(&DELETE, at("bob/0")).unwrap();
        assert!(pair.send_as_bob(&UPLOAD, form("9")).is_ok());
    }
}
