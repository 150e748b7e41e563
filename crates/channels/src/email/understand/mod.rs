//! From raw bytes to [`Mail`].
//!
//! The tree of parts, headers and charsets are read by our own forgiving and bounded code ([`parts`], [`header`],
//! [`charset`]), because real mail breaks the rules and bombs must not cost more than their size. `mail_parser` gives the
//! second view that the classifier works on, dates, and rare code pages.

mod address;
mod attachment;
mod body;
mod charset;
mod date;
mod flowed;
pub(crate) mod header;
mod html_text;
mod html_tokens;
mod limits;
mod linkify;
mod message_id;
mod params;
mod parts;
mod sanitize;
mod stateful;
mod tnef;
mod transfer;
mod uuencode;
mod words;

#[cfg(test)]
#[allow(clippy::format_collect)] // clarity over speed
mod tests;

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
};

pub use html_text::convert as html_to_text;
pub use linkify::linkify_text;
pub use sanitize::sanitize_html;

use super::{
    classify, forward,
    mail::{Mail, Mailbox},
    trim,
};
use charset::Hint;
use parts::Tree;

/// Understands a raw mail (RFC 5322 bytes, CRLF, LF or CR).
///
/// Cost: linear in its size; bounded in depth, parts, headers and text. What a limit cut off is said in `error`.
pub fn understand(raw: &[u8]) -> Mail {
    // A fault of ours must cost one mail its form, not the process its life; the raw bytes are kept anyway.
    catch_unwind(AssertUnwindSafe(|| read(raw))).unwrap_or_else(|_| {
        let mut text = String::from_utf8_lossy(raw).into_owned();
        limits::cut(&mut text, limits::TEXT);
        Mail { reply_text: text.clone(), text, error: Some("could not be read, shown raw".into()), ..Mail::default() }
    })
}

fn read(raw: &[u8]) -> Mail {
    let raw = repaired(raw);
    let mut faults: Vec<String> = Vec::new();
    let tree = parts::parse(&raw, &Hint::default());
    let Some(top) = tree.parts.first().filter(|_| !raw.trim_ascii().is_empty()) else {
        return Mail { error: Some("empty mail".into()), ..Mail::default() };
    };
    if top.headers.is_empty() {
        faults.push("no headers".into());
    }
    faults.extend(tree.fault.map(str::to_owned));
    let hint = hint(&tree);
    // Names of parts are read again with the hint only where raw 8-bit makes a difference.
    let tree = if has_raw_names(&tree) { parts::parse(&raw, &hint) } else { tree };
    let mut mail = envelope(&tree, &hint);
    let mut body = body::read(&tree, &hint);
    if body.text.trim().is_empty()
        && body.html.is_none()
        && let Some((text, html)) = attachment::enveloped_body(&tree, &body.attachments)
    {
        body.text = if text.trim().is_empty() { html_to_text(&html) } else { text.replace("\r\n", "\n") };
        body.html = Some(html).filter(|h| !h.is_empty());
    }
    faults.extend(body.fault.map(str::to_owned));
    mail.attachments = attachment::read(&tree, &body.attachments, &body.plain_parts, body.html.as_deref(), &hint);
    mail.text = body.text;
    mail.html = body.html;
    interpret(&raw, &tree, &mut mail, &mut faults);
    if !faults.is_empty() {
        mail.error = Some(faults.join("; "));
    }
    mail
}

/// The fields of the mail's own header block.
fn envelope(tree: &Tree<'_>, hint: &Hint) -> Mail {
    let Some(top) = tree.parts.first() else { return Mail::default() };
    let text = |name: &str| top.headers.get(name).map(|v| words::decode(v, hint));
    let addresses = |name: &str| {
        let mut all: Vec<Mailbox> = Vec::new();
        for value in top.headers.all(name).take(50) {
            all.extend(address::list(value, hint));
        }
        all.truncate(limits::ADDRESSES);
        all
    };
    let reply_to = addresses("Reply-To");
    let from = addresses("From");
    let with_address = |all: &[Mailbox]| all.iter().find(|m| m.address.as_deref().is_some_and(|a| a.contains('@'))).cloned();
    let author = with_address(&from).or_else(|| {
        // A From without an address: whoever else vouches for the mail, under the name it gives.
        let other = with_address(&reply_to).or_else(|| with_address(&addresses("Sender"))).or_else(|| with_address(&addresses("Return-Path")))?;
        let name = from.first().and_then(|m| m.name.clone()).or(other.name);
        Some(Mailbox { name, address: other.address })
    });
    Mail {
        message_id: text("Message-ID").and_then(|v| message_id::one(&v)),
        in_reply_to: text("In-Reply-To").map(|v| message_id::references(&v)).unwrap_or_default(),
        references: text("References").map(|v| message_id::references(&v)).unwrap_or_default(),
        date: text("Date").and_then(|v| date::parse(&v)).or_else(|| text("Resent-Date").and_then(|v| date::parse(&v))),
        from: author.or_else(|| from.into_iter().next()),
        reply_to,
        to: addresses("To"),
        cc: addresses("Cc"),
        subject: text("Subject"),
        ..Mail::default()
    }
}

/// The author's own words, and the mail that was forwarded by hand below them.
fn author_words(mail: &Mail) -> (Option<super::mail::Forwarded>, trim::Trimmed) {
    forward::separate(mail.subject.as_deref(), &mail.text)
}

