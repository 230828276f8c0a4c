//! The states of a presence subscription, and how they change (RFC 6121 §3 and appendix A).

use serde::{Deserialize, Serialize};

/// One direction of a presence subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// Neither asked for nor granted.
    #[default]
    None,
    /// Asked for and not answered.
    Asked,
    /// Granted.
    Granted,
}

/// Both directions, as one of the two contacts sees them. A direction is not asked for and granted
/// at once, which leaves the nine states of RFC 6121 §A.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Subscription {
    /// Whether the account sees the contact's presence.
    pub to: Stage,
    /// Whether the contact sees the account's presence.
    pub from: Stage,
}

/// The four presence stanzas that change a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SubscriptionStanza {
    Subscribe,
    Subscribed,
    Unsubscribe,
    Unsubscribed,
}

/// The direction of a stanza, as seen by the account whose state changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Out,
    In,
}

/// What happens to a stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StanzaOutcome {
    /// It is delivered to the contact, or to the account itself.
    Forwarded,
    /// It is dropped.
    Dropped,
    /// The broker answers `subscribed` in the account's name, and does not deliver it.
    AutoReplied,
}

struct Rule {
    direction: Direction,
    stanza: SubscriptionStanza,
    before: Stage,
    after: Stage,
    outcome: StanzaOutcome,
}

impl Subscription {
    /// The contact's `status` in the roster.
    pub(super) fn status(self) -> &'static str {
        match (self.to == Stage::Granted, self.from == Stage::Granted) {
            (false, false) => "None",
            (true, false) => "To",
            (false, true) => "From",
            (true, true) => "Both",
        }
    }

    /// Applies a stanza, and returns what happens to it.
    pub(super) fn apply(
        &mut self,
        direction: Direction,
        stanza: SubscriptionStanza,
    ) -> StanzaOutcome {
        let stage = self.stage_of(direction, stanza);
        let rule = RULES.iter().find(|rule| {
            rule.direction == direction && rule.stanza == stanza && rule.before == *stage
        });
        match rule {
            Some(rule) => {
                *stage = rule.after;
                rule.outcome
            }
            None => StanzaOutcome::Dropped,
        }
    }

    /// The direction that a stanza is about: `subscribe` asks to see, `subscribed` lets be seen.
    fn stage_of(&mut self, direction: Direction, stanza: SubscriptionStanza) -> &mut Stage {
        use SubscriptionStanza::{Subscribe, Subscribed, Unsubscribe, Unsubscribed};
        match (direction, stanza) {
            (Direction::Out, Subscribe | Unsubscribe) => &mut self.to,
            (Direction::In, Subscribed | Unsubscribed) => &mut self.to,
            (Direction::In, Subscribe | Unsubscribe) => &mut self.from,
            (Direction::Out, Subscribed | Unsubscribed) => &mut self.from,
        }
    }
}

const fn rule(
    direction: Direction,
    stanza: SubscriptionStanza,
    before: Stage,
    after: Stage,
    outcome: StanzaOutcome,
) -> Rule {
    Rule { direction, stanza, before, after, outcome }
}

/// All cases: two directions, four stanzas, three stages.
#[rustfmt::skip]
static RULES: &[Rule] = {
    use Direction::{In, Out};
    use StanzaOutcome::{AutoReplied, Dropped, Forwarded};
    use Stage::{Asked, Granted, None};
    use SubscriptionStanza::{Subscribe, Subscribed, Unsubscribe, Unsubscribed};
    &[
        // §A.2.1. A repeated request is delivered, because the contact's server may have lost the
        // first.
        rule(Out, Subscribe,    None,    Asked,   Forwarded),
        rule(Out, Subscribe,    Asked,   Asked,   Forwarded),
        rule(Out, Subscribe,    Granted, Granted, Forwarded),
        // §A.2.2
        rule(Out, Unsubscribe,  None,    None,    Forwarded),
        rule(Out, Unsubscribe,  Asked,   None,    Forwarded),
        rule(Out, Unsubscribe,  Granted, None,    Forwarded),
        // §A.2.3. An approval that nobody asked for is not delivered.
        rule(Out, Subscribed,   None,    None,    Dropped),
        rule(Out, Subscribed,   Asked,   Granted, Forwarded),
        rule(Out, Subscribed,   Granted, Granted, Dropped),
        // §A.2.4
        rule(Out, Unsubscribed, None,    None,    Dropped),
        rule(Out, Unsubscribed, Asked,   None,    Forwarded),
        rule(Out, Unsubscribed, Granted, None,    Forwarded),
        // §A.3.1. A repeated request is delivered once.
        rule(In,  Subscribe,    None,    Asked,   Forwarded),
        rule(In,  Subscribe,    Asked,   Asked,   Dropped),
        rule(In,  Subscribe,    Granted, Granted, AutoReplied),
        // §A.3.2
        rule(In,  Unsubscribe,  None,    None,    Dropped),
        rule(In,  Unsubscribe,  Asked,   None,    Forwarded),
        rule(In,  Unsubscribe,  Granted, None,    Forwarded),
        // §A.3.3. An approval that was not asked for is dropped.
        rule(In,  Subscribed,   None,    None,    Dropped),
        rule(In,  Subscribed,   Asked,   Granted, Forwarded),
        rule(In,  Subscribed,   Granted, Granted, Dropped),
        // §A.3.4. While asked for, it means "declined".
        rule(In,  Unsubscribed, None,    None,    Dropped),
        rule(In,  Unsubscribed, Asked,   None,    Forwarded),
        rule(In,  Unsubscribed, Granted, None,    Forwarded),
    ]
};

#[cfg(test)]
mod tests {
    use super::Direction::{In, Out};
    use super::SubscriptionStanza::{Subscribe, Subscribed, Unsubscribe, Unsubscribed};
    use super::*;

