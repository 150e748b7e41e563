//! Queues, who works in them, and who represents a company.

use model::filter::Filter;
use model::queue::Queue;
use model::{AgentId, CompanyId, QueueId, WorkspaceId};
use serde_json::Value as Json;

use crate::row::to_json;
use crate::{Conn, Error, Tx, args, sql};

/// Whether there is any: without one, nothing is routed. One look-up.
pub async fn any(conn: &mut Conn, workspace: WorkspaceId) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::queue::ANY, args![workspace]).await?.is_some())
}

/// Every queue in its order, with its teams and agents. Three queries, and one more when a filter names a custom field.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Queue>, Error> {
    let rows = conn.fetch_all(sql::queue::LIST, args![workspace]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut customs = Vec::new();
    for row in &rows {
        if Filter::names_customs(&row.json("filter")?) {
            customs = crate::field::customs(conn, workspace).await?;
            break;
        }
    }
    let mut queues = Vec::with_capacity(rows.len());
    for row in &rows {
        let json: Json = row.json("filter")?;
        queues.push(Queue {
            id: row.id("id")?,
            version: row.int("version")?,
            name: row.text("name")?,
            position: row.int("position")?,
            filter: Filter::from_json(&json, &customs).map_err(|e| Error::Other(format!("the filter of a queue: {e}")))?,
            teams: Vec::new(),
            agents: Vec::new(),
            rule: row.json("rule")?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        });
    }
    for row in conn.fetch_all(sql::queue::TEAMS, args![workspace]).await? {
        let id: QueueId = row.id("queue_id")?;
        if let Some(queue) = queues.iter_mut().find(|q| q.id == id) {
            queue.teams.push(row.id("team_id")?);
        }
    }
    for row in conn.fetch_all(sql::queue::AGENTS, args![workspace]).await? {
        let id: QueueId = row.id("queue_id")?;
        if let Some(queue) = queues.iter_mut().find(|q| q.id == id) {
            queue.agents.push(row.id("agent_id")?);
        }
    }
    Ok(queues)
}

/// One of them.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, id: QueueId) -> Result<Option<Queue>, Error> {
    Ok(list(conn, workspace).await?.into_iter().find(|q| q.id == id))
}

/// Writes a new one. [`Error::Duplicate`] when the name is taken, [`Error::Dangling`] when a team or an agent is not of this workspace.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, q: &Queue) -> Result<(), Error> {
    let filter = q.filter.to_json().to_string();
    let values = args![workspace, q.id, q.name.as_str(), q.name.to_lowercase(), q.position, filter, to_json(&q.rule), q.created_at];
    tx.execute(sql::queue::INSERT, values).await?;
    members(tx, workspace, q).await
}

/// Writes a changed one and raises its version. Errors as [`insert`].
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, q: &mut Queue) -> Result<(), Error> {
    let filter = q.filter.to_json().to_string();
    let values = args![workspace, q.id, q.name.as_str(), q.name.to_lowercase(), q.position, filter, to_json(&q.rule), q.updated_at];
    tx.execute(sql::queue::UPDATE, values).await?;
    q.version += 1;
    members(tx, workspace, q).await
}

async fn members(tx: &mut Tx, workspace: WorkspaceId, q: &Queue) -> Result<(), Error> {
    tx.execute(sql::queue::CLEAR_TEAMS, args![workspace, q.id]).await?;
    tx.execute(sql::queue::CLEAR_AGENTS, args![workspace, q.id]).await?;
    for team in &q.teams {
        tx.execute(sql::queue::PUT_TEAM, args![workspace, q.id, *team]).await?;
    }
    for agent in &q.agents {
        tx.execute(sql::queue::PUT_AGENT, args![workspace, q.id, *agent]).await?;
    }
    Ok(())
}

/// Deletes one; false when there is none.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: QueueId) -> Result<bool, Error> {
    Ok(tx.execute(sql::queue::DELETE, args![workspace, id]).await? == 1)
}

/// Who answers a company first.
pub async fn representative(conn: &mut Conn, workspace: WorkspaceId, company: CompanyId) -> Result<Option<AgentId>, Error> {
    let row = conn.fetch_optional(sql::queue::REPRESENTATIVE, args![workspace, company]).await?;
    row.map(|r| r.id("agent_id")).transpose()
}

/// Says who answers a company first; none: nobody in particular.
pub async fn set_representative(tx: &mut Tx, workspace: WorkspaceId, company: CompanyId, agent: Option<AgentId>) -> Result<(), Error> {
    match agent {
        Some(agent) => tx.execute(sql::queue::SET_REPRESENTATIVE, args![workspace, company, agent]).await.map(drop),
        None => tx.execute(sql::queue::CLEAR_REPRESENTATIVE, args![workspace, company]).await.map(drop),
    }
}
