//! Opening, waiting, snoozing and resolving.

use model::conversation::{StatusError, StatusKind};
use model::custom_status::Wanted;
use model::{Conversation, ConversationId, CustomStatusId, EventKind, Job, Permission, Scope, Status};
use store::Tx;

use crate::Refusal;

/// Why a status was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeStatusError {
    /// For a reason of any verb.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A snooze that cannot be.
    #[error(transparent)]
    Status(StatusError),
}

/// Moves a conversation to another status; resolving counts from now. The status that it has already changes nothing. Of one that
/// Sonnim knows it gets the default inside, of the workspace's own it gets that one. A snoozed conversation comes back at its time,
/// by a job.
///
/// # Errors
/// [`Refusal::Invalid`] when a status of the workspace's own is not there or archived; [`ChangeStatusError::Status`] when a snooze would end in the past or too far away; [`Refusal::Fields`] `fields_missing` when it
/// would be resolved without a custom field that it needs.
pub async fn change_status(tx: &mut Tx, scope: &Scope, id: ConversationId, to: impl Into<Wanted>) -> Result<Conversation, ChangeStatusError> {
    let before = super::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    let (to, custom) = wanted(tx, scope, to.into()).await?;
    crate::field::require(tx, scope, &before, to).await?;
    apply(tx, scope, before, to, custom).await
}

/// What is wanted as the status that Sonnim knows, and the workspace's own inside it.
pub(crate) async fn wanted(tx: &mut Tx, scope: &Scope, to: Wanted) -> Result<(Status, Option<CustomStatusId>), Refusal> {
    match to {
        Wanted::Status(status) => Ok((status, store::custom_status::default_of(tx, scope.workspace, status.kind()).await?)),
        Wanted::Custom(id) => {
            let found = store::custom_status::find(tx, scope.workspace, id).await?.filter(|s| s.archived_at.is_none());
            let found = found.ok_or_else(|| Refusal::unknown("status.custom_status_id"))?;
            let status = match found.category {
                StatusKind::Pending => Status::Pending,
                StatusKind::OnHold => Status::OnHold,
                StatusKind::Resolved => Status::Resolved { at: tx.now() },
                StatusKind::Open | StatusKind::Snoozed => Status::Open,
            };
            Ok((status, Some(id)))
        }
    }
}

/// The same for a conversation that goes back to how it was: what it needs to be resolved is not asked.
pub(crate) async fn put_back_status(
    tx: &mut Tx,
    scope: &Scope,
    id: ConversationId,
    to: Status,
    custom: Option<CustomStatusId>,
) -> Result<Conversation, ChangeStatusError> {
    let before = super::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    apply(tx, scope, before, to, custom).await
}

/// The same for a conversation that the caller has locked already, and whose fields are not asked.
pub(crate) async fn apply(
    tx: &mut Tx,
    scope: &Scope,
    before: Conversation,
    to: Status,
    custom: Option<CustomStatusId>,
) -> Result<Conversation, ChangeStatusError> {
    let now = tx.now();
    let to = if let Status::Resolved { .. } = to { Status::Resolved { at: now } } else { to };
    if !matches!(to, Status::Open | Status::Resolved { .. }) {
        super::not_beside(&before)?;
    }
    let custom = custom.filter(|_| before.beside.is_none());
    let mut after = before.clone();
    match after.move_to(to, custom, now) {
        Ok(()) => {}
        Err(StatusError::Unchanged) => return Ok(before),
        Err(other) => return Err(ChangeStatusError::Status(other)),
    }
    store::conversation::update(tx, scope.workspace, &before, &mut after).await.map_err(Refusal::from)?;
    let kind = EventKind::status_changed(&before, &after);
    tx.record(scope.workspace, scope.actor, (Some(after.id), Some(after.inbox)), kind).await.map_err(Refusal::from)?;
    if let Status::Snoozed { until } = to {
        tx.enqueue_at(scope.workspace, &Job::WakeConversation { conversation: after.id }, until).await.map_err(Refusal::from)?;
    }
    Ok(after)
}
