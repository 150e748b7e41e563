//! Handing a mail to an SMTP server, with one result for each recipient.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::Serialize;
use tracing::debug;

use super::{
    client::{self, Broken, Connection, RawReply},
    encode,
};
use crate::email::{
    dial::{Credentials, Dialer, Endpoint},
    fault::{Failure, Fault},
};

/// RFC 5321 4.5.3.2.6: the answer to the final dot may take ten minutes.
const AFTER_DOT: Duration = Duration::from_mins(10);

/// A connection is used again within this time.
const KEEP: Duration = Duration::from_secs(20);

/// Idle connections kept, all servers together.
const KEEP_AT_MOST: usize = 8;

/// The server that takes our mail.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SmtpServer {
    /// Where it is.
    pub endpoint: Endpoint,
    /// How to sign in, when it asks for that.
    pub credentials: Option<Credentials>,
}

/// What the server said about one recipient or the whole mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// RFC 3463, such as `5.1.1`.
    pub enhanced: Option<String>,
    /// Its words, without secrets.
    pub text: String,
}

/// What became of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken responsibility.
    Accepted(Reply),
    /// Try this recipient again later.
    Deferred(Reply),
    /// Never try this recipient again.
    Refused(Reply),
}

/// One recipient and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientResult {
    /// As it was given.
    pub address: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// The server said nothing about the recipients.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliverError {
    /// It could not be reached, encrypted or signed in to. Always worth another try; sign-in and certificate faults
    /// also concern the admin.
    #[error("the server could not be used: {0}")]
    Server(#[from] Failure),
    /// The connection broke on the way. After the final dot the mail may have been taken or not: trying again with
    /// the same Message-ID is right in both cases.
    #[error("the connection broke {}", if *after_dot { "after the mail was sent" } else { "before the mail was sent" })]
    Interrupted {
        /// Everything had been sent.
        after_dot: bool,
    },
    /// An address has letters outside ASCII and the server does not offer SMTPUTF8: never try again.
    #[error("the server does not take addresses with letters outside ASCII")]
    NoUtf8,
    /// Larger than the server says it takes: never try again.
    #[error("the mail is larger than the {limit} bytes that the server takes")]
    TooLarge {
        /// The server's limit.
        limit: usize,
    },
    /// An address that cannot be put into a command: never try again.
    #[error("an address cannot be sent to")]
    BadAddress,
}

impl DeliverError {
    /// True when another try can help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Server(_) | Self::Interrupted { .. })
    }
}

/// Delivers mail, keeping a few connections open for the next one.
pub struct Sender {
    dialer: Dialer,
    hello: String,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    server: SmtpServer,
    connection: Connection,
    since: Instant,
}

impl Sender {
    /// Calls itself `hello` (our host name).
    pub fn new(dialer: Dialer, hello: impl Into<String>) -> Self {
        Self { dialer, hello: hello.into(), idle: Mutex::default() }
    }

    /// Hands `raw` to `server` for `recipients`; `None` is the null sender. `notify_never` asks for no delivery
    /// reports (automatic mail) where the server knows them. One result for each recipient, in order.
    ///
    /// # Errors
    /// When the server said nothing about the recipients; see [`DeliverError::is_transient`].
    pub async fn deliver(
        &self,
        server: &SmtpServer,
        envelope_from: Option<&str>,
        recipients: &[String],
        raw: &[u8],
        notify_never: bool,
    ) -> Result<Vec<RecipientResult>, DeliverError> {
        let envelope = Envelope::check(envelope_from, recipients, raw, notify_never)?;
        let mut connection = self.connection(server).await?;
        let results = send(&mut connection, &envelope).await;
        match &results {
            Ok(_) => self.keep(server, connection),
            Err(DeliverError::NoUtf8 | DeliverError::TooLarge { .. }) => connection.quit().await,
            Err(_) => {}
        }
        results
    }

    async fn connection(&self, server: &SmtpServer) -> Result<Connection, DeliverError> {
        while let Some(mut connection) = self.take(server) {
            if connection.ask("RSET").await.is_ok_and(|reply| reply.is_positive()) {
                return Ok(connection);
            }
            debug!("a kept SMTP connection had ended; opening a new one");
        }
        Ok(client::open(&self.dialer, &server.endpoint, server.credentials.as_ref(), &self.hello).await?)
    }

