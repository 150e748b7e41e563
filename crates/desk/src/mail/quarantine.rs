//! An admin looks at what could not be processed.

use model::scope::Forbidden;
use model::{InboundMailId, Job, Permission, Scope};
use store::{Error, Tx};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// The role does not allow it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such mail, or it is not in quarantine.
    #[error("no such mail in quarantine")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Puts a mail back in line to be understood again.
pub async fn reopen(tx: &mut Tx, scope: &Scope, id: InboundMailId) -> Result<(), QuarantineError> {
    scope.require(Permission::MailQuarantine)?;
    if !store::inbound_mail::reopen(tx, scope.workspace, id).await? {
        return Err(QuarantineError::NotFound);
    }
    tx.enqueue(scope.workspace, &Job::ProcessMail { mail: id }).await?;
    Ok(())
}

/// Lets a mail go. Its raw bytes stay.
pub async fn discard(tx: &mut Tx, scope: &Scope, id: InboundMailId) -> Result<(), QuarantineError> {
    scope.require(Permission::MailQuarantine)?;
    if store::inbound_mail::discard(tx, scope.workspace, id).await? { Ok(()) } else { Err(QuarantineError::NotFound) }
}
