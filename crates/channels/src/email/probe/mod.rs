//! Connection tests: the way that mail will take, step by step, each with the exact fault. Nothing is changed on
//! either server.

use std::time::{Duration, Instant};

use serde::Serialize;

use super::{
    dial::{Credentials, Dialer, Endpoint, Security, Stream, is_near},
    fault::{Failure, Fault},
    imap::session::Session,
    outgoing::{SmtpServer, client::Connection},
};

/// What to test.
#[derive(Debug, Clone, Default)]
pub struct Probe {
    /// The mailbox to read from.
    pub incoming: Option<IncomingProbe>,
    /// The server to send by.
    pub outgoing: Option<OutgoingProbe>,
}

/// A mailbox to read from.
#[derive(Debug, Clone)]
pub struct IncomingProbe {
    /// The IMAP server.
    pub endpoint: Endpoint,
    /// How to sign in.
    pub credentials: Credentials,
    /// The folder to open.
    pub folder: String,
}

/// A server to send by.
#[derive(Debug, Clone)]
pub struct OutgoingProbe {
    /// The SMTP server.
    pub server: SmtpServer,
    /// The inbox's address: tried as sender and as recipient. No mail is sent.
    pub address: String,
    /// Our own host name.
    pub hello: String,
}

/// A step of the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// Looking up the host name.
    Dns,
    /// Opening the connection (and hearing the greeting, where it is not encrypted).
    Connect,
    /// Encrypting, and checking the certificate.
    Tls,
    /// Signing in.
    SignIn,
    /// Opening the folder.
    Folder,
    /// Reading the newest message's header.
    Fetch,
    /// Asking whether mail from the address may be sent.
    Recipient,
}

/// Which of the two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Mail in.
    Incoming,
    /// Mail out.
    Outgoing,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Which step.
    pub name: StepName,
    /// Of which server.
    pub target: Target,
    /// `None`: not tried.
    pub ok: Option<bool>,
    /// How long it took.
    pub ms: u64,
    /// One sentence for the admin.
    pub detail: String,
    /// What is wrong.
    pub fault: Option<Fault>,
    /// The server's own words, without secrets.
    pub server_said: Option<String>,
}

/// The result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// No step failed.
    pub ok: bool,
    /// All steps, in order.
    pub steps: Vec<Step>,
}

/// Tests both ways at the same time.
pub async fn probe(dialer: &Dialer, probe: &Probe) -> Report {
    let incoming = async {
        match &probe.incoming {
            Some(incoming) => test_incoming(dialer, incoming).await,
            None => Vec::new(),
        }
    };
    let outgoing = async {
        match &probe.outgoing {
            Some(outgoing) => test_outgoing(dialer, outgoing).await,
            None => Vec::new(),
        }
    };
    let (mut steps, more) = futures_util::future::join(incoming, outgoing).await;
    steps.extend(more);
    Report { ok: steps.iter().all(|step| step.ok != Some(false)), steps }
}

/// Writes steps down; after the first failure the others are only named.
struct Protocol {
    target: Target,
    steps: Vec<Step>,
    since: Instant,
}

/// A step failed; there is nothing more to try.
struct Failed;

impl Protocol {
    fn new(target: Target) -> Self {
        Self { target, steps: Vec::new(), since: Instant::now() }
    }

    fn note(&mut self, name: StepName, ok: Option<bool>, detail: String, failure: Option<Failure>) {
        let ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since = Instant::now();
        let fault = failure.as_ref().map(|f| f.fault);
        let server_said = failure.and_then(|f| f.server_said);
        self.steps.push(Step { name, target: self.target, ok, ms, detail, fault, server_said });
    }

    fn check<T>(&mut self, name: StepName, result: Result<T, Failure>, fine: impl FnOnce(&T) -> String) -> Result<T, Failed> {
        match result {
            Ok(value) => {
                self.note(name, Some(true), fine(&value), None);
                Ok(value)
            }
            Err(failure) => {
                self.note(name, Some(false), failure.detail.clone(), Some(failure));
                Err(Failed)
            }
        }
    }

    fn skip(&mut self, name: StepName, why: &str) {
        self.note(name, None, why.to_owned(), None);
    }

    fn finish(mut self, all: &[StepName]) -> Vec<Step> {
        for &name in all {
            if !self.steps.iter().any(|step| step.name == name) {
                self.note(name, None, "Not tried, because an earlier step failed.".into(), None);
            }
        }
        self.steps
    }
}

async fn test_incoming(dialer: &Dialer, probe: &IncomingProbe) -> Vec<Step> {
    use StepName::{Connect, Dns, Fetch, Folder, SignIn, Tls};
    let mut protocol = Protocol::new(Target::Incoming);
    // What failed is in the protocol already.
    let _ = imap_steps(dialer, probe, &mut protocol).await;
    protocol.finish(&[Dns, Connect, Tls, SignIn, Folder, Fetch])
}

