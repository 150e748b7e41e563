//! A message as it is passed on: a head that says whose it was, its words, and its files.

use jiff::tz::TimeZone;
use model::message::{Attachment, MessageKind};
use model::workspace::Language;
use model::{AgentId, ConversationId, Mailbox, Scope, Timestamp};
use store::Tx;
use store::message::Shown;

use super::side::Forward;
use crate::notification::zone;
use crate::{Refusal, html};

/// What stands beneath the agent's words.
pub(crate) struct Passed {
    /// Sanitised HTML.
    pub html: String,
    /// Rows for its files, with new ids and no message yet; their bytes are there already.
    pub files: Vec<Attachment>,
}

/// The block of a message of a conversation, in the agent's language and time zone.
///
/// # Errors
/// [`Refusal::Invalid`] when the message is a note or not of this conversation, or a file is not of this message.
pub(crate) async fn block(tx: &mut Tx, scope: &Scope, of: ConversationId, by: AgentId, what: &Forward) -> Result<Passed, Refusal> {
    let shown = store::message::get(tx, scope, what.message).await?.filter(|m| m.message.conversation == of);
    let shown = shown.ok_or_else(|| Refusal::unknown("forward.message_id"))?;
    if shown.message.kind == MessageKind::Note {
        return Err(Refusal::invalid("forward.message_id", "note", "Internal notes are not forwarded."));
    }
    if let Some(wanted) = &what.attachments
        && wanted.iter().any(|id| !shown.attachments.iter().any(|a| a.id == *id))
    {
        return Err(Refusal::unknown("forward.attachment_ids"));
    }
    let agent = store::agent::find(tx, scope.workspace, by).await?;
    let zone = zone(tx, scope.workspace, agent.as_ref().and_then(|a| a.time_zone.as_deref())).await?;
    let body = shown.message.html.clone().unwrap_or_else(|| html::from_text(&shown.message.text));
    let mut passed = Passed { html: body, files: Vec::new() };
    for file in &shown.attachments {
        let wanted = file.inline || what.attachments.as_ref().is_none_or(|ids| ids.contains(&file.id));
        if wanted {
            let copy = Attachment { id: tx.new_id(), message: None, ..file.clone() };
            passed.html = point_at(&passed.html, file, &copy);
            passed.files.push(copy);
        }
    }
    passed.html = html::sanitize_composed(&format!("{}{}", head(&shown, agent.map_or(Language::En, |a| a.language), zone), passed.html));
    Ok(passed)
}

/// The same HTML with a picture's place pointing at the copy.
fn point_at(html: &str, file: &Attachment, copy: &Attachment) -> String {
    let mut html = html.replace(&file.id.to_string(), &copy.id.to_string());
    if let Some(cid) = file.content_id.as_deref().map(|c| c.trim_matches(['<', '>', ' '])) {
        let there = format!("src=\"/api/v1/attachments/{}?inline=1\"", copy.id);
        for name in ["data-cid=\"", "src=\"cid:"] {
            html = html.replace(&format!("{name}{}\"", html_escape::encode_double_quoted_attribute(cid)), &there);
        }
    }
    html
}

/// Who wrote it, when, about what and to whom: as mail programs write it, so that they can read it.
fn head(shown: &Shown, language: Language, zone: TimeZone) -> String {
    let m = &shown.message;
    let (title, from, date, subject, to, cc) = match language {
        Language::En => ("---------- Forwarded message ----------", "From", "Date", "Subject", "To", "Cc"),
        Language::Ko => ("---------- 전달된 메일 ----------", "보낸 사람", "날짜", "제목", "받는 사람", "참조"),
    };
    let people = |list: &[Mailbox]| list.iter().map(label).collect::<Vec<_>>().join(", ");
    let mut lines = Vec::new();
    if let Some(who) = &m.from {
        lines.push((from, label(who)));
    }
    lines.push((date, when(m.sent_at.unwrap_or(m.created_at), language, zone)));
    lines.push((subject, m.subject.clone()));
    lines.push((to, people(&m.recipients.to)));
    lines.push((cc, people(&m.recipients.cc)));
    let lines: Vec<String> =
        lines.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}: {}", html_escape::encode_text(text))).collect();
    format!("<p><br>{title}<br>{}</p>", lines.join("<br>"))
}

fn label(who: &Mailbox) -> String {
    match &who.name {
        Some(name) => format!("{name} <{}>", who.address),
        None => who.address.to_string(),
    }
}

/// A time as people of a language write it, in a time zone.
pub(crate) fn when(at: Timestamp, language: Language, zone: TimeZone) -> String {
    let at = at.to_zoned(zone);
    match language {
        Language::En => at.strftime("%a, %-d %b %Y, %H:%M (%:z)").to_string(),
        Language::Ko => at.strftime("%Y년 %-m월 %-d일 %H:%M (%:z)").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{AttachmentId, Id};

    #[test]
    fn a_picture_of_the_message_is_shown_from_its_copy() {
        let file = Attachment {
            id: AttachmentId::from_raw(5),
            message: None,
            filename: "a.png".into(),
            content_type: "image/png".into(),
            size: 1,
            inline: true,
            content_id: Some("<logo@x>".into()),
            sha256: String::new(),
        };
        let copy = Attachment { id: AttachmentId::from_raw(6), ..file.clone() };
        let there = format!("<img src=\"/api/v1/attachments/{}?inline=1\">", copy.id);
        assert_eq!(point_at("<img data-cid=\"logo@x\">", &file, &copy), there);
        assert_eq!(point_at(&format!("<img src=\"/api/v1/attachments/{}?inline=1\">", file.id), &file, &copy), there);
    }

    #[test]
    fn a_time_reads_as_people_write_it() {
        let at: Timestamp = "2026-11-22T10:05:00Z".parse().unwrap();
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        assert_eq!(when(at, Language::En, seoul.clone()), "Sun, 22 Nov 2026, 19:05 (+09:00)");
        assert_eq!(when(at, Language::Ko, seoul), "2026년 11월 22일 19:05 (+09:00)");
    }
}
