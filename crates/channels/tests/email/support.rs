//! Fakes and small tools shared by the tests.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use channels::email::{
    accept::{Accept, Accepted, Incoming, RecipientCheck, Refusal},
    server::{Listener, Protocol, ServerSettings, serve},
    tls,
};
use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

pub const PATIENCE: Duration = Duration::from_secs(20);

/// A desk that keeps mail in memory: `unknown@…` does not exist, `busy@…` cannot be checked, and each other address
/// answers with the refusal that its name says.
#[derive(Default)]
pub struct Desk {
    pub mails: Mutex<Vec<Incoming>>,
    pub refuse: Mutex<Option<Refusal>>,
    pub slow: Mutex<Duration>,
}

impl Desk {
    pub fn mails(&self) -> Vec<Incoming> {
        self.mails.lock().unwrap().clone()
    }

    pub async fn wait_for(&self, count: usize) -> Vec<Incoming> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let mails = self.mails();
            if mails.len() >= count {
                return mails;
            }
            assert!(tokio::time::Instant::now() < deadline, "only {} of {count} mails came", mails.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Accept for Desk {
    async fn recipient(&self, address: &str) -> RecipientCheck {
        match address.split('@').next().unwrap_or_default() {
            "unknown" => RecipientCheck::Unknown,
            "busy" => RecipientCheck::Unavailable,
            _ => RecipientCheck::Known,
        }
    }

    async fn accept(&self, mail: Incoming) -> Vec<Result<Accepted, Refusal>> {
        let slow = *self.slow.lock().unwrap();
        tokio::time::sleep(slow).await;
        let refuse = *self.refuse.lock().unwrap();
        let results = mail
            .recipients
            .iter()
            .map(|to| match (refuse, to.split('@').next().unwrap_or_default()) {
                (Some(refusal), _) => Err(refusal),
                (None, "full") => Err(Refusal::StorageFull),
                (None, "gone") => Err(Refusal::UnknownRecipient),
                _ => Ok(Accepted::default()),
            })
            .collect::<Vec<_>>();
        if results.iter().any(Result::is_ok) {
            self.mails.lock().unwrap().push(mail);
        }
        results
    }
}

/// A running server.
pub struct Server {
    pub addr: SocketAddr,
    pub desk: Arc<Desk>,
    pub stop: CancellationToken,
    pub task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub fn settings() -> ServerSettings {
    ServerSettings::new("mx.sonnim.test", Timestamp::now)
}

pub async fn server(protocol: Protocol, settings: ServerSettings) -> Server {
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let desk = Arc::new(Desk::default());
    let stop = CancellationToken::new();
    let task = tokio::spawn(serve(listener, protocol, settings, Arc::clone(&desk), stop.clone()));
    Server { addr, desk, stop, task }
}

/// A client that types by hand.
pub struct Client<S = TcpStream> {
    pub stream: S,
    input: Vec<u8>,
}

impl Client {
    pub async fn connect(addr: SocketAddr) -> Self {
        let mut client = Self::new(TcpStream::connect(addr).await.unwrap());
        client.expect("220").await;
        client
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub fn new(stream: S) -> Self {
        Self { stream, input: Vec::new() }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// The next whole reply (all its lines), or "" when the connection ended.
    pub async fn reply(&mut self) -> String {
        let mut reply = String::new();
        loop {
            while let Some(end) = self.input.iter().position(|&b| b == b'\n') {
                let line = String::from_utf8(self.input.drain(..=end).collect()).unwrap();
                let last = line.as_bytes().get(3) != Some(&b'-');
                reply.push_str(&line);
                if last {
                    return reply;
                }
            }
            let mut more = [0; 4096];
            let n = timeout(PATIENCE, self.stream.read(&mut more)).await.expect("an answer in time").unwrap_or(0);
            if n == 0 {
                return reply;
            }
            self.input.extend_from_slice(&more[..n]);
        }
    }

    pub async fn expect(&mut self, start: &str) -> String {
        let reply = self.reply().await;
        assert!(reply.starts_with(start), "expected {start}, got {reply:?}");
        reply
    }

    pub async fn ask(&mut self, command: &str, start: &str) -> String {
        self.send(format!("{command}\r\n")).await;
        self.expect(start).await
    }

    /// Says hello, names the sender and recipients, and opens DATA.
    pub async fn open(&mut self, hello: &str, recipients: &[&str]) {
        self.ask(&format!("{hello} client.test"), "250").await;
        self.ask("MAIL FROM:<ada@example.org>", "250").await;
        for to in recipients {
            self.ask(&format!("RCPT TO:<{to}>"), "250 2.1.5").await;
        }
        self.ask("DATA", "354").await;
    }
}

/// A certificate for `names`, as (PEM chain, PEM key, the root to trust).
pub fn certificate(names: &[&str]) -> (String, String, CertificateDer<'static>) {
    let names = names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem(), made.cert.der().clone())
}

/// TLS as a client that trusts `root`.
pub async fn encrypt<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    name: &'static str,
    root: CertificateDer<'static>,
) -> std::io::Result<tokio_rustls::client::TlsStream<S>> {
    let config = tls::client_config(&[root]).unwrap();
    tokio_rustls::TlsConnector::from(config).connect(ServerName::try_from(name).unwrap(), stream).await
}
