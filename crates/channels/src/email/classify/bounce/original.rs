//! The mail that came back: where it starts, its Message-ID, whom it was for.

use std::sync::LazyLock;

use regex::Regex;

use super::{notice, pattern};
use crate::email::classify::pieces::{self, Pieces};

/// A line that introduces the returned mail.
static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^[\s>]*(?:[-=*_]{2,}[\s\-]*(?:(?:the |your |this is a |below is a )?(?:copy|header|original|returned|unsent|undelivered|rejected|bounced|message (?:header|text|follows|body|returned)|begin|forwarded|first \d)|",
        r"(?:below|enclosed|following|attached|here) (?:this line |is |are )|start of (?:the )?(?:original|returned)|.{0,20}(?:元の|オリジナル|原文|원본|원문|原邮件|原始))",
        r"|original (?:message|mail)(?: headers?| text)?(?: follows?| is attached| below)?\.?:?\s*$|.{0,40}(?:message|mail|headers?|text) (?:is |as )?follow(?:s|ing|ed)?[.:]?\s*$|",
        r"(?:below|enclosed|following|here) (?:this line )?is (?:a |the )?(?:copy|original|header|beginning)|.{0,40}copy of (?:the|your) (?:original |entire )?(?:message|mail)|",
        r"(?:the )?(?:headers?|beginning|text) of (?:the|your) (?:original |returned )?(?:message|mail)|message headers?\s*:?\s*$|original message headers?|",
        r"(?:urspr[uü]ngliche nachricht|message d'origine|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|исходное сообщение|元のメッセージ|原文|원본\s?메일|원본\s?메시지|原始邮件|原始郵件)\s*[:：]?\s*[-=]*$)",
    ))
});
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(received|return-path|message-id|from|to|cc|subject|date|mime-version|reply-to|sender|x-[a-z0-9-]+|content-[a-z-]+|dkim-[a-z-]+|domainkey-signature|user-agent|in-reply-to|references|importance|delivered-to|arc-[a-z-]+|list-[a-z-]+)[ \t]*:",
    )
});
static TELLING: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:received|return-path|message-id|mime-version|x-mailer|dkim-signature)"));
static MESSAGE_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?mi)^[ \t>]*message-id[ \t]*:[ \t]*(?:\r?\n[ \t]+)?<([^<>\s]{1,990})>"));
static IN_BRACKETS: LazyLock<Regex> = LazyLock::new(|| pattern(r"<([^<>\s]{1,990})>"));
static TO: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?mi)^[ \t>]*(?:to|x-envelope-to)[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]+)*)"));

/// What is known of the returned mail.
#[derive(Debug, Clone, Default)]
pub(in crate::email::classify) struct Returned {
    /// Its Message-ID without brackets.
    pub message_id: Option<String>,
    /// Its To addresses.
    pub to: Vec<String>,
    /// Its header as text, as far as it is at hand.
    pub header: String,
}

/// True when the text names any address.
pub(super) fn has_address(text: &str) -> bool {
    notice::addresses(text).next().is_some()
}

/// Splits a notice from the mail it gives back.
pub(super) fn split(text: &str) -> (&str, &str) {
    let mut at = 0;
    let mut run = Vec::new();
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if MARKER.is_match(bare) && !text[..at].trim().is_empty() && !FIELD.is_match(bare) {
            return text.split_at(at);
        }
        if FIELD.is_match(bare) {
            run.push((at, TELLING.is_match(bare)));
            if run.len() >= 3 && run.iter().any(|(_, telling)| *telling) {
                let start = run[0].0;
                return if text[..start].trim().is_empty() { (text, "") } else { text.split_at(start) };
            }
        } else if bare.is_empty() || !line.starts_with([' ', '\t']) {
            run.clear();
        }
        at += line.len();
    }
    (text, "")
}

/// Reads the returned mail from its part, or from the rest of the notice.
pub(in crate::email::classify) fn returned(pieces: &Pieces<'_>, rest: &str) -> Returned {
    let mut found = Returned::default();
    for piece in &pieces.list {
        if let Some(nested) = piece.nested {
            let raw = nested.parts.first().and_then(|part| nested.raw_message.get(part.offset_header as usize..)).unwrap_or_default();
            let raw = String::from_utf8_lossy(&raw[..raw.len().min(16 * 1024)]).replace('\r', "");
            found.message_id = found.message_id.or_else(|| nested.message_id().map(ToOwned::to_owned));
            fill(&mut found, &raw);
        } else if pieces::is_returned(&piece.media_type) {
            fill(&mut found, &piece.text);
        }
    }
    if found.message_id.is_none() {
        fill(&mut found, rest);
        // Headers given back as an attachment of plain text.
        for piece in pieces.list.iter().skip(1).filter(|piece| piece.media_type.starts_with("text/") && MESSAGE_ID.is_match(&piece.text)) {
            fill(&mut found, &piece.text);
        }
    }
    found
}

fn fill(found: &mut Returned, text: &str) {
    let text = text.trim_start_matches('\n');
    let header = text.split_once("\n\n").map_or(text, |(header, _)| header);
    if found.message_id.is_none() {
        found.message_id = MESSAGE_ID.captures(header).or_else(|| MESSAGE_ID.captures(text)).map(|id| id[1].to_owned());
    }
    if found.to.is_empty() {
        let to = TO.captures(header).or_else(|| TO.captures(text));
        found.to = to.map(|to| notice::addresses(&to[1]).take(20).collect()).unwrap_or_default();
    }
    if found.header.is_empty() {
        header.clone_into(&mut found.header);
    }
}

/// The first `<id>` of a field.
pub(super) fn first_id(value: &str) -> Option<String> {
    IN_BRACKETS.captures(value).map(|id| id[1].to_owned()).or_else(|| {
        let bare = value.trim();
        (!bare.is_empty() && !bare.contains(char::is_whitespace)).then(|| bare.to_owned())
    })
}
