//! Signed-in browsers. Only the hash of a session's word is kept.

use model::agent::Agent;
use model::{AgentId, SessionId, Timestamp, WorkspaceId};

use crate::{Conn, Error, Tx, agent, args, sql};

/// One signed-in browser, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Id.
    pub id: SessionId,
    /// Signed in.
    pub created_at: Timestamp,
    /// Last request, to the minute.
    pub last_seen_at: Timestamp,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Where it was last seen.
    pub ip: String,
}

/// Who stands behind a session's word.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The agent, who is active.
    pub agent: Agent,
}

/// Keeps a new session of an agent, and ends the oldest ones beyond a hundred.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, session: &Session, hash: &str, expires_at: Timestamp) -> Result<(), Error> {
    let s = session;
    tx.execute(sql::session::INSERT, args![hash, workspace, s.id, agent, s.created_at, expires_at, &s.user_agent, &s.ip]).await?;
    tx.execute(sql::session::END_OLDEST, args![workspace, agent]).await.map(drop)
}

/// Who is signed in with a word; none when it expired, ended, or its agent was switched off. Cost: one query.
pub async fn find(conn: &mut Conn, hash: &str, now: Timestamp) -> Result<Option<SignedIn>, Error> {
    let Some(row) = conn.fetch_optional(sql::session::FIND, args![hash, now]).await? else { return Ok(None) };
    Ok(Some(SignedIn {
        session: row.id("session_id")?,
        seen_at: row.time("session_seen_at")?,
        workspace: row.id("workspace_id")?,
        agent: agent::read(&row)?,
    }))
}

/// Notes that a session was used, and from where.
pub async fn touch(tx: &mut Tx, hash: &str, expires_at: Timestamp, ip: &str) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::session::TOUCH, args![hash, now, expires_at, ip]).await.map(drop)
}

/// An agent's sessions, last used first; at most 200.
pub async fn of_agent(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId, now: Timestamp) -> Result<Vec<Session>, Error> {
    let rows = conn.fetch_all(sql::session::OF_AGENT, args![workspace, agent, now]).await?;
    rows.iter()
        .map(|row| {
            Ok(Session {
                id: row.id("id")?,
                created_at: row.time("created_at")?,
                last_seen_at: row.time("last_seen_at")?,
                user_agent: row.text("user_agent")?,
                ip: row.text("ip")?,
            })
        })
        .collect()
}

/// Ends one session of an agent; whether there was one.
pub async fn end(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, id: SessionId) -> Result<bool, Error> {
    Ok(tx.execute(sql::session::END_ONE, args![workspace, agent, id]).await? > 0)
}

/// Ends the session of a word, if there is one; whose it was.
pub async fn end_by_hash(tx: &mut Tx, hash: &str) -> Result<Option<(WorkspaceId, AgentId, SessionId)>, Error> {
    let rows = tx.fetch_all(sql::session::END_BY_HASH, args![hash]).await?;
    rows.first().map(|row| Ok((row.id("workspace_id")?, row.id("agent_id")?, row.id("id")?))).transpose()
}

/// Ends every session of an agent, but for one where given.
pub async fn end_all(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, but: Option<SessionId>) -> Result<(), Error> {
    match but {
        Some(id) => tx.execute(sql::session::END_OTHERS, args![workspace, agent, id]).await.map(drop),
        None => tx.execute(sql::session::END_ALL, args![workspace, agent]).await.map(drop),
    }
}

/// Removes expired sessions of the installation.
pub async fn expire(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(sql::session::EXPIRE, args![now]).await
}
