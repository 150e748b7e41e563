//! Devices that notifications are pushed to.

use model::{AgentId, PushId, SessionId, Timestamp, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

/// A browser on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Id.
    pub id: PushId,
    /// Whose.
    pub agent: AgentId,
    /// The session it was switched on in. Without it nothing is pushed there.
    pub session: SessionId,
    /// Where it is reached, and the keys to write to it. Sealed.
    pub sealed: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Switched on.
    pub created_at: Timestamp,
    /// When the last notification was handed in for it.
    pub pushed_at: Option<Timestamp>,
}

fn from_row(row: &Row) -> Result<Device, Error> {
    Ok(Device {
        id: row.id("id")?,
        agent: row.id("agent_id")?,
        session: row.id("session_id")?,
        sealed: row.text("sealed")?,
        user_agent: row.text("user_agent")?,
        created_at: row.time("created_at")?,
        pushed_at: row.maybe_time("pushed_at")?,
    })
}

/// Keeps a device. One that is known by `endpoint_hash` keeps its id and becomes this agent's. An agent has at most twenty.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, device: &Device, endpoint_hash: &str) -> Result<PushId, Error> {
    let d = device;
    let values = args![workspace, d.id, d.agent, d.session, endpoint_hash, d.sealed.as_str(), d.user_agent.as_str(), d.created_at];
    let id = tx.fetch_one(sql::push::PUT, values).await?.id("id")?;
    tx.execute(sql::push::FORGET_OLDEST, args![workspace, d.agent]).await?;
    Ok(id)
}

/// An agent's devices whose session lasts, oldest first.
pub async fn of_agent(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId, now: Timestamp) -> Result<Vec<Device>, Error> {
    conn.fetch_all(sql::push::OF_AGENT, args![workspace, agent, now]).await?.iter().map(from_row).collect()
}

/// One device; none when it was removed or its session is over.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, id: PushId, now: Timestamp) -> Result<Option<Device>, Error> {
    conn.fetch_optional(sql::push::FIND, args![workspace, id, now]).await?.as_ref().map(from_row).transpose()
}

/// Notes that a notification was handed in for it.
pub async fn pushed(tx: &mut Tx, workspace: WorkspaceId, id: PushId) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::push::PUSHED, args![workspace, id, now]).await.map(drop)
}

/// Removes one of an agent's devices; false when it is not theirs.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, id: PushId) -> Result<bool, Error> {
    Ok(tx.execute(sql::push::REMOVE, args![workspace, agent, id]).await? == 1)
}

/// Removes a device that can no longer be reached.
pub async fn gone(tx: &mut Tx, workspace: WorkspaceId, id: PushId) -> Result<(), Error> {
    tx.execute(sql::push::GONE, args![workspace, id]).await.map(drop)
}

/// Removes devices whose session is over, in every workspace.
pub async fn expire(tx: &mut Tx) -> Result<u64, Error> {
    tx.execute(sql::push::EXPIRE, args![]).await
}
