//! A scheduled reply gets another time, or leaves now.

use jiff::SignedDuration;
use model::message::{DeliveryState, MessageKind};
use model::{ConversationId, EventKind, Job, MessageId, Permission, Scope, Timestamp};
use store::Tx;

use super::UndoError;

/// Latest time that a reply can be scheduled for.
pub const FARTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Why it keeps its time.
#[derive(Debug, thiserror::Error)]
pub enum RescheduleError {
    /// As for taking it back: not found, not one's own, or gone.
    #[error(transparent)]
    Undo(#[from] UndoError),
    /// The time is over, or more than a year away.
    #[error("pick a time within a year")]
    BadTime,
}

impl From<store::Error> for RescheduleError {
    fn from(error: store::Error) -> Self {
        Self::Undo(error.into())
    }
}

/// Moves one's own scheduled reply to another time; none sends it now.
///
/// # Errors
/// [`UndoError::TooLate`] when it has left.
pub async fn reschedule(tx: &mut Tx, scope: &Scope, id: MessageId, at: Option<Timestamp>) -> Result<(), RescheduleError> {
    scope.require(Permission::ConversationReply).map_err(UndoError::from)?;
    let now = tx.now();
    if at.is_some_and(|at| at <= now || at > now + FARTHEST) {
        return Err(RescheduleError::BadTime);
    }
    let workspace = scope.workspace;
    // The conversation first, so that nobody else moves it meanwhile.
    let Some(place) = store::message::conversation_of(tx, workspace, id).await? else { return Err(UndoError::NotFound.into()) };
    let Some(conversation) = store::conversation::get(tx, scope, place).await? else { return Err(UndoError::NotFound.into()) };
    let shown = store::message::get(tx, scope, id).await?.filter(|m| m.message.kind == MessageKind::Reply && m.message.author == scope.actor);
    let Some(shown) = shown else { return Err(UndoError::NotFound.into()) };
    let delivery = shown.message.delivery.filter(|d| d.state == DeliveryState::Scheduled && d.is_held_back(now));
    let Some(due) = delivery.and_then(|d| d.undo_until) else { return Err(UndoError::TooLate.into()) };
    let at = at.unwrap_or(now);
    store::message::reschedule(tx, workspace, id, at).await?;
    forget_job(tx, scope, id, due).await?;
    tx.enqueue_at(workspace, &Job::DeliverMessage { message: id }, at).await?;
    let state = DeliveryState::Scheduled.as_str().to_owned();
    let kind = EventKind::MessageDeliveryChanged { message: id, state };
    tx.record(workspace, scope.actor, (Some(place), Some(conversation.inbox)), kind).await?;
    Ok(())
}

/// The job that would have sent it.
pub(super) async fn forget_job(tx: &mut Tx, scope: &Scope, id: MessageId, due: Timestamp) -> Result<(), store::Error> {
    store::job::drop_due(tx, scope.workspace, &Job::DeliverMessage { message: id }, due).await
}

/// A scheduled reply is due: from now on it is a reply like any other. Does nothing when it is not scheduled.
pub(crate) async fn release(tx: &mut Tx, scope: &Scope, place: ConversationId, id: MessageId, words: &str) -> Result<(), store::Error> {
    let workspace = scope.workspace;
    let Some(mut conversation) = store::conversation::get(tx, scope, place).await? else { return Ok(()) };
    if !store::message::release(tx, workspace, id).await? {
        return Ok(());
    }
    let before = conversation.clone();
    let now = tx.now();
    conversation.take_reply(words, now);
    // It was counted when it was written.
    conversation.message_count = before.message_count;
    store::conversation::update(tx, workspace, &before, &mut conversation).await?;
    let kind = EventKind::MessageDeliveryChanged { message: id, state: DeliveryState::Queued.as_str().into() };
    tx.record(workspace, scope.actor, (Some(place), Some(conversation.inbox)), kind).await
}
