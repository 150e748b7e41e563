//! Addresses whose mail goes to spam at once.

use model::page::Page;
use model::{AgentId, BlockedSender, BlockedSenderId, EmailAddress, Id, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

fn from_row(row: &Row) -> Result<BlockedSender, Error> {
    Ok(BlockedSender { id: row.id("id")?, address: row.parsed("address")?, by: row.maybe_id("blocked_by")?, at: row.time("at")? })
}

/// Blocks an address, and says how it stands then: twice is once. True when it was not blocked before.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, address: &EmailAddress, by: Option<AgentId>) -> Result<(BlockedSender, bool), Error> {
    let (id, now): (BlockedSenderId, _) = (tx.new_id(), tx.now());
    let values = args![workspace, id, address.as_str(), address.folded(), by, now];
    let new = tx.execute(sql::blocked_sender::INSERT, values).await? == 1;
    let row = tx.fetch_one(sql::blocked_sender::BY_ADDRESS, args![workspace, address.folded()]).await?;
    Ok((from_row(&row)?, new))
}

/// Whether an address is blocked. Cost: O(1), unique index.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, address: &EmailAddress) -> Result<Option<BlockedSender>, Error> {
    conn.fetch_optional(sql::blocked_sender::BY_ADDRESS, args![workspace, address.folded()]).await?.as_ref().map(from_row).transpose()
}

/// One of them.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, id: BlockedSenderId) -> Result<Option<BlockedSender>, Error> {
    conn.fetch_optional(sql::blocked_sender::GET, args![workspace, id]).await?.as_ref().map(from_row).transpose()
}

/// Those who are blocked, newest first.
pub async fn page(conn: &mut Conn, workspace: WorkspaceId, before: Option<BlockedSenderId>, limit: usize) -> Result<Page<BlockedSender>, Error> {
    let before = before.map_or(i64::MAX, Id::raw);
    let rows = conn.fetch_all(sql::blocked_sender::LIST, args![workspace, before, limit as i64 + 1]).await?;
    let rows = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(rows, limit, |b| b.id.to_string()))
}

/// Lets a sender in again.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: BlockedSenderId) -> Result<(), Error> {
    tx.execute(sql::blocked_sender::DELETE, args![workspace, id]).await.map(drop)
}
