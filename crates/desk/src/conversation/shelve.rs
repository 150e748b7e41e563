//! Throwing away, calling spam, and putting back.

use model::{Conversation, ConversationId, EventKind, Job, Permission, Scope, ShelfKind};
use store::Tx;

use crate::{Refusal, sender};

/// Puts a conversation into the trash or into spam. Its status waits beneath. What lies in the trash is deleted after
/// [`model::shelf::TRASH_KEEPS`]. With `block`, spam from its requester goes to spam at once from now on.
///
/// # Errors
/// [`Refusal::Invalid`] when the trash is asked to block; [`Refusal::Conflict`] `merged` when it went into another one.
pub async fn shelve(tx: &mut Tx, scope: &Scope, id: ConversationId, kind: ShelfKind, block: bool) -> Result<Conversation, Refusal> {
    let permission = match kind {
        ShelfKind::Trash => Permission::ConversationDelete,
        ShelfKind::Spam => Permission::ConversationWrite,
    };
    let before = super::locked(tx, scope, permission, id).await?;
    super::not_merged(&before)?;
    super::not_beside(&before)?;
    if block && kind == ShelfKind::Trash {
        return Err(Refusal::invalid("block", "invalid", "Only senders of spam are blocked."));
    }
    let mut after = before.clone();
    let now = tx.now();
    if after.put_away(kind, scope.actor, now) {
        store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
        let event = EventKind::ConversationShelved { shelf: kind.as_str().into() };
        tx.record(scope.workspace, scope.actor, (Some(id), Some(after.inbox)), event).await?;
        if kind == ShelfKind::Trash {
            let at = now + model::shelf::TRASH_KEEPS;
            tx.enqueue_at(scope.workspace, &Job::PurgeConversation { conversation: id }, at).await?;
        }
    }
    if block {
        for address in requester(tx, scope, &after).await? {
            sender::block_if_foreign(tx, scope, &address).await?;
        }
    }
    Ok(after)
}

/// Takes a conversation out of the trash or out of spam. A sender whose mail is no spam after all is let in again.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight. One that lies nowhere stays as it is.
pub async fn restore(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<Conversation, Refusal> {
    let before = super::locked(tx, scope, Permission::ConversationWrite, id).await?;
    let mut after = before.clone();
    let now = tx.now();
    let Some(kind) = after.put_back(now) else { return Ok(before) };
    if kind == ShelfKind::Trash {
        scope.require(Permission::ConversationDelete)?;
    }
    store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
    let event = EventKind::ConversationRestored { shelf: kind.as_str().into() };
    tx.record(scope.workspace, scope.actor, (Some(id), Some(after.inbox)), event).await?;
    if kind == ShelfKind::Spam && scope.may(Permission::SenderBlock) {
        for address in requester(tx, scope, &after).await? {
            if let Some(blocked) = store::blocked_sender::find(tx, scope.workspace, &address).await? {
                sender::unblock(tx, scope, blocked.id).await?;
            }
        }
    }
    Ok(after)
}

/// The addresses that the requester wrote from here.
async fn requester(tx: &mut Tx, scope: &Scope, c: &Conversation) -> Result<Vec<model::EmailAddress>, store::Error> {
    let people = store::participant::list(tx, scope.workspace, c.id).await?;
    Ok(people.into_iter().filter(|(_, customer)| *customer == Some(c.customer)).map(|(who, _)| who.address).collect())
}
