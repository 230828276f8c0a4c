//! How a resource is declared. All that is known of one is in its declaration (`src/resources`);
//! everything else follows from it.

use super::input::{Derived, Input, Role};
use super::output::{Object, Output};
use crate::text;

/// One resource of the Agent API: `/Agent/<group>/<name>`.
#[derive(Debug)]
pub struct Resource {
    /// The group, such as `Xmpp`.
    pub group: &'static str,
    /// The name of the method, `AgentAPI.<group>.<name>`, and mostly the end of the path.
    pub name: &'static str,
    /// What is in the path instead of group and name, if it differs.
    pub place: Option<&'static str>,
    /// The HTTP method.
    pub method: Method,
    /// What a call shows of who calls.
    pub access: Access,
    /// What repeating a call may do.
    pub effect: Effect,
    /// What a call does to the session.
    pub session: SessionChange,
    /// What a caller gives, in the order of the documented parameters, and what is made of it.
    pub inputs: &'static [Input],
    /// What some inputs require of others.
    pub rules: &'static [Rule],
    /// How the body is made.
    pub body: BodyKind,
    /// How the answer is read.
    pub answer: AnswerKind,
    /// What comes back.
    pub response: &'static Object,
    /// Whether the broker is told where the call comes from.
    pub shows_referrer: bool,
    /// The names of the XML elements of request and response; `None` if only JSON is documented.
    pub elements: Option<(&'static str, &'static str)>,
    /// What documents it.
    #[cfg(not(target_arch = "wasm32"))]
    pub docs: Docs,
}

/// The documentation of a method. It exists in the host's build only: none of it is in the module.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct Docs {
    /// What the method does, a line a text. The first sentence is the summary.
    pub text: &'static [&'static str],
    /// What comes back, if there is more to say than its type does.
    pub returns: &'static str,
    /// How it fails, beside what every call fails of.
    pub throws: &'static str,
    /// A call, as JavaScript.
    pub example: &'static str,
    /// Where the rules come from.
    pub source: &'static str,
    /// The parameters as TypeScript, if they come in more than one order.
    pub parameters: &'static str,
}

/// The HTTP methods that the Agent API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// What most resources are asked with.
    Post,
    /// Replaces what is at the path.
    Put,
    /// Deletes what is at the path.
    Delete,
}

impl Method {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// How requests and responses are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `application/json`
    Json,
    /// `text/xml`
    Xml,
}

/// How the body of a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// There is none.
    Nothing,
    /// An object, in JSON or XML.
    Object,
    /// A form of the type `multipart/form-data`, a part for each input.
    Form,
    /// The content that the caller gives, as it is.
    Bytes,
}

/// How an answer is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// An object, in JSON or XML.
    Object,
    /// Bytes of any media type.
    Bytes,
    /// An object without properties, or an empty body.
    Nothing,
}

/// What a call shows of who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing: the token stays here. The broker would count a dead one as a failed login.
    Anonymous,
    /// Nothing but the cookie of the HTTP session.
    Cookie,
    /// A token, if there is one.
    OptionalToken,
    /// A token: the resource is for sessions.
    RequiresToken,
}

/// What a call does to the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionChange {
    /// Nothing.
    None,
    /// Its answer holds the token of a new session.
    Opens,
    /// Exchanges the token for a new one.
    Refreshes,
    /// Ends it.
    Ends,
}

/// What a call does at the broker, and so what repeating it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: it can be repeated.
    Read,
    /// Sets something to a value: repeating it sets the same.
    Write,
    /// Sends a stanza: repeating it may send another.
    Stanza(Trace),
    /// Opens or prolongs a session, signed anew each time. The broker counts what it refuses, so it
    /// is repeated once, and only if no answer came.
    Session,
    /// The same, and makes an account: if its answer is lost, there may be one.
    Account,
    /// Removes something from the broker and hands it over: what a lost answer held is lost.
    Consume,
    /// Works once, such as a code or a petition, or is counted: repeating it may be held against the
    /// caller.
    Once,
}

/// What the roster shows of a stanza that arrived: proof for a call whose answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Nothing.
    None,
    /// A request that is pending, or granted (RFC 6121 §3.1).
    Requested,
    /// The contact may see the account's presence (RFC 6121 §3.1.5).
    Granted,
    /// The account neither sees the contact's presence nor waits for it (RFC 6121 §3.3).
    Ended,
}

/// What some inputs require of others. Inputs are named as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// One of the two has to be given.
    Either(&'static str, &'static str),
    /// The first can't be given without the second.
    Needs(&'static str, &'static str),
}

/// From so many parameters on, a caller may give all arguments as one object with their names.
pub const NAMED_FROM: usize = 5;

impl Resource {
    /// A resource with the most common traits: `POST`, for a session, reading, without inputs and
    /// outputs.
    #[must_use]
    pub const fn new(group: &'static str, name: &'static str) -> Self {
        Self {
            group,
            name,
            place: None,
            method: Method::Post,
            access: Access::RequiresToken,
            effect: Effect::Read,
            session: SessionChange::None,
            inputs: &[],
            rules: &[],
            body: BodyKind::Object,
            answer: AnswerKind::Nothing,
            response: &Object::EMPTY,
            shows_referrer: false,
            elements: Some((name, "AckResponse")),
            #[cfg(not(target_arch = "wasm32"))]
            docs: Docs {
                text: &[],
                returns: "",
                throws: "",
                example: "",
                source: "",
                parameters: "",
            },
        }
    }

