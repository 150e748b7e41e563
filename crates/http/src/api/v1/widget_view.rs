//! What visitors see of a conversation. The one place that says so: whatever is not named here stays inside.

use model::chat::{masked, masked_phone};
use model::message::Attachment;
use model::routing::Wait;
use model::visitor::initials;
use model::{Actor, AttachmentId, ConversationId, MessageId};
use serde::Serialize;
use store::chat::Seen;
use store::message::Shown;
use utoipa::ToSchema;

use super::interactive::Interactive;
use crate::present;
use crate::time::Time;

/// An agent as visitors know them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetPerson {
    pub name: String,
    pub initials: String,
}

/// How long to wait.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetWait {
    /// People who are served before.
    pub ahead: i64,
    pub expected_seconds: Option<i64>,
    /// Why it became longer, as a code.
    pub reason: Option<String>,
}

impl From<Wait> for WidgetWait {
    fn from(wait: Wait) -> Self {
        Self { ahead: wait.ahead, expected_seconds: wait.expected.map(|e| e.as_secs()), reason: wait.reason.map(|r| r.as_str().to_owned()) }
    }
}

/// An agent asked for patience.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetHold {
    pub until: Time,
    pub text: String,
}

/// The customer's score.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetRating {
    pub score: i64,
}

/// The visitor wants to be called.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetCallback {
    /// The last digits: enough to know it by.
    pub phone: String,
    pub wanted_at: Option<Time>,
}

/// A conversation as its visitor sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetConversation {
    #[schema(value_type = String, example = "cnv_0000000000000")]
    pub id: ConversationId,
    pub subject: String,
    /// `waiting`, `active`, `on_hold` or `ended`.
    pub state: &'static str,
    /// Who has it.
    pub agent: Option<WidgetPerson>,
    /// First words of the last message.
    pub preview: String,
    /// Agents' messages that the visitor has not seen.
    pub unread: i64,
    pub created_at: Time,
    pub last_at: Time,
    pub hold: Option<WidgetHold>,
    pub wait: Option<WidgetWait>,
    pub rating: Option<WidgetRating>,
    /// The newest message that an agent has seen.
    #[schema(value_type = Option<String>)]
    pub agent_read: Option<MessageId>,
    /// Answers go by mail to this address, shown as `a•••@example.com`.
    pub mail: Option<String>,
    /// The visitor asked to be called, and nobody has yet.
    pub callback: Option<WidgetCallback>,
    /// What was said first, where we did.
    pub invitation: Option<WidgetFirstWords>,
}

/// What was said first.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetFirstWords {
    pub text: String,
    /// The agent's, where it was one.
    pub name: Option<String>,
    pub initials: Option<String>,
}

/// A file as its visitor sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetFile {
    #[schema(value_type = String, example = "att_0000000000000")]
    pub id: AttachmentId,
    pub name: String,
    pub content_type: String,
    pub size: i64,
    /// It stands in the HTML as `<img data-file="att_…">`: fetch it with the token.
    pub inline: bool,
}

impl From<Attachment> for WidgetFile {
    fn from(a: Attachment) -> Self {
        Self { id: a.id, name: a.filename, content_type: a.content_type, size: a.size, inline: a.inline }
    }
}

/// A message as its visitor sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetMessage {
    #[schema(value_type = String, example = "msg_0000000000000")]
    pub id: MessageId,
    /// The `Idempotency-Key` that it was sent with.
    pub client_key: Option<String>,
    /// `customer`, `agent` or `system`.
    pub from: &'static str,
    pub name: Option<String>,
    pub initials: Option<String>,
    pub text: String,
    /// Sanitised. Pictures of ours are `<img data-file="att_…">`; none from elsewhere is loaded.
    pub html: Option<String>,
    pub at: Time,
    pub files: Vec<WidgetFile>,
    /// What can be pressed or filled in, below the words.
    pub interactive: Option<Interactive>,
    /// The message whose offer it answers.
    #[schema(value_type = Option<String>)]
    pub answers: Option<MessageId>,
}

/// An agent's name as the widget's settings want it.
pub fn person(name: &str, whole: bool) -> WidgetPerson {
    let name = model::widget::shown_name(name, whole);
    WidgetPerson { initials: initials(&name), name }
}

