//! From raw bytes to [`Mail`].

use super::{classify, forward, mail::Mail, trim};

/// Understands a raw mail (RFC 5322 bytes, CRLF or LF).
///
/// Cost: linear in its size; bounded in depth and parts.
pub fn understand(raw: &[u8]) -> Mail {
    let Some(parsed) = mail_parser::MessageParser::default().parse(raw) else {
        return Mail { error: Some("not a mail".into()), ..Mail::default() };
    };
    let mut mail = Mail { text: parsed.body_text(0).unwrap_or_default().into_owned(), ..Mail::default() };
    let verdict = classify::classify(&parsed, &mail);
    mail.kind = verdict.kind;
    mail.bounce = verdict.bounce;
    mail.forwarded = forward::find(mail.subject.as_deref(), &mail.text);
    let trimmed = trim::trim(&mail.text);
    mail.reply_text = trimmed.reply;
    mail.quoted_text = trimmed.quoted;
    mail
}
