//! Changing a password, and getting a new one by mail.

use jiff::SignedDuration;
use model::{Job, Scope, Secret, SessionId};
use store::one_time_token::{self, About, Purpose};

use super::AccountError;
use super::session::audit;
use crate::{Desk, notice, password, random};

/// How long a reset link works.
pub const RESET_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// Sends a link for a new password to an address, if an active agent has it. Tells the caller nothing either way; call it
/// beside the answer, so that its time tells nothing.
pub async fn request_reset(desk: &Desk, email: &str) -> Result<(), store::Error> {
    let account = store::agent::by_email(&mut desk.store.read().await?, &email.trim().to_lowercase()).await?;
    let Some(account) = account.filter(|a| a.agent.deactivated_at.is_none()) else { return Ok(()) };
    let word = random::word::<32>();
    let link = format!("{}/reset-password?token={}", desk.public_url, word.expose());
    let agent = &account.agent;
    // To the stored address, never to what was typed.
    let mail = notice::password_reset(&agent.email, &agent.name, agent.language, &link);
    let sealed = notice::seal(&desk.keys, &mail, random::bytes());
    let about = About { workspace: account.workspace, agent: agent.id };
    let mut tx = desk.begin().await?;
    let until = tx.now() + RESET_LIFE;
    one_time_token::issue(&mut tx, Purpose::PasswordReset, Some(about), &model::token::hash(word.expose()), until).await?;
    tx.enqueue(account.workspace, &Job::SendNotice { sealed }).await?;
    audit(&mut tx, account.workspace, agent.id, "password.reset_requested", None).await?;
    tx.commit().await
}

/// Sets a new password by a link's word. Every session and API token of the agent ends: whoever had them may be the reason
/// for the reset. Of many at the same time, one succeeds.
///
/// # Errors
/// [`AccountError::LinkExpired`], [`AccountError::Invalid`].
pub async fn redeem_reset(desk: &Desk, token: &Secret, new: &Secret) -> Result<(), AccountError> {
    let hash = model::token::hash(token.expose());
    if !one_time_token::exists(&mut desk.store.read().await?, Purpose::PasswordReset, &hash, desk.clock.now()).await? {
        return Err(AccountError::LinkExpired);
    }
    password::check(new, "").map_err(|w| AccountError::weak("password", w))?;
    let password_hash = password::hash(new, random::bytes()).await?;
    let mut tx = desk.begin().await?;
    let about = one_time_token::redeem(&mut tx, Purpose::PasswordReset, &hash).await?.flatten().ok_or(AccountError::LinkExpired)?;
    let agent = store::agent::find(&mut tx, about.workspace, about.agent).await?;
    let agent = agent.filter(|a| a.deactivated_at.is_none()).ok_or(AccountError::LinkExpired)?;
    store::agent::set_password(&mut tx, about.workspace, agent.id, &password_hash).await?;
    store::session::end_all(&mut tx, about.workspace, agent.id, None).await?;
    store::api_token::delete_all(&mut tx, about.workspace, agent.id).await?;
    audit(&mut tx, about.workspace, agent.id, "password.reset", None).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes the actor's own password. Their other sessions end, and a reset link on its way stops working.
///
/// # Errors
/// [`AccountError::Invalid`] when the current password is wrong or the new one is weak.
pub async fn change_password(desk: &Desk, scope: &Scope, this: Option<SessionId>, current: &Secret, new: &Secret) -> Result<(), AccountError> {
    let id = scope.actor.agent().ok_or(AccountError::NotFound)?;
    let (stored, agent) = {
        let mut conn = desk.store.read().await?;
        let agent = store::agent::find(&mut conn, scope.workspace, id).await?.ok_or(AccountError::NotFound)?;
        (store::agent::password_hash(&mut conn, scope.workspace, id).await?, agent)
    };
    if !password::verify(current, stored.clone()).await {
        return Err(AccountError::invalid("current", "invalid", "This is not your current password."));
    }
    password::check(new, agent.email.as_str()).map_err(|w| AccountError::weak("new", w))?;
    let hash = password::hash(new, random::bytes()).await?;
    let mut tx = desk.begin().await?;
    if store::agent::password_hash(&mut tx, scope.workspace, id).await? != stored {
        return Err(AccountError::invalid("current", "invalid", "The password was changed just now."));
    }
    store::agent::set_password(&mut tx, scope.workspace, id, &hash).await?;
    store::session::end_all(&mut tx, scope.workspace, id, this).await?;
    one_time_token::forget(&mut tx, Purpose::PasswordReset, Some(About { workspace: scope.workspace, agent: id })).await?;
    audit(&mut tx, scope.workspace, id, "password.changed", None).await?;
    tx.commit().await?;
    Ok(())
}
