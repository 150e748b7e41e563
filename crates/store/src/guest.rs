//! Colleagues who were invited into a chat.

use model::{AgentId, ConversationId, MessageId, Timestamp, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

/// A colleague in a chat, or on the way there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Guest {
    pub agent: AgentId,
    pub name: String,
    pub invited_by: AgentId,
    pub inviter_name: String,
    /// What they were told.
    pub note: Option<MessageId>,
    pub at: Timestamp,
    /// None: has not come yet.
    pub joined_at: Option<Timestamp>,
}

fn from_row(row: &Row) -> Result<Guest, Error> {
    Ok(Guest {
        agent: row.id("agent_id")?,
        name: row.text("name")?,
        invited_by: row.id("invited_by")?,
        inviter_name: row.maybe_text("inviter_name")?.unwrap_or_default(),
        note: row.maybe_id("note_id")?,
        at: row.time("at")?,
        joined_at: row.maybe_time("joined_at")?,
    })
}

/// Everybody who was invited into a chat and has not left, the first one first.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Vec<Guest>, Error> {
    conn.fetch_all(sql::guest::LIST, args![workspace, conversation]).await?.iter().map(from_row).collect()
}

/// One of them.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId, agent: AgentId) -> Result<Option<Guest>, Error> {
    conn.fetch_optional(sql::guest::FIND, args![workspace, conversation, agent]).await?.as_ref().map(from_row).transpose()
}

/// Invites; false when the agent is invited or there already.
pub async fn invite(
    tx: &mut Tx,
    workspace: WorkspaceId,
    conversation: ConversationId,
    (agent, by): (AgentId, AgentId),
    note: Option<MessageId>,
) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::guest::INVITE, args![workspace, conversation, agent, by, note, now]).await? == 1)
}

/// Comes; false when not invited, or there already.
pub async fn join(tx: &mut Tx, workspace: WorkspaceId, conversation: ConversationId, agent: AgentId) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::guest::JOIN, args![workspace, conversation, agent, now]).await? == 1)
}

/// Leaves, or does not come; false when neither invited nor there.
pub async fn leave(tx: &mut Tx, workspace: WorkspaceId, conversation: ConversationId, agent: AgentId) -> Result<bool, Error> {
    Ok(tx.execute(sql::guest::LEAVE, args![workspace, conversation, agent]).await? == 1)
}

/// Open chats that an agent came into.
pub async fn joined_by(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<Vec<ConversationId>, Error> {
    conn.fetch_all(sql::guest::JOINED_BY, args![workspace, agent]).await?.iter().map(|r| r.id("id")).collect()
}

/// Open chats that an agent has, with the names of the queues that they came from.
pub async fn chats_of(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<Vec<(ConversationId, Option<String>)>, Error> {
    let rows = conn.fetch_all(sql::guest::OF_AGENT, args![workspace, agent]).await?;
    rows.iter().map(|r| Ok((r.id("id")?, r.maybe_text("queue_name")?))).collect()
}
