//! What a supervisor does in the chats of others: watching, whispering, taking over.

use model::conversation::Channel;
use model::scope::Forbidden;
use model::{ConversationId, EventKind, MessageId, Permission, Scope};
use store::Tx;

use crate::Refusal;
use crate::conversation::{Assignment, Note, assign, note, to_change};

/// Writes down that the actor begins to watch a chat. Neither its agent nor its customer is told; admins see it in the audit log.
///
/// # Errors
/// [`Refusal::Forbidden`]; [`Refusal::NotFound`] when it is out of sight, or no chat.
pub async fn watch(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    scope.require(Permission::ChatSupervise)?;
    let c = store::conversation::get(tx, scope, id).await?.filter(|c| c.channel == Channel::Chat).ok_or(Refusal::NotFound)?;
    let kind = EventKind::ChatWatched { agent: c.assignee };
    Ok(tx.record(scope.workspace, scope.actor, (Some(id), Some(c.inbox)), kind).await?)
}

/// Whispers to whoever has a conversation: an internal note that they are told at once. The customer never sees it.
///
/// # Errors
/// [`Refusal::Forbidden`]; [`Refusal::NotFound`] when it is out of sight; [`Refusal::Conflict`] `nobody_there` when nobody else has
/// it; as [`note`].
pub async fn whisper(tx: &mut Tx, scope: &Scope, id: ConversationId, words: Note) -> Result<MessageId, Refusal> {
    scope.require(Permission::ChatSupervise)?;
    let c = to_change(tx, scope, Permission::ConversationWrite, id).await?;
    let Some(to) = c.assignee.filter(|a| scope.actor.agent() != Some(*a)) else {
        return Err(Refusal::conflict("nobody_there", "Nobody else has it: there is nobody to whisper to."));
    };
    let message = note(tx, scope, id, words).await?;
    store::whisper::insert(tx, scope.workspace, message, to).await?;
    Ok(message)
}

/// Takes a conversation over from whoever has it; they are told.
///
/// # Errors
/// [`Refusal::Forbidden`]; [`Refusal::NotFound`] when it is out of sight; [`Refusal::Invalid`] when the actor answers nobody here.
pub async fn take_over(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    scope.require(Permission::ChatSupervise)?;
    let agent = scope.actor.agent().ok_or(Forbidden(Permission::ChatSupervise))?;
    let before = to_change(tx, scope, Permission::ConversationReply, id).await?;
    let from = before.assignee.filter(|a| *a != agent);
    assign(tx, scope, id, Assignment { assignee: Some(Some(agent)), team: None }).await?;
    store::guest::leave(tx, scope.workspace, id, agent).await?;
    if let Some(from) = from {
        let kind = EventKind::ConversationTakenOver { from };
        tx.record(scope.workspace, scope.actor, (Some(id), Some(before.inbox)), kind).await?;
    }
    Ok(())
}
