//! Teams.

use model::event::EventKind;
use model::{AgentId, Permission, Scope, TeamId};
use store::Tx;
use store::team::{self, Team};

use super::{AccountError, text};

/// Most teams of a workspace.
const MOST: usize = 1000;

/// Makes a team.
///
/// # Errors
/// [`AccountError::Forbidden`], [`AccountError::Invalid`] when the name is taken or a member is not here.
pub async fn create_team(tx: &mut Tx, scope: &Scope, name: &str, members: &[AgentId]) -> Result<Team, AccountError> {
    scope.require(Permission::PeopleManage)?;
    let name = text::name("name", name)?;
    check_members(tx, scope, members).await?;
    if team::list(tx, scope.workspace).await?.len() >= MOST {
        return Err(AccountError::invalid("name", "too_many", "1,000 teams are the most."));
    }
    let id: TeamId = tx.new_id();
    team::insert(tx, scope.workspace, id, &name).await.map_err(name_taken)?;
    team::set_members(tx, scope.workspace, id, members).await?;
    record(tx, scope, id, "created").await?;
    team::find(tx, scope.workspace, id).await?.ok_or(AccountError::NotFound)
}

/// Changes a team's name, members, or both.
///
/// # Errors
/// As [`create_team`]; [`AccountError::NotFound`].
pub async fn update_team(tx: &mut Tx, scope: &Scope, id: TeamId, name: Option<&str>, members: Option<&[AgentId]>) -> Result<Team, AccountError> {
    scope.require(Permission::PeopleManage)?;
    team::find(tx, scope.workspace, id).await?.ok_or(AccountError::NotFound)?;
    if let Some(name) = name {
        team::rename(tx, scope.workspace, id, &text::name("name", name)?).await.map_err(name_taken)?;
    }
    if let Some(members) = members {
        check_members(tx, scope, members).await?;
        team::set_members(tx, scope.workspace, id, members).await?;
    }
    record(tx, scope, id, "updated").await?;
    team::find(tx, scope.workspace, id).await?.ok_or(AccountError::NotFound)
}

/// Removes a team.
///
/// # Errors
/// [`AccountError::TeamInUse`] while conversations are with it; [`AccountError::NotFound`].
pub async fn delete_team(tx: &mut Tx, scope: &Scope, id: TeamId) -> Result<(), AccountError> {
    scope.require(Permission::PeopleManage)?;
    team::find(tx, scope.workspace, id).await?.ok_or(AccountError::NotFound)?;
    if team::in_use(tx, scope.workspace, id).await? {
        return Err(AccountError::TeamInUse);
    }
    store::view::delete_of_team(tx, scope.workspace, id).await?;
    team::delete(tx, scope.workspace, id).await.map_err(|error| match error {
        store::Error::Dangling(_) => AccountError::TeamInUse,
        other => other.into(),
    })?;
    record(tx, scope, id, "deleted").await
}

/// Every member must be here: a foreign id counts as one that does not exist.
async fn check_members(tx: &mut Tx, scope: &Scope, members: &[AgentId]) -> Result<(), AccountError> {
    let known: Vec<AgentId> = store::agent::list(tx, scope.workspace).await?.into_iter().map(|a| a.id).collect();
    if members.iter().all(|m| known.contains(m)) {
        Ok(())
    } else {
        Err(AccountError::invalid("member_ids", "not_found", "One of these agents does not exist."))
    }
}

fn name_taken(error: store::Error) -> AccountError {
    match error {
        store::Error::Duplicate(_) => AccountError::taken("name", "A team has this name already."),
        other => other.into(),
    }
}

async fn record(tx: &mut Tx, scope: &Scope, team: TeamId, change: &str) -> Result<(), AccountError> {
    let kind = EventKind::TeamUpdated { team, change: change.into() };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}