async fn imap_steps(dialer: &Dialer, probe: &IncomingProbe, protocol: &mut Protocol) -> Result<(), Failed> {
    let host = &probe.endpoint.host;
    let greet = |stream, encrypted, near| Session::greet(stream, encrypted, near, dialer.patience());
    let mut session = reach(dialer, &probe.endpoint, protocol, greet, |session| session.start_tls(dialer, host)).await?;
    let signed_in = session.sign_in(&probe.credentials).await;
    protocol.check(StepName::SignIn, signed_in, |()| "Signed in.".into())?;
    let folder = session.select(&probe.folder, true).await;
    let folder = protocol.check(StepName::Folder, folder, |folder| format!("The folder {} holds {} messages.", probe.folder, folder.exists))?;
    if folder.exists == 0 {
        protocol.skip(StepName::Fetch, "The folder is empty.");
    } else {
        let newest = async {
            let uids = session.search("UID *").await?;
            let uid = uids.last().copied().unwrap_or(0);
            Ok::<_, Failure>(session.body(uid, true, 1024 * 1024).await?)
        };
        let newest = newest.await;
        protocol.check(StepName::Fetch, newest, |_| "The newest message can be read.".into())?;
    }
    session.log_out().await;
    Ok(())
}

async fn test_outgoing(dialer: &Dialer, probe: &OutgoingProbe) -> Vec<Step> {
    use StepName::{Connect, Dns, Recipient, SignIn, Tls};
    let mut protocol = Protocol::new(Target::Outgoing);
    // What failed is in the protocol already.
    let _ = smtp_steps(dialer, probe, &mut protocol).await;
    protocol.finish(&[Dns, Connect, Tls, SignIn, Recipient])
}

async fn smtp_steps(dialer: &Dialer, probe: &OutgoingProbe, protocol: &mut Protocol) -> Result<(), Failed> {
    let endpoint = &probe.server.endpoint;
    let hello = probe.hello.as_str();
    let greet = |stream, encrypted, near| Connection::greet(stream, encrypted, near, dialer.patience(), hello);
    let tls = |connection: Connection| connection.start_tls(dialer, &endpoint.host, hello);
    let mut connection = reach(dialer, endpoint, protocol, greet, tls).await?;
    match &probe.server.credentials {
        Some(credentials) => {
            let signed_in = connection.sign_in(credentials).await;
            protocol.check(StepName::SignIn, signed_in, |()| "Signed in.".into())?;
        }
        None => protocol.skip(StepName::SignIn, "No user name given; sending without sign-in."),
    }
    let asked = recipient(&mut connection, &probe.address).await;
    protocol.check(StepName::Recipient, asked, |()| format!("Mail from and to {} is taken.", probe.address))?;
    connection.quit().await;
    Ok(())
}

async fn recipient(connection: &mut Connection, address: &str) -> Result<(), Failure> {
    if address.contains(|c: char| c.is_control() || matches!(c, ' ' | '<' | '>')) {
        return Err(Failure::new(Fault::Protocol, "The address cannot be sent to."));
    }
    for (command, detail) in [
        (format!("MAIL FROM:<{address}>"), "The server does not take mail from this address."),
        (format!("RCPT TO:<{address}>"), "The server does not take mail to this address."),
    ] {
        let reply = connection.ask(&command).await?;
        if !reply.is_positive() {
            return Err(Failure::said(Fault::Protocol, detail, format!("{} {}", reply.code, reply.tell(&[]).text)));
        }
    }
    // Nothing is sent; a server that minds has already answered the question.
    let _ = connection.ask("RSET").await;
    Ok(())
}

/// The steps that both protocols share: dns, connect, tls.
async fn reach<C, G, GF, T, TF>(dialer: &Dialer, endpoint: &Endpoint, protocol: &mut Protocol, greet: G, start_tls: T) -> Result<C, Failed>
where
    G: FnOnce(Box<dyn Stream>, bool, bool) -> GF,
    GF: Future<Output = Result<C, Failure>>,
    T: FnOnce(C) -> TF,
    TF: Future<Output = Result<C, Failure>>,
{
    let Endpoint { host, port, security } = endpoint;
    let addresses = dialer.resolve(host, *port).await;
    let addresses = protocol.check(StepName::Dns, addresses, |found| match found.as_slice() {
        [only] => format!("{host} is {}.", only.ip()),
        many => format!("{host} has {} addresses.", many.len()),
    })?;
    let connected = dialer.connect(&addresses).await;
    let near = connected.as_ref().ok().and_then(|tcp| tcp.peer_addr().ok()).is_some_and(|peer| is_near(peer.ip()));
    let in_plain_sight = "The server did not greet in time; does this port want TLS from the start?";
    match security {
        Security::Tls => {
            let tcp = protocol.check(StepName::Connect, connected, |_| format!("Port {port} answers."))?;
            let talk = async { greet(dialer.encrypt(host, Box::new(tcp)).await?, true, near).await };
            let talked = talk.await;
            protocol.check(StepName::Tls, talked, |_| format!("Encrypted; the certificate is {host}'s."))
        }
        Security::StartTls | Security::None => {
            let greeted = match connected {
                Ok(tcp) => greet(Box::new(tcp), false, near).await.map_err(|failure| match failure.fault {
                    Fault::Timeout => Failure { detail: in_plain_sight.into(), ..failure },
                    _ => failure,
                }),
                Err(failure) => Err(failure),
            };
            let client = protocol.check(StepName::Connect, greeted, |_| format!("Port {port} answers."))?;
            if *security == Security::None {
                protocol.skip(StepName::Tls, "No encryption was chosen.");
                return Ok(client);
            }
            let encrypted = start_tls(client).await;
            protocol.check(StepName::Tls, encrypted, |_| format!("Encrypted; the certificate is {host}'s."))
        }
    }
}

/// How long each step of a test may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
