//! Offloads long work from the threads that serve all requests.

use crate::core::Refusal;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Up to this length, in bytes, work is done inline, which takes less time than to offload it.
const MAX_INLINE_BYTES: usize = 64 * 1024;

/// How much work runs at the same time. It takes several times the memory of a body.
const MAX_CONCURRENT: usize = 2;

/// Runs long work on other threads, while other requests are answered.
pub(super) struct BlockingPool {
    permits: Arc<Semaphore>,
}

impl Default for BlockingPool {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(MAX_CONCURRENT)) }
    }
}

impl BlockingPool {
    /// Runs work on data of that length, in bytes.
    ///
    /// # Errors
    /// That of the work, and 500 if it panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        length: usize,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        if length <= MAX_INLINE_BYTES {
            return work();
        }
        let broke = || Refusal::internal("The broker failed while it handled this request.");
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| broke())?;
        let done = spawn_blocking(move || {
            // The work goes on when nobody waits for it any more, and keeps its permit until it is
            // done.
            let _permit = permit;
            work()
        });
        done.await.map_err(|_| broke())?
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::pin::{Pin, pin};
    use std::task::Poll;
    use tokio::sync::OwnedSemaphorePermit;

    impl BlockingPool {
        /// Takes all permits.
        pub(in crate::http) fn acquire_all(&self) -> Vec<OwnedSemaphorePermit> {
            (0..MAX_CONCURRENT).map(|_| self.permits.clone().try_acquire_owned().unwrap()).collect()
        }
    }

    /// Whether a future is pending after it was polled.
    pub(in crate::http) async fn is_waiting<T>(
        mut work: Pin<&mut impl Future<Output = T>>,
    ) -> bool {
        poll_fn(|context| Poll::Ready(work.as_mut().poll(context).is_pending())).await
    }

    #[tokio::test]
    async fn long_work_waits_for_a_permit_and_short_work_does_not() {
        let blocking_pool = BlockingPool::default();
        let mut permits = blocking_pool.acquire_all();
        let mut long = pin!(blocking_pool.run(MAX_INLINE_BYTES + 1, || Ok("long")));
        assert!(is_waiting(long.as_mut()).await);
        assert_eq!(blocking_pool.run(MAX_INLINE_BYTES, || Ok("short")).await, Ok("short"));
        assert!(is_waiting(long.as_mut()).await);
        permits.pop();
        assert_eq!(long.await, Ok("long"));
        let broken = blocking_pool
            .run(MAX_INLINE_BYTES + 1, || -> Result<(), Refusal> { panic!("on purpose") })
            .await;
        assert_eq!(broken.unwrap_err().status, 500);
        assert_eq!(blocking_pool.run(MAX_INLINE_BYTES + 1, || Ok("again")).await, Ok("again"));
    }
}