    fn take(&self, server: &SmtpServer) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|kept| kept.since.elapsed() < KEEP);
        let at = idle.iter().position(|kept| kept.server == *server)?;
        Some(idle.swap_remove(at).connection)
    }

    fn keep(&self, server: &SmtpServer, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|kept| kept.since.elapsed() < KEEP);
        if idle.len() < KEEP_AT_MOST {
            idle.push(Idle { server: server.clone(), connection, since: Instant::now() });
        }
    }

    /// Says good-bye on all kept connections.
    pub async fn close(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        futures_util::future::join_all(idle.into_iter().map(|kept| kept.connection.quit())).await;
    }
}

struct Envelope<'a> {
    from: String,
    recipients: &'a [String],
    /// The recipients as the server sees them: domains in ASCII.
    wire: Vec<String>,
    raw: &'a [u8],
    utf8: bool,
    notify_never: bool,
}

impl<'a> Envelope<'a> {
    fn check(from: Option<&'a str>, recipients: &'a [String], raw: &'a [u8], notify_never: bool) -> Result<Self, DeliverError> {
        let from = from.unwrap_or("");
        let sendable = |a: &str| a.len() < 500 && !a.contains(|c: char| c.is_control() || c == ' ' || c == '<' || c == '>');
        if recipients.is_empty() || !recipients.iter().all(|to| !to.is_empty() && sendable(to)) || !sendable(from) {
            return Err(DeliverError::BadAddress);
        }
        let from = ascii_domain(from);
        let wire: Vec<_> = recipients.iter().map(|to| ascii_domain(to)).collect();
        let utf8 = !from.is_ascii() || wire.iter().any(|to| !to.is_ascii()) || !header_of(raw).is_ascii();
        Ok(Self { from, recipients, wire, raw, utf8, notify_never })
    }
}

/// Most servers know international domains only in ASCII; what is no domain stays as it is.
fn ascii_domain(address: &str) -> String {
    let domain = address.rsplit_once('@').filter(|(_, domain)| !domain.is_ascii());
    domain.and_then(|(local, domain)| Some(format!("{local}@{}", encode::idn(domain)?))).unwrap_or(address.to_owned())
}

fn header_of(raw: &[u8]) -> &[u8] {
    raw.windows(4).position(|w| w == b"\r\n\r\n").map_or(raw, |end| &raw[..end])
}

/// One mail over an open connection. The connection is in step again after `Ok`.
async fn send(connection: &mut Connection, mail: &Envelope<'_>) -> Result<Vec<RecipientResult>, DeliverError> {
    let offers = connection.offers.clone();
    if mail.utf8 && !offers.utf8 {
        return Err(DeliverError::NoUtf8);
    }
    if let Some(limit) = offers.size.filter(|&limit| mail.raw.len() > limit) {
        return Err(DeliverError::TooLarge { limit });
    }
    let size = offers.size.map(|_| format!(" SIZE={}", mail.raw.len())).unwrap_or_default();
    let mut from = format!("MAIL FROM:<{}>{size}", mail.from);
    if offers.eight_bit && !mail.raw.is_ascii() {
        from.push_str(" BODY=8BITMIME");
    }
    if mail.utf8 {
        from.push_str(" SMTPUTF8");
    }
    let notify = if mail.notify_never && offers.dsn { " NOTIFY=NEVER" } else { "" };
    let rcpt = |to: &String| format!("RCPT TO:<{to}>{notify}\r\n");

    let before = |_: Broken| DeliverError::Interrupted { after_dot: false };
    let (sender, answers) = if offers.pipelining {
        let batch = mail.wire.iter().map(rcpt).fold(format!("{from}\r\n"), |all, line| all + &line);
        connection.write(batch.as_bytes()).await.map_err(before)?;
        let sender = connection.read().await.map_err(before)?;
        let mut answers = Vec::with_capacity(mail.recipients.len());
        for _ in mail.recipients {
            answers.push(connection.read().await.map_err(before)?);
        }
        (sender, answers)
    } else {
        let sender = connection.ask(&from).await.map_err(before)?;
        let mut answers = Vec::new();
        if sender.is_positive() {
            for to in &mail.wire {
                answers.push(connection.ask(rcpt(to).trim_end()).await.map_err(before)?);
            }
        }
        (sender, answers)
    };
    if !sender.is_positive() {
        reset(connection, &sender).await?;
        return Ok(all(mail.recipients, &sender));
    }
    if answers.iter().any(|reply| reply.code == 421) {
        // The server is leaving; what it said about the others does not bind it.
        return Err(DeliverError::Interrupted { after_dot: false });
    }
    if !answers.iter().any(RawReply::is_positive) {
        reset(connection, &sender).await?;
        return Ok(mail.recipients.iter().zip(&answers).map(|(to, reply)| result(to, reply)).collect());
    }

    let go = connection.ask("DATA").await.map_err(before)?;
    let verdict = if go.code == 354 {
        connection.write(&stuffed(mail.raw)).await.map_err(before)?;
        connection.read_within(AFTER_DOT).await.map_err(|_| DeliverError::Interrupted { after_dot: true })?
    } else if go.is_positive() {
        return Err(DeliverError::Server(Failure::new(Fault::Protocol, "The server answered DATA with nonsense.")));
    } else {
        reset(connection, &go).await?;
        go
    };
    let results = mail.recipients.iter().zip(&answers);
    Ok(results.map(|(to, reply)| result(to, if reply.is_positive() { &verdict } else { reply })).collect())
}

