//! What can become of a request on its way, and of its answer.

use super::broker::{Arrival, Response};
use super::tab::Tab;
use super::world::{DEAD, HOSTS, World};
use crate::environment::{HttpRequest, HttpResponse};
use crate::error::{Cause, Error, Reach};
use crate::futures::once_event::OnceEvent;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Answered,
    /// Nobody listens.
    Unsent,
    ResetBeforeArrival,
    ResetAfterArrival,
    SwallowedBeforeArrival,
    SwallowedAfterArrival,
    /// Refused by something that stands before the broker.
    Refused(u16),
    /// Done, and then a proxy loses patience.
    LostBehindProxy(u16),
    /// Done, and the answer is spoilt.
    Spoilt(&'static str),
    /// Done, and the end of the answer is missing.
    Truncated,
    /// Done, and the answer is larger than it may be.
    TooLarge,
}

const FATES: [Fate; 21] = [
    Fate::Answered,
    Fate::Answered,
    Fate::Unsent,
    Fate::ResetBeforeArrival,
    Fate::ResetAfterArrival,
    Fate::SwallowedBeforeArrival,
    Fate::SwallowedAfterArrival,
    Fate::Refused(401),
    Fate::Refused(408),
    Fate::Refused(429),
    Fate::Refused(500),
    Fate::Refused(502),
    Fate::Refused(503),
    Fate::Refused(504),
    Fate::LostBehindProxy(502),
    Fate::LostBehindProxy(504),
    Fate::Spoilt(""),
    Fate::Spoilt("<html><body>Welcome to the hotel</body></html>"),
    Fate::Spoilt(r#"{"sent":"yes","jwt":7,"bareJid":1,"Messages":3,"RosterItems":5,"eMail":[]}"#),
    Fate::Truncated,
    Fate::TooLarge,
];

/// A request that is on its way, whether or not somebody waits for its answer.
pub(super) struct Journey {
    pub(super) request: HttpRequest,
    pub(super) bearer: Option<String>,
    /// Whether nobody waits any more.
    pub(super) given_up: Cell<bool>,
    outcome: RefCell<Option<Result<HttpResponse, Error>>>,
    end: Rc<OnceEvent>,
}

pub(super) fn host_of(url: &str) -> &str {
    url.split('/').nth(2).unwrap_or_default()
}

pub(super) fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

fn half_of(text: String) -> String {
    text.chars().take(text.len() / 2).collect()
}

impl Journey {
    pub(super) fn begin(tab: &Tab, request: HttpRequest, bearer: Option<String>) -> Rc<Self> {
        let journey = Rc::new(Self {
            request,
            bearer,
            given_up: Cell::new(false),
            outcome: RefCell::default(),
            end: Rc::default(),
        });
        let world = Rc::clone(tab.world());
        let is_fair = !world.chance(world.weather.get());
        let fate = match world.weather.get() {
            DEAD => world.one_of(&[Fate::Unsent, Fate::ResetBeforeArrival, Fate::Refused(503)]),
            _ if is_fair => Fate::Answered,
            _ => world.one_of(&FATES),
        };
        let (own, on_its_way) = (Rc::clone(&journey), Rc::clone(&world));
        world.executor.spawn(Box::pin(async move {
            let outcome = own.travel(&on_its_way, fate, is_fair).await;
            if let Some(outcome) = outcome {
                own.outcome.replace(Some(outcome));
                own.end.set();
            }
        }));
        journey
    }

    /// Waits for its end, if it has one.
    pub(super) async fn end(&self) -> Result<HttpResponse, Error> {
        self.end.wait().await;
        self.outcome.take().expect("an end has an outcome")
    }

    async fn travel(
        &self,
        world: &World,
        fate: Fate,
        is_fair: bool,
    ) -> Option<Result<HttpResponse, Error>> {
        let is_fast = is_fair || world.weather.get() == DEAD;
        let latency = |world: &World| match is_fast || world.chance(60) {
            true => world.below(100),
            false => world.one_of(&[400, 3_000, 9_900, 12_000, 25_000]),
        };
        let (there, back) = (latency(world), latency(world));
        let still_arrives = world.chance(50);
        let lost = |reach| Some(Err(Error::Network { cause: Cause(None), reach }));
        world.executor.sleep(there).await;
        match fate {
            Fate::Unsent => return lost(Reach::Unsent),
            Fate::ResetBeforeArrival => return lost(Reach::Unknown),
            Fate::SwallowedBeforeArrival => return None,
            _ if self.given_up.get() && !still_arrives => return None,
            _ => {}
        }
        let mut response = match fate {
            Fate::Refused(status) => {
                let mut refusal = Response::new(status, "");
                let pause = world.one_of(&["", "", "0", "1", "5", "61", "300"]);
                if !pause.is_empty() {
                    refusal.headers.insert("Retry-After", pause.into());
                }
                refusal
            }
            _ => self.arrive(world),
        };
        let is_good = response.status == 200;
        let mut body = Some(std::mem::take(&mut response.body));
        match fate {
            Fate::LostBehindProxy(status) => response.status = status,
            Fate::Spoilt(text) if is_good => body = Some(text.into()),
            Fate::Truncated if is_good => body = body.map(half_of),
            Fate::TooLarge if is_good => body = None,
            _ => {}
        }
        world.executor.sleep(back).await;
        match fate {
            Fate::ResetAfterArrival => return lost(Reach::Unknown),
            Fate::SwallowedAfterArrival => return None,
            _ => {}
        }
        let Response { status, headers, .. } = response;
        let header = Box::new(move |name: &str| headers.get(name).cloned());
        Some(Ok(HttpResponse { status, status_text: String::new(), body, header }))
    }

    fn arrive(&self, world: &World) -> Response {
        let url = &self.request.url;
        let Some(place) = HOSTS.iter().position(|host| *host == host_of(url)) else {
            return Response::new(200, "{}");
        };
        let arrival = Arrival {
            request: &self.request,
            host: HOSTS[place],
            name: name_of(url),
            bearer: self.bearer.as_deref(),
            late: self.given_up.get(),
        };
        let mut ledger = world.ledger.borrow_mut();
        world.brokers.borrow_mut()[place].answer(&arrival, world.true_ms(), &mut ledger)
    }
}
