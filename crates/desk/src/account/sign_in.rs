//! Signing in.

use model::Secret;

use super::{AccountError, Entry, Visitor, open_session};
use crate::{Desk, password};

/// Signs somebody in by address and password.
///
/// # Errors
/// [`AccountError::WrongCredentials`] for an unknown address, a wrong password and a switched-off agent alike, after the
/// same work.
pub async fn sign_in(desk: &Desk, email: &str, given: &Secret, visitor: &Visitor) -> Result<Entry, AccountError> {
    let account = store::agent::by_email(&mut desk.store.read().await?, &email.trim().to_lowercase()).await?;
    let hash = account.as_ref().and_then(|a| a.password_hash.clone());
    let right = password::verify(given, hash.clone()).await;
    let account = account.filter(|a| right && a.agent.deactivated_at.is_none()).ok_or(AccountError::WrongCredentials)?;
    let mut tx = desk.begin().await?;
    // Between the look-up and now the agent may have been switched off, or have got another password.
    let fresh = store::agent::find(&mut tx, account.workspace, account.agent.id).await?;
    let agent = fresh.filter(|a| a.deactivated_at.is_none()).ok_or(AccountError::WrongCredentials)?;
    if store::agent::password_hash(&mut tx, account.workspace, agent.id).await? != hash {
        return Err(AccountError::WrongCredentials);
    }
    let entry = open_session(&mut tx, account.workspace, agent, visitor).await?;
    tx.commit().await?;
    Ok(entry)
}
