//! Deleting for good: a conversation with all that is only its own, and bytes that nothing names any more.

use std::collections::BTreeSet;

use model::{Conversation, ConversationId, Timestamp, WorkspaceId};

use crate::{Conn, Error, Tx, args, sql};

/// What a conversation leaves behind that others may share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// The SHA-256 of the bytes that it was made of, for [`drop_blob`].
    pub blobs: Vec<String>,
    /// Its words, each once, but for the usual ones: for [`forget_unheld`](crate::search::forget_unheld).
    pub words: Vec<String>,
}

/// Deletes a conversation with its messages, search words, files, raw mails and events.
pub async fn conversation(tx: &mut Tx, workspace: WorkspaceId, c: &Conversation) -> Result<Left, Error> {
    let blobs = tx.fetch_all(sql::purge::BLOBS, args![workspace, c.id]).await?.iter().map(|r| r.text("sha256")).collect::<Result<_, _>>()?;
    let mut words: BTreeSet<String> = model::text::tokens(&c.subject).into_iter().collect();
    for row in tx.fetch_all(sql::purge::MESSAGES, args![workspace, c.id]).await? {
        let text = |name| row.maybe_text(name).map(Option::unwrap_or_default);
        for part in [text("subject")?, text("from_name")?, text("from_address")?, text("reply_text")?] {
            words.extend(model::text::tokens(&part));
        }
        crate::search::remove_message(tx, row.id("id")?).await?;
    }
    words.retain(|word| !model::text::is_usual(word));
    crate::search::remove_subject(tx, c.id).await?;
    tx.execute(sql::purge::ATTACHMENTS, args![workspace, c.id]).await?;
    tx.execute(sql::purge::MAILS, args![workspace, c.id]).await?;
    tx.execute(sql::purge::EVENTS, args![workspace, c.id]).await?;
    crate::conversation::uncount(tx, workspace, c).await?;
    tx.execute(sql::purge::CONVERSATION, args![workspace, c.id]).await?;
    Ok(Left { blobs, words: words.into_iter().collect() })
}

/// The conversations that one has taken in.
pub async fn merged_into(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Vec<ConversationId>, Error> {
    conn.fetch_all(sql::purge::MERGED, args![workspace, id]).await?.iter().map(|r| r.id("id")).collect()
}

/// Forgets a blob that nothing names any more; false when something does. Bytes in the object store stay until
/// [`Blobs::delete_stale`](crate::blob::Blobs::delete_stale).
pub async fn drop_blob(tx: &mut Tx, workspace: WorkspaceId, sha256: &str) -> Result<bool, Error> {
    tx.execute(sql::purge::BLOB, args![workspace, sha256]).await?;
    Ok(tx.fetch_optional(sql::purge::HAS_BLOB, args![workspace, sha256]).await?.is_none())
}

impl crate::blob::Blobs {
    /// Deletes bytes from the object store that no row names. Bytes written within the last hour stay, for the transaction
    /// that will name them may not have ended: then the answer is false, and the caller comes back.
    pub async fn delete_stale(&self, workspace: WorkspaceId, sha256: &str, now: Timestamp) -> Result<bool, Error> {
        let Some(written) = self.written_at(workspace, sha256).await? else { return Ok(true) };
        if now.as_second() - written < 3_600 {
            return Ok(false);
        }
        self.delete(workspace, sha256).await?;
        Ok(true)
    }
}