    /// The nine states of RFC 6121 §A.1 in its order.
    const STATES: [(&str, Subscription); 9] = {
        use Stage::{Asked, Granted, None};
        const fn state(to: Stage, from: Stage) -> Subscription {
            Subscription { to, from }
        }
        [
            ("None", state(None, None)),
            ("None + Pending Out", state(Asked, None)),
            ("None + Pending In", state(None, Asked)),
            ("None + Pending Out+In", state(Asked, Asked)),
            ("To", state(Granted, None)),
            ("To + Pending In", state(Granted, Asked)),
            ("From", state(None, Granted)),
            ("From + Pending Out", state(Asked, Granted)),
            ("Both", state(Granted, Granted)),
        ]
    };

    fn state_after(
        direction: Direction,
        stanza: SubscriptionStanza,
        before: &str,
    ) -> (&'static str, StanzaOutcome) {
        let mut state = STATES.iter().find(|(name, _)| *name == before).unwrap().1;
        let outcome = state.apply(direction, stanza);
        (STATES.iter().find(|(_, known)| *known == state).unwrap().0, outcome)
    }

    /// The tables of RFC 6121 §A.2 and §A.3, row by row: whether the stanza is delivered, and the
    /// new state. `-` stands for "no state change".
    #[test]
    fn the_tables_of_the_rfc_hold() {
        use StanzaOutcome::{AutoReplied, Dropped as No, Forwarded as Yes};
        type Table = (Direction, SubscriptionStanza, [(StanzaOutcome, &'static str); 9]);
        let tables: [Table; 8] = [
            (
                Out,
                Subscribe,
                [
                    (Yes, "None + Pending Out"),
                    (Yes, "-"),
                    (Yes, "None + Pending Out+In"),
                    (Yes, "-"),
                    (Yes, "-"),
                    (Yes, "-"),
                    (Yes, "From + Pending Out"),
                    (Yes, "-"),
                    (Yes, "-"),
                ],
            ),
            (
                Out,
                Unsubscribe,
                [
                    (Yes, "-"),
                    (Yes, "None"),
                    (Yes, "-"),
                    (Yes, "None + Pending In"),
                    (Yes, "None"),
                    (Yes, "None + Pending In"),
                    (Yes, "-"),
                    (Yes, "From"),
                    (Yes, "From"),
                ],
            ),
            (
                Out,
                Subscribed,
                [
                    (No, "-"),
                    (No, "-"),
                    (Yes, "From"),
                    (Yes, "From + Pending Out"),
                    (No, "-"),
                    (Yes, "Both"),
                    (No, "-"),
                    (No, "-"),
                    (No, "-"),
                ],
            ),
            (
                Out,
                Unsubscribed,
                [
                    (No, "-"),
                    (No, "-"),
                    (Yes, "None"),
                    (Yes, "None + Pending Out"),
                    (No, "-"),
                    (Yes, "To"),
                    (Yes, "None"),
                    (Yes, "None + Pending Out"),
                    (Yes, "To"),
                ],
            ),
            (
                In,
                Subscribe,
                [
                    (Yes, "None + Pending In"),
                    (Yes, "None + Pending Out+In"),
                    (No, "-"),
                    (No, "-"),
                    (Yes, "To + Pending In"),
                    (No, "-"),
                    (AutoReplied, "-"),
                    (AutoReplied, "-"),
                    (AutoReplied, "-"),
                ],
            ),
            (
                In,
                Unsubscribe,
                [
                    (No, "-"),
                    (No, "-"),
                    (Yes, "None"),
                    (Yes, "None + Pending Out"),
                    (No, "-"),
                    (Yes, "To"),
                    (Yes, "None"),
                    (Yes, "None + Pending Out"),
                    (Yes, "To"),
                ],
            ),
            (
                In,
                Subscribed,
                [
                    (No, "-"),
                    (Yes, "To"),
                    (No, "-"),
                    (Yes, "To + Pending In"),
                    (No, "-"),
                    (No, "-"),
                    (No, "-"),
                    (Yes, "Both"),
                    (No, "-"),
                ],
            ),
            (
                In,
                Unsubscribed,
                [
                    (No, "-"),
                    (Yes, "None"),
                    (No, "-"),
                    (Yes, "None + Pending In"),
                    (Yes, "None"),
                    (Yes, "None + Pending In"),
                    (No, "-"),
                    (Yes, "From"),
                    (Yes, "From"),
                ],
            ),
        ];
        for (direction, stanza, rows) in tables {
            for ((before, _), (outcome, after)) in STATES.iter().zip(rows) {
                let after = if after == "-" { before } else { after };
                assert_eq!(
                    state_after(direction, stanza, before),
                    (after, outcome),
                    "{direction:?} {stanza:?} in {before}"
                );
            }
        }
    }

    #[test]
    fn each_case_has_one_rule() {
        for direction in [Out, In] {
            for stanza in [Subscribe, Subscribed, Unsubscribe, Unsubscribed] {
                for before in [Stage::None, Stage::Asked, Stage::Granted] {
                    let matches = |rule: &&Rule| {
                        rule.direction == direction
                            && rule.stanza == stanza
                            && rule.before == before
                    };
                    let count = RULES.iter().filter(matches).count();
                    assert_eq!(count, 1, "{direction:?} {stanza:?} {before:?}");
                }
            }
        }
        assert_eq!(RULES.len(), 24);
    }

    #[test]
    fn the_status_tells_what_is_in_force() {
        let statuses = STATES.map(|(_, state)| state.status());
        assert_eq!(statuses, ["None", "None", "None", "None", "To", "To", "From", "From", "Both"]);
    }
}
