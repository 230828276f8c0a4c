//! What can become of a request on its way, and of its answer.

use super::broker::{Arrival, Response};
use super::tab::Tab;
use super::world::{HOSTS, UNREACHABLE, World};
use crate::environment::{HttpRequest, HttpResponse, ResponseBody};
use crate::error::{Cause, ErrorKind, Reach};
use crate::futures::once_event::OnceEvent;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Answered,
    /// Nobody listens.
    Unsent,
    ResetBeforeArrival,
    ResetAfterArrival,
    SwallowedBeforeArrival,
    SwallowedAfterArrival,
    /// Refused by something that stands before the broker.
    Refused(u16),
    /// Done, and then a proxy times out.
    LostBehindProxy(u16),
    /// Done, and the answer is spoilt.
    Spoilt(&'static str),
    /// Done, and the end of the answer is missing.
    Truncated,
    /// Done, and the answer is larger than it may be.
    TooLarge,
}

const FAULTS: [Fault; 21] = [
    Fault::Answered,
    Fault::Answered,
    Fault::Unsent,
    Fault::ResetBeforeArrival,
    Fault::ResetAfterArrival,
    Fault::SwallowedBeforeArrival,
    Fault::SwallowedAfterArrival,
    Fault::Refused(401),
    Fault::Refused(408),
    Fault::Refused(429),
    Fault::Refused(500),
    Fault::Refused(502),
    Fault::Refused(503),
    Fault::Refused(504),
    Fault::LostBehindProxy(502),
    Fault::LostBehindProxy(504),
    Fault::Spoilt(""),
    Fault::Spoilt("<html><body>Welcome to the hotel</body></html>"),
    Fault::Spoilt(r#"{"sent":"yes","jwt":7,"bareJid":1,"Messages":3,"RosterItems":5,"eMail":[]}"#),
    Fault::Truncated,
    Fault::TooLarge,
];

/// A request that is on its way, whether or not somebody waits for its answer.
pub(super) struct Transfer {
    pub(super) request: HttpRequest,
    pub(super) bearer: Option<String>,
    /// Whether nobody waits any more.
    pub(super) given_up: Cell<bool>,
    outcome: RefCell<Option<Result<HttpResponse, ErrorKind>>>,
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

impl Transfer {
    pub(super) fn begin(tab: &Tab, request: HttpRequest, bearer: Option<String>) -> Rc<Self> {
        let transfer = Rc::new(Self {
            request,
            bearer,
            given_up: Cell::new(false),
            outcome: RefCell::default(),
            end: Rc::default(),
        });
        let world = Rc::clone(tab.world());
        let is_fair = !world.chance(world.fault_percent.get());
        let fault = match world.fault_percent.get() {
            UNREACHABLE => {
                world.one_of(&[Fault::Unsent, Fault::ResetBeforeArrival, Fault::Refused(503)])
            }
            _ if is_fair => Fault::Answered,
            _ => world.one_of(&FAULTS),
        };
        let (own, on_its_way) = (Rc::clone(&transfer), Rc::clone(&world));
        world.executor.spawn(Box::pin(async move {
            let outcome = own.travel(&on_its_way, fault, is_fair).await;
            if let Some(outcome) = outcome {
                own.outcome.replace(Some(outcome));
                own.end.set();
            }
        }));
        transfer
    }

    /// Waits for its end, if it has one.
    pub(super) async fn end(&self) -> Result<HttpResponse, ErrorKind> {
        self.end.wait().await;
        self.outcome.take().expect("an end has an outcome")
    }

    async fn travel(
        &self,
        world: &World,
        fault: Fault,
        is_fair: bool,
    ) -> Option<Result<HttpResponse, ErrorKind>> {
        let is_fast = is_fair || world.fault_percent.get() == UNREACHABLE;
        let latency = |world: &World| match is_fast || world.chance(60) {
            true => world.below(100),
            false => world.one_of(&[400, 3_000, 9_900, 12_000, 25_000]),
        };
        let (there, back) = (latency(world), latency(world));
        let still_arrives = world.chance(50);
        let lost = |reach| Some(Err(ErrorKind::Network { cause: Cause(None), reach }));
        world.executor.sleep(there).await;
        match fault {
            Fault::Unsent => return lost(Reach::Unsent),
            Fault::ResetBeforeArrival => return lost(Reach::Unknown),
            Fault::SwallowedBeforeArrival => return None,
            _ if self.given_up.get() && !still_arrives => return None,
            _ => {}
        }
        let mut response = match fault {
            Fault::Refused(status) => {
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
        match fault {
            Fault::LostBehindProxy(status) => response.status = status,
            Fault::Spoilt(text) if is_good => body = Some(text.into()),
            Fault::Truncated if is_good => body = body.map(half_of),
            Fault::TooLarge if is_good => body = None,
            _ => {}
        }
        world.executor.sleep(back).await;
        match fault {
            Fault::ResetAfterArrival => return lost(Reach::Unknown),
            Fault::SwallowedAfterArrival => return None,
            _ => {}
        }
        let Response { status, headers, .. } = response;
        let header = Box::new(move |name: &str| headers.get(name).cloned());
        Some(Ok(HttpResponse {
            status,
            status_text: String::new(),
            body: body.map_or(ResponseBody::TooLarge, ResponseBody::Text),
            header,
        }))
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
        let mut history = world.history.borrow_mut();
        world.brokers.borrow_mut()[place].answer(&arrival, world.true_ms(), &mut history)
    }
}
