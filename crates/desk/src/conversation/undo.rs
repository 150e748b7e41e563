//! An agent takes a reply back before it leaves.

use model::message::{DeliveryState, MessageKind};
use model::scope::Forbidden;
use model::{Actor, EventKind, MessageId, Permission, Scope};
use store::draft::Draft;
use store::{Error, Tx};

use super::reschedule::forget_job;

/// Why it could not be taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// The role does not allow it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such reply of this agent in sight.
    #[error("no such reply")]
    NotFound,
    /// It has left.
    #[error("it is too late: the mail has left")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Takes a reply back within its undo window; its words become the author's draft again.
pub async fn undo(tx: &mut Tx, scope: &Scope, id: MessageId) -> Result<Draft, UndoError> {
    scope.require(Permission::ConversationReply)?;
    let workspace = scope.workspace;
    let Some(conversation) = store::message::conversation_of(tx, workspace, id).await? else { return Err(UndoError::NotFound) };
    let Some(mut conversation) = store::conversation::get(tx, scope, conversation).await? else { return Err(UndoError::NotFound) };
    let shown = store::message::get(tx, scope, id).await?.filter(|m| m.message.kind == MessageKind::Reply && m.message.author == scope.actor);
    let (Some(shown), Some(agent)) = (shown, scope.actor.agent()) else { return Err(UndoError::NotFound) };
    let now = tx.now();
    let held = shown.message.delivery.as_ref().filter(|d| d.is_held_back(now));
    let Some(due) = held.and_then(|d| d.undo_until) else { return Err(UndoError::TooLate) };
    forget_job(tx, scope, id, due).await?;
    let mut draft = Draft {
        is_note: false,
        html: crate::html::from_text(&shown.message.reply_text),
        recipients: shown.message.recipients.clone(),
        attachments: shown.attachments.iter().map(|a| a.id).collect(),
        updated_at: now,
        version: 0,
    };
    if let Some(html) = shown.message.html.as_deref() {
        // The signature is put under again when it is sent again.
        draft.html = html.split_once("<div>-- <br>").map_or(html, |(body, _)| body).to_owned();
    }
    store::attachment::detach_all(tx, workspace, id).await?;
    store::message::delete(tx, workspace, id).await?;
    draft.version = store::draft::put(tx, workspace, agent, conversation.id, &draft).await?;
    let before = conversation.clone();
    conversation.message_count -= 1;
    conversation.updated_at = now;
    let last = store::message::page(tx, scope, conversation.id, None, 20).await?;
    let scheduled = |m: &model::message::Message| m.delivery.as_ref().is_some_and(|d| d.state == DeliveryState::Scheduled);
    let last_of = |kind| last.items.iter().map(|m| &m.message).find(|m| m.kind == kind && !scheduled(m));
    let (customer, reply) = (last_of(MessageKind::Customer), last_of(MessageKind::Reply));
    conversation.last_reply_at = reply.map(|m| m.created_at);
    conversation.waiting_since = match (customer, reply) {
        (Some(c), Some(r)) if c.id < r.id => None,
        (Some(c), _) => Some(c.created_at),
        (None, _) => None,
    };
    if let Some(m) = [customer, reply].into_iter().flatten().max_by_key(|m| m.id) {
        conversation.preview = model::conversation::preview_of(&m.reply_text);
    }
    store::conversation::update(tx, workspace, &before, &mut conversation).await?;
    let place = (Some(conversation.id), Some(conversation.inbox));
    let state = DeliveryState::Cancelled.as_str().to_owned();
    tx.record(workspace, Actor::Agent(agent), place, EventKind::MessageDeliveryChanged { message: id, state }).await?;
    Ok(draft)
}
