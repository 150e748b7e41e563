//! Teams and their members.

use model::{AgentId, TeamId, WorkspaceId};

use crate::{Conn, Error, Tx, args, sql};

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Id.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// Who is in it.
    pub members: Vec<AgentId>,
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Adds a team without members. [`Error::Duplicate`] when the name is taken, in whatever case.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, id: TeamId, name: &str) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::team::INSERT, args![workspace, id, name, fold(name), now]).await.map(drop)
}

/// Gives a team another name. [`Error::Duplicate`] when it is taken.
pub async fn rename(tx: &mut Tx, workspace: WorkspaceId, id: TeamId, name: &str) -> Result<(), Error> {
    tx.execute(sql::team::RENAME, args![workspace, id, name, fold(name)]).await.map(drop)
}

/// A team of a workspace.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, id: TeamId) -> Result<Option<Team>, Error> {
    let Some(row) = conn.fetch_optional(sql::team::FIND, args![workspace, id]).await? else { return Ok(None) };
    let members = conn.fetch_all(sql::team::MEMBERS_OF, args![workspace, id]).await?;
    let members = members.iter().map(|r| r.id("agent_id")).collect::<Result<_, _>>()?;
    Ok(Some(Team { id, name: row.text("name")?, members }))
}

/// Every team by name; at most 1,000. Two queries.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Team>, Error> {
    let mut teams = Vec::new();
    for row in conn.fetch_all(sql::team::LIST, args![workspace]).await? {
        teams.push(Team { id: row.id("id")?, name: row.text("name")?, members: Vec::new() });
    }
    let mut members: std::collections::HashMap<TeamId, Vec<AgentId>> = std::collections::HashMap::new();
    for row in conn.fetch_all(sql::team::MEMBERS, args![workspace]).await? {
        members.entry(row.id("team_id")?).or_default().push(row.id("agent_id")?);
    }
    for team in &mut teams {
        team.members = members.remove(&team.id).unwrap_or_default();
    }
    Ok(teams)
}

/// Puts an agent in. Twice is once. [`Error::Dangling`] when either is not of this workspace.
pub async fn join(tx: &mut Tx, workspace: WorkspaceId, id: TeamId, agent: AgentId) -> Result<(), Error> {
    tx.execute(sql::team::JOIN, args![workspace, id, agent]).await.map(drop)
}

/// Makes these, and nobody else, the members.
pub async fn set_members(tx: &mut Tx, workspace: WorkspaceId, id: TeamId, members: &[AgentId]) -> Result<(), Error> {
    tx.execute(sql::team::CLEAR, args![workspace, id]).await?;
    for member in members {
        join(tx, workspace, id, *member).await?;
    }
    Ok(())
}

/// Whether conversations are still with the team.
pub async fn in_use(conn: &mut Conn, workspace: WorkspaceId, id: TeamId) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::team::IN_USE, args![workspace, id]).await?.is_some())
}

/// Removes a team. [`Error::Dangling`] while conversations are with it.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: TeamId) -> Result<(), Error> {
    tx.execute(sql::team::DELETE, args![workspace, id]).await.map(drop)
}

/// The teams that an agent is in.
pub async fn of_agent(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<Vec<TeamId>, Error> {
    conn.fetch_all(sql::team::OF_AGENT, args![workspace, agent]).await?.iter().map(|r| r.id("team_id")).collect()
}
