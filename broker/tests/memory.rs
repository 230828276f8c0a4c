//! How much memory requests take, counted by an allocator.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use neuron_agent_api::resources::xmpp;
use neuron_agent_api::wire::Encoding::{Json, Xml};
use neuron_agent_api::wire::{Encoding, NAMESPACE};
use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use support::{Request, Response, Running, read_to_end, settings, start};

/// The allocator of the system, with a count of the bytes in use.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static MOST_IN_USE: AtomicUsize = AtomicUsize::new(0);

fn count(bytes: usize) {
    let in_use = IN_USE.fetch_add(bytes, Ordering::Relaxed) + bytes;
    MOST_IN_USE.fetch_max(in_use, Ordering::Relaxed);
}

// SAFETY: everything is left to the allocator of the system.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    // There is no `realloc` of its own, so that old and new are counted together while one is
    // copied.
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs one test at a time, because they share the count.
fn alone() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How much memory a request may take for each byte of it.
const FACTOR: usize = 24;

/// How much memory a request may take besides, in bytes.
const REST: usize = 2 * 1024 * KIB;

/// The same for a request with content, which is rewritten, up to 1 MiB, in a growing text, and is
/// kept by sender and receiver.
const REST_OF_CONTENT: usize = 8 * 1024 * KIB;

const KIB: usize = 1024;

