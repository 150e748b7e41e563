//! Following a conversation: hearing of it without owning it.

use model::scope::Forbidden;
use model::{ConversationId, EventKind, Permission, Scope};
use store::Tx;

use crate::Refusal;

/// Follows a conversation, or does so no longer: the actor only, who then hears what customers and colleagues write there.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight.
pub async fn follow(tx: &mut Tx, scope: &Scope, id: ConversationId, follows: bool) -> Result<(), Refusal> {
    let conversation = super::locked(tx, scope, Permission::ConversationWrite, id).await?;
    super::not_merged(&conversation)?;
    let agent = scope.actor.agent().ok_or(Forbidden(Permission::ConversationWrite))?;
    let changed = if follows {
        store::follower::add(tx, scope.workspace, id, agent).await?
    } else {
        store::follower::remove(tx, scope.workspace, id, agent).await?
    };
    if changed {
        let kind = EventKind::ConversationFollowed { agent, follows };
        tx.record(scope.workspace, scope.actor, (Some(id), Some(conversation.inbox)), kind).await?;
    }
    Ok(())
}
