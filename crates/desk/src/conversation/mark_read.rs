//! Read and unread.

use model::scope::Forbidden;
use model::{ConversationId, EventKind, Permission, Scope};
use store::Tx;

use crate::Refusal;

/// Marks a conversation as read or unread, for this agent only. `quietly`: the customer of a chat is not told.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight; [`Refusal::Forbidden`] when no agent acts.
pub async fn mark_read(tx: &mut Tx, scope: &Scope, id: ConversationId, read: bool, quietly: bool) -> Result<(), Refusal> {
    scope.require(Permission::ConversationRead)?;
    let agent = scope.actor.agent().ok_or(Forbidden(Permission::ConversationRead))?;
    let conversation = store::conversation::get(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    store::read_state::set(tx, scope.workspace, agent, id, read).await?;
    let kind = EventKind::ConversationRead { agent, read };
    tx.record(scope.workspace, scope.actor, (Some(id), Some(conversation.inbox)), kind).await?;
    if read && !quietly {
        crate::chat::seen_by_agent(tx, scope.workspace, agent, &conversation).await?;
    }
    Ok(())
}
