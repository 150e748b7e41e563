//! Saved replies.

use model::library::{ReplyText, SavedReply};
use model::message::Attachment;
use model::{AgentId, AttachmentId, SavedReplyId, Scope, WorkspaceId};

use crate::library::{CARD, IN_SIGHT, card, reader};
use crate::{Conn, Error, Tx, args, sql};

/// Every saved reply in sight, the most used first, with first words instead of texts and without files. Two queries.
pub async fn list(conn: &mut Conn, scope: &Scope, archived: bool) -> Result<Vec<SavedReply>, Error> {
    let state = if archived { "IS NOT NULL" } else { "IS NULL" };
    let text =
        format!("SELECT {CARD} FROM saved_reply r WHERE {IN_SIGHT} AND r.archived_at {state} ORDER BY r.used DESC, r.name_folded, r.id LIMIT 2000");
    let mut all = Vec::new();
    for row in conn.fetch_built(text, reader(scope)).await? {
        all.push(SavedReply { id: row.id("id")?, card: card(&row)?, texts: Vec::new(), files: Vec::new() });
    }
    let mut texts: std::collections::HashMap<SavedReplyId, Vec<ReplyText>> = std::collections::HashMap::new();
    for row in conn.fetch_all(sql::saved_reply::PREVIEWS, args![scope.workspace]).await? {
        let text = ReplyText { language: row.text("language")?, html: String::new(), preview: row.text("preview")? };
        texts.entry(row.id("saved_reply_id")?).or_default().push(text);
    }
    for reply in &mut all {
        reply.texts = texts.remove(&reply.id).unwrap_or_default();
    }
    Ok(all)
}

/// A saved reply in sight, whole.
pub async fn get(conn: &mut Conn, scope: &Scope, id: SavedReplyId) -> Result<Option<SavedReply>, Error> {
    let text = format!("SELECT {CARD} FROM saved_reply r WHERE {IN_SIGHT} AND r.id = $4");
    let mut values = reader(scope);
    values.extend(args![id]);
    let rows = conn.fetch_built(text, values).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut reply = SavedReply { id, card: card(row)?, texts: Vec::new(), files: Vec::new() };
    for row in conn.fetch_all(sql::saved_reply::TEXTS, args![scope.workspace, id]).await? {
        reply.texts.push(ReplyText { language: row.text("language")?, html: row.text("html")?, preview: row.text("preview")? });
    }
    reply.files = conn
        .fetch_all(sql::saved_reply::FILES, args![scope.workspace, id])
        .await?
        .iter()
        .map(crate::attachment::from_row)
        .collect::<Result<_, _>>()?;
    Ok(Some(reply))
}

/// How many there are in a workspace.
pub async fn count(conn: &mut Conn, workspace: WorkspaceId) -> Result<i64, Error> {
    conn.fetch_one(sql::saved_reply::COUNT, args![workspace]).await?.int("n")
}

/// Writes a new one with its texts; files are put on by [`put_file`]. [`Error::Dangling`] when the folder does not exist.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, reply: &SavedReply) -> Result<(), Error> {
    let (c, now) = (&reply.card, tx.now());
    tx.execute(
        sql::saved_reply::INSERT,
        args![workspace, reply.id, c.name.as_str(), c.name.to_lowercase(), c.folder, c.visibility.as_str(), c.visibility.team(), c.owner, now],
    )
    .await?;
    put_texts(tx, workspace, reply).await
}

/// Writes card and texts anew; the version rises.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, reply: &SavedReply) -> Result<(), Error> {
    let (c, now) = (&reply.card, tx.now());
    tx.execute(
        sql::saved_reply::UPDATE,
        args![workspace, reply.id, c.name.as_str(), c.name.to_lowercase(), c.folder, c.visibility.as_str(), c.visibility.team(), now, c.archived_at],
    )
    .await?;
    tx.execute(sql::saved_reply::CLEAR_TEXTS, args![workspace, reply.id]).await?;
    put_texts(tx, workspace, reply).await
}

async fn put_texts(tx: &mut Tx, workspace: WorkspaceId, reply: &SavedReply) -> Result<(), Error> {
    for text in &reply.texts {
        tx.execute(sql::saved_reply::PUT_TEXT, args![workspace, reply.id, text.language.as_str(), text.html.as_str(), text.preview.as_str()]).await?;
    }
    Ok(())
}

/// It was used just now.
pub async fn used(tx: &mut Tx, workspace: WorkspaceId, id: SavedReplyId) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::saved_reply::USED, args![workspace, id, now]).await.map(drop)
}

/// Gives an agent's upload to a saved reply. False when it is no free upload of that agent.
pub async fn put_file(tx: &mut Tx, workspace: WorkspaceId, id: SavedReplyId, file: AttachmentId, by: AgentId) -> Result<bool, Error> {
    if tx.execute(sql::saved_reply::TAKE_UPLOAD, args![workspace, file, by]).await? != 1 {
        return Ok(false);
    }
    tx.execute(sql::saved_reply::PUT_FILE, args![workspace, file, id]).await?;
    Ok(true)
}

/// Takes a file off; it goes with the next tidying.
pub async fn drop_file(tx: &mut Tx, workspace: WorkspaceId, file: AttachmentId) -> Result<(), Error> {
    tx.execute(sql::saved_reply::DROP_FILE, args![workspace, file]).await.map(drop)
}

/// A file of a saved reply in sight.
pub(crate) async fn file(conn: &mut Conn, scope: &Scope, id: AttachmentId) -> Result<Option<Attachment>, Error> {
    let text = format!(
        "SELECT a.id, a.message_id, a.filename, a.content_type, a.size, a.inline, a.content_id, a.sha256 FROM saved_reply_file f \
         JOIN saved_reply r ON r.workspace_id = f.workspace_id AND r.id = f.saved_reply_id \
         JOIN attachment a ON a.workspace_id = f.workspace_id AND a.id = f.attachment_id WHERE {IN_SIGHT} AND f.workspace_id = $1 AND f.attachment_id = $4"
    );
    let mut values = reader(scope);
    values.extend(args![id]);
    conn.fetch_built(text, values).await?.first().map(crate::attachment::from_row).transpose()
}

/// The same bytes as a new upload of an agent; its id.
pub async fn copy_file(tx: &mut Tx, workspace: WorkspaceId, file: AttachmentId, by: AgentId) -> Result<AttachmentId, Error> {
    let (id, now): (AttachmentId, _) = (tx.new_id(), tx.now());
    tx.execute(sql::saved_reply::COPY_FILE, args![workspace, file, id, by, now]).await?;
    Ok(id)
}
