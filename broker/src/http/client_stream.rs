//! A connection that requires its client to read.

use super::connections::ConnectionSlot;
use socket2::SockRef;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How many bytes a client has to read before the deadline, unless fewer are left. Otherwise a
/// client that reads one byte at a time could keep a connection open forever.
const MIN_PROGRESS_BYTES: usize = 64 * 1024;

/// A connection that ends when its client reads too slowly. It keeps its slot for as long as it
/// lasts, as a WebSocket too.
pub(super) struct ClientStream {
    stream: Arc<TcpStream>,
    _slot: ConnectionSlot,
    /// How long the client may take.
    limit: Duration,
    /// Starts when a write would block; the connection ends when it elapses.
    deadline: Option<Pin<Box<Sleep>>>,
    /// How many bytes were written since then.
    written: usize,
}

impl ClientStream {
    pub(super) fn new(stream: Arc<TcpStream>, slot: ConnectionSlot, limit: Duration) -> Self {
        Self { stream, _slot: slot, limit, deadline: None, written: 0 }
    }

    fn poll_write_with(
        &mut self,
        context: &mut Context<'_>,
        write: impl Fn(&TcpStream) -> Result<usize>,
    ) -> Poll<Result<usize>> {
        while let Poll::Ready(ready) = self.stream.poll_write_ready(context) {
            ready?;
            match write(&self.stream) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Ok(length) => {
                    self.written += length;
                    if self.written >= MIN_PROGRESS_BYTES {
                        self.deadline = None;
                    }
                    return Poll::Ready(Ok(length));
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        if self.deadline.is_none() {
            self.written = 0;
        }
        let limit = self.limit;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(Error::new(ErrorKind::TimedOut, "The client does not read.")))
    }
}

impl AsyncRead for ClientStream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        loop {
            ready!(self.stream.poll_read_ready(context))?;
            match self.stream.try_read(buffer.initialize_unfilled()) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Ok(length) => {
                    buffer.advance(length);
                    return Poll::Ready(Ok(()));
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for ClientStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        self.poll_write_with(context, |stream| stream.try_write(bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        self.poll_write_with(context, |stream| stream.try_write_vectored(slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// Everything is written.
    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        self.deadline = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(SockRef::from(&*self.stream).shutdown(Shutdown::Write))
    }
}

#[cfg(test)]
mod tests {
    use super::super::connections::ConnectionLimiter;
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    const MOMENT: Duration = Duration::from_millis(300);

    /// The two ends of a connection: the broker's and the client's.
    async fn connection(limit: Duration) -> (ClientStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (client, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        let (stream, remote) = accepted.unwrap();
        let stream = Arc::new(stream);
        let slot = ConnectionLimiter::new(9).admit(stream.clone(), remote.ip());
        (ClientStream::new(stream, slot, limit), client.unwrap())
    }

    /// Writes more than the socket buffers hold.
    async fn write_much(stream: &mut ClientStream) -> Result<()> {
        let piece = vec![0; 1 << 20];
        for _ in 0..64 {
            stream.write_all(&piece).await?;
        }
        stream.flush().await
    }

    #[tokio::test]
    async fn a_client_that_never_reads_is_disconnected() {
        let (mut stream, _client) = connection(MOMENT).await;
        assert_eq!(write_much(&mut stream).await.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_client_that_reads_a_byte_at_a_time_is_disconnected() {
        let (mut stream, mut client) = connection(MOMENT).await;
        let reading = tokio::spawn(async move {
            while client.read(&mut [0]).await.is_ok_and(|length| length > 0) {
                sleep(MOMENT / 20).await;
            }
        });
        assert_eq!(write_much(&mut stream).await.unwrap_err().kind(), ErrorKind::TimedOut);
        reading.abort();
    }

    #[tokio::test]
    async fn a_client_that_reads_gets_everything() {
        let (mut stream, mut client) = connection(Duration::from_secs(60)).await;
        let reading = tokio::spawn(async move {
            let (mut buffer, mut total) = (vec![0; 1 << 20], 0);
            while total < 64 << 20 {
                total += client.read(&mut buffer).await.unwrap();
            }
            client.write_all(b"thanks").await.unwrap();
        });
        write_much(&mut stream).await.unwrap();
        assert!(stream.deadline.is_none());
        let mut answer = [0; 6];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"thanks");
        stream.shutdown().await.unwrap();
        reading.await.unwrap();
    }
}