    /// Says what is in the path instead of group and name, such as `Storage/Content`.
    #[must_use]
    pub const fn at(mut self, place: &'static str) -> Self {
        self.place = Some(place);
        self
    }

    /// Chooses the HTTP method. `GET` and `DELETE` have no body.
    #[must_use]
    pub const fn method(mut self, method: Method) -> Self {
        self.method = method;
        if matches!(method, Method::Get | Method::Delete) {
            self.body = BodyKind::Nothing;
        }
        self
    }

    /// Chooses what a call shows of who calls.
    #[must_use]
    pub const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// Chooses what repeating a call may do.
    #[must_use]
    pub const fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Chooses what a call does to the session, which it may repeat accordingly.
    #[must_use]
    pub const fn session(mut self, session: SessionChange) -> Self {
        self.session = session;
        if matches!(session, SessionChange::Opens | SessionChange::Refreshes) {
            self.effect = Effect::Session;
        }
        self
    }

    /// What a caller gives, in the order of the documented parameters, and what is made of it.
    #[must_use]
    pub const fn inputs(mut self, inputs: &'static [Input]) -> Self {
        self.inputs = inputs;
        self
    }

    /// What some inputs require of others.
    #[must_use]
    pub const fn rules(mut self, rules: &'static [Rule]) -> Self {
        self.rules = rules;
        self
    }

    /// Chooses another body than an object.
    #[must_use]
    pub const fn body(mut self, body: BodyKind) -> Self {
        self.body = body;
        self.elements = None;
        self
    }

    /// What comes back, and the name of its element in XML.
    #[must_use]
    pub const fn responds(mut self, element: &'static str, response: &'static Object) -> Self {
        self.response = response;
        if !response.fields.is_empty() {
            self.answer = AnswerKind::Object;
        }
        if let Some((request, _)) = self.elements {
            self.elements = Some((request, element));
        }
        self
    }

    /// Bytes come back, instead of an object.
    #[must_use]
    pub const fn responds_bytes(mut self) -> Self {
        self.answer = AnswerKind::Bytes;
        self.elements = None;
        self
    }

    /// Tells the broker where the call comes from, in the header `Referer`.
    #[must_use]
    pub const fn shows_referrer(mut self) -> Self {
        self.shows_referrer = true;
        self
    }

    /// The name of the request's element in XML, if it is not that of the resource.
    #[must_use]
    pub const fn request_element(mut self, request: &'static str) -> Self {
        if let Some((_, response)) = self.elements {
            self.elements = Some((request, response));
        }
        self
    }

    /// In JSON whatever the encoding: its XML is documented nowhere.
    #[must_use]
    pub const fn json_only(mut self) -> Self {
        self.elements = None;
        self
    }

    /// Whether the broker counts failed calls, and blocks who has too many: those that try a secret.
    #[must_use]
    pub fn is_login(&self) -> bool {
        self.session == SessionChange::Opens && self.access == Access::Anonymous
    }

    /// Whether it goes to another broker than the own one.
    #[must_use]
    pub fn goes_to_other_broker(&self) -> bool {
        self.inputs.iter().any(|input| matches!(input.role, Role::OtherBroker))
    }

    /// Whether it is another resource by a further name, with a body that is made here.
    #[must_use]
    pub fn is_alias(&self) -> bool {
        self.inputs.iter().any(|input| matches!(input.derived, Some(Derived::Element(_))))
    }

    /// The list of objects that the answer is.
    pub(super) fn list(&self) -> Option<&'static Output> {
        self.response.fields.iter().find(|field| field.kind.entry_fields().is_some())
    }

    /// The documented name, such as `Xmpp.GetRoster`.
    #[must_use]
    pub fn operation(&self) -> String {
        text::concat(&[self.group, ".", self.name])
    }

    /// The path below the host, such as `/Agent/Xmpp/GetRoster`, without what an input adds to it.
    #[must_use]
    pub fn path(&self) -> String {
        match self.place {
            Some(place) => text::concat(&["/Agent/", place]),
            None => text::concat(&["/Agent/", self.group, "/", self.name]),
        }
    }
}

/// Documentation, which the module is spared.
#[cfg_attr(target_arch = "wasm32", allow(unused_variables, unused_mut))]
impl Resource {
    /// What the method does, a line a text.
    #[must_use]
    pub const fn doc(mut self, text: &'static [&'static str]) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.docs.text = text;
        }
        self
    }

    /// What comes back, if there is more to say than its type does.
    #[must_use]
    pub const fn returns(mut self, returns: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.docs.returns = returns;
        }
        self
    }

    /// How it fails, beside what every call fails of.
    #[must_use]
    pub const fn throws(mut self, throws: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.docs.throws = throws;
        }
        self
    }

    /// A call, as JavaScript.
    #[must_use]
    pub const fn example(mut self, example: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.docs.example = example;
        }
        self
    }

    /// Where the rules come from.
    #[must_use]
    pub const fn source(mut self, source: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.docs.source = source;
        }
        self
    }

    /// The parameters as TypeScript, if they come in more than one order.
    #[must_use]
    pub const fn parameters_as(mut self, parameters: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.docs.parameters = parameters;
        }
        self
    }
}
