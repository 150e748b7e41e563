//! Inviting people, and taking an invitation up.

use jiff::SignedDuration;
use model::workspace::{Language, Workspace};
use model::{Actor, AgentId, EmailAddress, InboxId, InvitationId, Job, Permission, Role, Scope, Secret, TeamId};
use store::Tx;
use store::invitation::{self, Invitation};

use super::add_agent::insert_agent;
use super::session::audit;
use super::{AccountError, Entry, Visitor, open_session, text};
use crate::{Desk, notice, password, random};

/// How long an invitation can be taken up.
pub const INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct Invite {
    /// Address.
    pub email: EmailAddress,
    /// Name; may be empty.
    pub name: String,
    /// Role to be.
    pub role: Role,
    /// Language; the workspace's when none.
    pub language: Option<Language>,
    /// Inboxes to be in.
    pub inboxes: Vec<InboxId>,
    /// Teams to be in.
    pub teams: Vec<TeamId>,
}

/// What somebody who joins says of themselves.
#[derive(Debug, Clone)]
pub struct Joining {
    /// The word of the link.
    pub token: Secret,
    /// Name.
    pub name: String,
    /// Password.
    pub password: Secret,
    /// Language.
    pub language: Language,
}

/// Invites somebody by mail.
///
/// # Errors
/// [`AccountError::Forbidden`] without people.manage, or when somebody who is no owner makes an owner;
/// [`AccountError::Invalid`] when the address has an account or an open invitation, or an inbox or team is not here.
pub async fn invite(desk: &Desk, tx: &mut Tx, scope: &Scope, by_role: Role, form: Invite) -> Result<Invitation, AccountError> {
    scope.require(Permission::PeopleManage)?;
    if form.role > by_role {
        return Err(model::scope::Forbidden(Permission::PeopleManage).into());
    }
    let invited_by = scope.actor.agent().ok_or(AccountError::NotFound)?;
    let name = if form.name.trim().is_empty() { String::new() } else { text::name("name", &form.name)? };
    check_places(tx, scope, &form.inboxes, &form.teams).await?;
    if store::agent::by_email(tx, &form.email.folded()).await?.is_some() {
        return Err(AccountError::taken("email", "This address has an account already."));
    }
    let workspace = store::workspace::find(tx, scope.workspace).await?.ok_or(AccountError::NotFound)?;
    let word = random::word::<32>();
    let now = tx.now();
    let invitation = Invitation {
        workspace: workspace.id,
        id: tx.new_id(),
        email: form.email,
        name,
        role: form.role,
        language: form.language.unwrap_or(workspace.language),
        inboxes: form.inboxes,
        teams: form.teams,
        invited_by,
        created_at: now,
        expires_at: now + INVITATION_LIFE,
    };
    invitation::insert(tx, &invitation, &model::token::hash(word.expose())).await.map_err(|error| match error {
        store::Error::Duplicate(_) => AccountError::taken("email", "This address is invited already. You can send it again."),
        other => other.into(),
    })?;
    send(desk, tx, &workspace, &invitation, &word).await?;
    audit(tx, workspace.id, invited_by, "invitation.sent", Some(invitation.id.to_string())).await?;
    Ok(invitation)
}

/// Sends an invitation again with a new link; the old one stops working.
pub async fn resend_invitation(desk: &Desk, tx: &mut Tx, scope: &Scope, id: InvitationId) -> Result<(), AccountError> {
    scope.require(Permission::PeopleManage)?;
    let by = scope.actor.agent().ok_or(AccountError::NotFound)?;
    let invitation = invitation::find(tx, scope.workspace, id).await?.ok_or(AccountError::NotFound)?;
    let workspace = store::workspace::find(tx, scope.workspace).await?.ok_or(AccountError::NotFound)?;
    let word = random::word::<32>();
    let until = tx.now() + INVITATION_LIFE;
    invitation::renew(tx, scope.workspace, id, &model::token::hash(word.expose()), until).await?;
    send(desk, tx, &workspace, &invitation, &word).await?;
    audit(tx, scope.workspace, by, "invitation.sent", Some(id.to_string())).await?;
    Ok(())
}

/// Takes an invitation back.
pub async fn revoke_invitation(tx: &mut Tx, scope: &Scope, id: InvitationId) -> Result<(), AccountError> {
    scope.require(Permission::PeopleManage)?;
    let by = scope.actor.agent().ok_or(AccountError::NotFound)?;
    if !invitation::delete(tx, scope.workspace, id).await? {
        return Err(AccountError::NotFound);
    }
    audit(tx, scope.workspace, by, "invitation.revoked", Some(id.to_string())).await?;
    Ok(())
}

