//! Writes changes in the order in which they were made, and tells which are saved.

use crate::core::Change;
use std::fmt;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use tokio::sync::watch;

/// How many changes one transaction may have before it takes no more calls.
const MAX_CHANGES: usize = 10_000;

/// Where changes are kept.
pub trait Storage: Send + 'static {
    /// Writes changes: all or none. When it returns, they are saved.
    ///
    /// # Errors
    /// Why they could not be written, for whoever runs the broker.
    fn write(&mut self, changes: &[Change]) -> Result<(), String>;
}

/// Hands changes to a thread that writes them. All calls whose changes wait are written in one
/// transaction, because each transaction waits for the disk.
pub struct Journal {
    sender: Option<Sender<Vec<Change>>>,
    /// How many times changes have been handed over.
    submitted: u64,
    progress: watch::Receiver<Progress>,
    writer: Option<JoinHandle<()>>,
}

/// How far the writer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// How many of the changes that were handed over are saved.
    Saved(u64),
    /// It could not write, and has ended.
    Failed,
}

/// Changes are not saved, and no later ones will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSaved;

impl fmt::Display for NotSaved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the broker's state can't be saved")
    }
}

impl Journal {
    /// Starts to write. A failure is reported once.
    pub fn start(storage: impl Storage, report: fn(&str)) -> Self {
        let (sender, receiver) = channel();
        let (progress, watched) = watch::channel(Progress::Saved(0));
        let writer = thread::spawn(move || write_all(&receiver, storage, &progress, report));
        Self { sender: Some(sender), submitted: 0, progress: watched, writer: Some(writer) }
    }

    /// Hands changes over. Returns the number that the progress has to reach for them and all
    /// earlier ones to be saved.
    ///
    /// # Errors
    /// If nothing is written any more.
    pub fn submit(&mut self, changes: Vec<Change>) -> Result<u64, NotSaved> {
        self.check()?;
        if !changes.is_empty() {
            let sender = self.sender.as_ref().ok_or(NotSaved)?;
            sender.send(changes).map_err(|_| NotSaved)?;
            self.submitted += 1;
        }
        Ok(self.submitted)
    }

    /// Fails if nothing is written any more.
    ///
    /// # Errors
    /// [`NotSaved`]
    pub fn check(&self) -> Result<(), NotSaved> {
        match *self.progress.borrow() {
            Progress::Saved(_) if self.sender.is_some() => Ok(()),
            _ => Err(NotSaved),
        }
    }

    /// Writes nothing more, because a change is lost.
    pub fn give_up(&mut self) -> NotSaved {
        self.sender = None;
        NotSaved
    }

    /// Waits until all is written that was handed over. Nothing more is.
    pub fn finish(&mut self) {
        self.sender = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }

    /// How far the writer is.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.clone()
    }
}

impl Progress {
    /// Waits until what was handed over is saved.
    ///
    /// # Errors
    /// If it could not be written.
    pub async fn reach(watched: &mut watch::Receiver<Self>, number: u64) -> Result<(), NotSaved> {
        let is_decided = |progress: &Self| match progress {
            Self::Saved(saved) => *saved >= number,
            Self::Failed => true,
        };
        match watched.wait_for(is_decided).await.as_deref() {
            Ok(Self::Saved(_)) => Ok(()),
            // Without a writer nothing more is saved.
            Ok(Self::Failed) | Err(_) => Err(NotSaved),
        }
    }
}

impl Storage for Box<dyn Storage> {
    fn write(&mut self, changes: &[Change]) -> Result<(), String> {
        self.as_mut().write(changes)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.finish();
    }
}

fn write_all(
    receiver: &Receiver<Vec<Change>>,
    mut storage: impl Storage,
    progress: &watch::Sender<Progress>,
    report: fn(&str),
) {
    let mut saved = 0;
    while let Ok(mut changes) = receiver.recv() {
        saved += 1;
        while changes.len() < MAX_CHANGES
            && let Ok(next) = receiver.try_recv()
        {
            changes.extend(next);
            saved += 1;
        }
        if let Err(reason) = storage.write(&changes) {
            report(&reason);
            progress.send_replace(Progress::Failed);
            return;
        }
        progress.send_replace(Progress::Saved(saved));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::RecordId;
    use std::sync::{Arc, Mutex};

    /// Keeps the numbers of the changes in each transaction, once it is told to.
    struct Recorder {
        begin: Receiver<()>,
        transactions: Arc<Mutex<Vec<Vec<String>>>>,
        room: usize,
    }

    impl Storage for Recorder {
        fn write(&mut self, changes: &[Change]) -> Result<(), String> {
            self.begin.recv().map_err(|error| error.to_string())?;
            if changes.len() > self.room {
                return Err("There is no room.".into());
            }
            self.room -= changes.len();
            let keys = changes.iter().map(|change| change.id.key.clone()).collect();
            self.transactions.lock().unwrap().push(keys);
            Ok(())
        }
    }

    type Transactions = Arc<Mutex<Vec<Vec<String>>>>;

    fn journal(room: usize) -> (Journal, Sender<()>, Transactions) {
        let (begin, wait) = channel();
        let transactions = Transactions::default();
        let recorder = Recorder { begin: wait, transactions: transactions.clone(), room };
        (Journal::start(recorder, |_| {}), begin, transactions)
    }

    fn change(number: usize) -> Vec<Change> {
        let id = RecordId { kind: "k".into(), owner: String::new(), key: number.to_string() };
        vec![Change { id, value: Some("1".into()) }]
    }

    async fn wait(journal: &Journal, number: u64) -> Result<(), NotSaved> {
        Progress::reach(&mut journal.progress(), number).await
    }

    #[tokio::test]
    async fn what_waits_is_written_together_and_in_order() {
        let (mut journal, begin, transactions) = journal(100);
        let numbers: Vec<_> =
            (0..9).map(|number| journal.submit(change(number)).unwrap()).collect();
        assert_eq!(numbers, (1..=9).collect::<Vec<_>>());
        assert_eq!(journal.submit(Vec::new()), Ok(9), "nothing to write, but to wait for");
        begin.send(()).unwrap();
        begin.send(()).unwrap();
        assert_eq!(wait(&journal, 9).await, Ok(()));
        let transactions = transactions.lock().unwrap().clone();
        assert!(transactions.len() <= 2, "{transactions:?}");
        assert_eq!(transactions.concat().concat(), "012345678");
    }

    #[tokio::test]
    async fn after_a_failure_nothing_is_saved() {
        let (mut journal, begin, transactions) = journal(1);
        for _ in 0..3 {
            begin.send(()).unwrap();
        }
        let first = journal.submit(change(0)).unwrap();
        assert_eq!(wait(&journal, first).await, Ok(()));
        let second = journal.submit([change(1), change(2)].concat()).unwrap();
        assert_eq!(wait(&journal, second).await, Err(NotSaved));
        assert_eq!(journal.submit(change(3)), Err(NotSaved));
        assert_eq!(journal.check(), Err(NotSaved));
        assert_eq!(*transactions.lock().unwrap(), [["0"]]);
    }

    #[test]
    fn what_was_handed_over_is_written_before_the_end() {
        let (mut journal, begin, transactions) = journal(100);
        journal.submit(change(0)).unwrap();
        begin.send(()).unwrap();
        drop(journal);
        assert_eq!(*transactions.lock().unwrap(), [["0"]]);
    }
}
