//! The state of a broker as records, which can be kept outside of it.
//!
//! A record is the smallest part that changes as a whole: a contact, a message, a file, a session.
//! The collections here note which of their entries have changed, so that a call gives no more
//! records than it has changed.

use base64ct::{Base64UrlUnpadded, Encoding};
use jid::BareJid;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};

/// Identifies a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordId {
    /// What it is, such as `contact`.
    pub kind: String,
    /// The user name of the account that it belongs to. Empty if it belongs to none.
    pub owner: String,
    /// Which one of its kind and its owner it is. Empty if there is only one.
    pub key: String,
}

/// A change of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The record that has changed.
    pub id: RecordId,
    /// What it is now, in JSON. `None` if it was deleted.
    pub value: Option<String>,
}

/// Changes, as they are collected.
pub(super) type Changes = Vec<Change>;

/// A collection whose entries are records.
pub(super) trait Records {
    /// The kinds of its records: one, unless its entries are made of several.
    fn kinds(&self) -> &[&'static str];

    /// Takes the changes since the last time.
    ///
    /// # Errors
    /// Why an entry can't be written.
    fn take_changes(&mut self, owner: &str, changes: &mut Changes) -> Result<(), String>;

    /// Forgets the changes since the last time.
    fn forget_changes(&mut self);

    /// Puts a record back that was taken from an earlier run.
    ///
    /// # Errors
    /// If it can't be read.
    fn restore(&mut self, kind: &str, key: &str, value: &str) -> Result<(), Unreadable>;

    /// Notes that everything has changed.
    #[cfg(test)]
    fn touch_all(&mut self);
}

/// A record can't be read. Nothing is said of what is in it, which may be a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// A key of a [`Table`], which is written as a text.
pub(super) trait Key: Ord + Clone {
    fn to_text(&self) -> String;
    fn from_text(text: &str) -> Option<Self>;
}

/// A map whose entries are records.
#[derive(Debug)]
pub(super) struct Table<K, V> {
    kind: &'static str,
    entries: BTreeMap<K, V>,
    changed: BTreeSet<K>,
}

/// A value that is a record.
#[derive(Debug)]
pub(super) struct Single<T> {
    kind: &'static str,
    value: T,
    has_changed: bool,
}

/// A place in the order of time. What came in the same second is in the order in which it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// In Unix seconds.
    pub time: i64,
    pub number: u64,
}

impl<K: Key, V> Table<K, V> {
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, entries: BTreeMap::new(), changed: BTreeSet::new() }
    }

    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.changed.insert(key.clone());
        self.entries.insert(key, value)
    }

    /// The value of a key, to be changed.
    pub(super) fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Ord + ToOwned<Owned = K> + ?Sized,
    {
        let value = self.entries.get_mut(key)?;
        self.changed.insert(key.to_owned());
        Some(value)
    }

    /// The value of a key, to be changed, which is the default one if there was none.
    pub(super) fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.changed.insert(key.clone());
        self.entries.entry(key).or_default()
    }

    pub(super) fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let (key, value) = self.entries.remove_entry(key)?;
        self.changed.insert(key);
        Some(value)
    }

    /// Removes all that is not to be kept.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        let removed = self.entries.extract_if(.., |key, value| !keep(key, value));
        self.changed.extend(removed.map(|(key, _)| key));
    }

    /// Does something with each entry that has changed and is still there.
    pub(super) fn each_changed(
        &mut self,
        mut work: impl FnMut(&K, &mut V) -> Result<(), String>,
    ) -> Result<(), String> {
        for key in &self.changed {
            if let Some(value) = self.entries.get_mut(key) {
                work(key, value)?;
            }
        }
        Ok(())
    }

    /// Puts back what is in an entry that was put back before.
    pub(super) fn restore_in<Q: Ord + ?Sized>(
        &mut self,
        key: &Q,
        restore: impl FnOnce(&mut V) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable>
    where
        K: Borrow<Q>,
    {
        restore(self.entries.get_mut(key).ok_or(Unreadable)?)
    }

    /// Removes what comes first.
    pub(super) fn pop_first(&mut self) -> Option<V> {
        let (key, value) = self.entries.pop_first()?;
        self.changed.insert(key);
        Some(value)
    }
}

impl<V> Table<u64, V> {
    /// Adds a value behind all others.
    pub(super) fn push(&mut self, value: V) {
        let number = self.entries.last_key_value().map_or(0, |(last, _)| last + 1);
        self.insert(number, value);
    }
}

