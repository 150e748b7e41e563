//! An agent's words in a chat: out at once.

use model::chat::Chat;
use model::message::{Delivery, DeliveryState, Message, MessageKind, Recipients};
use model::{Actor, AgentId, Conversation, Job, Scope, WorkspaceId};
use store::{Error, Tx};

use crate::conversation::{FARTHEST, SendError};
use crate::html;

/// What an agent says.
pub(crate) struct Said {
    /// HTML as composed.
    pub(crate) html: Option<String>,
    /// Plain text, when there is no HTML.
    pub(crate) text: Option<String>,
    /// Uploads.
    pub(crate) attachments: Vec<model::AttachmentId>,
    /// When it is to leave; none: now.
    pub(crate) send_at: Option<model::Timestamp>,
}

/// Writes the message. Nobody is mailed: whoever has the widget open sees it, and [`took_reply`] looks after those who have not.
///
/// # Errors
/// [`SendError`] says what to mend.
pub(crate) async fn reply(tx: &mut Tx, scope: &Scope, conversation: &Conversation, author: AgentId, said: Said) -> Result<Message, SendError> {
    let most = crate::conversation::MAX_BODY;
    let body = match (&said.html, &said.text) {
        (Some(html), _) if html.len() > most => return Err(SendError::TooLong),
        (None, Some(text)) if text.len() > most => return Err(SendError::TooLong),
        (Some(html), _) => html::sanitize_composed(html),
        (None, Some(text)) => html::from_text(text),
        (None, None) => String::new(),
    };
    let words = html::to_text(&body);
    if words.trim().is_empty() && said.attachments.is_empty() && !body.contains("<img") {
        return Err(SendError::Empty);
    }
    let now = tx.now();
    if said.send_at.is_some_and(|at| at <= now || at > now + FARTHEST) {
        return Err(SendError::BadTime);
    }
    let state = if said.send_at.is_some() { DeliveryState::Scheduled } else { DeliveryState::Sent };
    let message = Message {
        id: tx.new_id(),
        conversation: conversation.id,
        kind: MessageKind::Reply,
        author: Actor::Agent(author),
        subject: String::new(),
        text: words.clone(),
        html: Some(body),
        reply_text: words,
        from: None,
        recipients: Recipients::default(),
        rfc_message_id: None,
        inbound_mail: None,
        created_at: now,
        sent_at: said.send_at.is_none().then_some(now),
        delivery: Some(Delivery { state, undo_until: said.send_at, attempts: 0, next_attempt_at: None, recipients: Vec::new() }),
        authentication: None,
        held: false,
        forwarded_by: None,
    };
    store::message::insert(tx, scope.workspace, &message).await?;
    for attachment in said.attachments {
        let inline = message.html.as_deref().is_some_and(|h| h.contains(&attachment.to_string()));
        if !store::attachment::attach(tx, scope.workspace, attachment, message.id, author, inline).await? {
            return Err(SendError::UnknownAttachment(attachment));
        }
    }
    if let Some(at) = said.send_at {
        tx.enqueue_at(scope.workspace, &Job::DeliverMessage { message: message.id }, at).await?;
    }
    Ok(message)
}

/// An agent's public words are out: a hold is over, an ended chat goes on, and a job looks later whether they have to go by mail.
pub(crate) async fn took_reply(tx: &mut Tx, workspace: WorkspaceId, by: Actor, conversation: &Conversation, mut chat: Chat) -> Result<(), Error> {
    let change = match (chat.hold.take().is_some(), chat.ended.take().is_some()) {
        (_, true) => Some("reopened"),
        (true, false) => Some("resumed"),
        (false, false) => None,
    };
    let due = chat.mail_due;
    if chat.is_reachable() {
        let now = tx.now();
        super::mail::watch(tx, workspace, &mut chat, now).await?;
    }
    if change.is_some() || due != chat.mail_due {
        store::chat::update(tx, workspace, &chat).await?;
    }
    if let Some(change) = change {
        super::changed(tx, workspace, by, conversation, change).await?;
    }
    Ok(())
}
