//! The program with `--data`: what it has answered is there after any end, and what is wrong with
//! a file is said in one line.
//!
//! `KILL_ROUNDS` and `KILL_SEED` set how often it is killed under load, and when.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod support;

use neuron_agent_api::wire::Value;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rusqlite::Connection;
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use support::{Client, Request, Response};

/// A folder of its own, which is deleted with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("broker-data-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("state")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn program(file: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broker"));
    command.arg("--data").arg(file).args(options);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A program that listens, and ends with the test.
struct Started {
    child: Child,
    client: Client,
    /// What it has said at the start.
    introduction: Vec<String>,
}

impl Started {
    fn new(file: &Path, options: &[&str]) -> Self {
        Self::of(program(file, &[&["--listen", "127.0.0.1:0"], options].concat()))
    }

    fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut introduction = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            introduction.push(line.unwrap());
            if introduction.last().unwrap().starts_with("State: ") {
                break;
            }
        }
        let Some(address) = introduction.first().and_then(|line| address_in(line)) else {
            let mut error = String::new();
            child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
            panic!("it did not start: {error}");
        };
        Self { child, client: Client { address }, introduction }
    }

    /// Ends it at once: it can do nothing about it.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    line.strip_prefix("Listening on http://")?.parse().ok()
}

/// What it says if it can't start: one line.
fn refusal(file: &Path, options: &[&str]) -> String {
    let Output { status, stderr, .. } = program(file, options).output().unwrap();
    assert_eq!(status.code(), Some(1));
    let text = String::from_utf8(stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    text.trim_end().into()
}

fn log_in(client: &Client, user_name: &str, password: &str) -> String {
    let body = client.login_body(user_name, password).replace(":60}", ":3600}");
    let response = client.post("Account/Login", None, &body);
    assert_eq!(response.status, 200, "{}", response.body);
    response.body.split('"').nth(3).unwrap().into()
}

#[test]
fn sessions_and_used_nonces_outlive_the_program() {
    let folder = Folder::new();
    let mut started = Started::new(&folder.file(), &[]);
    let listen = started.client.host();
    let login = started.client.login_body("alice", "wonderland");
    assert_eq!(started.client.post("Account/Login", None, &login).status, 200);
    let token = log_in(&started.client, "alice", "wonderland");
    let state = format!("State: in {}, with 2 accounts", folder.file().display());
    assert_eq!(started.introduction.last(), Some(&state));
    started.kill();

    let mut command = program(&folder.file(), &["--listen", &listen]);
    command.stderr(Stdio::inherit());
    let started = Started::of(command);
    assert_eq!(started.client.post("Xmpp/GetRoster", Some(&token), "{}").status, 200);
    let again = started.client.post("Account/Login", None, &login);
    assert!(again.status >= 400 && again.body.contains("nonce"), "{again:?}");
}

#[test]
fn accounts_of_the_command_line_are_added_and_get_their_passwords() {
    let folder = Folder::new();
    let file = &folder.file();
    Started::new(file, &["--account", "eve:old", "--account", "mallory:pw"]).kill();
    let mut started = Started::new(file, &["--account", "eve:new", "--account", "carol:pw"]);
    for (user_name, password, status) in
        [("eve", "new", 200), ("eve", "old", 401), ("mallory", "pw", 200), ("carol", "pw", 200)]
    {
        let body = started.client.login_body(user_name, password);
        let answer = started.client.post("Account/Login", None, &body);
        assert_eq!(answer.status, status, "{user_name} {password}");
    }
    started.kill();
    let started = Started::new(file, &[]);
    assert!(!started.introduction.concat().contains("password"), "{:?}", started.introduction);
    assert!(!started.introduction.concat().contains("demo-key"), "{:?}", started.introduction);
    let body = started.client.login_body("alice", "wonderland");
    assert_eq!(started.client.post("Account/Login", None, &body).status, 401);
}

#[test]
fn demo_accounts_in_the_file_are_for_this_machine_only() {
    let folder = Folder::new();
    let file = &folder.file();
    Started::new(file, &[]).kill();
    let mut started = Started::new(file, &[]);
    let introduction = started.introduction.join("\n");
    assert!(introduction.contains("bob@localhost  password builder"), "{introduction}");
    assert!(introduction.contains("demo-key  secret demo-secret"), "{introduction}");
    started.kill();
    let public = ["--listen", "0.0.0.0:0", "--account", "eve:pw"];
    let refused = refusal(file, &public);
    assert!(refused.starts_with("The demo accounts are for this machine only."), "{refused}");
    let others = ["--account", "alice:x", "--account", "bob:x"];
    Started::of(program(file, &[&public[..], &others].concat()));
}

#[test]
fn a_file_that_can_not_be_used_is_refused_in_one_line() {
    let folder = Folder::new();
    let file = &folder.file();
    let started = Started::new(file, &[]);
    let in_use = refusal(file, &[]);
    assert!(in_use.contains(&file.display().to_string()), "{in_use}");
    assert!(in_use.contains("is in use by another program"), "{in_use}");
    drop(started);

    let domain = refusal(file, &["--domain", "b.example"]);
    assert!(domain.contains(r#"of the domain "localhost", and not of "b.example""#), "{domain}");

    let whole = fs::read(file).unwrap();
    let change = |sql: &str| {
        fs::write(file, &whole).unwrap();
        Connection::open(file).unwrap().execute_batch(sql).unwrap();
        let refused = refusal(file, &[]);
        assert!(refused.contains(&file.display().to_string()), "{refused}");
        refused
    };
    let newer = change("PRAGMA user_version = 999");
    assert!(newer.contains("is of a newer version of the broker: its format is 999"), "{newer}");
    assert!(change("PRAGMA application_id = 7").contains("is a database of another program"));
    let secret =
        change(r#"UPDATE record SET value = '{"password":"s3cret"}' WHERE kind = 'account'"#);
    assert!(
        secret.contains(r#"A record "account" of the account "alice" is damaged."#),
        "{secret}"
    );
    assert!(!secret.contains("s3cret"), "{secret}");
    let unknown = change("UPDATE record SET kind = 'other' WHERE kind = 'profile'");
    assert!(unknown.contains(r#"no such kind of record as "other""#), "{unknown}");
    assert!(change("DELETE FROM record WHERE kind = 'account'").contains("is missing"));
    assert!(change("DELETE FROM record WHERE kind = 'instance'").contains("is missing"));

    let damage = |bytes: &[u8]| {
        fs::write(file, bytes).unwrap();
        refusal(file, &[])
    };
    let noise: Vec<_> = (0..whole.len()).map(|index| (index * 7 % 251) as u8).collect();
    assert!(damage(&noise).contains("is not the file of a broker, or is damaged"));
    let [half, holed] = [&whole[..whole.len() / 2], &[&whole[..4096], &noise[4096..]].concat()];
    for bytes in [half, holed] {
        let refused = damage(bytes);
        assert!(refused.contains("is damaged"), "{refused}");
    }
    assert!(refusal(Path::new("/nowhere/state"), &[]).contains("can't be opened"));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let started = Started::new(&folder.file(), &[]);
    log_in(&started.client, "alice", "wonderland");
    for entry in fs::read_dir(&folder.0).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
    }
}

/// A limit of the size of files stands for a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_broker_that_can_not_save_answers_no_more_calls() {
    let folder = Folder::new();
    let file = folder.file();
    let mut command = Command::new("sh");
    let limited = r#"trap "" XFSZ; ulimit -f 1000; exec "$0" --listen 127.0.0.1:0 --data "$1""#;
    command.args(["-c", limited, env!("CARGO_BIN_EXE_broker")]).arg(&file);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut started = Started::of(command);
    let token = log_in(&started.client, "alice", "wonderland");
    let text = "x".repeat(100_000);
    let save = |number: usize| {
        let body = format!(r#"{{"xml":"<a{number} xmlns='urn:x'>{text}</a{number}>"}}"#);
        started.client.post("Storage/SavePrivateXml", Some(&token), &body)
    };
    let refused = (0..100).map(save).enumerate().find(|(_, answer)| answer.status != 200);
    let (saved, refused) = refused.unwrap();
    assert!(saved > 0);
    refused.assert_refusal(503, "could not save its state");
    for resource in ["Xmpp/GetRoster", "Account/Info"] {
        let later = started.client.post(resource, Some(&token), "{}");
        later.assert_refusal(503, "could not save its state");
    }
    started.kill();
    let mut log = String::new();
    started.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains("can't be written, so the broker answers no more calls"), "{log}");

    let started = Started::new(&file, &[]);
    for number in 0..saved {
        let body = format!(r#"{{"localName":"a{number}","namespace":"urn:x"}}"#);
        let answer = started.client.post("Storage/LoadPrivateXml", Some(&token), &body);
        assert_eq!(answer.status, 200, "{number} of {saved}");
    }
}

/// What an account has been told, and what it asked for last without being told.
struct Account {
    name: String,
    token: String,
    /// The names of the contacts.
    contacts: BTreeMap<usize, String>,
    /// The texts of the private elements.
    elements: BTreeMap<usize, String>,
    /// The numbers of the messages in the inbox.
    messages: VecDeque<usize>,
    /// The ids of the transactions, each for one unit.
    bought: Vec<String>,
    open: Option<Action>,
    count: usize,
}

#[derive(Clone, Debug)]
enum Action {
    Name(usize, String),
    Save(usize, String),
    Send(usize),
    Pop,
    Buy(String),
}

impl Action {
    fn random(random: &mut StdRng, count: usize) -> Self {
        match random.random_range(0..5) {
            0 => Self::Name(random.random_range(0..20), format!("n{count}")),
            1 => Self::Save(random.random_range(0..20), format!("n{count}")),
            2 => Self::Pop,
            3 => Self::Buy(format!("b{count}")),
            _ => Self::Send(count),
        }
    }

    fn request(&self, account: &str) -> (&'static str, String) {
        match self {
            Self::Name(number, name) => (
                "Xmpp/SetRosterItem",
                format!(
                    r#"{{"bareJid":"c{number}@x.example","name":"{name}","Groups":["{name}"]}}"#
                ),
            ),
            Self::Save(number, text) => (
                "Storage/SavePrivateXml",
                format!(r#"{{"xml":"<e{number} xmlns='urn:x' text='{text}'/>"}}"#),
            ),
            Self::Send(number) => (
                "Xmpp/SendTextMessage",
                format!(r#"{{"to":"{account}@localhost","message":"x","id":"m{number}"}}"#),
            ),
            Self::Pop => ("Xmpp/PopMessages", r#"{"maxCount":1}"#.into()),
            Self::Buy(id) => (
                "Wallet/InitiateBuyEDaler",
                [
                    r#"{"serviceId":"mock","serviceProvider":"Local.MockBuy","amount":1,"#,
                    &format!(r#""currency":"SEK","transactionId":"{id}"}}"#),
                ]
                .concat(),
            ),
        }
    }
}

impl Account {
    fn new(number: usize) -> Self {
        Self {
            name: format!("a{number}"),
            token: String::new(),
            contacts: BTreeMap::new(),
            elements: BTreeMap::new(),
            messages: VecDeque::new(),
            bought: Vec::new(),
            open: None,
            count: 0,
        }
    }

    /// Calls until there is no answer.
    fn work(&mut self, address: SocketAddr, random: &mut StdRng) {
        loop {
            self.count += 1;
            let action = Action::random(random, self.count);
            let (resource, body) = action.request(&self.name);
            self.open = Some(action);
            let Some(answer) = try_post(address, resource, &self.token, &body) else { return };
            assert_eq!(answer.status, 200, "{resource} {body}: {answer:?}");
            let action = self.open.take().unwrap();
            self.note(action, &answer.body);
        }
    }

    fn note(&mut self, action: Action, answer: &str) {
        match action {
            Action::Name(number, name) => _ = self.contacts.insert(number, name),
            Action::Save(number, text) => _ = self.elements.insert(number, text),
            Action::Send(number) => self.messages.push_back(number),
            Action::Buy(id) => self.bought.push(id),
            Action::Pop => {
                for number in numbers(answer) {
                    assert_eq!(self.messages.pop_front(), Some(number), "{answer}");
                }
            }
        }
    }

    /// Checks what is there, and goes on from it.
    fn check(&mut self, client: &Client) {
        let post = |resource: &str, body: &str| {
            let answer = client.post(resource, Some(&self.token), body);
            assert_eq!(answer.status, 200, "{resource} {body}: {answer:?}");
            serde_json::from_str::<Value>(&answer.body).unwrap()
        };
        let open = self.open.take();
        let roster = post("Xmpp/GetRoster", "{}");
        let contacts: BTreeMap<_, _> = items(&roster, "RosterItems")
            .iter()
            .map(|contact| {
                let (address, name) = (text(contact, "bareJid"), text(contact, "name"));
                let groups = items(contact, "Groups");
                assert_eq!(groups, [Value::String(name.clone())], "it is half written");
                let number = address.strip_prefix('c').unwrap().split('@').next().unwrap();
                (number.parse().unwrap(), name)
            })
            .collect();
        self.contacts = agreed(&self.contacts, contacts, |expected| {
            if let Some(Action::Name(number, name)) = &open {
                expected.insert(*number, name.clone());
            }
        });

        let mut elements = BTreeMap::new();
        for number in 0..20 {
            let body = format!(r#"{{"localName":"e{number}","namespace":"urn:x"}}"#);
            let answer = client.post("Storage/LoadPrivateXml", Some(&self.token), &body);
            if answer.status == 200 {
                let text = answer.body.split(r#""text":""#).nth(1).unwrap();
                elements.insert(number, text.split('"').next().unwrap().to_owned());
            }
        }
        self.elements = agreed(&self.elements, elements, |expected| {
            if let Some(Action::Save(number, text)) = &open {
                expected.insert(*number, text.clone());
            }
        });

        let mut bought = self.bought.clone();
        if let Some(Action::Buy(id)) = &open {
            let body = format!(r#"{{"transactionId":"{id}"}}"#);
            let answer = client.post("Wallet/GetTransactionInformation", Some(&self.token), &body);
            if answer.status == 200 {
                bought.push(id.clone());
            }
        }
        self.bought = bought;
        let balance = client.post("Wallet/GetBalance", Some(&self.token), "{}");
        let amount = format!(r#""amount":{},"#, 1_000 + self.bought.len());
        assert!(balance.body.contains(&amount), "{amount} {balance:?}");
        if let Some(id) = self.bought.last() {
            let body = format!(r#"{{"transactionId":"{id}"}}"#);
            post("Wallet/GetTransactionInformation", &body);
        }

        let messages = client.post("Xmpp/PopMessages", Some(&self.token), "{}");
        let messages: VecDeque<_> = numbers(&messages.body).collect();
        agreed(&self.messages, messages, |expected| match &open {
            Some(Action::Send(number)) => expected.push_back(*number),
            Some(Action::Pop) => _ = expected.pop_front(),
            _ => {}
        });
        self.messages.clear();
    }
}

/// What is there: what was answered, with or without what was not.
#[track_caller]
fn agreed<T: Clone + PartialEq + std::fmt::Debug>(
    answered: &T,
    found: T,
    change: impl FnOnce(&mut T),
) -> T {
    let mut with_open = answered.clone();
    change(&mut with_open);
    assert!(
        found == *answered || found == with_open,
        "answered {answered:?}, or with what was not {with_open:?}, but there is {found:?}"
    );
    found
}

/// The numbers of the messages in an answer.
fn numbers(answer: &str) -> impl Iterator<Item = usize> {
    let ids = answer.split(r#""id":"m"#).skip(1);
    ids.map(|rest| rest.split('"').next().unwrap().parse().unwrap())
}

fn text(value: &Value, name: &str) -> String {
    support::text(value, name).to_owned()
}

fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    support::list(value, name)
}

/// The whole answer. `None` if it does not come.
fn try_post(address: SocketAddr, resource: &str, token: &str, body: &str) -> Option<Response> {
    let request = Request::post(resource, body).header("Authorization", &format!("Bearer {token}"));
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(&request.header("Connection", "close").bytes(&address.to_string())).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let response = Response::parse(&answer);
    let length: usize = response.header("content-length")?.parse().ok()?;
    (body.len() == length).then_some(response)
}

fn setting(name: &str, default: impl FnOnce() -> u64) -> u64 {
    std::env::var(name).map_or_else(|_| default(), |text| text.parse().unwrap())
}

#[test]
fn what_was_answered_is_there_after_a_kill_and_nothing_is_half_there() {
    const ACCOUNTS: usize = 4;
    let rounds = setting("KILL_ROUNDS", || 20);
    let seed = setting("KILL_SEED", || u64::from(std::process::id()));
    println!("KILL_SEED={seed} KILL_ROUNDS={rounds}");
    let mut random = StdRng::seed_from_u64(seed);
    let folder = Folder::new();
    let mut accounts: Vec<_> = (0..ACCOUNTS).map(Account::new).collect();
    let given: Vec<_> = accounts.iter().map(|account| format!("{}:pw", account.name)).collect();
    let options: Vec<_> = given.iter().flat_map(|account| ["--account", account]).collect();
    let begin = Instant::now();
    for round in 0..rounds {
        let mut started = Started::new(&folder.file(), &options);
        let address = started.client.address;
        for account in &mut accounts {
            if round == 0 {
                account.token = log_in(&started.client, &account.name, "pw");
            } else {
                account.check(&started.client);
            }
        }
        let delay = Duration::from_micros(random.random_range(0..200_000));
        let workers = accounts.into_iter().map(|mut account| {
            let mut random = StdRng::from_rng(&mut random);
            thread::spawn(move || {
                account.work(address, &mut random);
                account
            })
        });
        let workers: Vec<_> = workers.collect();
        thread::sleep(delay);
        started.kill();
        accounts = workers.into_iter().map(|worker| worker.join().unwrap()).collect();
    }
    let started = Started::new(&folder.file(), &options);
    accounts.iter_mut().for_each(|account| account.check(&started.client));
    let calls: usize = accounts.iter().map(|account| account.count).sum();
    println!("{calls} calls, killed {rounds} times in {:?}", begin.elapsed());
}

/// Accepts a linked broker as an XMPP server does, up to its first mark.
#[cfg(feature = "xmpp")]
fn accept_link(server: &std::net::TcpListener) -> TcpStream {
    let (mut peer, _) = server.accept().unwrap();
    peer.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        peer,
        "<stream:stream xmlns='jabber:component:accept' \
         xmlns:stream='http://etherx.jabber.org/streams' id='1'>"
    )
    .unwrap();
    read_up_to(&mut peer, "</handshake>");
    write!(peer, "<handshake/>").unwrap();
    let mark = read_up_to(&mut peer, "</iq>");
    write!(peer, "{mark}").unwrap();
    peer
}

/// Reads up to a text, whatever comes first.
#[cfg(feature = "xmpp")]
fn read_up_to(peer: &mut TcpStream, end: &str) -> String {
    let mut read = String::new();
    while !read.ends_with(end) {
        let mut byte = [0];
        peer.read_exact(&mut byte).unwrap_or_else(|error| panic!("{error} after {read:?}"));
        read.push(char::from(byte[0]));
    }
    read
}

#[cfg(feature = "xmpp")]
#[test]
fn what_the_server_has_not_acknowledged_is_sent_again_after_a_kill() {
    let folder = Folder::new();
    let secret_file = folder.0.join("secret");
    fs::write(&secret_file, "any").unwrap();
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    let options = [
        ["--component", "agents.localhost"],
        ["--xmpp", &address],
        ["--secret-file", secret_file.to_str().unwrap()],
    ]
    .concat();
    let mut started = Started::new(&folder.file(), &options);
    let mut peer = accept_link(&server);
    let token = log_in(&started.client, "alice", "wonderland");
    let message = r#"{"to":"carol@other.example","message":"Hello","id":"m1"}"#;
    let response = started.client.post("Xmpp/SendTextMessage", Some(&token), message);
    assert_eq!((response.status, response.body.contains("true")), (200, true));
    assert!(read_up_to(&mut peer, "</message>").contains("id=\"m1\""));
    started.kill();
    drop(peer);

    let _started = Started::new(&folder.file(), &options);
    let mut peer = accept_link(&server);
    assert!(read_up_to(&mut peer, "</message>").contains("id=\"m1\""));
}