/// A conversation for its visitor.
pub fn conversation(seen: &Seen, wait: Option<WidgetWait>) -> WidgetConversation {
    let (c, chat) = (&seen.conversation, &seen.chat);
    let state = chat.state(c);
    let is_over = state == model::chat::ChatState::Ended;
    WidgetConversation {
        id: c.id,
        subject: c.subject.clone(),
        state: state.as_str(),
        agent: seen.agent_name.as_deref().map(|n| person(n, seen.settings.full_names)),
        preview: model::conversation::preview_of(seen.last_words.as_deref().unwrap_or_default()),
        unread: seen.unread,
        created_at: Time(c.created_at),
        last_at: Time(c.last_activity_at),
        hold: chat.hold.as_ref().filter(|_| !is_over).map(|h| WidgetHold { until: Time(h.until), text: h.text.clone() }),
        wait: wait.filter(|_| state == model::chat::ChatState::Waiting),
        rating: chat.rating.as_ref().map(|r| WidgetRating { score: r.score }),
        agent_read: chat.agent_read,
        mail: chat.mail.as_ref().filter(|_| chat.left_at.is_some()).map(masked),
        invitation: chat.invitation.as_ref().map(|i| WidgetFirstWords {
            text: i.text.clone(),
            initials: i.name.as_deref().map(initials),
            name: i.name.clone(),
        }),
        callback: seen
            .callback
            .as_ref()
            .filter(|k| k.called_at.is_none() && !is_over)
            .map(|k| WidgetCallback { phone: masked_phone(&k.phone), wanted_at: k.wanted_at.map(Time) }),
    }
}

/// A message for the visitor of its conversation; none when it is not theirs to see.
pub fn message(seen: &Seen, shown: &Shown, client_key: Option<String>) -> Option<WidgetMessage> {
    let m = &shown.message;
    if m.conversation != seen.conversation.id || !seen.chat.shows(&seen.conversation, m) {
        return None;
    }
    let by_agent = matches!(m.author, Actor::Agent(_));
    let who = by_agent.then(|| person(shown.author_name.as_deref().unwrap_or_default(), seen.settings.full_names));
    let offered = shown.offered.as_ref().filter(|_| by_agent);
    // What it offers is drawn by the widget itself, not told in words.
    let html = offered.map(|o| o.words.as_str()).or(m.html.as_deref()).filter(|_| by_agent).map(|html| {
        // What stands under the words (a signature) is for mails.
        let words = html.split_once("<div>-- <br>").map_or(html, |(words, _)| words);
        for_visitors(&present::html(words, &shown.attachments))
    });
    Some(WidgetMessage {
        id: m.id,
        client_key,
        from: if by_agent { "agent" } else { "customer" },
        name: who.as_ref().map(|w| w.name.clone()),
        initials: who.map(|w| w.initials),
        text: offered.map_or_else(|| m.reply_text.clone(), |o| desk::html::to_text(&o.words)),
        html,
        at: Time(m.created_at),
        files: shown.attachments.iter().cloned().map(Into::into).collect(),
        interactive: offered.map(|o| o.interactive.clone().into()),
        answers: shown.answers,
    })
}

/// Pictures of ours by their ids: a visitor's browser has no cookie to fetch them by.
fn for_visitors(html: &str) -> String {
    const OURS: &str = " src=\"/api/v1/attachments/";
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(OURS) {
        let tail = &rest[at + OURS.len()..];
        let end = tail.find('"').unwrap_or(tail.len());
        out.push_str(&rest[..at]);
        let id = tail[..end].split('?').next().unwrap_or_default();
        if id.parse::<AttachmentId>().is_ok() {
            out.push_str(&format!(" data-file=\"{id}\""));
        }
        rest = tail.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Id;

    #[test]
    fn pictures_are_named_by_their_files() {
        let id = AttachmentId::from_raw(7);
        let html = for_visitors(&format!("<p>Look <img alt=\"a\" src=\"/api/v1/attachments/{id}?inline=1\"> there</p>"));
        assert_eq!(html, format!("<p>Look <img alt=\"a\" data-file=\"{id}\"> there</p>"));
        assert_eq!(for_visitors("<img src=\"/api/v1/attachments/x\" y>"), "<img y>");
    }
}
