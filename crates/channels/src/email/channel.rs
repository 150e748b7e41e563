//! E-mail as the desk sees it: understands what came in, sends what agents write.

use std::sync::Arc;

use desk::ports::{Automatic, Boxed, DeliverError, Delivered, MailChannel, OutgoingMail, RawMail};
use model as _;
use model::inbound::{Bounce, BouncedRecipient, Forwarded, Inbound, InboundAttachment, InboundKind};
use model::inbox::{Outgoing, Security, Smtp};
use model::message::{Authentication, RecipientState};
use model::{EmailAddress, Reason, Secret};
use sha2::{Digest, Sha256};

use super::authenticate::{Authenticator, Origin, read_upstream, strip_own_headers};
use super::dial::{Credentials, Dialer, Endpoint};
use super::fault::Fault;
use super::mail::{self, Kind, Mail};
use super::outgoing::build::{self, AutoSubmitted, File, InlineImage};
use super::outgoing::smtp::{self, Outcome, Sender, SmtpServer};
use super::sign_in::SignIn;
use super::understand::linkify_text;
use super::understand::sanitize_html;

/// Longest body kept as HTML, in bytes; the text is kept in any case.
const MAX_HTML: usize = 2 * 1024 * 1024;

/// The mail channel.
pub struct EmailChannel {
    sender: Sender,
    sign_in: Arc<SignIn>,
    authenticator: Option<Authenticator>,
    /// Our own authserv-id: results under this name in arriving mail are forged.
    host: String,
    /// A server in front of us whose Authentication-Results we believe.
    trusted_authserv_id: Option<String>,
}

impl EmailChannel {
    /// `host` is our own name. Without an `authenticator` nothing is looked up in DNS.
    pub fn new(
        dialer: Dialer,
        host: impl Into<String>,
        sign_in: Arc<SignIn>,
        authenticator: Option<Authenticator>,
        trusted_authserv_id: Option<String>,
    ) -> Self {
        let host = host.into();
        Self { sender: Sender::new(dialer, host.clone()), sign_in, authenticator, host, trusted_authserv_id }
    }

    async fn authenticate(&self, raw: &[u8], mail: &RawMail) -> Authentication {
        let found = match (&self.trusted_authserv_id, &self.authenticator) {
            (Some(id), _) => read_upstream(raw, id).unwrap_or_default(),
            (None, Some(authenticator)) => {
                // Behind an MTA on this machine, SPF about the last hop says nothing.
                let ip = mail.remote_ip.filter(|ip| !ip.is_loopback());
                let envelope_from = mail.envelope_from.as_deref().filter(|from| !from.is_empty());
                authenticator.check(raw, Origin { ip, helo: mail.helo.as_deref(), envelope_from }).await
            }
            (None, None) => super::authenticate::Authentication::default(),
        };
        let word = |verdict| serde_json::to_value(verdict).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        Authentication { spf: word(found.spf), dkim: word(found.dkim), dmarc: word(found.dmarc) }
    }
}

