//! Opening, waiting, snoozing and resolving.

use model::conversation::StatusError;
use model::{Conversation, ConversationId, EventKind, Job, Permission, Scope, Status};
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

/// Moves a conversation to another status; resolving counts from now. The status that it has already changes nothing.
/// A snoozed conversation comes back at its time, by a job.
///
/// # Errors
/// [`ChangeStatusError::Status`] when a snooze would end in the past or too far away; [`Refusal::Fields`] `fields_missing` when it
/// would be resolved without a custom field that it needs.
pub async fn change_status(tx: &mut Tx, scope: &Scope, id: ConversationId, to: Status) -> Result<Conversation, ChangeStatusError> {
    let before = super::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    crate::field::require(tx, scope, &before, to).await?;
    apply(tx, scope, before, to).await
}

/// The same for a conversation that goes back to how it was: what it needs to be resolved is not asked.
pub(crate) async fn put_back_status(tx: &mut Tx, scope: &Scope, id: ConversationId, to: Status) -> Result<Conversation, ChangeStatusError> {
    let before = super::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    apply(tx, scope, before, to).await
}

/// The same for a conversation that the caller has locked already, and whose fields are not asked.
pub(crate) async fn apply(tx: &mut Tx, scope: &Scope, before: Conversation, to: Status) -> Result<Conversation, ChangeStatusError> {
    let now = tx.now();
    let to = if let Status::Resolved { .. } = to { Status::Resolved { at: now } } else { to };
    if !matches!(to, Status::Open | Status::Resolved { .. }) {
        super::not_beside(&before)?;
    }
    let mut after = before.clone();
    match after.change_status(to, now) {
        Ok(()) => {}
        Err(StatusError::Unchanged) => return Ok(before),
        Err(other) => return Err(ChangeStatusError::Status(other)),
    }
    store::conversation::update(tx, scope.workspace, &before, &mut after).await.map_err(Refusal::from)?;
    let until = if let Status::Snoozed { until } = to { Some(until) } else { None };
    let kind = EventKind::ConversationStatusChanged { from: before.status.kind().as_str().into(), to: after.status.kind().as_str().into(), until };
    tx.record(scope.workspace, scope.actor, (Some(after.id), Some(after.inbox)), kind).await.map_err(Refusal::from)?;
    if let Some(until) = until {
        tx.enqueue_at(scope.workspace, &Job::WakeConversation { conversation: after.id }, until).await.map_err(Refusal::from)?;
    }
    Ok(after)
}
