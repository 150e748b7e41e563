//! One connection, from greeting to good-bye.

use std::{net::IpAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::{
    BLOCK, BareNewlines, Doors, Protocol, ServerSettings,
    command::{self, Command, MailFrom},
    data::Data,
    wire::{Gone, Line, Wire},
};
use crate::email::{
    accept::{Accept, Accepted, Incoming, RecipientCheck, Refusal, Via},
    dial::Stream,
};

/// How long the last answer may take on the way out.
const PARTING: Duration = Duration::from_secs(5);

pub(super) struct Session<A> {
    /// Away only during the TLS handshake.
    wire: Option<Wire>,
    peer: Option<IpAddr>,
    protocol: Protocol,
    settings: Arc<ServerSettings>,
    accept: Arc<A>,
    doors: Arc<Doors>,
    encrypted: bool,
    helo: Option<String>,
    mail: Option<MailFrom>,
    recipients: Vec<String>,
    errors: u32,
    idle_commands: u32,
}

/// Whether the conversation goes on.
enum Next {
    Go,
    Hangup,
}

impl<A: Accept> Session<A> {
    pub(super) fn new(
        stream: Box<dyn Stream>,
        peer: Option<IpAddr>,
        protocol: Protocol,
        settings: Arc<ServerSettings>,
        accept: Arc<A>,
        doors: Arc<Doors>,
    ) -> Self {
        Self {
            wire: Some(Wire::new(stream)),
            peer,
            protocol,
            settings,
            accept,
            doors,
            encrypted: false,
            helo: None,
            mail: None,
            recipients: Vec::new(),
            errors: 0,
            idle_commands: 0,
        }
    }

    /// Too many are here already.
    pub(super) async fn turn_away(mut self) {
        warn!("a mail connection was turned away: too many are open");
        self.say("421 4.7.0 Too many connections, try again later");
        self.close().await;
    }

    /// Talks until the client leaves, misbehaves, falls silent, or `stop`.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let greeting = match self.protocol {
            Protocol::Lmtp => format!("220 {} LMTP ready", self.settings.host_name),
            Protocol::Smtp => format!("220 {} ESMTP ready", self.settings.host_name),
        };
        self.say(&greeting);
        loop {
            let (max, idle) = (self.settings.max_line, self.settings.idle);
            let Some(wire) = self.wire.as_mut() else { return };
            let line = tokio::select! {
                biased;
                () = stop.cancelled() => {
                    self.say("421 4.3.2 Shutting down, try again later");
                    break;
                }
                line = wire.line(max, idle) => line,
            };
            let next = match line {
                Ok(line) => self.hear(line).await,
                Err(Gone::Silent) => {
                    self.say("421 4.4.2 Silent for too long, good-bye");
                    break;
                }
                Err(Gone::Closed) => return,
            };
            match next {
                Ok(Next::Go) => {}
                Ok(Next::Hangup) => break,
                Err(Gone::Silent) => {
                    self.say("421 4.4.2 Silent for too long, good-bye");
                    break;
                }
                Err(Gone::Closed) => return,
            }
            if self.errors >= self.settings.max_errors || self.idle_commands >= self.settings.max_idle_commands {
                self.say("421 4.7.0 Too many commands without a mail, good-bye");
                break;
            }
        }
        self.close().await;
    }

    fn say(&mut self, line: &str) {
        if let Some(wire) = self.wire.as_mut() {
            wire.answer(line);
        }
    }

    fn complain(&mut self, line: &str) {
        self.errors += 1;
        self.say(line);
    }

    async fn close(mut self) {
        if let Some(wire) = self.wire.take() {
            wire.close(PARTING).await;
        }
    }

    async fn hear(&mut self, line: Line) -> Result<Next, Gone> {
        let line = match line {
            Line::Text(line) => line,
            Line::TooLong => {
                self.complain("500 5.5.6 Line too long");
                return Ok(Next::Go);
            }
            Line::BareNewline => {
                self.complain("500 5.5.2 Lines end with CR LF");
                return Ok(Next::Go);
            }
        };
        let command = match command::parse(&line) {
            Ok(command) => command,
            Err(complaint) => {
                self.complain(complaint);
                return Ok(Next::Go);
            }
        };
        self.idle_commands += 1;
        match command {
            Command::Helo(name) if self.protocol == Protocol::Smtp => self.greet(name, false),
            Command::Ehlo(name) if self.protocol == Protocol::Smtp => self.greet(name, true),
            Command::Lhlo(name) if self.protocol == Protocol::Lmtp => self.greet(name, true),
            Command::Helo(_) | Command::Ehlo(_) => self.complain("500 5.5.1 This is LMTP, say LHLO"),
            Command::Lhlo(_) => self.complain("500 5.5.1 This is SMTP, say EHLO"),
            Command::Mail(mail) => self.begin(mail),
            Command::Rcpt(address) => self.add_recipient(address).await,
            Command::Data => return self.data().await,
            Command::Rset => {
                self.reset();
                self.say("250 2.0.0 Forgotten");
            }
            Command::Noop => self.say("250 2.0.0 Still here"),
            Command::Vrfy => self.say("252 2.5.0 Send the mail and see"),
            Command::StartTls => return self.start_tls().await,
            Command::Quit => {
                self.say("221 2.0.0 Good-bye");
                return Ok(Next::Hangup);
            }
        }
        Ok(Next::Go)
    }

    fn reset(&mut self) {
        self.mail = None;
        self.recipients.clear();
    }

    fn greet(&mut self, name: String, extended: bool) {
        self.reset();
        self.helo = Some(name);
        let host = self.settings.host_name.clone();
        if !extended {
            self.say(&format!("250 {host}"));
            return;
        }
        self.say(&format!("250-{host}"));
        self.say("250-PIPELINING");
        self.say(&format!("250-SIZE {}", self.settings.max_size));
        self.say("250-8BITMIME");
        self.say("250-SMTPUTF8");
        if self.settings.tls.is_some() && !self.encrypted {
            self.say("250-STARTTLS");
        }
        self.say("250 ENHANCEDSTATUSCODES");
    }

    fn begin(&mut self, mail: MailFrom) {
        let foreign = mail.address.as_ref().is_some_and(|a| !a.is_ascii());
        if self.helo.is_none() {
            self.complain("503 5.5.1 Say hello first");
        } else if self.mail.is_some() {
            self.complain("503 5.5.1 A mail is already on its way");
        } else if mail.size.is_some_and(|size| size > self.settings.max_size) {
            self.say("552 5.3.4 Mail larger than allowed");
        } else if foreign && !mail.utf8 {
            self.complain("553 5.6.7 This address needs SMTPUTF8");
        } else {
            self.mail = Some(mail);
            self.say("250 2.1.0 Sender noted");
        }
    }

    async fn add_recipient(&mut self, address: String) {
        let Some(mail) = &self.mail else {
            self.complain("503 5.5.1 MAIL first");
            return;
        };
        if !address.is_ascii() && !mail.utf8 {
            self.complain("553 5.6.7 This address needs SMTPUTF8");
            return;
        }
        if self.recipients.len() >= self.settings.max_recipients {
            self.say("452 4.5.3 Too many recipients, send the mail again for the others");
            return;
        }
        match self.accept.recipient(&address).await {
            RecipientCheck::Known => {
                self.recipients.push(address);
                self.say("250 2.1.5 Recipient noted");
            }
            // Counted, or a guesser could try addresses for ever.
            RecipientCheck::Unknown => self.complain("550 5.1.1 No such address here"),
            RecipientCheck::Unavailable => self.say("451 4.3.0 Cannot tell now, try again later"),
        }
    }

    async fn start_tls(&mut self) -> Result<Next, Gone> {
        let Some(tls) = self.settings.tls.clone().filter(|_| !self.encrypted) else {
            self.complain("502 5.5.1 STARTTLS is not offered");
            return Ok(Next::Go);
        };
        let Some(mut wire) = self.wire.take() else { return Err(Gone::Closed) };
        if wire.has_input() {
            // Commands sent in clear behind STARTTLS would be taken for encrypted ones (CVE-2011-0411).
            wire.answer("501 5.5.1 Nothing may follow STARTTLS before the handshake");
            wire.close(PARTING).await;
            return Err(Gone::Closed);
        }
        wire.answer("220 2.0.0 Go ahead");
        wire.flush(self.settings.idle).await?;
        let handshake = TlsAcceptor::from(tls).accept(wire.into_stream());
        let stream = timeout(self.settings.idle, handshake).await.map_err(|_| Gone::Closed)?.map_err(|error| {
            debug!(%error, "TLS handshake failed on a mail connection");
            Gone::Closed
        })?;
        self.wire = Some(Wire::new(Box::new(stream)));
        self.encrypted = true;
        self.helo = None;
        self.reset();
        Ok(Next::Go)
    }

    async fn data(&mut self) -> Result<Next, Gone> {
        if self.mail.is_none() {
            self.complain("503 5.5.1 MAIL first");
            return Ok(Next::Go);
        }
        if self.recipients.is_empty() {
            // RFC 2033 asks for 503 and RFC 5321 allows 554 here.
            self.complain(if self.protocol == Protocol::Lmtp { "503 5.5.1 No recipient" } else { "554 5.5.1 No recipient" });
            return Ok(Next::Go);
        }
        self.say("354 Go ahead, end with CRLF.CRLF");
        let Received { data, memory, starved } = match self.receive().await? {
            Ok(received) => received,
            Err(last_word) => {
                self.say(last_word);
                return Ok(Next::Hangup);
            }
        };
        let Some(mail) = self.mail.take() else { return Ok(Next::Go) };
        let recipients = std::mem::take(&mut self.recipients);
        let results = if starved {
            vec![Err(Refusal::StorageFull); recipients.len()]
        } else if data.is_dropped() {
            vec![Err(Refusal::TooLarge); recipients.len()]
        } else if data.had_bare_newline() && self.settings.bare_newlines == BareNewlines::Reject {
            self.errors += 1;
            let answers = if self.protocol == Protocol::Lmtp { recipients.len() } else { 1 };
            for _ in 0..answers {
                self.say("550 5.6.11 A lone CR or LF in the mail; lines end with CR LF");
            }
            return Ok(Next::Go);
        } else {
            let incoming = Incoming {
                via: if self.protocol == Protocol::Lmtp { Via::Lmtp } else { Via::Smtp },
                envelope_from: mail.address,
                recipients: recipients.clone(),
                remote_ip: self.peer,
                helo: self.helo.clone(),
                received_at: (self.settings.now)(),
                raw: Bytes::from(data.into_body()),
            };
            let mut results = self.accept.accept(incoming).await;
            results.resize(recipients.len(), Err(Refusal::Unavailable));
            results
        };
        drop(memory);
        self.idle_commands = 0;
        match self.protocol {
            Protocol::Lmtp => results.into_iter().for_each(|result| self.say(verdict(result))),
            Protocol::Smtp => self.say(verdict(worst(&results))),
        }
        Ok(Next::Go)
    }

    /// Reads the mail to its end. The inner error is a last word before hanging up.
    async fn receive(&mut self) -> Result<Result<Received, &'static str>, Gone> {
        let deadline = Instant::now() + self.settings.data;
        let (max, idle) = (self.settings.max_size, self.settings.idle);
        let mut data = Data::new(max);
        let mut memory: Option<OwnedSemaphorePermit> = None;
        let mut starved = false;
        let Some(wire) = self.wire.as_mut() else { return Err(Gone::Closed) };
        loop {
            let patience = idle.min(deadline.saturating_duration_since(Instant::now()));
            if patience.is_zero() {
                return Ok(Err("421 4.4.2 The mail took too long, good-bye"));
            }
            let block = wire.block(patience).await?;
            let size = block.len();
            // Memory first, bytes after: all unfinished mails together stay within the budget.
            let held = memory.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
            let wanted = (data.seen() + size).min(max).div_ceil(BLOCK).saturating_sub(held);
            if wanted > 0 && !data.is_dropped() {
                let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
                if let Ok(more) = Arc::clone(&self.doors.buffered).try_acquire_many_owned(wanted) {
                    match memory.as_mut() {
                        Some(have) => have.merge(more),
                        None => memory = Some(more),
                    }
                } else {
                    starved = true;
                    data.drop_body();
                    memory = None;
                }
            }
            if let Some(end) = data.feed(block) {
                wire.consume(end);
                return Ok(Ok(Received { data, memory, starved }));
            }
            wire.consume(size);
            if data.is_dropped() {
                memory = None;
                if data.seen() > max.saturating_mul(2).saturating_add(1 << 20) {
                    return Ok(Err("552 5.3.4 Mail far larger than allowed, good-bye"));
                }
            }
        }
    }
}

