//! Customers in a chat who want to be called.

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

/// An agent has called; false when nobody waits for a call.
pub async fn called(tx: &mut Tx, workspace: WorkspaceId, conversation: ConversationId, by: AgentId) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::callback::CALLED, args![workspace, conversation, now, by]).await? == 1)
}
