//! Changing agents: their card, their role, on and off.

use model::agent::{Agent, Density, Theme};
use model::scope::Forbidden;
use model::workspace::Language;
use model::{AgentId, Permission, Role, Scope};
use store::Tx;
use store::one_time_token::{self, About, Purpose};

use super::add_agent::record;
use super::{AccountError, text};

/// What to change; absent fields stay.
#[derive(Debug, Clone, Default)]
pub struct AgentChanges {
    /// Name.
    pub name: Option<String>,
    /// Role.
    pub role: Option<Role>,
    /// Language.
    pub language: Option<Language>,
    /// Time zone; `Some(None)` for the workspace's.
    pub time_zone: Option<Option<String>>,
    /// Signature.
    pub signature_html: Option<String>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// Row height.
    pub density: Option<Density>,
    /// Undo window of replies, 0–60 seconds.
    pub undo_seconds: Option<u16>,
}

/// Changes an agent: one's own card, or with people.manage anybody's; the role only with people.manage and never one's own.
///
/// # Errors
/// [`AccountError::Forbidden`] also when somebody who is no owner changes an owner or makes one;
/// [`AccountError::LastOwner`], [`AccountError::Yourself`], [`AccountError::Invalid`], [`AccountError::NotFound`].
pub async fn update_agent(tx: &mut Tx, scope: &Scope, by_role: Role, id: AgentId, changes: AgentChanges) -> Result<Agent, AccountError> {
    let own = scope.actor.agent() == Some(id);
    if !own {
        scope.require(Permission::PeopleManage)?;
    }
    let mut agent = store::agent::find(tx, scope.workspace, id).await?.ok_or(AccountError::NotFound)?;
    if !own && agent.role > by_role {
        return Err(Forbidden(Permission::PeopleManage).into());
    }
    if let Some(role) = changes.role.filter(|r| *r != agent.role) {
        change_role(tx, scope, by_role, &agent, role).await?;
        agent.role = role;
    }
    if let Some(name) = changes.name {
        agent.name = text::name("name", &name)?;
    }
    if let Some(language) = changes.language {
        agent.language = language;
    }
    if let Some(zone) = changes.time_zone {
        agent.time_zone = zone.map(|z| text::time_zone("time_zone", &z)).transpose()?;
    }
    if let Some(html) = changes.signature_html {
        agent.signature_html = text::signature("signature_html", &html)?;
    }
    agent.preferences.theme = changes.theme.unwrap_or(agent.preferences.theme);
    agent.preferences.density = changes.density.unwrap_or(agent.preferences.density);
    if let Some(seconds) = changes.undo_seconds {
        if seconds > 60 {
            return Err(AccountError::invalid("preferences.undo_seconds", "invalid", "Choose 0 to 60 seconds."));
        }
        agent.preferences.undo_seconds = seconds;
    }
    store::agent::update(tx, scope.workspace, &agent).await?;
    record(tx, scope.workspace, scope.actor, id, "updated").await?;
    Ok(agent)
}

async fn change_role(tx: &mut Tx, scope: &Scope, by_role: Role, agent: &Agent, role: Role) -> Result<(), AccountError> {
    scope.require(Permission::PeopleManage)?;
    if role > by_role {
        return Err(Forbidden(Permission::PeopleManage).into());
    }
    if scope.actor.agent() == Some(agent.id) {
        return Err(AccountError::Yourself);
    }
    keep_an_owner(tx, scope, agent).await
}

/// Stops when this owner is the last active one.
async fn keep_an_owner(tx: &mut Tx, scope: &Scope, agent: &Agent) -> Result<(), AccountError> {
    if agent.role == Role::Owner && agent.deactivated_at.is_none() && store::agent::lock_owners(tx, scope.workspace).await? < 2 {
        return Err(AccountError::LastOwner);
    }
    Ok(())
}

/// Switches an agent off: sessions, tokens and links of theirs end at once. Their conversations stay with them.
///
/// # Errors
/// As [`update_agent`].
pub async fn deactivate_agent(tx: &mut Tx, scope: &Scope, by_role: Role, id: AgentId) -> Result<Agent, AccountError> {
    let mut agent = others_agent(tx, scope, by_role, id).await?;
    if agent.deactivated_at.is_some() {
        return Ok(agent);
    }
    keep_an_owner(tx, scope, &agent).await?;
    let now = tx.now();
    store::agent::set_deactivated(tx, scope.workspace, id, Some(now)).await?;
    store::session::end_all(tx, scope.workspace, id, None).await?;
    store::api_token::delete_all(tx, scope.workspace, id).await?;
    one_time_token::forget(tx, Purpose::PasswordReset, Some(About { workspace: scope.workspace, agent: id })).await?;
    record(tx, scope.workspace, scope.actor, id, "deactivated").await?;
    agent.deactivated_at = Some(now);
    Ok(agent)
}

/// Switches an agent on again.
///
/// # Errors
/// As [`update_agent`].
pub async fn activate_agent(tx: &mut Tx, scope: &Scope, by_role: Role, id: AgentId) -> Result<Agent, AccountError> {
    let mut agent = others_agent(tx, scope, by_role, id).await?;
    if agent.deactivated_at.take().is_some() {
        store::agent::set_deactivated(tx, scope.workspace, id, None).await?;
        record(tx, scope.workspace, scope.actor, id, "activated").await?;
    }
    Ok(agent)
}

async fn others_agent(tx: &mut Tx, scope: &Scope, by_role: Role, id: AgentId) -> Result<Agent, AccountError> {
    scope.require(Permission::PeopleManage)?;
    let agent = store::agent::find(tx, scope.workspace, id).await?.ok_or(AccountError::NotFound)?;
    if scope.actor.agent() == Some(id) {
        return Err(AccountError::Yourself);
    }
    if agent.role > by_role {
        return Err(Forbidden(Permission::PeopleManage).into());
    }
    Ok(agent)
}
