//! Customers in a chat who want to be called.

use std::collections::HashSet;

use model::chat::Callback;
use model::{AgentId, ConversationId, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

pub(crate) fn from_row(row: &Row) -> Result<Callback, Error> {
    Ok(Callback { phone: row.text("phone")?, wanted_at: row.maybe_time("wanted_at")?, at: row.time("at")?, called_at: row.maybe_time("called_at")? })
}

/// What the customer of a chat asked for; none when they do not want to be called.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Option<Callback>, Error> {
    conn.fetch_optional(sql::callback::GET, args![workspace, conversation]).await?.as_ref().map(from_row).transpose()
}

/// Keeps it; asked again, the newer counts, and has not been done.
pub async fn ask(tx: &mut Tx, workspace: WorkspaceId, conversation: ConversationId, c: &Callback) -> Result<(), Error> {
    tx.execute(sql::callback::ASK, args![workspace, conversation, c.phone.as_str(), c.wanted_at, c.at]).await.map(drop)
}

/// Of what waits in the queues: that of customers who wait for a call, as [`Callback::is_awaited`] says it.
pub async fn awaited(conn: &mut Conn, workspace: WorkspaceId) -> Result<HashSet<ConversationId>, Error> {
    conn.fetch_all(sql::callback::AWAITED, args![workspace]).await?.iter().map(|r| r.id("conversation_id")).collect()
}

/// An agent has called; false when nobody waits for a call.
pub async fn called(tx: &mut Tx, workspace: WorkspaceId, conversation: ConversationId, by: AgentId) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::callback::CALLED, args![workspace, conversation, now, by]).await? == 1)
}
