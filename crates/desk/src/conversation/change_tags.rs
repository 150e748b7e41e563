//! Tagging.

use model::{Conversation, ConversationId, EventKind, Permission, Scope, TagId};
use store::Tx;

use crate::Refusal;

/// Most tags on one conversation.
const MOST: usize = 50;

/// Makes these, and no others, the tags of a conversation.
///
/// # Errors
/// [`Refusal::Invalid`] when a tag does not exist or there are more than 50.
pub async fn change_tags(tx: &mut Tx, scope: &Scope, id: ConversationId, tags: &[TagId]) -> Result<Conversation, Refusal> {
    let before = super::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    if tags.len() > MOST {
        return Err(Refusal::invalid("tag_ids", "too_many", "50 tags are the most."));
    }
    let now_on = store::tag::of_conversation(tx, scope.workspace, id).await?;
    let mut added: Vec<TagId> = tags.iter().copied().filter(|t| !now_on.contains(t)).collect();
    added.sort_unstable();
    added.dedup();
    let removed: Vec<TagId> = now_on.into_iter().filter(|t| !tags.contains(t)).collect();
    if added.is_empty() && removed.is_empty() {
        return Ok(before);
    }
    store::tag::change(tx, scope.workspace, id, &added, &removed).await.map_err(|error| match error {
        store::Error::Dangling(_) => Refusal::unknown("tag_ids"),
        other => other.into(),
    })?;
    let mut after = before.clone();
    after.updated_at = tx.now();
    store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
    let kind = EventKind::ConversationTagged { added, removed };
    tx.record(scope.workspace, scope.actor, (Some(id), Some(after.inbox)), kind).await?;
    Ok(after)
}