struct Received {
    data: Data,
    memory: Option<OwnedSemaphorePermit>,
    starved: bool,
}

/// SMTP has one answer for all recipients. A transient fault wins, because the sender then tries again and what is
/// stored already is recognised; a permanent one comes next, because silence would lose a mail.
fn worst(results: &[Result<Accepted, Refusal>]) -> Result<Accepted, Refusal> {
    let refusals = || results.iter().filter_map(|result| result.err());
    match refusals().find(|r| r.is_transient()).or_else(|| refusals().next()) {
        Some(refusal) => Err(refusal),
        None => Ok(Accepted::default()),
    }
}

fn verdict(result: Result<Accepted, Refusal>) -> &'static str {
    match result {
        Ok(_) => "250 2.0.0 Stored",
        Err(Refusal::Unavailable) => "451 4.3.0 Cannot store now, try again later",
        Err(Refusal::StorageFull) => "452 4.3.1 Storage is full, try again later",
        Err(Refusal::Quota) => "452 4.2.2 This inbox takes no more mail now, try again later",
        Err(Refusal::TooLarge) => "552 5.3.4 Mail larger than allowed",
        Err(Refusal::UnknownRecipient) => "550 5.1.1 No such address here",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_transient_fault_makes_the_whole_smtp_mail_come_again() {
        let results = [Ok(Accepted::default()), Err(Refusal::TooLarge), Err(Refusal::StorageFull)];
        assert_eq!(worst(&results), Err(Refusal::StorageFull));
    }

    #[test]
    fn a_mail_that_one_inbox_will_never_take_is_not_silently_dropped() {
        let results = [Ok(Accepted::default()), Err(Refusal::UnknownRecipient)];
        assert_eq!(worst(&results), Err(Refusal::UnknownRecipient));
    }
}