/// Sends a request, and returns by how much the memory in use grew at most.
fn send(broker: &Running, request: &Request) -> (Response, usize) {
    let bytes = request.bytes(&broker.address.to_string());
    let mut stream = broker.connect();
    let before = IN_USE.load(Ordering::Relaxed);
    MOST_IN_USE.store(before, Ordering::Relaxed);
    let _ = stream.write_all(&bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let text = read_to_end(&mut stream);
    let most = MOST_IN_USE.load(Ordering::Relaxed);
    (Response::parse(&text), most.saturating_sub(before))
}

fn post(resource: &str, token: &str, encoding: Encoding, body: &str) -> Request {
    let media_type = match encoding {
        Json => "application/json",
        Xml => "text/xml",
    };
    let request = Request::post(resource, body).header("Content-Type", media_type);
    if token.is_empty() {
        return request;
    }
    request.header("Authorization", &format!("Bearer {token}"))
}

/// Makes a text of about that length.
type Make = fn(usize) -> String;

/// Fails unless the memory for bodies is proportional to their length.
fn assert_linear(
    broker: &Running,
    name: &str,
    (lengths, rest): (&[usize], usize),
    request: impl Fn(usize) -> (usize, Request),
) {
    for length in lengths {
        let (body, request) = request(*length);
        let (response, most) = send(broker, &request);
        assert!(response.status < 500, "{name}: {response:?}");
        let bound = FACTOR * body + rest;
        assert!(most <= bound, "{name}: a body of {body} bytes took {most}, more than {bound}");
    }
    broker.assert_alive();
}

const SHORT_AND_LONG: &[usize] = &[16 * KIB, 64 * KIB, 256 * KIB, 1024 * KIB, 8 * 1024 * KIB];

const LENGTHS_OF_CONTENT: &[usize] = &[16 * KIB, 128 * KIB, 1000 * KIB];

/// Long namespaces that many elements inherit, deep nesting, and many of everything.
static CONTENTS: &[(&str, Make)] = &[
    ("one namespace for all", |length| {
        let namespace = "u".repeat(length / 2);
        format!("<x xmlns='{namespace}'>{}</x>", "<a/>".repeat(length / 8))
    }),
    ("one prefix for all", |length| {
        let namespace = "u".repeat(length / 2);
        format!("<p:x xmlns:p='{namespace}'>{}</p:x>", "<p:a/>".repeat(length / 12))
    }),
    ("a namespace that is as long as may be", |length| {
        format!("<x xmlns='{}'>{}</x>", "u".repeat(1024), "<a/>".repeat(length / 4))
    }),
    ("two such namespaces, alternately", |length| {
        let (p, q) = ("p".repeat(1024), "q".repeat(1024));
        let inside = "<p:a><q:b/></p:a>".repeat(length / 17);
        format!("<x xmlns:p='{p}' xmlns:q='{q}'>{inside}</x>")
    }),
    ("attributes with such a prefix", |length| {
        let inside = "<a p:b=''/>".repeat(length / 11);
        format!("<x xmlns:p='{}'>{inside}</x>", "u".repeat(1024))
    }),
    ("many attributes", |length| {
        let attributes: String = (0..length / 9).fold(String::new(), |mut text, number| {
            write!(text, " a{number}=''").unwrap();
            text
        });
        format!("<x{attributes}/>")
    }),
    ("many declarations", |length| {
        let declarations: String = (0..length / 16).fold(String::new(), |mut text, number| {
            write!(text, " xmlns:a{number}='u'").unwrap();
            text
        });
        format!("<x{declarations}><a/></x>")
    }),
    ("deep nesting", |length| {
        let deep = "<a b='c'>".repeat(60) + &"</a>".repeat(60);
        deep.repeat(length / deep.len() + 1)
    }),
    ("nesting without end", |length| "<a>".repeat(length / 3)),
    ("elements side by side", |length| "<b/>".repeat(length / 4)),
    ("elements of different names", |length| {
        (0..length / 8).fold(String::new(), |mut text, number| {
            write!(text, "<b{number}/>").unwrap();
            text
        })
    }),
    ("text", |length| "&gt;\"".repeat(length / 5)),
];

/// JSON that is mostly structure.
static STRUCTURES: &[(&str, Make)] = &[
    ("a list", |length| format!("[{}0]", "0,".repeat(length / 2))),
    ("lists in a list", |length| format!("[{}0]", "[],".repeat(length / 3))),
    ("lists that are deep", |length| "[".repeat(length / 2) + &"]".repeat(length / 2)),
    ("unknown properties", |length| format!("{{{}\"\":0}}", "\"\":0,".repeat(length / 5))),
    ("one property again and again", |length| {
        format!("{{{}\"nonce\":0}}", "\"nonce\":\"\",".repeat(length / 11))
    }),
    ("a list in a property", |length| format!("{{\"nonce\":[{}0]}}", "\"\",".repeat(length / 3))),
    ("an object in a property", |length| {
        format!("{{\"nonce\":{{{}\"\":0}}}}", "\"\":{},".repeat(length / 6))
    }),
    ("a long text", |length| format!("{{\"nonce\":\"{}\"}}", "\\n".repeat(length / 2))),
    ("a long name", |length| format!("{{\"{}\":0}}", "x".repeat(length))),
];

#[test]
fn anonymous_json_takes_memory_in_proportion_to_its_length() {
    let _alone = alone();
    let broker = start(settings());
    for (name, make) in STRUCTURES {
        assert_linear(&broker, name, (SHORT_AND_LONG, REST), |length| {
            let mut body = make(length);
            body.truncate(8 * 1024 * KIB);
            (body.len(), post("Account/Login", "", Json, &body))
        });
    }
}

#[test]
fn anonymous_xml_takes_memory_in_proportion_to_its_length() {
    let _alone = alone();
    let broker = start(settings());
    for (name, make) in CONTENTS {
        assert_linear(&broker, name, (SHORT_AND_LONG, REST), |length| {
            let body = format!("<Login xmlns='{NAMESPACE}'>{}</Login>", make(length));
            (body.len(), post("Account/Login", "", Xml, &body))
        });
    }
}

/// A request with content, to a contact.
fn with_content(resource: &str, token: &str, encoding: Encoding, xml: &str) -> (usize, Request) {
    let property = if resource == "Xmpp/SendXmlMessage" { "xml" } else { "customXml" };
    let to = "bob@localhost";
    let body = match encoding {
        Json => {
            let xml = serde_json::to_string(xml).unwrap();
            format!(r#"{{"to":"{to}","{property}":{xml}}}"#)
        }
        Xml => {
            let element = resource.split('/').next_back().unwrap();
            format!("<{element} xmlns='{NAMESPACE}' to='{to}'>{xml}</{element}>")
        }
    };
    (body.len(), post(resource, token, encoding, &body))
}

fn content_takes_memory_by_its_length(encoding: Encoding) {
    let _alone = alone();
    let broker = start(settings());
    let (alice, bob) = (broker.log_in("alice", "wonderland"), broker.log_in("bob", "builder"));
    for resource in ["Xmpp/SendPresenceSubscription", "Xmpp/SendXmlMessage"] {
        for (name, make) in CONTENTS {
            let name = format!("{resource}: {name}");
            assert_linear(&broker, &name, (LENGTHS_OF_CONTENT, REST_OF_CONTENT), |length| {
                with_content(resource, &alice, encoding, &make(length))
            });
            broker.call(&xmpp::CLEAR_MESSAGES, &bob, Json, "{}");
        }
    }
}

#[test]
fn content_in_json_takes_memory_in_proportion_to_its_length() {
    content_takes_memory_by_its_length(Json);
}

#[test]
fn content_in_xml_takes_memory_in_proportion_to_its_length() {
    content_takes_memory_by_its_length(Xml);
}

/// As objects, content takes several times the memory that it takes as XML, so the size of both is
/// limited.
#[test]
fn the_memory_of_an_answer_is_limited() {
    const MOST: usize = 64 * 1024 * KIB;
    let _alone = alone();
    let broker = start(settings());
    let (alice, bob) = (broker.log_in("alice", "wonderland"), broker.log_in("bob", "builder"));
    let pops = [(Json, "{}".into()), (Xml, format!("<PopMessages xmlns='{NAMESPACE}'/>"))];
    for (name, make) in CONTENTS {
        for length in [48 * KIB, 800 * KIB] {
            for (encoding, pop) in &pops {
                let (_, request) = with_content("Xmpp/SendXmlMessage", &alice, Json, &make(length));
                let sent = (0..6).filter(|_| broker.send(&request).status == 200).count();
                let mut popped = 0;
                while popped < sent {
                    let pop = post("Xmpp/PopMessages", &bob, *encoding, pop);
                    let (response, most) = send(&broker, &pop);
                    assert!(most <= MOST, "{name}, {length}: {most}");
                    assert!(response.body.len() < 8 * 1024 * KIB, "{}", response.body.len());
                    // Each message has the sender's full address once.
                    let count = response.body.matches("alice@localhost/").count();
                    assert!(count > 0, "{name}: {} of {sent} came", popped);
                    popped += count;
                }
                assert_eq!(popped, sent, "{name}");
            }
        }
    }
}
