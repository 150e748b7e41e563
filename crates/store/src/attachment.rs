//! Files: uploaded first, then hung on a message.

use model::message::Attachment;
use model::{AgentId, AttachmentId, ConversationId, MessageId, Scope, Timestamp, WorkspaceId};

use crate::blob::Staged;
use crate::conversation::in_sight;
use crate::{Conn, Error, Row, Tx, args, sql};

const COLUMNS: &str = "f.id, f.message_id, f.filename, f.content_type, f.size, f.inline, f.content_id, f.sha256";

pub(crate) fn from_row(row: &Row) -> Result<Attachment, Error> {
    Ok(Attachment {
        id: row.id("id")?,
        message: row.maybe_id("message_id")?,
        filename: row.text("filename")?,
        content_type: row.text("content_type")?,
        size: row.int("size")?,
        inline: row.flag("inline")?,
        content_id: row.maybe_text("content_id")?,
        sha256: row.text("sha256")?,
    })
}

/// The files of some messages; `ids` is made by [`Conn::ids`].
pub(crate) async fn of_messages(conn: &mut Conn, workspace: WorkspaceId, ids: crate::Value) -> Result<Vec<Attachment>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM attachment f WHERE f.workspace_id = $1 AND f.message_id {} ORDER BY f.id", conn.is_one_of(2));
    conn.fetch_built(sql, args![workspace, ids]).await?.iter().map(from_row).collect()
}

/// The files of a conversation in sight, the newest first, without pictures that stand inside messages; at most 200.
pub async fn of_conversation(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Vec<(Attachment, Timestamp)>, Error> {
    let rows = conn.fetch_all(sql::attachment::OF_CONVERSATION, args![workspace, id]).await?;
    rows.iter().map(|row| Ok((from_row(row)?, row.time("said_at")?))).collect()
}

/// A file on a message or saved reply in sight, or the reader's own upload.
pub async fn get(conn: &mut Conn, scope: &Scope, id: AttachmentId) -> Result<Option<Attachment>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM attachment f \
         JOIN message m ON m.workspace_id = f.workspace_id AND m.id = f.message_id \
         JOIN conversation c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id \
         WHERE f.workspace_id = $1 AND f.id = $2{}",
        in_sight(scope)
    );
    if let Some(row) = conn.fetch_built(sql, args![scope.workspace, id]).await?.first() {
        return from_row(row).map(Some);
    }
    if let Some(agent) = scope.actor.agent()
        && let Some(found) = uploaded(conn, scope.workspace, id, agent).await?
    {
        return Ok(Some(found));
    }
    crate::saved_reply::file(conn, scope, id).await
}

/// An agent's own upload that hangs on no message yet.
pub async fn uploaded(conn: &mut Conn, workspace: WorkspaceId, id: AttachmentId, by: AgentId) -> Result<Option<Attachment>, Error> {
    let row = conn.fetch_optional(sql::attachment::UPLOADED, args![workspace, id, by]).await?;
    row.as_ref().map(from_row).transpose()
}

/// Writes a file's row and names its bytes.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, a: &Attachment, by: Option<AgentId>, staged: &Staged) -> Result<(), Error> {
    tx.put_blob(workspace, staged).await?;
    insert_row(tx, workspace, a, by.map(model::Id::raw)).await
}

/// The same for somebody else's upload, by their raw id.
pub(crate) async fn insert_by(tx: &mut Tx, workspace: WorkspaceId, a: &Attachment, by: i64, staged: &Staged) -> Result<(), Error> {
    tx.put_blob(workspace, staged).await?;
    insert_row(tx, workspace, a, Some(by)).await
}

/// Writes a row for bytes that another file names already.
pub async fn copy(tx: &mut Tx, workspace: WorkspaceId, a: &Attachment) -> Result<(), Error> {
    insert_row(tx, workspace, a, None).await
}

async fn insert_row(tx: &mut Tx, workspace: WorkspaceId, a: &Attachment, by: Option<i64>) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(
        sql::attachment::INSERT,
        args![
            workspace,
            a.id,
            a.message,
            by,
            a.filename.as_str(),
            a.content_type.as_str(),
            a.size,
            a.inline,
            a.content_id.as_deref(),
            a.sha256.as_str(),
            now
        ],
    )
    .await
    .map(drop)
}

/// Hangs an agent's upload on a message. False when it is no free upload of that agent.
pub async fn attach(tx: &mut Tx, workspace: WorkspaceId, id: AttachmentId, to: MessageId, by: AgentId, inline: bool) -> Result<bool, Error> {
    Ok(tx.execute(sql::attachment::ATTACH, args![workspace, id, to, by, inline]).await? == 1)
}

/// Takes the files off a message, back to uploads.
pub async fn detach_all(tx: &mut Tx, workspace: WorkspaceId, from: MessageId) -> Result<(), Error> {
    tx.execute(sql::attachment::DETACH, args![workspace, from]).await.map(drop)
}

/// Deletes uploads that nobody sent.
pub async fn expire_uploads(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(sql::attachment::EXPIRE_UPLOADS, args![before]).await
}
