//! What accounts have published of endpoints.

use super::encoded_size::escaped_json_size;
use super::memory_budget::{Budget, SharedBudget};
use super::record::{Moment, Records, Table};
use super::values::{object, unix_seconds};
use neuron_agent_api::wire::Value;
use serde::{Deserialize, Serialize};

/// The maximum number of records of all accounts.
const MAX_RECORDS: usize = 10_000;

/// The maximum number of records of an account.
const MAX_RECORDS_PER_ACCOUNT: usize = 1_000;

/// The maximum size of all records in a response, in bytes.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The maximum size of a record in a response, in bytes. The hundred records of the longest answer
/// take no more than half of what clients accept by default.
const MAX_RECORD_BYTES: usize = 40 * 1024;

/// The records of all accounts, the newest last.
pub(super) struct Intelligence {
    records: Table<Moment, Record>,
    budget: Budget,
}

/// What an account has published of an endpoint.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Its id, which the broker made.
    pub id: String,
    /// The user name of the account.
    pub owner: String,
    /// When it was published, in Unix seconds.
    pub timestamp: i64,
    pub information: Information,
}

/// What is known of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Information {
    pub endpoint: String,
    /// From when on it no longer holds, in Unix seconds.
    pub expires: i64,
    pub vector: Option<String>,
    pub protocol: Option<String>,
    pub classification: Option<String>,
    pub code: Option<String>,
    pub message: Option<String>,
    pub tags: Vec<InformationTag>,
}

/// A name with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct InformationTag {
    pub name: String,
    /// A text, a number or a boolean.
    pub value: Value,
    /// The XML type of the value, such as `xs:int`.
    pub kind: Option<String>,
}

/// What records must have to be found. What is `None` does not matter.
#[derive(Debug, Default)]
pub(super) struct Query<'a> {
    pub endpoint: Option<&'a str>,
    pub vector: Option<&'a str>,
    pub protocol: Option<&'a str>,
    pub classification: Option<&'a str>,
    pub code: Option<&'a str>,
    /// The earliest time of publication, in Unix seconds.
    pub from: Option<i64>,
    /// The latest time of publication, in Unix seconds.
    pub to: Option<i64>,
}

/// Why a record can't be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordError {
    /// There is no record of that id.
    Unknown,
    /// Another account published it.
    NotOwner,
    TooLong,
    /// There is no room for it.
    Full,
}

impl Intelligence {
    pub(super) fn new(shared: &SharedBudget) -> Self {
        Self { records: Table::new("intelligence"), budget: Budget::new(MAX_BYTES, shared) }
    }

    /// What is kept of them.
    pub(super) fn records(&mut self) -> &mut dyn Records {
        &mut self.records
    }

    /// Counts anew what they take.
    pub(super) fn recount(&mut self) {
        self.budget.recount(self.records.values().map(Record::size).sum());
    }

    /// Publishes a record.
    pub(super) fn add(&mut self, record: Record) -> Result<(), RecordError> {
        self.drop_expired(record.timestamp);
        let size = record.checked_size()?;
        let own = self.records.values().filter(|known| known.owner == record.owner).count();
        if self.records.len() >= MAX_RECORDS || own >= MAX_RECORDS_PER_ACCOUNT {
            return Err(RecordError::Full);
        }
        self.budget.reserve(size).map_err(|_| RecordError::Full)?;
        self.records.add(record.timestamp, record);
        Ok(())
    }

    /// Replaces the information of an account's own record.
    pub(super) fn update(
        &mut self,
        id: &str,
        owner: &str,
        information: Information,
        now: i64,
    ) -> Result<(), RecordError> {
        let (moment, known) = self.find_own(id, owner, now)?;
        let (timestamp, old) = (known.timestamp, known.size());
        let replaced = Record { id: id.into(), owner: owner.into(), timestamp, information };
        let new = replaced.checked_size()?;
        self.budget.replace(old, new).map_err(|_| RecordError::Full)?;
        self.records.insert(moment, replaced);
        Ok(())
    }

    /// Deletes an account's own record.
    pub(super) fn delete(&mut self, id: &str, owner: &str, now: i64) -> Result<(), RecordError> {
        let (moment, _) = self.find_own(id, owner, now)?;
        if let Some(deleted) = self.records.remove(&moment) {
            self.budget.release(deleted.size());
        }
        Ok(())
    }

