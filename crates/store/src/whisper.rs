//! Notes that were whispered to somebody.

use model::{AgentId, MessageId, WorkspaceId};

use crate::{Conn, Error, Tx, args, sql};

/// Writes down whom a note is whispered to.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, message: MessageId, to: AgentId) -> Result<(), Error> {
    tx.execute(sql::whisper::INSERT, args![workspace, message, to]).await.map(drop)
}

/// Whom a note is whispered to; none when it is a note like any other.
pub async fn to(conn: &mut Conn, workspace: WorkspaceId, message: MessageId) -> Result<Option<AgentId>, Error> {
    conn.fetch_optional(sql::whisper::TO, args![workspace, message]).await?.map(|r| r.id("agent_id")).transpose()
}
