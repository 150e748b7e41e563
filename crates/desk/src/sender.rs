//! Senders whose mail goes to spam at once.

use model::{BlockedSender, BlockedSenderId, EmailAddress, EventKind, Permission, Scope};
use store::Tx;

use crate::Refusal;

/// Blocks an address. Twice is once.
///
/// # Errors
/// [`Refusal::Invalid`] when it is an address of ours: an inbox's or a colleague's.
pub async fn block(tx: &mut Tx, scope: &Scope, address: &EmailAddress) -> Result<BlockedSender, Refusal> {
    block_if_foreign(tx, scope, address).await?.ok_or_else(|| Refusal::invalid("address", "own", "This address is one of ours."))
}

/// As [`block`]; none for an address of ours.
pub(crate) async fn block_if_foreign(tx: &mut Tx, scope: &Scope, address: &EmailAddress) -> Result<Option<BlockedSender>, Refusal> {
    scope.require(Permission::SenderBlock)?;
    let ours = store::inbox::is_own_address(tx, scope.workspace, address).await?
        || store::participant::agent_by_address(tx, scope.workspace, address).await?.is_some();
    if ours {
        return Ok(None);
    }
    let (sender, new) = store::blocked_sender::insert(tx, scope.workspace, address, scope.actor.agent()).await?;
    if new {
        tell(tx, scope, address, true).await?;
    }
    Ok(Some(sender))
}

/// Lets a sender in again. What lies in spam stays there.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn unblock(tx: &mut Tx, scope: &Scope, id: BlockedSenderId) -> Result<(), Refusal> {
    scope.require(Permission::SenderBlock)?;
    let sender = store::blocked_sender::get(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    store::blocked_sender::delete(tx, scope.workspace, id).await?;
    tell(tx, scope, &sender.address, false).await
}

async fn tell(tx: &mut Tx, scope: &Scope, address: &EmailAddress, blocked: bool) -> Result<(), Refusal> {
    let kind = EventKind::SenderBlocked { address: address.to_string(), blocked };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}