impl<V> Table<Moment, V> {
    /// Adds a value behind those of the same time.
    pub(super) fn add(&mut self, time: i64, value: V) -> Moment {
        let last = Moment { time, number: u64::MAX };
        let before = self.entries.range(..=last).next_back().filter(|(at, _)| at.time == time);
        let key = Moment { time, number: before.map_or(0, |(at, _)| at.number + 1) };
        self.insert(key, value);
        key
    }
}

/// Reading is that of the map. What changes an entry is a method of the table itself.
impl<K, V> Deref for Table<K, V> {
    type Target = BTreeMap<K, V>;

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

impl<K: Key, V: Serialize + DeserializeOwned> Records for Table<K, V> {
    fn kinds(&self) -> &[&'static str] {
        std::slice::from_ref(&self.kind)
    }

    fn take_changes(&mut self, owner: &str, changes: &mut Changes) -> Result<(), String> {
        for key in std::mem::take(&mut self.changed) {
            let value =
                self.entries.get(&key).map(|value| to_json(self.kind, value)).transpose()?;
            let id = RecordId { kind: self.kind.into(), owner: owner.into(), key: key.to_text() };
            changes.push(Change { id, value });
        }
        Ok(())
    }

    fn forget_changes(&mut self) {
        self.changed.clear();
    }

    fn restore(&mut self, _: &str, key: &str, value: &str) -> Result<(), Unreadable> {
        let key = K::from_text(key).ok_or(Unreadable)?;
        self.entries.insert(key, from_json(value)?);
        Ok(())
    }

    #[cfg(test)]
    fn touch_all(&mut self) {
        self.changed.extend(self.entries.keys().cloned());
    }
}

impl<T> Single<T> {
    /// A value that no record is of yet.
    pub(super) fn new(kind: &'static str, value: T) -> Self {
        Self { kind, value, has_changed: true }
    }
}

impl<T> Deref for Single<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Whoever can change the value is taken to have changed it.
impl<T> DerefMut for Single<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.has_changed = true;
        &mut self.value
    }
}

impl<T: Serialize + DeserializeOwned> Records for Single<T> {
    fn kinds(&self) -> &[&'static str] {
        std::slice::from_ref(&self.kind)
    }

    fn take_changes(&mut self, owner: &str, changes: &mut Changes) -> Result<(), String> {
        if std::mem::take(&mut self.has_changed) {
            let value = Some(to_json(self.kind, &self.value)?);
            let id = RecordId { kind: self.kind.into(), owner: owner.into(), key: String::new() };
            changes.push(Change { id, value });
        }
        Ok(())
    }

    fn forget_changes(&mut self) {
        self.has_changed = false;
    }

    fn restore(&mut self, _: &str, key: &str, value: &str) -> Result<(), Unreadable> {
        if !key.is_empty() {
            return Err(Unreadable);
        }
        (self.value, self.has_changed) = (from_json(value)?, false);
        Ok(())
    }

    #[cfg(test)]
    fn touch_all(&mut self) {
        self.has_changed = true;
    }
}

fn to_json(kind: &str, value: &impl Serialize) -> Result<String, String> {
    // The error names what can't be written in JSON, and no values.
    serde_json::to_string(value).map_err(|error| format!("A record ({kind}) has no JSON: {error}."))
}

fn from_json<T: DeserializeOwned>(json: &str) -> Result<T, Unreadable> {
    serde_json::from_str(json).map_err(|_| Unreadable)
}