    /// The records that have all that a query asks for, the newest last.
    pub(super) fn find<'a>(
        &'a mut self,
        query: &'a Query<'_>,
        now: i64,
    ) -> impl Iterator<Item = &'a Record> {
        self.drop_expired(now);
        self.records.values().filter(|record| query.matches(record))
    }

    /// An account's own record, and where it is.
    fn find_own(
        &mut self,
        id: &str,
        owner: &str,
        now: i64,
    ) -> Result<(Moment, &Record), RecordError> {
        self.drop_expired(now);
        let found = self.records.iter().find(|(_, record)| record.id == id);
        match found {
            Some((moment, record)) if record.owner == owner => Ok((*moment, record)),
            Some(_) => Err(RecordError::NotOwner),
            None => Err(RecordError::Unknown),
        }
    }

    fn drop_expired(&mut self, now: i64) {
        let budget = &mut self.budget;
        self.records.retain(|_, record| {
            let holds = record.information.expires > now;
            if !holds {
                budget.release(record.size());
            }
            holds
        });
    }
}

impl Query<'_> {
    fn matches(&self, record: &Record) -> bool {
        let Information { endpoint, vector, protocol, classification, code, .. } =
            &record.information;
        let texts = [
            (self.endpoint, Some(endpoint.as_str())),
            (self.vector, vector.as_deref()),
            (self.protocol, protocol.as_deref()),
            (self.classification, classification.as_deref()),
            (self.code, code.as_deref()),
        ];
        texts.into_iter().all(|(wanted, own)| wanted.is_none() || wanted == own)
            && self.from.is_none_or(|from| from <= record.timestamp)
            && self.to.is_none_or(|to| record.timestamp <= to)
    }
}

impl Record {
    /// The record in a response. No identity has properties here that could be published with it.
    pub(super) fn listed(&self, domain: &str) -> Value {
        let information = &self.information;
        let mut listed = object([
            ("objectId", self.id.as_str().into()),
            ("domain", domain.into()),
            ("endpoint", information.endpoint.as_str().into()),
            ("timestamp", unix_seconds(self.timestamp)),
            ("expires", unix_seconds(information.expires)),
        ]);
        for (name, text) in information.texts() {
            if let Some(text) = text {
                listed.put(name, text.as_str());
            }
        }
        let tags = information.tags.iter().map(InformationTag::listed);
        listed.put("Tags", Value::Array(tags.collect()));
        listed
    }

    /// The size of a record that is not too long.
    fn checked_size(&self) -> Result<usize, RecordError> {
        Some(self.size()).filter(|size| *size <= MAX_RECORD_BYTES).ok_or(RecordError::TooLong)
    }

    /// An upper bound for its size in a response, in bytes.
    fn size(&self) -> usize {
        // A domain has 255 bytes at most.
        const REST: usize = 512;
        let information = &self.information;
        let texts = information.texts().into_iter().filter_map(|(_, text)| text.as_deref());
        REST + [self.id.as_str(), &self.owner, &information.endpoint]
            .into_iter()
            .chain(texts)
            .map(escaped_json_size)
            .sum::<usize>()
            + information.tags.iter().map(InformationTag::size).sum::<usize>()
    }
}

impl Information {
    /// The texts that may be absent, by their names in a response.
    fn texts(&self) -> [(&'static str, &Option<String>); 5] {
        [
            ("vector", &self.vector),
            ("protocol", &self.protocol),
            ("classification", &self.classification),
            ("code", &self.code),
            ("message", &self.message),
        ]
    }
}

impl InformationTag {
    fn listed(&self) -> Value {
        let mut listed =
            object([("name", self.name.as_str().into()), ("value", self.value.clone())]);
        if let Some(kind) = &self.kind {
            listed.put("type", kind.as_str());
        }
        listed
    }

