//! A message that was refused goes out again, with the same Message-ID.

use model::message::DeliveryState;
use model::scope::Forbidden;
use model::{EventKind, Job, MessageId, Permission, Scope};
use store::{Error, Tx};

/// Why there is no new try.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// The role does not allow it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such message in sight.
    #[error("no such message")]
    NotFound,
    /// Nothing of it failed.
    #[error("no recipient is waiting for another try")]
    NothingFailed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Sends again to every recipient that has not got the message.
pub async fn retry(tx: &mut Tx, scope: &Scope, id: MessageId) -> Result<(), RetryError> {
    scope.require(Permission::ConversationReply)?;
    let workspace = scope.workspace;
    let Some(mut shown) = store::message::get(tx, scope, id).await? else { return Err(RetryError::NotFound) };
    let conversation = shown.message.conversation;
    let inbox = store::participant::inbox_of(tx, workspace, conversation).await?;
    let Some(delivery) = &mut shown.message.delivery else { return Err(RetryError::NothingFailed) };
    if !matches!(delivery.state, DeliveryState::Failed | DeliveryState::PartlyFailed) {
        return Err(RetryError::NothingFailed);
    }
    delivery.state = DeliveryState::Queued;
    delivery.attempts = 0;
    delivery.next_attempt_at = None;
    delivery.recipients.clear();
    store::message::update_delivery(tx, workspace, &shown.message).await?;
    store::message::requeue_recipients(tx, workspace, id).await?;
    tx.enqueue(workspace, &Job::DeliverMessage { message: id }).await?;
    let state = DeliveryState::Queued.as_str().to_owned();
    tx.record(workspace, scope.actor, (Some(conversation), inbox), EventKind::MessageDeliveryChanged { message: id, state }).await?;
    Ok(())
}
