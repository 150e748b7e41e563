//! How a transcript reads: a head, and each message with who wrote it and when; as HTML and as text.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use model::message::{DeliveryState, Message, MessageKind};
use model::workspace::Language;
use model::{AttachmentId, Conversation};
use store::message::Shown;

use crate::conversation::when;
use crate::html;

/// What stands around the messages.
pub(super) struct Words<'a> {
    pub(super) language: Language,
    pub(super) zone: TimeZone,
    pub(super) inbox: &'a str,
}

/// Whether a message is in a transcript.
pub(super) fn belongs(m: &Message, notes: bool) -> bool {
    let left =
        m.delivery.as_ref().is_none_or(|d| !matches!(d.state, DeliveryState::UndoWindow | DeliveryState::Scheduled | DeliveryState::Cancelled));
    match m.kind {
        MessageKind::Note => notes,
        MessageKind::Bounce => false,
        MessageKind::Customer | MessageKind::Reply | MessageKind::Automatic => left && !m.held,
    }
}

/// Agents' words keep their form. Of customers' mails only their own words are taken, without what they quote.
pub(super) fn keeps_html(m: &Message) -> bool {
    matches!(m.kind, MessageKind::Reply | MessageKind::Note) && m.html.is_some()
}

/// The mail's subject.
pub(super) fn subject(c: &Conversation, language: Language) -> String {
    let subject = c.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    match (language, subject.is_empty()) {
        (Language::En, true) => format!("Transcript of conversation #{}", c.number),
        (Language::En, false) => format!("Transcript: {subject} (#{})", c.number),
        (Language::Ko, true) => format!("대화 #{} 전체 내용", c.number),
        (Language::Ko, false) => format!("대화 내용: {subject} (#{})", c.number),
    }
}

/// Text and HTML. `pictures` go with the mail; others are named.
pub(super) fn write(words: &Words<'_>, c: &Conversation, messages: &[Shown], pictures: &[AttachmentId], left_out: bool) -> (String, String) {
    let (mut text, mut body) = (String::new(), String::new());
    let (title, shortened, count) = match words.language {
        Language::En if messages.len() == 1 => ("Transcript", "Older messages are left out.", "1 message".to_owned()),
        Language::En => ("Transcript", "Older messages are left out.", format!("{} messages", messages.len())),
        Language::Ko => ("대화 내용", "이전 메시지는 생략했습니다.", format!("메시지 {}개", messages.len())),
    };
    let subject = if c.subject.trim().is_empty() { title.to_owned() } else { html::to_text(&html::from_text(&c.subject)) };
    let facts = format!("#{} · {} · {count}", c.number, words.inbox);
    let _ = write!(text, "{subject}\n{facts}\n");
    if left_out {
        let _ = writeln!(text, "{shortened}");
        let _ = write!(body, "<p style=\"{DIM}\">{shortened}</p>");
    }
    for shown in messages {
        let m = &shown.message;
        let who = author(shown, words.inbox);
        let at = when(m.sent_at.unwrap_or(m.created_at), words.language, words.zone.clone());
        let kind = match (m.kind, words.language) {
            (MessageKind::Note, Language::En) => " · internal note",
            (MessageKind::Note, Language::Ko) => " · 내부 메모",
            (MessageKind::Automatic, Language::En) => " · automatic",
            (MessageKind::Automatic, Language::Ko) => " · 자동 메시지",
            _ => "",
        };
        let said = said(m, pictures);
        let named = files(shown, pictures, words.language);
        let _ = write!(text, "\n――――――――――\n{who} · {at}{kind}\n\n{}\n", said_as_text(m));
        let color = if m.kind == MessageKind::Note { "#fff8e1" } else { "#ffffff" };
        let _ = write!(
            body,
            "<div style=\"border:1px solid #e2e2dd;border-radius:8px;padding:12px 16px;margin:0 0 12px;background:{color}\">\
             <p style=\"margin:0 0 8px\"><strong>{}</strong> <span style=\"{DIM}\">{}{kind}</span></p>{said}",
            html_escape::encode_text(&who),
            html_escape::encode_text(&at),
        );
        if let Some(named) = named {
            let _ = writeln!(text, "\n{named}");
            let _ = write!(body, "<p style=\"{DIM};margin:8px 0 0\">{}</p>", html_escape::encode_text(&named));
        }
        body.push_str("</div>");
    }
    let html = format!(
        "<!doctype html><html lang=\"{}\"><body style=\"margin:0;padding:16px;font-family:sans-serif;font-size:14px;line-height:1.55;color:#1a1a1a\">\
         <div style=\"max-width:680px;margin:0 auto\"><h1 style=\"font-size:20px;line-height:1.3;margin:0 0 4px\">{}</h1>\
         <p style=\"{DIM};margin:0 0 16px\">{}</p>{body}</div></body></html>",
        words.language.as_str(),
        html_escape::encode_text(&subject),
        html_escape::encode_text(&facts),
    );
    (text, html)
}

const DIM: &str = "color:#6b6b66;font-size:13px";

fn author(shown: &Shown, inbox: &str) -> String {
    let from = || shown.message.from.as_ref().map(|f| f.label().to_owned());
    shown.author_name.clone().filter(|name| !name.trim().is_empty()).or_else(from).unwrap_or_else(|| inbox.to_owned())
}

/// The words themselves: of a customer's mail what they wrote, or all of it where nothing else is known.
fn said_as_text(m: &Message) -> &str {
    let own = m.reply_text.trim();
    if own.is_empty() { m.text.trim() } else { own }
}

fn said(m: &Message, pictures: &[AttachmentId]) -> String {
    match &m.html {
        Some(full) if keeps_html(m) => {
            // The signature stands at the end; each message of a transcript would repeat it.
            let words = full.rfind("<div>-- <br>").map_or(full.as_str(), |at| &full[..at]);
            let clean = html::sanitize_composed(words);
            point_at_pictures(&clean, pictures)
        }
        _ => html::from_text(said_as_text(m)),
    }
}

/// Our pictures are shown from the mail; any other is told by its description, and none is fetched from anywhere.
fn point_at_pictures(html: &str, pictures: &[AttachmentId]) -> String {
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(at) = rest.find("<img") {
        out.push_str(&rest[..at]);
        let end = html::tag_end(&rest[at..]).map_or(rest.len(), |end| at + end + 1);
        let tag = &rest[at..end];
        match pictures.iter().find(|id| tag.contains(&id.to_string())) {
            Some(id) => {
                let _ = write!(out, "<img src=\"cid:{id}@sonnim\" alt=\"\" style=\"max-width:100%\">");
            }
            None => out.push_str(&html_escape::encode_text(&html::to_text(tag))),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The files that came with it, by name: who needs one, asks for it.
fn files(shown: &Shown, pictures: &[AttachmentId], language: Language) -> Option<String> {
    let names: Vec<&str> = shown.attachments.iter().filter(|a| !pictures.contains(&a.id)).map(|a| a.filename.as_str()).collect();
    let word = match language {
        Language::En if names.len() == 1 => "File",
        Language::En => "Files",
        Language::Ko => "첨부 파일",
    };
    (!names.is_empty()).then(|| format!("{word}: {}", names.join(", ")))
}
