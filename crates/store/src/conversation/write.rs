//! Conversations are written, with all that counts and finds them.

use model::{Conversation, Id, Shelf, WorkspaceId};

use super::count::{count, place};
use super::row::columns;
use crate::db::Dialect;
use crate::{Error, Tx, args, sql};

/// The next conversation number. Gapless on SQLite; on PostgreSQL a sequence, so that nodes do not wait for each other.
pub async fn next_number(tx: &mut Tx, workspace: WorkspaceId) -> Result<i64, Error> {
    match tx.dialect() {
        Dialect::Sqlite => tx.fetch_one(sql::conversation::NEXT_NUMBER, args![workspace]).await?.int("value"),
        Dialect::Postgres => {
            let sequence = format!("conversation_number_{}", workspace.raw());
            let rows = tx.fetch_built(format!("SELECT nextval('{sequence}') AS value"), args![]).await?;
            rows.first().map_or(Ok(1), |r| r.int("value"))
        }
    }
}

/// Makes ready for the numbers of a new workspace.
pub(crate) async fn prepare_numbers(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres {
        tx.execute_built(&format!("CREATE SEQUENCE IF NOT EXISTS conversation_number_{} CACHE 1", workspace.raw()), args![]).await?;
    }
    Ok(())
}

/// Writes a new conversation. Without a status of the workspace's own, it gets the default of its category.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, c: &mut Conversation) -> Result<(), Error> {
    if c.custom_status.is_none() && c.beside.is_none() {
        c.custom_status = crate::custom_status::default_of(tx, workspace, c.status.kind()).await?;
    }
    tx.execute(sql::conversation::INSERT, columns(workspace, c)).await?;
    crate::search::put_subject(tx, workspace, c.id, &c.subject).await?;
    if !c.bucket().is_hidden() {
        tx.execute(crate::sql::customer::COUNT, args![workspace, c.customer, 1_i64]).await?;
    }
    count(tx, workspace, place(c), 1).await
}

/// Writes a changed conversation; `before` is what [`get`] returned. Raises the version. However it came into another category:
/// unless it was said with which status of the workspace's own, it gets the default of that category.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, before: &Conversation, c: &mut Conversation) -> Result<(), Error> {
    crate::custom_status::settle(tx, workspace, before, c).await?;
    let status = c.status.kind();
    tx.execute(
        sql::conversation::UPDATE,
        args![
            workspace,
            c.id,
            c.inbox,
            c.customer,
            c.subject.as_str(),
            status.as_str(),
            c.status.time(),
            c.bucket().as_i64(),
            c.priority.as_i64(),
            c.assignee,
            c.team,
            c.preview.as_str(),
            c.message_count,
            c.updated_at,
            c.last_activity_at,
            c.last_customer_at,
            c.last_reply_at,
            c.waiting_since,
            c.merged_into,
            c.shelf.map(|s| s.kind().as_str()),
            c.shelf.map(Shelf::at),
            c.shelf.and_then(|s| s.by().agent()),
            c.custom_status,
            c.due_at
        ],
    )
    .await?;
    c.version += 1;
    if before.subject != c.subject {
        crate::search::put_subject(tx, workspace, c.id, &c.subject).await?;
    }
    if place(before) != place(c) {
        count(tx, workspace, place(before), -1).await?;
        count(tx, workspace, place(c), 1).await?;
    }
    match (before.bucket().is_hidden(), c.bucket().is_hidden()) {
        (false, true) => tx.execute(crate::sql::customer::COUNT, args![workspace, c.customer, -1_i64]).await.map(drop),
        (true, false) => tx.execute(crate::sql::customer::COUNT, args![workspace, c.customer, 1_i64]).await.map(drop),
        _ => Ok(()),
    }
}