/// What an invitation's link leads to.
///
/// # Errors
/// [`AccountError::LinkExpired`].
pub async fn look_up_invitation(desk: &Desk, token: &Secret) -> Result<(Invitation, Workspace), AccountError> {
    let mut conn = desk.store.read().await?;
    let hash = model::token::hash(token.expose());
    let found = invitation::by_hash(&mut conn, &hash, desk.clock.now()).await?.ok_or(AccountError::LinkExpired)?;
    let workspace = store::workspace::find(&mut conn, found.workspace).await?.ok_or(AccountError::LinkExpired)?;
    Ok((found, workspace))
}

/// Takes an invitation up: the agent exists from now on and is signed in. Of many at the same time, one succeeds.
///
/// # Errors
/// [`AccountError::LinkExpired`], [`AccountError::Invalid`].
pub async fn redeem_invitation(desk: &Desk, form: Joining, visitor: &Visitor) -> Result<Entry, AccountError> {
    let (invitation, _) = look_up_invitation(desk, &form.token).await?;
    let name = text::name("name", &form.name)?;
    password::check(&form.password, invitation.email.as_str()).map_err(|w| AccountError::weak("password", w))?;
    let hash = password::hash(&form.password, random::bytes()).await?;
    let mut tx = desk.begin().await?;
    let token_hash = model::token::hash(form.token.expose());
    let invitation = invitation::redeem(&mut tx, &token_hash).await?.ok_or(AccountError::LinkExpired)?;
    // Whoever invited stands behind it: was their right to make such agents taken away meanwhile, the invitation is void.
    let inviter = store::agent::find(&mut tx, invitation.workspace, invitation.invited_by).await?;
    let good = inviter.is_some_and(|a| a.deactivated_at.is_none() && a.role.may(Permission::PeopleManage) && a.role >= invitation.role);
    if !good {
        return Err(AccountError::LinkExpired);
    }
    let mut scope = Scope::system(invitation.workspace);
    scope.actor = Actor::Agent(invitation.invited_by);
    let agent = insert_agent(&mut tx, &scope, name, invitation.email.clone(), invitation.role, form.language, &hash).await?;
    join_places(&mut tx, &invitation, agent.id).await?;
    let entry = open_session(&mut tx, invitation.workspace, agent, visitor).await?;
    tx.commit().await?;
    Ok(entry)
}

async fn send(desk: &Desk, tx: &mut Tx, workspace: &Workspace, to: &Invitation, word: &Secret) -> Result<(), AccountError> {
    let by = store::agent::find(tx, workspace.id, to.invited_by).await?.map_or_else(|| workspace.name.clone(), |a| a.name);
    let link = format!("{}/invitation?token={}", desk.public_url, word.expose());
    let mail = notice::invitation(&to.email, &to.name, &workspace.name, &by, to.language, &link);
    let sealed = notice::seal(&desk.keys, &mail, random::bytes());
    tx.enqueue(workspace.id, &Job::SendNotice { sealed }).await?;
    Ok(())
}

/// Every inbox and team named must be here: a foreign id counts as one that does not exist.
async fn check_places(tx: &mut Tx, scope: &Scope, inboxes: &[InboxId], teams: &[TeamId]) -> Result<(), AccountError> {
    let known = store::agent::inboxes_known(tx, scope.workspace).await?;
    if !inboxes.iter().all(|i| known.contains(i)) {
        return Err(AccountError::invalid("inbox_ids", "not_found", "One of these inboxes does not exist."));
    }
    let known: Vec<TeamId> = store::team::list(tx, scope.workspace).await?.into_iter().map(|t| t.id).collect();
    if !teams.iter().all(|t| known.contains(t)) {
        return Err(AccountError::invalid("team_ids", "not_found", "One of these teams does not exist."));
    }
    Ok(())
}

/// Inboxes and teams that went away since the invitation are left out.
async fn join_places(tx: &mut Tx, invitation: &Invitation, agent: AgentId) -> Result<(), store::Error> {
    let workspace = invitation.workspace;
    let known = store::agent::inboxes_known(tx, workspace).await?;
    for inbox in invitation.inboxes.iter().filter(|i| known.contains(i)) {
        store::agent::join_inbox(tx, workspace, *inbox, agent).await?;
    }
    for team in &invitation.teams {
        if store::team::find(tx, workspace, *team).await?.is_some() {
            store::team::join(tx, workspace, *team, agent).await?;
        }
    }
    Ok(())
}