impl MailChannel for EmailChannel {
    fn understand<'a>(&'a self, mail: &'a RawMail) -> Boxed<'a, Inbound> {
        Box::pin(async move {
            let raw = match strip_own_headers(&mail.raw, &self.host) {
                std::borrow::Cow::Borrowed(_) => mail.raw.clone(),
                std::borrow::Cow::Owned(stripped) => stripped.into(),
            };
            let authentication = self.authenticate(&raw, mail).await;
            let envelope_to = mail.envelope_to.clone();
            let bytes = raw.clone();
            // Parsing is work for a processor, not for the event loop; a panic there is a panic here, and the runner's to handle.
            let parsed = tokio::task::spawn_blocking(move || inbound(&bytes, envelope_to)).await;
            let mut inbound = parsed.unwrap_or_else(|error| match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => failed(),
            });
            inbound.authentication = authentication;
            inbound
        })
    }

    fn renew<'a>(&'a self, server: &'a Outgoing, secret: &'a Secret) -> Boxed<'a, Option<Secret>> {
        Box::pin(async move {
            let Outgoing::Smtp(smtp) = server else { return None };
            let user = smtp.user_name.as_deref()?;
            self.sign_in.credentials(smtp.auth, user, secret).await.ok()?.replaces
        })
    }

    fn deliver<'a>(
        &'a self,
        server: &'a Outgoing,
        secret: Option<&'a Secret>,
        mail: &'a OutgoingMail,
    ) -> Boxed<'a, Result<Vec<Delivered>, DeliverError>> {
        Box::pin(async move {
            let Outgoing::Smtp(smtp) = server else {
                return Err(DeliverError::Transient("this inbox has no outgoing mail server yet".into()));
            };
            let raw = build::build(&compose(mail)).map_err(|e| DeliverError::Permanent(e.to_string()))?;
            let recipients: Vec<String> = mail.envelope.iter().map(ToString::to_string).collect();
            let automatic = mail.automatic != Automatic::No;
            // Automatic mail has the null return path, so that nothing ever answers it (RFC 3834).
            let from = (!automatic).then(|| mail.from.address.as_str());
            let server = match (&smtp.user_name, secret) {
                (Some(user), Some(secret)) => {
                    let signed = self.sign_in.credentials(smtp.auth, user, secret).await;
                    let signed = signed.map_err(|error| DeliverError::Transient(Reason::new(Fault::SignIn.as_str(), error.to_string())))?;
                    SmtpServer { endpoint: endpoint(&smtp.host, smtp.port, smtp.security), credentials: Some(signed.credentials) }
                }
                _ => smtp_server(smtp, None),
            };
            let results = self.sender.deliver(&server, from, &recipients, &raw, automatic).await.map_err(|error| match &error {
                smtp::DeliverError::Server(failure) => DeliverError::Transient(Reason::new(failure.fault.as_str(), error.to_string())),
                other if other.is_transient() => DeliverError::Transient(error.to_string().into()),
                _ => DeliverError::Permanent(error.to_string()),
            })?;
            Ok(results.into_iter().filter_map(|r| delivered(&r.address, r.outcome)).collect())
        })
    }
}

fn delivered(address: &str, outcome: Outcome) -> Option<Delivered> {
    let address: EmailAddress = address.parse().ok()?;
    let (state, reply) = match outcome {
        Outcome::Accepted(reply) => (RecipientState::Sent, reply),
        Outcome::Deferred(reply) => (RecipientState::Queued, reply),
        Outcome::Refused(reply) => (RecipientState::Failed, reply),
    };
    let code = reply.enhanced.clone().unwrap_or_else(|| reply.code.to_string());
    Some(Delivered { address, state, code: Some(code), detail: Some(reply.text) })
}

/// Where and how, from an inbox's settings.
pub fn endpoint(host: &str, port: u16, security: Security) -> Endpoint {
    let security = match security {
        Security::Tls => super::dial::Security::Tls,
        Security::Starttls => super::dial::Security::StartTls,
        Security::None => super::dial::Security::None,
    };
    Endpoint { host: host.to_owned(), port, security }
}

/// The server that takes an inbox's mail.
pub fn smtp_server(smtp: &Smtp, secret: Option<&Secret>) -> SmtpServer {
    let credentials = match (&smtp.user_name, secret) {
        (Some(user), Some(secret)) => Some(Credentials::Password { user: user.clone(), password: secret.expose().to_owned() }),
        _ => None,
    };
    SmtpServer { endpoint: endpoint(&smtp.host, smtp.port, smtp.security), credentials }
}

fn compose(mail: &OutgoingMail) -> build::OutgoingMail {
    let mailbox = |m: &model::Mailbox| build::Mailbox { name: m.name.clone(), address: m.address.to_string() };
    let (inline, files): (Vec<_>, Vec<_>) = mail.attachments.iter().partition(|f| f.content_id.is_some());
    build::OutgoingMail {
        message_id: mail.message_id.clone(),
        from: mailbox(&mail.from),
        to: mail.to.iter().map(mailbox).collect(),
        cc: mail.cc.iter().map(mailbox).collect(),
        reply_to: mail.reply_to.as_ref().map(|a| build::Mailbox { name: None, address: a.to_string() }),
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        html: Some(mail.html.clone()),
        inline: inline
            .into_iter()
            .map(|f| InlineImage {
                content_id: f.content_id.clone().unwrap_or_default(),
                filename: f.filename.clone(),
                content_type: f.content_type.clone(),
                data: f.data.to_vec(),
            })
            .collect(),
        attachments: files
            .into_iter()
            .map(|f| File { filename: f.filename.clone(), content_type: f.content_type.clone(), data: f.data.to_vec() })
            .collect(),
        in_reply_to: mail.in_reply_to.clone(),
        references: mail.references.clone(),
        date: mail.date,
        auto_submitted: match mail.automatic {
            Automatic::No => AutoSubmitted::No,
            Automatic::Replied => AutoSubmitted::AutoReplied,
            Automatic::Generated => AutoSubmitted::AutoGenerated,
        },
        extra: Vec::new(),
    }
}