/// What our rooms for classifying, forwards and replies say. None of them may take the mail down.
fn interpret(raw: &[u8], tree: &Tree<'_>, mail: &mut Mail, faults: &mut Vec<String>) {
    let classified = |seen: &[u8]| {
        catch_unwind(AssertUnwindSafe(|| {
            let parsed = mail_parser::MessageParser::default().parse(seen).unwrap_or_default();
            classify::classify(&parsed, mail)
        }))
        .ok()
    };
    // Nested boundaries can lead the third-party parser astray: then it gets the text that we read ourselves.
    if let Some(verdict) = classified(&foreign_view(raw, tree)).or_else(|| classified(&plain_view(raw, &mail.text))) {
        mail.kind = verdict.kind;
        mail.bounce = verdict.bounce;
    } else {
        faults.push("could not be classified".into());
    }
    if let Ok((forwarded, trimmed)) = catch_unwind(AssertUnwindSafe(|| author_words(mail))) {
        mail.forwarded = forwarded;
        mail.reply_text = trimmed.reply;
        mail.quoted_text = trimmed.quoted;
    } else {
        faults.push("reply could not be separated".into());
        mail.reply_text.clone_from(&mail.text);
    }
}

/// What the third-party parser may see: all of an ordinary mail, the headers of one that would make it recurse or crawl.
fn foreign_view<'a>(raw: &'a [u8], tree: &Tree<'_>) -> Cow<'a, [u8]> {
    let mut embedded = 0;
    let mut delimiters = 0;
    for (i, &b) in raw.iter().enumerate() {
        if b == b'\n' {
            delimiters += usize::from(raw[i + 1..].starts_with(b"--"));
        } else if b == b'/' {
            let before = raw[..i].last_chunk::<7>().is_some_and(|w| w.eq_ignore_ascii_case(b"message"));
            embedded += usize::from(before || raw[i + 1..].first_chunk::<6>().is_some_and(|w| w.eq_ignore_ascii_case(b"digest")));
        }
    }
    let (headers, body) = header::split(raw);
    if embedded <= limits::EMBEDDED_MESSAGES
        && delimiters <= limits::DELIMITERS
        && tree.fault.is_none()
        && !headers.over_limit
        && body <= limits::FOREIGN_HEADER_BYTES
    {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(head(raw, body))
}

/// The mail with its text as the only part.
fn plain_view(raw: &[u8], text: &str) -> Vec<u8> {
    let (_, body) = header::split(raw);
    let mut seen = b"Content-Type: text/plain; charset=utf-8\r\n".to_vec();
    seen.extend(head(raw, body));
    seen.extend_from_slice(text.as_bytes());
    seen
}

/// The header without what it says of parts and encodings, and the blank line below it.
fn head(raw: &[u8], body: usize) -> Vec<u8> {
    let mut head = raw[..body.min(limits::FOREIGN_HEADER_BYTES)].to_vec();
    head.extend_from_slice(b"\r\n\r\n");
    let about_parts = |line: &[u8]| {
        ["content-type:", "content-transfer-encoding:"]
            .iter()
            .any(|name| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes())))
    };
    head.split_inclusive(|&b| b == b'\n').filter(|line| !about_parts(line)).collect::<Vec<_>>().concat()
}

/// What the mail says about bytes without a label.
fn hint(tree: &Tree<'_>) -> Hint {
    let label = tree
        .parts
        .iter()
        .filter(|p| p.kind.token.starts_with("text/"))
        .find_map(|p| p.kind.param("charset").filter(|c| charset::is_known(c)))
        .map(str::to_owned);
    let country = tree.parts.first().and_then(|p| p.headers.get("From")).and_then(|v| {
        let ascii: String = v.iter().filter(|b| b.is_ascii()).map(|&b| char::from(b.to_ascii_lowercase())).collect();
        let domain = ascii.rsplit_once('@')?.1.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-').next()?.to_owned();
        domain.rsplit('.').next().filter(|t| t.len() == 2 && t.bytes().all(|b| b.is_ascii_lowercase())).map(str::to_owned)
    });
    Hint { label, country }
}

fn has_raw_names(tree: &Tree<'_>) -> bool {
    tree.parts.iter().any(|p| ["Content-Type", "Content-Disposition"].iter().any(|n| p.headers.get(n).is_some_and(|v| !v.is_ascii())))
}

/// The length of the lines at the top that hold nothing.
fn blank_lines(raw: &[u8]) -> usize {
    let blank = raw.iter().take_while(|b| matches!(b, b'\r' | b'\n' | b' ' | b'\t' | 0)).count();
    raw[..blank].iter().rposition(|b| matches!(b, b'\r' | b'\n' | 0)).map_or(0, |last| last + 1)
}

/// Undoes what made the whole file unreadable: UTF-16, a byte order mark, CR as line end, blank lines at the top.
fn repaired(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut raw = Cow::Borrowed(raw);
    if raw.starts_with(b"\xff\xfe") || raw.starts_with(b"\xfe\xff") {
        raw = Cow::Owned(charset::decode(&raw, None, &Hint::default()).into_bytes());
    }
    let skip = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let skip = skip + blank_lines(&raw[skip..]);
    if skip > 0 {
        raw = match raw {
            Cow::Borrowed(all) => Cow::Borrowed(&all[skip..]),
            Cow::Owned(all) => Cow::Owned(all[skip..].to_vec()),
        };
    }
    let head = &raw[..raw.len().min(64 * 1024)];
    if !head.contains(&b'\n') && head.contains(&b'\r') {
        raw = Cow::Owned(raw.iter().map(|&b| if b == b'\r' { b'\n' } else { b }).collect());
    }
    raw
}
