//! A snooze ends.

use model::{Actor, ConversationId, EventKind, Scope, Status, WorkspaceId};
use store::{Error, Tx};

/// Opens a conversation whose snooze has ended. Does nothing when it was opened or snoozed anew meanwhile.
pub async fn wake(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId) -> Result<bool, Error> {
    let scope = Scope::system(workspace);
    let Some(mut conversation) = store::conversation::get(tx, &scope, id).await? else { return Ok(false) };
    let now = tx.now();
    // In the trash it sleeps on: putting it back looks at the time again.
    if conversation.bucket().is_hidden() || !matches!(conversation.status, Status::Snoozed { until } if until <= now) {
        return Ok(false);
    }
    let before = conversation.clone();
    conversation.status = Status::Open;
    conversation.updated_at = now;
    conversation.last_activity_at = now;
    store::conversation::update(tx, workspace, &before, &mut conversation).await?;
    let place = (Some(id), Some(conversation.inbox));
    let kind = EventKind::status_changed(&before, &conversation);
    tx.record(workspace, Actor::System, place, kind).await?;
    Ok(true)
}
