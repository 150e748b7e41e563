//! Internal notes.

use model::message::{Message, MessageKind, Recipients};
use model::scope::Forbidden;
use model::{AttachmentId, ConversationId, EventKind, MessageId, Permission, Scope};
use store::Tx;

use super::mention::{self, Mention};
use crate::{Refusal, html};

/// Most files on one message.
pub const MOST_FILES: usize = 50;

/// What is to be noted. Sanitised when made, which is outside of any transaction.
#[derive(Debug, Clone)]
pub struct Note {
    html: Option<String>,
    text: String,
    attachments: Vec<AttachmentId>,
    mentions: Vec<Mention>,
}

impl Note {
    /// A note of HTML (or, without it, of plain text) and uploads.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] when nothing is said and nothing attached, or a mention names nobody.
    pub fn new(html: Option<&str>, text: Option<&str>, attachments: Vec<AttachmentId>) -> Result<Self, Refusal> {
        let html = html.map(html::sanitize_note).filter(|h| !h.trim().is_empty());
        let text = match (&html, text) {
            (Some(html), _) => html::to_text(html),
            (None, text) => text.unwrap_or_default().trim_end().to_owned(),
        };
        let has_image = html.as_ref().is_some_and(|h| h.contains("<img"));
        if text.trim().is_empty() && attachments.is_empty() && !has_image {
            return Err(Refusal::invalid("text", "missing", "Write something, or attach a file."));
        }
        if attachments.len() > MOST_FILES {
            return Err(Refusal::invalid("attachment_ids", "too_many", "50 files are the most."));
        }
        let mentions = html.as_deref().map_or_else(|| Ok(Vec::new()), mention::mentions_in)?;
        Ok(Self { html, text, attachments, mentions })
    }

    pub(super) fn html(&self) -> Option<&String> {
        self.html.as_ref()
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn mentions(&self) -> &[Mention] {
        &self.mentions
    }
}

/// Leaves a note that only agents see. It goes to nobody, is no reply, and its words stay out of the preview.
///
/// # Errors
/// [`Refusal::Invalid`] when an attachment is no free upload of this agent, or somebody is mentioned who cannot read it.
pub async fn note(tx: &mut Tx, scope: &Scope, id: ConversationId, note: Note) -> Result<MessageId, Refusal> {
    let before = super::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    let agent = scope.actor.agent().ok_or(Forbidden(Permission::ConversationWrite))?;
    let mentioned = mention::resolve(tx, scope, before.inbox, &note.mentions).await?;
    let now = tx.now();
    let message = Message {
        id: tx.new_id(),
        conversation: id,
        kind: MessageKind::Note,
        author: scope.actor,
        subject: String::new(),
        reply_text: note.text.clone(),
        text: note.text,
        html: note.html,
        from: None,
        recipients: Recipients::default(),
        rfc_message_id: None,
        inbound_mail: None,
        created_at: now,
        sent_at: None,
        delivery: None,
        authentication: None,
        held: false,
        forwarded_by: None,
    };
    store::message::insert(tx, scope.workspace, &message).await?;
    for file in note.attachments {
        let inline = message.html.as_ref().is_some_and(|h| h.contains(&file.to_string()));
        if !store::attachment::attach(tx, scope.workspace, file, message.id, agent, inline).await? {
            return Err(Refusal::unknown("attachment_ids"));
        }
    }
    mention::write(tx, scope, message.id, id, &mentioned).await?;
    let mut after = before.clone();
    after.take_note(now);
    store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
    if store::draft::get(tx, scope.workspace, agent, id).await?.is_some_and(|d| d.is_note) {
        store::draft::delete(tx, scope.workspace, agent, id).await?;
        tx.record(scope.workspace, scope.actor, (Some(id), Some(after.inbox)), EventKind::DraftChanged { agent }).await?;
    }
    let kind = EventKind::MessageNoted { message: message.id };
    tx.record(scope.workspace, scope.actor, (Some(id), Some(after.inbox)), kind).await?;
    Ok(message.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_something_and_nothing_runs_in_it() {
        assert!(Note::new(Some("<p> </p>"), None, vec![]).is_err());
        assert!(Note::new(None, Some("  "), vec![]).is_err());
        let note = Note::new(Some("<p onclick=x>Call <script>1</script>back</p>"), None, vec![]).unwrap();
        assert_eq!((note.html.as_deref(), note.text.as_str()), (Some("<p>Call back</p>"), "Call back"));
    }
}
