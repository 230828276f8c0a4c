//! The wallet of an account: eDaler of a play currency, and the transactions with services that buy
//! and sell it.

use super::amount::Amount;
use super::memory_budget::{Budget, SharedBudget};
use super::record::{Records, Single, Table};
use super::values::{object, unix_seconds};
use neuron_agent_api::wire::Value;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The currency, by ISO 4217.
pub(super) const CURRENCY: &str = "SEK";

/// How much each account has at the start.
const INITIAL_AMOUNT: Amount = Amount::whole(1_000);

/// The maximum number of transactions of an account. Another one replaces the oldest.
const MAX_TRANSACTIONS: usize = 1_000;

/// The maximum number of payments of an account whose URIs have not expired.
const MAX_PAYMENTS: usize = 10_000;

/// The maximum size of the transactions and payments of a wallet, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A wallet.
pub(super) struct Wallet {
    amount: Single<Amount>,
    /// The ids of the URIs with which the account has paid, and when each expires. An expired URI
    /// is refused anyway.
    payments: Table<String, i64>,
    /// The oldest first.
    transactions: Table<u64, Transaction>,
    budget: Budget,
}

/// A transaction with a service that buys or sells eDaler. It ends when it begins, because a
/// service of this broker needs nobody to pay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Transaction {
    pub id: String,
    pub outcome: Outcome,
    /// When it began and ended, in Unix seconds.
    pub time: i64,
    pub service_id: String,
    pub service_provider: String,
    /// `None` if it asked for options to pay.
    pub amount: Option<Amount>,
    /// The names of URLs, and where each leads a person.
    pub urls: Vec<(Cow<'static, str>, String)>,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Outcome {
    /// The service did what it was asked for.
    Committed,
    /// The service refused.
    Error,
}

/// Which way eDaler moves between a wallet and a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// The account buys eDaler.
    Buy,
    /// The account sells eDaler.
    Sell,
}

/// Why a wallet refuses a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WalletError {
    /// It has not enough eDaler.
    InsufficientFunds,
    /// It would have more than the largest amount.
    TooMuch,
    /// The id is taken.
    DuplicateId,
    /// It can't remember more.
    TooMany,
}

impl Wallet {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self {
            amount: Single::new("balance", INITIAL_AMOUNT),
            payments: Table::new("payment"),
            transactions: Table::new("transaction"),
            budget: Budget::new(MAX_BYTES, shared),
        }
    }

    /// What is kept of it.
    pub(super) fn records(&mut self) -> [&mut dyn Records; 3] {
        [&mut self.amount, &mut self.payments, &mut self.transactions]
    }

    /// Counts anew what it takes.
    pub(super) fn recount(&mut self) {
        let payments: usize = self.payments.keys().map(|id| payment_size(id)).sum();
        let transactions: usize = self.transactions.values().map(Transaction::size).sum();
        self.budget.recount(payments + transactions);
    }

    /// The balance in a response.
    pub(super) fn balance(&self, now: i64) -> Value {
        object([
            ("amount", Value::Number(self.amount.number())),
            // Transactions end when they begin, so nothing is set apart for them.
            ("reserved", Value::Number(0.0)),
            ("currency", CURRENCY.into()),
            ("timestamp", unix_seconds(now)),
        ])
    }

    /// How much the account has.
    pub(super) fn amount(&self) -> Amount {
        *self.amount
    }

    /// Moves an amount to another wallet. The id is used up until its URI expires. If the payment is
    /// refused, neither wallet has changed.
    pub(super) fn pay(
        &mut self,
        recipient: &mut Self,
        amount: Amount,
        (id, expires): (&str, i64),
        now: i64,
    ) -> Result<(), WalletError> {
        if self.payments.contains_key(id) {
            return Err(WalletError::DuplicateId);
        }
        let rest = self.amount.minus(amount).ok_or(WalletError::InsufficientFunds)?;
        let received = recipient.amount.plus(amount).ok_or(WalletError::TooMuch)?;
        self.forget_expired(now);
        if self.payments.len() >= MAX_PAYMENTS {
            return Err(WalletError::TooMany);
        }
        self.budget.reserve(payment_size(id)).map_err(|_| WalletError::TooMany)?;
        self.payments.insert(id.into(), expires);
        *self.amount = rest;
        *recipient.amount = received;
        Ok(())
    }

    fn forget_expired(&mut self, now: i64) {
        let budget = &mut self.budget;
        self.payments.retain(|id, expires| {
            let is_valid = now < *expires;
            if !is_valid {
                budget.release(payment_size(id));
            }
            is_valid
        });
    }

    /// The transaction of an id. `None` if there is none.
    pub(super) fn transaction(&self, id: &str) -> Option<&Transaction> {
        self.transactions.values().find(|transaction| transaction.id == id)
    }

    /// Keeps a transaction, and moves the eDaler if the service does what it was asked for. The
    /// oldest transactions make room.
    pub(super) fn carry_out(
        &mut self,
        transaction: Transaction,
        direction: Direction,
    ) -> Result<(), WalletError> {
        if self.transaction(&transaction.id).is_some() {
            return Err(WalletError::DuplicateId);
        }
        let asked = transaction.amount.unwrap_or_default();
        let amount = match (transaction.outcome, direction) {
            (Outcome::Error, _) => *self.amount,
            (Outcome::Committed, Direction::Buy) => {
                self.amount.plus(asked).ok_or(WalletError::TooMuch)?
            }
            (Outcome::Committed, Direction::Sell) => {
                self.amount.minus(asked).ok_or(WalletError::InsufficientFunds)?
            }
        };
        let size = transaction.size();
        while self.transactions.len() >= MAX_TRANSACTIONS || !self.budget.has_room(size) {
            let oldest = self.transactions.pop_first().ok_or(WalletError::TooMany)?;
            self.budget.release(oldest.size());
        }
        self.budget.reserve(size).map_err(|_| WalletError::TooMany)?;
        self.transactions.push(transaction);
        if amount != *self.amount {
            *self.amount = amount;
        }
        Ok(())
    }
}

