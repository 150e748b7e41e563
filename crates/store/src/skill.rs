//! Skills, and who has them.

use std::collections::HashMap;

use model::queue::Skill;
use model::{AgentId, SkillId, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

fn from_row(row: &Row) -> Result<Skill, Error> {
    Ok(Skill { id: row.id("id")?, name: row.text("name")?, language: row.maybe_text("language")? })
}

/// Every skill of a workspace by name.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Skill>, Error> {
    conn.fetch_all(sql::skill::LIST, args![workspace]).await?.iter().map(from_row).collect()
}

/// One of them.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, id: SkillId) -> Result<Option<Skill>, Error> {
    conn.fetch_optional(sql::skill::FIND, args![workspace, id]).await?.as_ref().map(from_row).transpose()
}

/// Writes a new one. [`Error::Duplicate`] when the name is taken.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, s: &Skill) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::skill::INSERT, args![workspace, s.id, s.name.as_str(), s.name.to_lowercase(), s.language.as_deref(), now]).await.map(drop)
}

/// Writes a changed one. [`Error::Duplicate`] when the name is taken.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, s: &Skill) -> Result<(), Error> {
    tx.execute(sql::skill::UPDATE, args![workspace, s.id, s.name.as_str(), s.name.to_lowercase(), s.language.as_deref()]).await.map(drop)
}

/// Deletes one, for everybody who has it; false when there is none.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: SkillId) -> Result<bool, Error> {
    Ok(tx.execute(sql::skill::DELETE, args![workspace, id]).await? == 1)
}

/// Who has which. Cost: O(agents with skills).
pub async fn of_agents(conn: &mut Conn, workspace: WorkspaceId) -> Result<HashMap<AgentId, Vec<SkillId>>, Error> {
    let mut found: HashMap<AgentId, Vec<SkillId>> = HashMap::new();
    for row in conn.fetch_all(sql::skill::OF_AGENTS, args![workspace]).await? {
        found.entry(row.id("agent_id")?).or_default().push(row.id("skill_id")?);
    }
    Ok(found)
}

/// The skills of one agent.
pub async fn of_agent(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<Vec<SkillId>, Error> {
    conn.fetch_all(sql::skill::OF_AGENT, args![workspace, agent]).await?.iter().map(|r| r.id("skill_id")).collect()
}

/// Makes these, and no others, an agent's skills. [`Error::Dangling`] when one is not of this workspace.
pub async fn set_of_agent(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, skills: &[SkillId]) -> Result<(), Error> {
    tx.execute(sql::skill::CLEAR, args![workspace, agent]).await?;
    for skill in skills {
        tx.execute(sql::skill::GIVE, args![workspace, agent, *skill]).await?;
    }
    Ok(())
}
