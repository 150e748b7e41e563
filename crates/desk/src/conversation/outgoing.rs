//! Makes an agent's words ready to leave: sanitised, signed, with its files and its place in the queue.

use model::inbox::Inbox;
use model::message::{Delivery, DeliveryState, Message, MessageKind, Recipients};
use model::{Actor, AgentId, AttachmentId, Conversation, Job, Mailbox, Scope};
use store::{Error, Tx};

use crate::{Keys, html};

/// Most recipients of one message.
pub const MAX_RECIPIENTS: usize = 50;
/// Longest body, in bytes of HTML.
pub const MAX_BODY: usize = 1024 * 1024;

/// Why a message cannot be sent as it is.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Nothing written and no file.
    #[error("write something before you send")]
    Empty,
    /// Nobody to send to.
    #[error("add at least one recipient")]
    NoRecipient,
    /// Too many.
    #[error("at most {MAX_RECIPIENTS} recipients")]
    TooManyRecipients,
    /// Too long.
    #[error("the text is too long: at most 1 MB")]
    TooLong,
    /// The time to send it at is over, or too far away.
    #[error("pick a time within a year")]
    BadTime,
    /// A file is not there, belongs to somebody else, or hangs on another message.
    #[error("the attachment {0} is not available; upload it again")]
    UnknownAttachment(AttachmentId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// What to send.
pub struct Outgoing {
    /// HTML as composed.
    pub html: Option<String>,
    /// Plain text, when there is no HTML.
    pub text: Option<String>,
    /// To, Cc, Bcc.
    pub recipients: Recipients,
    /// Uploads.
    pub attachments: Vec<AttachmentId>,
    /// Subject.
    pub subject: String,
    /// When it is to leave; none: after the undo window.
    pub send_at: Option<model::Timestamp>,
}

/// Writes the message and queues its delivery after the author's undo window. The caller updates the conversation.
///
/// # Errors
/// [`SendError`] says what to mend; nothing was written that survives the roll-back.
pub async fn prepare(
    tx: &mut Tx,
    keys: &Keys,
    scope: &Scope,
    inbox: &Inbox,
    conversation: &Conversation,
    author: AgentId,
    out: Outgoing,
) -> Result<Message, SendError> {
    let workspace = scope.workspace;
    if out.recipients.all().next().is_none() {
        return Err(SendError::NoRecipient);
    }
    if out.recipients.all().count() > MAX_RECIPIENTS {
        return Err(SendError::TooManyRecipients);
    }
    let body = match (&out.html, &out.text) {
        (Some(html), _) if html.len() > MAX_BODY => return Err(SendError::TooLong),
        (None, Some(text)) if text.len() > MAX_BODY => return Err(SendError::TooLong),
        (Some(html), _) => html::sanitize_composed(html),
        (None, Some(text)) => html::from_text(text),
        (None, None) => String::new(),
    };
    let words = html::to_text(&body);
    if words.trim().is_empty() && out.attachments.is_empty() && !body.contains("<img") {
        return Err(SendError::Empty);
    }
    let who = store::participant::author(tx, workspace, author).await?;
    let signature = [who.as_ref().map_or("", |w| w.signature_html.as_str()), inbox.signature_html.as_str()].concat();
    let (full_html, full_text) = if signature.trim().is_empty() {
        (body, words.clone())
    } else {
        (format!("{body}<div>-- <br>{signature}</div>"), format!("{words}\n\n-- \n{}", html::to_text(&signature)))
    };
    let now = tx.now();
    if out.send_at.is_some_and(|at| at <= now || at > now + super::FARTHEST) {
        return Err(SendError::BadTime);
    }
    let undo = who.as_ref().map_or(0, |w| w.undo_seconds);
    let undo_until = out.send_at.or_else(|| (undo > 0).then(|| now + std::time::Duration::from_secs(u64::from(undo))));
    let state = match (out.send_at, undo_until) {
        (Some(_), _) => DeliveryState::Scheduled,
        (None, Some(_)) => DeliveryState::UndoWindow,
        (None, None) => DeliveryState::Queued,
    };
    let id = tx.new_id();
    let message = Message {
        id,
        conversation: conversation.id,
        kind: MessageKind::Reply,
        author: Actor::Agent(author),
        subject: out.subject,
        text: full_text,
        html: Some(full_html),
        reply_text: words,
        from: Some(Mailbox { name: Some(inbox.from_name.clone().unwrap_or_else(|| inbox.name.clone())), address: inbox.address.clone() }),
        recipients: out.recipients,
        rfc_message_id: Some(keys.signing.message_id(workspace, id, inbox.address.domain())),
        inbound_mail: None,
        created_at: now,
        sent_at: None,
        delivery: Some(Delivery { state, undo_until, attempts: 0, next_attempt_at: None, recipients: Vec::new() }),
        authentication: None,
        held: false,
        forwarded_by: None,
    };
    store::message::insert(tx, workspace, &message).await?;
    for attachment in out.attachments {
        let inline = message.html.as_deref().is_some_and(|h| h.contains(&attachment.to_string()));
        if !store::attachment::attach(tx, workspace, attachment, id, author, inline).await? {
            return Err(SendError::UnknownAttachment(attachment));
        }
    }
    tx.enqueue_at(workspace, &Job::DeliverMessage { message: id }, undo_until.unwrap_or(now)).await?;
    Ok(message)
}

/// `Re: ` in front, once.
pub(crate) fn reply_subject(subject: &str) -> String {
    let bare = subject.trim_start();
    if bare.to_lowercase().starts_with("re:") { bare.to_owned() } else { format!("Re: {bare}") }
}
