//! Until when a conversation is to be done.

use model::{Actor, Conversation, ConversationId, EventKind, Job, Scope, Timestamp, WorkspaceId};
use store::{Error, Tx};

use crate::Refusal;

/// A due date is at most so far away, as a snooze is.
const FARTHEST_SECONDS: i64 = 5 * 366 * 86_400;

/// Whether it may be due then: what is over may be written down, too.
pub(super) fn check(due: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if due.as_second() < 0 || due.as_second() - now.as_second() > FARTHEST_SECONDS {
        return Err(Refusal::invalid("due_at", "too_far", "Pick a time within five years."));
    }
    Ok(())
}

/// Another job in place of the one that waits for the old time. What is over already comes up at once for nobody.
pub(super) async fn requeue(tx: &mut Tx, workspace: WorkspaceId, before: &Conversation, after: &Conversation) -> Result<(), Error> {
    let job = Job::ConversationDue { conversation: after.id };
    if let Some(old) = before.due_at {
        store::job::drop_due(tx, workspace, &job, old).await?;
    }
    match after.due_at {
        Some(due) if due > tx.now() => tx.enqueue_at(workspace, &job, due).await.map(drop),
        _ => Ok(()),
    }
}

/// Says that a conversation has become due; its assignee is told. Nothing happens when it is done, lies away, was given another
/// time, or has said so already.
pub async fn become_due(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId) -> Result<bool, Error> {
    let Some(conversation) = store::conversation::get(tx, &Scope::system(workspace), id).await? else { return Ok(false) };
    let Some(due_at) = conversation.due_at.filter(|_| conversation.is_overdue(tx.now()) && !conversation.bucket().is_hidden()) else {
        return Ok(false);
    };
    let kind = EventKind::ConversationBecameDue { due_at };
    tx.record(workspace, Actor::System, (Some(id), Some(conversation.inbox)), kind).await?;
    Ok(true)
}
