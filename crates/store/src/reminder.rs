//! What agents asked to be reminded of.

use model::reminder::Reminder;
use model::{AgentId, ConversationId, ReminderId, Timestamp, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

fn from_row(row: &Row) -> Result<Reminder, Error> {
    Ok(Reminder {
        id: row.id("id")?,
        agent: row.id("agent_id")?,
        conversation: row.id("conversation_id")?,
        at: row.time("at")?,
        words: row.text("words")?,
        unless_answered: row.flag("unless_answered")?,
        created_at: row.time("created_at")?,
        done_at: row.maybe_time("done_at")?,
    })
}

/// Writes a new one.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, r: &Reminder) -> Result<(), Error> {
    tx.execute(sql::reminder::INSERT, args![workspace, r.id, r.agent, r.conversation, r.at, r.words.as_str(), r.unless_answered, r.created_at])
        .await
        .map(drop)
}

/// One, whosever it is and however it stands.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, id: ReminderId) -> Result<Option<Reminder>, Error> {
    conn.fetch_optional(sql::reminder::FIND, args![workspace, id]).await?.as_ref().map(from_row).transpose()
}

/// Those of an agent that are still to come in a conversation, and in those that it took in: the next one first.
pub async fn waiting(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId, agent: AgentId) -> Result<Vec<Reminder>, Error> {
    conn.fetch_all(sql::reminder::WAITING, args![workspace, id, agent]).await?.iter().map(from_row).collect()
}

/// It has come, or is not needed any more; false when that was so before.
pub async fn done(tx: &mut Tx, workspace: WorkspaceId, id: ReminderId) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::reminder::DONE, args![workspace, id, now]).await? == 1)
}

/// Takes one back; false when the agent has no such reminder that is still to come.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: ReminderId, agent: AgentId) -> Result<bool, Error> {
    Ok(tx.execute(sql::reminder::DELETE, args![workspace, id, agent]).await? == 1)
}

/// Forgets those that came before a time, in every workspace.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(sql::reminder::EXPIRE, args![before]).await
}