/// Brings the connection back in step after a refusal. 421 means that the server is leaving.
async fn reset(connection: &mut Connection, refusal: &RawReply) -> Result<(), DeliverError> {
    if refusal.code != 421 && connection.ask("RSET").await.is_err() {
        debug!("the server closed the connection after a refusal");
    }
    Ok(())
}

fn all(recipients: &[String], reply: &RawReply) -> Vec<RecipientResult> {
    recipients.iter().map(|to| result(to, reply)).collect()
}

fn result(address: &str, reply: &RawReply) -> RecipientResult {
    let told = reply.tell(&[]);
    let outcome = match reply.code {
        200..=299 => Outcome::Accepted(told),
        // 552 for "too many recipients" is an old spelling of 452 (RFC 5321 4.5.3.1.10), but with 5.x.x it is final.
        552 if told.enhanced.is_none() && told.text.to_lowercase().contains("too many recipients") => Outcome::Deferred(told),
        500..=599 => Outcome::Refused(told),
        _ => Outcome::Deferred(told),
    };
    RecipientResult { address: address.to_owned(), outcome }
}

/// The mail as it goes over the wire: every line ends in CRLF, dots are stuffed, the end is marked. Lone CR and LF are
/// mended, so that no server can see an end where we see none.
fn stuffed(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 40 + 8);
    let mut rest = raw;
    while !rest.is_empty() {
        let end = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
        if rest[0] == b'.' {
            out.push(b'.');
        }
        out.extend_from_slice(&rest[..end]);
        out.extend_from_slice(b"\r\n");
        rest = &rest[end..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_stuffed_and_lone_newlines_mended() {
        assert_eq!(stuffed(b"a\r\n.b\r\n\r\n.."), b"a\r\n..b\r\n\r\n...\r\n.\r\n");
        assert_eq!(stuffed(b"a\n.\rb\r\n"), b"a\r\n..\r\nb\r\n.\r\n");
        assert_eq!(stuffed(b""), b".\r\n");
    }

    #[test]
    fn an_address_that_would_be_a_second_command_is_refused() {
        let to = vec!["a@b.c>\r\nRCPT TO:<victim@d.e".to_owned()];
        assert!(Envelope::check(None, &to, b"", false).is_err());
    }

    #[test]
    fn an_international_domain_needs_no_smtputf8() {
        let to = vec!["info@예시.한국".to_owned()];
        let envelope = Envelope::check(None, &to, b"", false).expect("an envelope");
        assert!(!envelope.utf8);
        assert!(envelope.wire[0].starts_with("info@xn--"));
        let to = vec!["정보@예시.한국".to_owned()];
        assert!(Envelope::check(None, &to, b"", false).expect("an envelope").utf8);
    }

    #[test]
    fn four_is_later_and_five_is_never() {
        let reply = |code| RawReply { code, lines: vec![String::new()] };
        assert!(matches!(result("a", &reply(450)).outcome, Outcome::Deferred(_)));
        assert!(matches!(result("a", &reply(550)).outcome, Outcome::Refused(_)));
        assert!(matches!(result("a", &reply(250)).outcome, Outcome::Accepted(_)));
    }
}
