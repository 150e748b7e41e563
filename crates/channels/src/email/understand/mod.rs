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
    mail.subject = parsed.subject().map(str::to_owned);
    let verdict = classify::classify(&parsed, &mail);
    mail.kind = verdict.kind;
    mail.bounce = verdict.bounce;
    let (trimmed, forwarded) = match forward::locate(mail.subject.as_deref(), &mail.text) {
        Some(found) => {
            let mut own = trim::trim_above(&found.above);
            own.quoted = [own.quoted, found.below].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
            (own, Some(found.forwarded))
        }
        None => (trim::trim(&mail.text), None),
    };
    mail.forwarded = forwarded;
    mail.reply_text = trimmed.reply;
    mail.quoted_text = trimmed.quoted;
    mail
}
