//! Agents who want to hear of a conversation.

use model::{AgentId, ConversationId, Timestamp, WorkspaceId};

use crate::{Conn, Error, Tx, args, sql};

/// Who follows a conversation, in order of joining.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Vec<AgentId>, Error> {
    conn.fetch_all(sql::follower::LIST, args![workspace, conversation]).await?.iter().map(|r| r.id("agent_id")).collect()
}

/// Who followed a conversation before a time, in order of joining.
pub async fn list_before(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId, at: Timestamp) -> Result<Vec<AgentId>, Error> {
    conn.fetch_all(sql::follower::BEFORE, args![workspace, conversation, at]).await?.iter().map(|r| r.id("agent_id")).collect()
}

/// Follows; false when the agent did so already.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, conversation: ConversationId, agent: AgentId) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::follower::ADD, args![workspace, conversation, agent, now]).await? == 1)
}

/// Follows no longer; false when the agent did not.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, conversation: ConversationId, agent: AgentId) -> Result<bool, Error> {
    Ok(tx.execute(sql::follower::REMOVE, args![workspace, conversation, agent]).await? == 1)
}