impl Key for String {
    fn to_text(&self) -> String {
        self.clone()
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

impl Key for u64 {
    fn to_text(&self) -> String {
        self.to_string()
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Key for BareJid {
    fn to_text(&self) -> String {
        self.to_string()
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::new(text).ok()
    }
}

impl Key for [u8; 32] {
    fn to_text(&self) -> String {
        Base64UrlUnpadded::encode_string(self)
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut bytes = Self::default();
        let length = Base64UrlUnpadded::decode(text, &mut bytes).ok()?.len();
        (length == bytes.len()).then_some(bytes)
    }
}

impl Key for Moment {
    fn to_text(&self) -> String {
        format!("{}/{}", self.time, self.number)
    }

    fn from_text(text: &str) -> Option<Self> {
        let (time, number) = text.split_once('/')?;
        Some(Self { time: time.parse().ok()?, number: number.parse().ok()? })
    }
}

/// Bytes as Base64, for `#[serde(with = …)]`.
pub(super) mod base64 {
    use base64ct::{Base64, Encoding};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(
        bytes: impl AsRef<[u8]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Base64::encode_string(bytes.as_ref()).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let bytes = Base64::decode_vec(&String::deserialize(deserializer)?).ok();
        let bytes = bytes.and_then(|bytes| T::try_from(bytes).ok());
        bytes.ok_or_else(|| D::Error::custom("not Base64 of the right length"))
    }
}

/// A pair of keys as its secret key in Base64, for `#[serde(with = …)]`.
pub(super) mod key_pair {
    use super::base64;
    use ed25519_dalek::SigningKey;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(pair: &SigningKey, serializer: S) -> Result<S::Ok, S::Error> {
        base64::serialize(pair.as_bytes(), serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SigningKey, D::Error> {
        base64::deserialize::<D, [u8; 32]>(deserializer)
            .map(|secret| SigningKey::from_bytes(&secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(key: &str, value: Option<&str>) -> Change {
        let id = RecordId { kind: "k".into(), owner: "o".into(), key: key.into() };
        Change { id, value: value.map(Into::into) }
    }

    fn changes_of(records: &mut impl Records) -> Changes {
        let mut changes = Changes::new();
        records.take_changes("o", &mut changes).unwrap();
        changes
    }

    #[test]
    fn only_what_has_changed_is_taken_and_only_once() {
        let mut table = Table::<String, u32>::new("k");
        table.insert("a".into(), 1);
        table.insert("b".into(), 2);
        assert_eq!(changes_of(&mut table), [change("a", Some("1")), change("b", Some("2"))]);
        *table.get_mut("b").unwrap() = 3;
        assert_eq!(table.get_mut("c"), None);
        *table.get_or_default("d".into()) += 4;
        assert_eq!(table.remove("a"), Some(1));
        assert_eq!(table.remove("a"), None);
        let changed = [change("a", None), change("b", Some("3")), change("d", Some("4"))];
        assert_eq!(changes_of(&mut table), changed);
        table.retain(|_, value| *value > 3);
        table.pop_first();
        assert_eq!(changes_of(&mut table), [change("b", None), change("d", None)]);
        assert_eq!(changes_of(&mut table), []);
    }

    #[test]
    fn what_was_put_back_has_not_changed() {
        let mut table = Table::<u64, String>::new("k");
        table.restore("k", "7", "\"x\"").unwrap();
        table.push("y".into());
        assert_eq!(changes_of(&mut table), [change("8", Some("\"y\""))]);
        let mut single = Single::new("k", 1);
        single.restore("k", "", "2").unwrap();
        assert_eq!((changes_of(&mut single), *single), (Vec::new(), 2));
        *single = 3;
        assert_eq!(changes_of(&mut single), [change("", Some("3"))]);
    }

    #[test]
    fn what_is_no_record_is_not_put_back() {
        let mut table = Table::<u64, String>::new("k");
        for (key, value) in [("x", "\"x\""), ("1", "1"), ("1", "")] {
            assert_eq!(table.restore("k", key, value), Err(Unreadable), "{key} {value}");
        }
        assert_eq!(Single::new("k", 1).restore("k", "x", "1"), Err(Unreadable));
    }

    #[test]
    fn the_order_of_time_is_that_of_arrival_within_a_second() {
        let mut table = Table::<Moment, &str>::new("k");
        for (time, value) in [(5, "c"), (4, "a"), (5, "d"), (4, "b"), (-1, "_")] {
            table.add(time, value);
        }
        assert_eq!(table.values().copied().collect::<String>(), "_abcd");
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        fn check<K: Key + std::fmt::Debug>(key: K, malformed: &[&str]) {
            assert_eq!(K::from_text(&key.to_text()), Some(key));
            for text in malformed {
                assert_eq!(K::from_text(text), None, "{text}");
            }
        }
        check(String::new(), &[]);
        check(u64::MAX, &["", "-1", "x"]);
        check(BareJid::new("a@b").unwrap(), &["", "a@"]);
        check([7; 32], &["", "BwcH", "*"]);
        check(Moment { time: -1, number: 2 }, &["", "1", "1/", "/1"]);
    }
}
