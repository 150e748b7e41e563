//! A chat is over. Writing again opens it again.

use model::chat::{Chat, Ended};
use model::{Actor, Conversation, ConversationId, EventKind, Permission, Scope, Status, WorkspaceId};
use store::Tx;

use super::{Visit, theirs};
use crate::Refusal;
use crate::conversation::to_change;

/// The customer ends it.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not theirs.
pub async fn end_by_visitor(tx: &mut Tx, visit: &Visit, id: ConversationId) -> Result<(), Refusal> {
    let (chat, conversation) = theirs(tx, visit, id).await?;
    let by = Actor::Customer(conversation.customer);
    finish(tx, visit.workspace, by, chat, conversation).await
}

/// An agent ends it.
///
/// # Errors
/// As [`to_change`]; [`Refusal::NotFound`] when it is no chat.
pub async fn end(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    let conversation = to_change(tx, scope, Permission::ConversationReply, id).await?;
    let chat = store::chat::get(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    finish(tx, scope.workspace, scope.actor, chat, conversation).await
}

/// Resolved when nobody waits for an answer and nothing has to be filled in first; else it stays open for the agent.
async fn finish(tx: &mut Tx, workspace: WorkspaceId, by: Actor, mut chat: Chat, conversation: Conversation) -> Result<(), Refusal> {
    if chat.ended.is_some() {
        return Ok(());
    }
    let now = tx.now();
    chat.ended = Some(Ended { at: now, by });
    chat.hold = None;
    store::chat::update(tx, workspace, &chat).await?;
    let place = (Some(conversation.id), Some(conversation.inbox));
    let word = if by.agent().is_some() { "agent" } else { "customer" };
    tx.record(workspace, by, place, EventKind::ChatEnded { by: word.into() }).await?;
    let done = Status::Resolved { at: now };
    let scope = Scope::system(workspace);
    let waits = conversation.waiting_since.is_some() || conversation.shelf.is_some() || conversation.merged_into.is_some();
    if waits || crate::field::require(tx, &scope, &conversation, done).await.is_err() {
        return Ok(());
    }
    let before = conversation.clone();
    let mut after = conversation;
    if after.change_status(done, now).is_ok() {
        store::conversation::update(tx, workspace, &before, &mut after).await?;
        tx.record(workspace, by, place, EventKind::status_changed(&before, &after)).await?;
    }
    Ok(())
}
