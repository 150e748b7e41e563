//! What an agent has begun to write, kept on the server for every device.

use model::message::Recipients;
use model::{AgentId, AttachmentId, ConversationId, Timestamp, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// An internal note rather than a reply.
    pub is_note: bool,
    /// Sanitised HTML.
    pub html: String,
    /// Recipients.
    pub recipients: Recipients,
    /// Uploads.
    pub attachments: Vec<AttachmentId>,
    /// Last change.
    pub updated_at: Timestamp,
    /// Rises with each change.
    pub version: i64,
}

fn from_row(row: &Row) -> Result<Draft, Error> {
    Ok(Draft {
        is_note: row.text("kind")? == "note",
        html: row.text("html")?,
        recipients: row.json("recipients")?,
        attachments: row.json("attachment_ids")?,
        updated_at: row.time("updated_at")?,
        version: row.int("version")?,
    })
}

/// An agent's draft in a conversation.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId, conversation: ConversationId) -> Result<Option<Draft>, Error> {
    conn.fetch_optional(sql::draft::GET, args![workspace, agent, conversation]).await?.as_ref().map(from_row).transpose()
}

/// Writes a draft; the new version. Version and time in `draft` are ignored.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, conversation: ConversationId, draft: &Draft) -> Result<i64, Error> {
    let (kind, now) = (if draft.is_note { "note" } else { "reply" }, tx.now());
    tx.fetch_one(
        sql::draft::PUT,
        args![workspace, agent, conversation, kind, draft.html.as_str(), to_json(&draft.recipients), to_json(&draft.attachments), now],
    )
    .await?
    .int("version")
}

/// Drops a draft.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, conversation: ConversationId) -> Result<(), Error> {
    tx.execute(sql::draft::DELETE, args![workspace, agent, conversation]).await.map(drop)
}

/// An agent's newest drafts, at most 100.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<Vec<(ConversationId, Draft)>, Error> {
    let rows = conn.fetch_all(sql::draft::LIST, args![workspace, agent]).await?;
    rows.iter().map(|r| Ok((r.id("conversation_id")?, from_row(r)?))).collect()
}
