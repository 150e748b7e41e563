//! One conversation, and what leads to it.

use model::{Conversation, ConversationId, InboxId, Scope, Timestamp, WorkspaceId};

use super::row::{COLUMNS, from_row};
use super::sight::in_sight;
use crate::{Conn, Error, Tx, args, sql};

/// One conversation, locked until the use case ends; none when it does not exist or is out of sight.
pub async fn get(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<Option<Conversation>, Error> {
    let lock = tx.pick("", " FOR UPDATE");
    let sql = format!("SELECT {COLUMNS} FROM conversation c WHERE c.workspace_id = $1 AND c.id = $2{}{lock}", in_sight(scope));
    let rows = tx.fetch_built(sql, args![scope.workspace, id]).await?;
    rows.first().map(from_row).transpose()
}

/// The conversation behind a reply token, in whichever workspace.
pub async fn by_reply_token(conn: &mut Conn, token: &str) -> Result<Option<(WorkspaceId, ConversationId)>, Error> {
    let row = conn.fetch_optional(sql::conversation::BY_REPLY_TOKEN, args![token]).await?;
    row.map(|r| Ok((r.id("workspace_id")?, r.id("id")?))).transpose()
}

/// What a mail of a conversation needs: its inbox, and the token of its reply address.
pub async fn route(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Option<(InboxId, String)>, Error> {
    let row = conn.fetch_optional(sql::conversation::ROUTE, args![workspace, id]).await?;
    row.map(|r| Ok((r.id("inbox_id")?, r.text("reply_token")?))).transpose()
}

/// The conversation with a number.
pub async fn by_number(conn: &mut Conn, workspace: WorkspaceId, number: i64) -> Result<Option<ConversationId>, Error> {
    let row = conn.fetch_optional(sql::conversation::BY_NUMBER, args![workspace, number]).await?;
    row.map(|r| r.id("id")).transpose()
}

/// Snoozed conversations whose time has come.
pub async fn to_wake(conn: &mut Conn, workspace: WorkspaceId, now: Timestamp) -> Result<Vec<ConversationId>, Error> {
    conn.fetch_all(sql::conversation::TO_WAKE, args![workspace, now]).await?.iter().map(|r| r.id("id")).collect()
}