/// A raw mail as the desk takes it: sanitised, with its duplicate key's half and the addresses it reached us by.
fn inbound(raw: &[u8], envelope_to: Vec<EmailAddress>) -> Inbound {
    let mail = super::understand(raw);
    let mut delivered_to = envelope_to;
    delivered_to.extend(header_addresses(raw));
    let references = mail.in_reply_to.iter().chain(mail.references.iter().rev()).cloned().collect();
    let html = match &mail.html {
        Some(html) if html.len() <= MAX_HTML => Some(sanitize_html(html)),
        Some(_) => None,
        None => Some(linkify_text(&mail.text).replace('\n', "<br>")),
    };
    Inbound {
        kind: match mail.kind {
            Kind::Message => InboundKind::Message,
            Kind::AutoReply => InboundKind::AutoReply,
            Kind::Bounce => InboundKind::Bounce,
            Kind::FeedbackReport => InboundKind::FeedbackReport,
        },
        message_id: mail.message_id.clone(),
        references,
        from: mail.from.as_ref().and_then(known),
        reply_to: mail.reply_to.iter().filter_map(known).collect(),
        to: mail.to.iter().filter_map(known).collect(),
        cc: mail.cc.iter().filter_map(known).collect(),
        delivered_to,
        subject: mail.subject.clone().unwrap_or_default(),
        date: mail.date,
        markers: model::token::find_markers(&mail.text),
        html,
        authentication: Authentication::default(),
        bounce: mail.bounce.as_ref().map(bounce),
        forwarded: mail.forwarded.as_ref().map(|f| Forwarded {
            from: f.from.as_ref().and_then(known),
            subject: f.subject.clone(),
            text: f.text.clone(),
        }),
        body_hash: body_hash(raw),
        error: mail.error.clone(),
        text: mail.text.clone(),
        reply_text: mail.reply_text.clone(),
        attachments: files(mail),
    }
}

fn files(mail: Mail) -> Vec<InboundAttachment> {
    mail.attachments
        .into_iter()
        .map(|a| InboundAttachment { filename: a.filename, content_type: a.content_type, data: a.data, inline: a.inline, content_id: a.content_id })
        .collect()
}

fn bounce(report: &mail::Bounce) -> Bounce {
    Bounce {
        original_message_id: report.original_message_id.clone(),
        recipients: report
            .recipients
            .iter()
            .map(|r| BouncedRecipient { address: r.address.clone(), status: r.status.clone(), smtp_code: r.smtp_code.clone(), hard: r.hard })
            .collect(),
    }
}

fn known(who: &mail::Mailbox) -> Option<model::Mailbox> {
    Some(model::Mailbox { name: who.name.clone(), address: who.address.as_deref()?.parse().ok()? })
}

/// Delivered-To and X-Original-To of the mail's own header block.
fn header_addresses(raw: &[u8]) -> Vec<EmailAddress> {
    let (headers, _) = super::understand::header::split(raw);
    ["Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To"]
        .into_iter()
        .flat_map(|name| {
            headers.all(name).take(10).filter_map(|v| String::from_utf8_lossy(v).trim().trim_matches(['<', '>']).parse().ok()).collect::<Vec<_>>()
        })
        .collect()
}

/// SHA-256 of the body with LF line ends and no blank end: the same mail by two ways has the same.
fn body_hash(raw: &[u8]) -> String {
    let (_, body) = super::understand::header::split(raw);
    let text: Vec<u8> = raw.get(body..).unwrap_or_default().iter().copied().filter(|b| *b != b'\r').collect();
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.trim_ascii_end()))
}

fn failed() -> Inbound {
    inbound(b"", Vec::new())
}
