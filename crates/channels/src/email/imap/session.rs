//! One IMAP connection: sign-in, folder, and the few commands that reading a mailbox needs.

use std::{collections::HashSet, io, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use jiff::Timestamp;
use tokio::{
    io::AsyncWriteExt,
    time::{Instant, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::wire::{Reader, Value, folder_name, values};
use crate::email::{
    dial::{Credentials, Dialer, Endpoint, Security, Stream, is_near},
    fault::{Failure, Fault, scrub},
    outgoing::client::{oauthbearer, xoauth2},
};

/// A literal that we did not ask for (a long status text).
const SMALL: usize = 64 * 1024;

/// What can go wrong on a connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImapError {
    #[error("the server closed the connection")]
    Closed,
    #[error("the server did not answer in time")]
    Silent,
    #[error("the server sent {0}")]
    Nonsense(&'static str),
    /// The command was refused; the code is the word in brackets.
    #[error("the server refused: {text}")]
    No { code: Option<String>, text: String },
    /// Stopped by us.
    #[error("stopped")]
    Stopped,
}

impl From<io::Error> for ImapError {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

impl From<ImapError> for Failure {
    fn from(error: ImapError) -> Self {
        match error {
            ImapError::Closed | ImapError::Stopped => Self::new(Fault::Refused, "The server closed the connection."),
            ImapError::Silent => Self::new(Fault::Timeout, "The server did not answer in time."),
            ImapError::Nonsense(what) => Self::new(Fault::Protocol, format!("The server does not speak IMAP: it sent {what}.")),
            ImapError::No { text, .. } => Self::said(Fault::Protocol, "The server refused a command.", scrub(&text, &[])),
        }
    }
}

/// What a selected folder is like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Folder {
    pub(crate) uid_validity: u32,
    pub(crate) uid_next: Option<u32>,
    pub(crate) exists: u32,
}

/// What is known of a message before it is fetched, or the message itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) uid: u32,
    pub(crate) size: usize,
    pub(crate) received_at: Option<Timestamp>,
    pub(crate) body: Option<Bytes>,
}

/// An open connection.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not a state")]
pub(crate) struct Session {
    stream: Box<dyn Stream>,
    reader: Reader,
    tags: u32,
    capabilities: HashSet<String>,
    encrypted: bool,
    near: bool,
    patience: Duration,
    /// The server said that the folder has grown since we last asked.
    pub(crate) news: bool,
    signed_in: bool,
}

impl Session {
    /// Takes over a connected stream and reads the greeting.
    pub(crate) async fn greet(stream: Box<dyn Stream>, encrypted: bool, near: bool, patience: Duration) -> Result<Self, Failure> {
        let mut session = Self {
            stream,
            reader: Reader::default(),
            tags: 0,
            capabilities: HashSet::new(),
            encrypted,
            near,
            patience,
            news: false,
            signed_in: false,
        };
        let greeting = session.response(SMALL, patience).await?;
        let greeting = String::from_utf8_lossy(&greeting).into_owned();
        let word = greeting.strip_prefix("* ").and_then(|rest| rest.split([' ', '\r']).next()).unwrap_or_default();
        match word.to_ascii_uppercase().as_str() {
            "OK" => {}
            "PREAUTH" => session.signed_in = true,
            "BYE" => {
                return Err(Failure::said(Fault::Refused, "The server takes nobody in now.", scrub(&greeting, &[])));
            }
            _ => {
                let said = scrub(&greeting, &[]);
                return Err(Failure::said(Fault::Protocol, "This is no IMAP server; is the port right?", said));
            }
        }
        session.ask_capabilities().await?;
        Ok(session)
    }

    async fn ask_capabilities(&mut self) -> Result<(), ImapError> {
        let mut found = HashSet::new();
        self.command("CAPABILITY", SMALL, |values| {
            if let [star, name, rest @ ..] = values
                && star.atom() == Some("*")
                && name.atom().is_some_and(|name| name.eq_ignore_ascii_case("CAPABILITY"))
            {
                found.extend(rest.iter().filter_map(Value::atom).map(str::to_ascii_uppercase));
            }
        })
        .await?;
        self.capabilities = found;
        Ok(())
    }

    pub(crate) fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// STARTTLS, verified. Everything learnt before is forgotten.
    pub(crate) async fn start_tls(mut self, dialer: &Dialer, host: &str) -> Result<Self, Failure> {
        if !self.can("STARTTLS") {
            return Err(Failure::new(Fault::Tls, format!("{host} does not offer STARTTLS on this port.")));
        }
        self.command("STARTTLS", SMALL, |_| ()).await?;
        if self.reader.has_input() {
            // Words sent before the handshake could be an attacker's.
            return Err(Failure::new(Fault::Tls, "The server sent words between STARTTLS and the handshake."));
        }
        self.stream = dialer.encrypt(host, self.stream).await?;
        self.reader = Reader::default();
        self.encrypted = true;
        self.signed_in = false;
        self.ask_capabilities().await?;
        Ok(self)
    }

    /// Signs in, by the best way that the server offers.
    pub(crate) async fn sign_in(&mut self, credentials: &Credentials) -> Result<(), Failure> {
        if self.signed_in {
            return Ok(());
        }
        if !self.encrypted && !self.near {
            return Err(Failure::new(Fault::Tls, "A password is not sent over an unencrypted connection; choose TLS or STARTTLS."));
        }
        let done = match credentials {
            Credentials::Password { user, password } if self.can("AUTH=PLAIN") => {
                self.authenticate("PLAIN", &format!("\0{user}\0{password}"), "").await
            }
            Credentials::Password { .. } if self.can("LOGINDISABLED") => {
                return Err(Failure::new(Fault::SignIn, "The server takes no password on this connection; choose TLS."));
            }
            Credentials::Password { user, password } => self.login(user, password).await,
            Credentials::Bearer { user, token } if self.can("AUTH=OAUTHBEARER") => {
                self.authenticate("OAUTHBEARER", &oauthbearer(user, token), "\x01").await
            }
            Credentials::Bearer { user, token } if self.can("AUTH=XOAUTH2") => self.authenticate("XOAUTH2", &xoauth2(user, token), "").await,
            Credentials::Bearer { .. } => {
                return Err(Failure::new(Fault::SignIn, "The server does not offer sign-in by OAuth2."));
            }
        };
        match done {
            Ok(()) => {}
            Err(ImapError::No { code, text }) => {
                let said = scrub(&text, &[credentials.secret()]);
                return Err(match code.as_deref() {
                    Some("UNAVAILABLE" | "INUSE" | "LIMIT") => Failure::said(Fault::SignIn, "The server cannot check the sign-in now.", said),
                    _ => Failure::sign_in(said),
                });
            }
            Err(other) => return Err(other.into()),
        }
        self.signed_in = true;
        // Servers offer more after the sign-in (MOVE, UIDPLUS).
        self.ask_capabilities().await?;
        Ok(())
    }

    async fn authenticate(&mut self, mechanism: &str, first: &str, after_fault: &str) -> Result<(), ImapError> {
        let first = STANDARD.encode(first);
        let mut answers = Vec::new();
        let command = if self.can("SASL-IR") {
            format!("AUTHENTICATE {mechanism} {first}")
        } else {
            answers.push(first);
            format!("AUTHENTICATE {mechanism}")
        };
        // A token that was refused comes back as a challenge with the story; the answer ends the exchange.
        answers.push(STANDARD.encode(after_fault));
        self.converse(&command, answers).await
    }

    async fn login(&mut self, user: &str, password: &str) -> Result<(), ImapError> {
        let plain = |s: &str| s.bytes().all(|b| (b' '..0x7f).contains(&b));
        if plain(user) && plain(password) {
            return self.converse(&format!("LOGIN {} {}", quoted(user), quoted(password)), Vec::new()).await;
        }
        // Other letters travel as literals, each after a go-ahead.
        let second = format!("{user} {{{}}}", password.len());
        self.converse(&format!("LOGIN {{{}}}", user.len()), vec![second, password.to_owned()]).await
    }

    /// Sends a command and one answer for each `+` of the server.
    async fn converse(&mut self, command: &str, answers: Vec<String>) -> Result<(), ImapError> {
        let tag = self.send(command).await?;
        let mut answers = answers.into_iter();
        let mut story = String::new();
        loop {
            let response = self.response(SMALL, self.patience).await?;
            if response.starts_with(b"+") {
                if let Ok(challenge) = STANDARD.decode(String::from_utf8_lossy(&response[1..]).trim()) {
                    story = String::from_utf8_lossy(&challenge).into_owned();
                }
                let answer = answers.next().ok_or(ImapError::Nonsense("a question that was not expected"))?;
                self.write(&format!("{answer}\r\n")).await?;
            } else if let Some(status) = tagged(&response, &tag) {
                return match status {
                    Err(ImapError::No { code, text }) if !story.is_empty() => Err(ImapError::No { code, text: format!("{text} {story}") }),
                    other => other,
                };
            }
        }
    }

    /// Opens a folder; `read_only` leaves no trace in it.
    pub(crate) async fn select(&mut self, folder: &str, read_only: bool) -> Result<Folder, Failure> {
        let verb = if read_only { "EXAMINE" } else { "SELECT" };
        let mut found = Folder::default();
        let mut uid_validity = None;
        let result = self
            .command(&format!("{verb} {}", quoted(&folder_name(folder))), SMALL, |values| match values {
                [_, number, word] if word.atom() == Some("EXISTS") => found.exists = number.number().unwrap_or(0),
                [_, ok, code, ..] if ok.atom() == Some("OK") => {
                    let code = code.atom().unwrap_or_default().trim_matches(['[', ']']);
                    match code.split_once(' ') {
                        Some(("UIDVALIDITY", n)) => uid_validity = n.parse().ok(),
                        Some(("UIDNEXT", n)) => found.uid_next = n.parse().ok(),
                        _ => {}
                    }
                }
                _ => {}
            })
            .await;
        match result {
            Ok(()) => {}
            Err(ImapError::No { text, .. }) => {
                let detail = format!("The folder {folder} cannot be opened.");
                return Err(Failure::said(Fault::Folder, detail, scrub(&text, &[])));
            }
            Err(other) => return Err(other.into()),
        }
        found.uid_validity =
            uid_validity.ok_or_else(|| Failure::new(Fault::Folder, format!("The folder {folder} has no stable message numbers.")))?;
        self.news = false;
        Ok(found)
    }

    /// The UIDs that match, in ascending order.
    pub(crate) async fn search(&mut self, criteria: &str) -> Result<Vec<u32>, ImapError> {
        let mut found = Vec::new();
        self.command(&format!("UID SEARCH {criteria}"), SMALL, |values| {
            if let [_, word, uids @ ..] = values
                && word.atom() == Some("SEARCH")
            {
                found.extend(uids.iter().filter_map(Value::number));
            }
        })
        .await?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Sizes and dates of messages; those that are gone are not in the answer.
    pub(crate) async fn overview(&mut self, uids: &[u32]) -> Result<Vec<Item>, ImapError> {
        let set = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        self.fetch(&format!("{set} (UID RFC822.SIZE INTERNALDATE)"), SMALL, self.patience).await
    }

    /// The bytes of one message, or of its header only; `None` when it is gone. `PEEK` leaves it unseen.
    pub(crate) async fn body(&mut self, uid: u32, header_only: bool, max: usize) -> Result<Option<Bytes>, ImapError> {
        let section = if header_only { "HEADER" } else { "" };
        // A large mail over a slow line takes its time.
        let patience = self.patience.saturating_mul(10);
        let items = self.fetch(&format!("{uid} (UID BODY.PEEK[{section}])"), max + SMALL, patience).await?;
        Ok(items.into_iter().find(|item| item.uid == uid).and_then(|item| item.body))
    }

    async fn fetch(&mut self, what: &str, max: usize, patience: Duration) -> Result<Vec<Item>, ImapError> {
        let mut found = Vec::new();
        self.command_within(&format!("UID FETCH {what}"), max, patience, |values| {
            if let [_, _, word, Value::List(pairs)] = values
                && word.atom() == Some("FETCH")
            {
                found.push(item(pairs));
            }
        })
        .await?;
        // Flag changes come uninvited and without a UID.
        found.retain(|item| item.uid > 0);
        Ok(found)
    }

    /// Marks as read.
    pub(crate) async fn mark_seen(&mut self, uid: u32) -> Result<(), ImapError> {
        self.command(&format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)"), SMALL, |_| ()).await
    }

    /// Moves to another folder, which is made when missing. Without MOVE: copy, then delete; without UIDPLUS the
    /// original stays, marked as deleted, because expunging would also take what others deleted.
    pub(crate) async fn move_to(&mut self, uid: u32, folder: &str) -> Result<(), ImapError> {
        let target = quoted(&folder_name(folder));
        let verb = if self.can("MOVE") { "MOVE" } else { "COPY" };
        let command = format!("UID {verb} {uid} {target}");
        match self.command(&command, SMALL, |_| ()).await {
            Err(ImapError::No { code, .. }) if code.as_deref() == Some("TRYCREATE") => {
                self.command(&format!("CREATE {target}"), SMALL, |_| ()).await?;
                self.command(&command, SMALL, |_| ()).await?;
            }
            other => other?,
        }
        if verb == "COPY" {
            self.command(&format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"), SMALL, |_| ()).await?;
            if self.can("UIDPLUS") {
                self.command(&format!("UID EXPUNGE {uid}"), SMALL, |_| ()).await?;
            }
        }
        Ok(())
    }

    /// Lets the server tell its news; afterwards see [`Session::news`].
    pub(crate) async fn noop(&mut self) -> Result<(), ImapError> {
        self.command("NOOP", SMALL, |_| ()).await
    }

    /// Waits until the folder grows, `renew` has passed, or `stop`.
    pub(crate) async fn idle(&mut self, renew: Duration, stop: &CancellationToken) -> Result<(), ImapError> {
        let tag = self.send("IDLE").await?;
        let deadline = Instant::now() + renew;
        let mut idling = false;
        // What arrived between our last question and the IDLE is told before the go-ahead, and counts.
        while !(idling && self.news) {
            let limit = if idling { deadline } else { Instant::now() + self.patience };
            let response = tokio::select! {
                biased;
                () = stop.cancelled(), if idling => break,
                response = timeout_at(limit, self.reader.next(&mut self.stream, SMALL)) => response,
            };
            match response {
                Err(_) if idling => break,
                Err(_) => return Err(ImapError::Silent),
                Ok(response) => {
                    let response = response?;
                    if response.starts_with(b"+") {
                        idling = true;
                    } else if let Some(status) = tagged(&response, &tag) {
                        return status;
                    } else {
                        self.hear(&response)?;
                    }
                }
            }
        }
        self.write("DONE\r\n").await?;
        self.until_tagged(&tag, SMALL, self.patience, |_| ()).await
    }

    /// Says good-bye; nobody waits for the answer for long.
    pub(crate) async fn log_out(mut self) {
        let _ = timeout(Duration::from_secs(2), self.command("LOGOUT", SMALL, |_| ())).await;
        let _ = timeout(Duration::from_secs(1), self.stream.shutdown()).await;
    }

    async fn command(&mut self, line: &str, max: usize, heard: impl FnMut(&[Value])) -> Result<(), ImapError> {
        self.command_within(line, max, self.patience, heard).await
    }

    async fn command_within(&mut self, line: &str, max: usize, patience: Duration, heard: impl FnMut(&[Value])) -> Result<(), ImapError> {
        let tag = self.send(line).await?;
        self.until_tagged(&tag, max, patience, heard).await
    }

    async fn until_tagged(&mut self, tag: &str, max: usize, patience: Duration, mut heard: impl FnMut(&[Value])) -> Result<(), ImapError> {
        loop {
            let response = self.response(max, patience).await?;
            if let Some(status) = tagged(&response, tag) {
                return status;
            }
            heard(&self.hear(&response)?);
        }
    }

    /// Notes what the server tells uninvited.
    fn hear(&mut self, response: &Bytes) -> Result<Vec<Value>, ImapError> {
        // Status texts are free text, where brackets and quotes need not match.
        if let Some((word, rest)) = status_line(response) {
            let code = rest.strip_prefix('[').and_then(|r| r.split_once(']')).map(|(code, _)| format!("[{code}]"));
            let atoms = ["*".to_owned(), word, code.unwrap_or_default()];
            return Ok(atoms.into_iter().map(Value::Atom).collect());
        }
        let values = values(response)?;
        if matches!(&values[..], [_, _, word] if word.atom() == Some("EXISTS")) {
            self.news = true;
        }
        Ok(values)
    }

    async fn response(&mut self, max: usize, patience: Duration) -> Result<Bytes, ImapError> {
        timeout(patience, self.reader.next(&mut self.stream, max)).await.map_err(|_| ImapError::Silent)?
    }

    async fn send(&mut self, line: &str) -> Result<String, ImapError> {
        if line.contains(['\r', '\n', '\0']) {
            return Err(ImapError::Nonsense("nothing: our own command held a line break"));
        }
        self.tags += 1;
        let tag = format!("s{}", self.tags);
        self.write(&format!("{tag} {line}\r\n")).await?;
        Ok(tag)
    }

    async fn write(&mut self, text: &str) -> Result<(), ImapError> {
        let write = async {
            self.stream.write_all(text.as_bytes()).await?;
            self.stream.flush().await
        };
        timeout(self.patience, write).await.map_err(|_| ImapError::Silent)??;
        Ok(())
    }
}

/// Connects, encrypts and signs in.
pub(crate) async fn open(dialer: &Dialer, endpoint: &Endpoint, credentials: &Credentials) -> Result<Session, Failure> {
    let addresses = dialer.resolve(&endpoint.host, endpoint.port).await?;
    let tcp = dialer.connect(&addresses).await?;
    let near = tcp.peer_addr().is_ok_and(|peer| is_near(peer.ip()));
    let mut stream: Box<dyn Stream> = Box::new(tcp);
    let encrypted = endpoint.security == Security::Tls;
    if encrypted {
        stream = dialer.encrypt(&endpoint.host, stream).await?;
    }
    let mut session = Session::greet(stream, encrypted, near, dialer.patience()).await?;
    if endpoint.security == Security::StartTls {
        session = session.start_tls(dialer, &endpoint.host).await?;
    }
    session.sign_in(credentials).await?;
    Ok(session)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `* OK|NO|BAD|BYE rest`.
fn status_line(response: &[u8]) -> Option<(String, String)> {
    let text = String::from_utf8_lossy(response.strip_prefix(b"* ")?).into_owned();
    let (word, rest) = text.trim_end().split_once(' ').unwrap_or((text.trim_end(), ""));
    let word = word.to_ascii_uppercase();
    matches!(word.as_str(), "OK" | "NO" | "BAD" | "BYE" | "PREAUTH").then(|| (word, rest.to_owned()))
}

/// The end of the command `tag`, if this is it.
fn tagged(response: &[u8], tag: &str) -> Option<Result<(), ImapError>> {
    let rest = response.strip_prefix(tag.as_bytes())?.strip_prefix(b" ")?;
    let text = String::from_utf8_lossy(rest).trim().to_owned();
    let (word, rest) = text.split_once(' ').unwrap_or((&text, ""));
    if word.eq_ignore_ascii_case("OK") {
        return Some(Ok(()));
    }
    let code = rest.strip_prefix('[').and_then(|r| r.split([']', ' ']).next()).map(str::to_ascii_uppercase);
    Some(Err(ImapError::No { code, text: rest.to_owned() }))
}

fn item(pairs: &[Value]) -> Item {
    let mut item = Item::default();
    for pair in pairs.chunks_exact(2) {
        let name = pair[0].atom().unwrap_or_default().to_ascii_uppercase();
        match (name.as_str(), &pair[1]) {
            ("UID", value) => item.uid = value.number().unwrap_or(0),
            ("RFC822.SIZE", value) => item.size = value.atom().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX),
            ("INTERNALDATE", Value::Text(date)) => item.received_at = internal_date(&String::from_utf8_lossy(date)),
            (name, Value::Text(body)) if name.starts_with("BODY[") => item.body = Some(body.clone()),
            _ => {}
        }
    }
    item
}

fn internal_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_dates_are_read() {
        let expected: Timestamp = "1996-07-17T09:44:25Z".parse().expect("a time");
        assert_eq!(internal_date("17-Jul-1996 02:44:25 -0700"), Some(expected));
        assert_eq!(internal_date(" 1-Jan-2026 00:00:00 +0000"), "2026-01-01T00:00:00Z".parse().ok());
        assert_eq!(internal_date("yesterday"), None);
    }

    #[test]
    fn the_end_of_a_command_carries_its_code() {
        assert!(matches!(tagged(b"s1 OK done\r\n", "s1"), Some(Ok(()))));
        assert!(tagged(b"s11 OK done\r\n", "s1").is_none());
        let Some(Err(ImapError::No { code, text })) = tagged(b"s1 NO [TRYCREATE] no (such box\r\n", "s1") else { panic!() };
        assert_eq!((code.as_deref(), text.as_str()), (Some("TRYCREATE"), "[TRYCREATE] no (such box"));
    }
}