    fn size(&self) -> usize {
        // A number has 24 characters at most.
        const REST: usize = 64;
        let texts = [&self.name, self.value.as_str().unwrap_or_default()];
        let kind = self.kind.as_deref().unwrap_or_default();
        REST + texts.map(escaped_json_size).iter().sum::<usize>() + escaped_json_size(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str, owner: &str, timestamp: i64) -> Record {
        let information = Information { expires: 1_000, ..Information::default() };
        Record { id: id.into(), owner: owner.into(), timestamp, information }
    }

    fn with_message(length: usize) -> Information {
        let message = Some("x".repeat(length));
        Information { expires: 1_000, message, ..Information::default() }
    }

    fn ids(intelligence: &mut Intelligence, now: i64) -> Vec<String> {
        intelligence.find(&Query::default(), now).map(|record| record.id.clone()).collect()
    }

    #[test]
    fn the_newest_record_is_the_last_even_if_the_time_is_set_back() {
        let mut intelligence = Intelligence::new(&SharedBudget::default());
        for (id, timestamp) in [("a", 5), ("b", 7), ("c", 6), ("d", 7)] {
            intelligence.add(record(id, "alice", timestamp)).unwrap();
        }
        assert_eq!(ids(&mut intelligence, 8), ["a", "c", "b", "d"]);
    }

    #[test]
    fn an_expired_record_is_gone_and_takes_no_room() {
        let mut intelligence = Intelligence::new(&SharedBudget::default());
        intelligence.add(record("a", "alice", 1)).unwrap();
        assert_eq!(ids(&mut intelligence, 999), ["a"]);
        let unknown = Err(RecordError::Unknown);
        assert_eq!(intelligence.update("a", "alice", with_message(1), 1_000), unknown);
        assert_eq!(intelligence.delete("a", "alice", 1_000), unknown);
        assert!(ids(&mut intelligence, 1_000).is_empty());
        assert_eq!(intelligence.budget.used(), 0);
    }

    #[test]
    fn what_is_deleted_takes_no_room() {
        let mut intelligence = Intelligence::new(&SharedBudget::default());
        intelligence.add(record("a", "alice", 1)).unwrap();
        intelligence.update("a", "alice", with_message(9), 2).unwrap();
        assert_eq!(intelligence.delete("a", "bob", 2), Err(RecordError::NotOwner));
        assert_eq!(intelligence.delete("a", "alice", 2), Ok(()));
        assert_eq!(intelligence.budget.used(), 0);
    }

    #[test]
    fn the_length_of_a_record_is_limited() {
        let mut intelligence = Intelligence::new(&SharedBudget::default());
        let long =
            Record { information: with_message(MAX_RECORD_BYTES), ..record("a", "alice", 1) };
        assert_eq!(intelligence.add(long), Err(RecordError::TooLong));
        intelligence.add(record("a", "alice", 1)).unwrap();
        let long = with_message(MAX_RECORD_BYTES);
        assert_eq!(intelligence.update("a", "alice", long, 2), Err(RecordError::TooLong));
        let kept: Vec<_> = intelligence.records.values().collect();
        assert_eq!(kept, [&record("a", "alice", 1)]);
    }

    #[test]
    fn number_and_size_are_limited() {
        let mut intelligence = Intelligence::new(&SharedBudget::default());
        for number in 0..MAX_RECORDS_PER_ACCOUNT {
            intelligence.add(record(&number.to_string(), "alice", 1)).unwrap();
        }
        assert_eq!(intelligence.add(record("a", "alice", 1)), Err(RecordError::Full));
        intelligence.delete("0", "alice", 1).unwrap();
        intelligence.add(record("a", "alice", 1)).unwrap();
        let mut records = 0..MAX_RECORDS;
        let full = records.find_map(|number| {
            let owner = (number / MAX_RECORDS_PER_ACCOUNT).to_string();
            let information = with_message(MAX_RECORD_BYTES - 600);
            let record = Record { information, ..record("b", &owner, 1) };
            intelligence.add(record).err()
        });
        assert_eq!(full, Some(RecordError::Full));
        assert!(intelligence.budget.used() <= MAX_BYTES);
        assert!(intelligence.records.len() < MAX_RECORDS);
    }

    #[test]
    fn a_record_is_no_larger_in_a_response_than_estimated() {
        let text = || Some("\"\\\n".to_owned());
        let tag = |value| InformationTag { name: "n\"".into(), value, kind: text() };
        let numbers = [f64::MIN, 1.0 / 3.0, -1e-300].map(|number| tag(Value::Number(number)));
        let record = Record {
            information: Information {
                endpoint: "\"".into(),
                expires: i64::from(i32::MAX),
                vector: text(),
                protocol: text(),
                classification: text(),
                code: text(),
                message: text(),
                tags: [tag("\"".into()), tag(true.into())].into_iter().chain(numbers).collect(),
            },
            ..record("a", "alice", i64::from(i32::MAX))
        };
        let listed = serde_json::to_string(&record.listed(&"d".repeat(255))).unwrap();
        assert!(listed.len() <= record.size(), "{listed}");
    }
}
