//! Messages that move from one conversation to another, and what undoing it needs.

use model::merge::{Kept, Sum};
use model::{AgentId, ConversationId, Id, MessageId, Timestamp, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Tx, args, sql};

/// A merge that was not undone.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Merge {
    /// Raw id: messages written after the merge have higher ones.
    pub id: i64,
    pub target: ConversationId,
    pub kept: Kept,
}

/// The messages of a conversation, oldest first.
pub async fn messages(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Vec<MessageId>, Error> {
    conn.fetch_all(sql::merge::MESSAGES, args![workspace, id]).await?.iter().map(|r| r.id("id")).collect()
}

/// Moves every message, and the drafts of those who have none there.
pub async fn move_all(tx: &mut Tx, workspace: WorkspaceId, from: ConversationId, to: ConversationId) -> Result<(), Error> {
    tx.execute(sql::merge::MOVE_ALL, args![workspace, from, to]).await?;
    tx.execute(sql::merge::MOVE_DRAFTS, args![workspace, from, to]).await.map(drop)
}

/// Moves some messages of a conversation; how many were there to be moved.
pub async fn move_some(tx: &mut Tx, workspace: WorkspaceId, ids: &[MessageId], from: ConversationId, to: ConversationId) -> Result<u64, Error> {
    let sql = format!("UPDATE message SET conversation_id = $3 WHERE workspace_id = $1 AND conversation_id = $2 AND id {}", tx.is_one_of(4));
    let ids = tx.ids(ids.iter().map(|i| i.raw()));
    tx.execute_built(&sql, args![workspace, from, to, ids]).await
}

/// How many of some messages are in another conversation by now.
pub async fn elsewhere(conn: &mut Conn, workspace: WorkspaceId, ids: &[MessageId], than: ConversationId) -> Result<i64, Error> {
    let sql = format!("SELECT COUNT(*) AS n FROM message WHERE workspace_id = $1 AND conversation_id <> $2 AND id {}", conn.is_one_of(3));
    let ids = conn.ids(ids.iter().map(|i| i.raw()));
    conn.fetch_built(sql, args![workspace, than, ids]).await?.first().map_or(Ok(0), |row| row.int("n"))
}

/// Answers to a message thread to another conversation from now on.
pub async fn move_references(tx: &mut Tx, workspace: WorkspaceId, message: MessageId, to: ConversationId) -> Result<(), Error> {
    tx.execute(sql::merge::COPY_REFERENCES, args![workspace, message, to]).await?;
    tx.execute(sql::merge::DROP_REFERENCES, args![workspace, message, to]).await.map(drop)
}

/// Writes down a merge.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    source: ConversationId,
    target: ConversationId,
    by: Option<AgentId>,
    kept: &Kept,
) -> Result<(), Error> {
    let (id, now): (MessageId, _) = (tx.new_id(), tx.now());
    tx.execute(sql::merge::INSERT, args![workspace, id, source, target, by, now, to_json(kept)]).await.map(drop)
}

/// The merge that a conversation went into another by.
pub async fn latest(conn: &mut Conn, workspace: WorkspaceId, source: ConversationId) -> Result<Option<Merge>, Error> {
    let row = conn.fetch_optional(sql::merge::LATEST, args![workspace, source]).await?;
    row.map(|r| Ok(Merge { id: r.int("id")?, target: r.id("target_id")?, kept: r.json("kept")? })).transpose()
}

/// A merge was undone.
pub async fn undone(tx: &mut Tx, workspace: WorkspaceId, merge: &Merge) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::merge::UNDONE, args![workspace, merge.id, now]).await.map(drop)
}

/// Whether something was written into a conversation after a raw id.
pub async fn has_newer_messages(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId, than: i64) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::merge::NEWER_MESSAGES, args![workspace, conversation, than]).await?.is_some())
}

/// Somebody no longer takes part.
pub async fn remove_participant(tx: &mut Tx, workspace: WorkspaceId, conversation: ConversationId, address_folded: &str) -> Result<(), Error> {
    tx.execute(sql::merge::REMOVE_PARTICIPANT, args![workspace, conversation, address_folded]).await.map(drop)
}

/// What the messages of a conversation add up to. Cost: O(its messages).
pub async fn sum(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Sum, Error> {
    let row = conn.fetch_one(sql::merge::SUM, args![workspace, id]).await?;
    let (last_customer_at, last_reply_at) = (row.maybe_time("last_customer_at")?, row.maybe_time("last_reply_at")?);
    let messages = row.int("n")?;
    let since = last_reply_at.unwrap_or(Timestamp::UNIX_EPOCH);
    let waiting_since = conn.fetch_one(sql::merge::WAITING_SINCE, args![workspace, id, since]).await?.maybe_time("at")?;
    let last_public = match conn.fetch_optional(sql::merge::LAST_PUBLIC, args![workspace, id]).await? {
        Some(row) => Some((row.time("created_at")?, row.text("reply_text")?)),
        None => None,
    };
    Ok(Sum { messages, last_customer_at, last_reply_at, waiting_since, last_public })
}
