//! An XMPP server that takes all stanzas of a component, and delivers none.

use std::io::Result;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const HEADER: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' \
                      xmlns:stream='http://etherx.jabber.org/streams' id='1'>";

/// Begins the queries with which the link asks whether all before them was handled.
const MARK: &str = "<iq from='localhost' to='localhost' ";
const END: &str = "</iq>";

/// The address of a server, which ends with the program.
pub struct XmppServer {
    address: SocketAddr,
    secret_file: PathBuf,
}

impl XmppServer {
    pub async fn start(folder: &Path) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let secret_file = folder.join("secret");
        std::fs::write(&secret_file, "any")?;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream));
            }
        });
        Ok(Self { address, secret_file })
    }

    /// The options with which a broker links to it.
    pub fn options(&self) -> [String; 6] {
        [
            "--component".into(),
            "localhost".into(),
            "--xmpp".into(),
            self.address.to_string(),
            "--secret-file".into(),
            self.secret_file.display().to_string(),
        ]
    }
}

async fn serve(mut stream: TcpStream) -> Result<()> {
    let mut read = Vec::new();
    let mut is_accepted = false;
    stream.write_all(HEADER.as_bytes()).await?;
    loop {
        if stream.read_buf(&mut read).await? == 0 {
            return Ok(());
        }
        if !is_accepted && read.ends_with(b"</handshake>") {
            is_accepted = true;
            read.clear();
            stream.write_all(b"<handshake/>").await?;
        }
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some(start) = text.rfind(MARK)
            && text.ends_with(END)
        {
            stream.write_all(text.get(start..).unwrap_or_default().as_bytes()).await?;
            read.clear();
        }
    }
}
