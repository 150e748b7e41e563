//! What each agent has read.

use model::{AgentId, ConversationId, Timestamp, WorkspaceId};

use crate::{Error, Tx, args, sql};

/// Read up to now, or not at all.
pub async fn set(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, conversation: ConversationId, read: bool) -> Result<(), Error> {
    let at = if read { tx.now() } else { Timestamp::UNIX_EPOCH };
    tx.execute(sql::read_state::PUT, args![workspace, agent, conversation, at]).await.map(drop)
}