/// Roughly how much memory the id of a payment takes, in bytes.
fn payment_size(id: &str) -> usize {
    const REST: usize = 64;
    REST + id.len()
}

impl Transaction {
    /// The transaction in a response.
    pub(super) fn information(&self) -> Value {
        let state = match self.outcome {
            Outcome::Committed => "Committed",
            Outcome::Error => "Error",
        };
        let mut information = object([
            ("id", self.id.as_str().into()),
            ("state", state.into()),
            ("started", unix_seconds(self.time)),
            ("ended", unix_seconds(self.time)),
            ("serviceId", self.service_id.as_str().into()),
            ("serviceProvider", self.service_provider.as_str().into()),
        ]);
        if let Some(amount) = self.amount {
            information.put("amount", Value::Number(amount.number()));
            information.put("currency", CURRENCY);
        }
        for (name, url) in &self.urls {
            information.put(name, url.as_str());
        }
        information
    }

    /// What a page is told of it. How a Neuron® tells of options is not published; the services of
    /// this broker have none to choose from.
    pub(super) fn event(&self) -> Value {
        let mut event = self.information();
        if self.amount.is_none() {
            event.put("options", Value::Array(Vec::new()));
        }
        event
    }

    /// Roughly how much memory it takes, in bytes.
    fn size(&self) -> usize {
        const REST: usize = 256;
        let urls: usize = self.urls.iter().map(|(_, url)| url.len()).sum();
        REST + self.id.len() + self.service_id.len() + self.service_provider.len() + urls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn wallet() -> Wallet {
        Wallet::new(&SharedBudget::default())
    }

    fn transaction(id: &str, outcome: Outcome, amount: i64) -> Transaction {
        Transaction {
            id: id.into(),
            outcome,
            time: NOW,
            service_id: "mock".into(),
            service_provider: "Local.MockBuy".into(),
            amount: Some(Amount::whole(amount)),
            urls: Vec::new(),
        }
    }

    #[test]
    fn the_id_of_a_payment_works_once() {
        let (mut wallet, mut other) = (wallet(), wallet());
        let mut pay = |id, amount| {
            let result = wallet.pay(&mut other, Amount::whole(amount), (id, NOW + 10), NOW);
            (result, [wallet.amount(), other.amount()].map(|amount| amount.to_string()))
        };
        let amounts = |one: &str, other: &str| [one.to_owned(), other.to_owned()];
        assert_eq!(pay("1", 1), (Ok(()), amounts("999", "1001")));
        assert_eq!(pay("1", 1), (Err(WalletError::DuplicateId), amounts("999", "1001")));
        assert_eq!(pay("2", 1_000), (Err(WalletError::InsufficientFunds), amounts("999", "1001")));
        assert_eq!(pay("2", 999), (Ok(()), amounts("0", "2000")));
    }

    #[test]
    fn a_payment_that_the_recipient_can_not_hold_changes_nothing() {
        let (mut wallet, mut other) = (wallet(), wallet());
        *other.amount = Amount::MAX;
        let mut pay = |amount| wallet.pay(&mut other, amount, ("1", NOW + 10), NOW);
        assert_eq!(pay(Amount::whole(1)), Err(WalletError::TooMuch));
        assert_eq!((wallet.amount(), other.amount()), (INITIAL_AMOUNT, Amount::MAX));
        assert!(wallet.payments.is_empty());
        assert_eq!(wallet.budget.used(), 0);
    }

    #[test]
    fn payments_are_remembered_until_they_expire() {
        let (mut wallet, mut other) = (wallet(), wallet());
        let mut pay = |id: usize, expires, now| {
            let amount = Amount::parse("0.01").unwrap();
            wallet.pay(&mut other, amount, (&id.to_string(), expires), now)
        };
        for id in 0..MAX_PAYMENTS {
            assert_eq!(pay(id, NOW + 10, NOW), Ok(()));
        }
        assert_eq!(pay(MAX_PAYMENTS, NOW + 10, NOW + 9), Err(WalletError::TooMany));
        assert_eq!(pay(MAX_PAYMENTS, NOW + 20, NOW + 10), Ok(()));
        assert_eq!(wallet.payments.len(), 1);
        assert_eq!(wallet.budget.used(), payment_size("10000"));
    }

    #[test]
    fn a_transaction_moves_the_amount_unless_it_fails() {
        use Direction::{Buy, Sell};
        let mut wallet = wallet();
        let mut carry_out = |id: &str, outcome, amount, direction| {
            let result = wallet.carry_out(transaction(id, outcome, amount), direction);
            result.map(|()| wallet.amount.to_string())
        };
        assert_eq!(carry_out("1", Outcome::Committed, 50, Buy), Ok("1050".into()));
        assert_eq!(carry_out("2", Outcome::Error, 50, Buy), Ok("1050".into()));
        assert_eq!(carry_out("3", Outcome::Committed, 20, Sell), Ok("1030".into()));
        assert_eq!(carry_out("3", Outcome::Committed, 1, Sell), Err(WalletError::DuplicateId));
        assert_eq!(
            carry_out("4", Outcome::Committed, 1_031, Sell),
            Err(WalletError::InsufficientFunds)
        );
        let most = 1_000_000_000;
        assert_eq!(carry_out("4", Outcome::Committed, most, Buy), Err(WalletError::TooMuch));
        assert_eq!(carry_out("5", Outcome::Error, 1_031, Sell), Ok("1030".into()));
        assert_eq!(carry_out("6", Outcome::Error, most, Buy), Ok("1030".into()));
        assert_eq!(wallet.transaction("4"), None);
        assert_eq!(wallet.transaction("2").unwrap().outcome, Outcome::Error);
    }

    #[test]
    fn number_and_size_of_transactions_are_limited() {
        let (mut wallet, mut other) = (wallet(), wallet());
        for id in 0..MAX_TRANSACTIONS {
            let transaction = transaction(&id.to_string(), Outcome::Error, 1);
            assert_eq!(wallet.carry_out(transaction, Direction::Buy), Ok(()));
        }
        let used = wallet.budget.used();
        let one_more = transaction("x", Outcome::Error, 1);
        assert_eq!(wallet.carry_out(one_more, Direction::Buy), Ok(()));
        assert_eq!(wallet.transactions.len(), MAX_TRANSACTIONS);
        assert_eq!((wallet.transaction("0"), wallet.budget.used()), (None, used));
        assert!(wallet.transaction("1").is_some() && wallet.transaction("x").is_some());
        let large = "x".repeat(MAX_BYTES - 1_024);
        assert_eq!(
            wallet.carry_out(transaction(&large, Outcome::Error, 1), Direction::Buy),
            Ok(())
        );
        assert!(wallet.transactions.len() < 10, "the oldest make room");
        let too_long = transaction(&"x".repeat(MAX_BYTES), Outcome::Committed, 1);
        assert_eq!(other.carry_out(too_long, Direction::Buy), Err(WalletError::TooMany));
        assert_eq!(other.amount(), INITIAL_AMOUNT);
    }
}
