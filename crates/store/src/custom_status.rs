//! Statuses of a workspace's own.

use model::conversation::StatusKind;
use model::custom_status::{CATEGORIES, CustomStatus};
use model::tag::Color;
use model::{Conversation, CustomStatusId, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

fn from_row(row: &Row) -> Result<CustomStatus, Error> {
    let category = row.text("category")?;
    Ok(CustomStatus {
        id: row.id("id")?,
        version: row.int("version")?,
        name: row.text("name")?,
        category: StatusKind::from_stored(&category),
        color: Color::from_stored(&row.text("color")?),
        position: row.int("position")?,
        is_default: row.flag("is_default")?,
        archived_at: row.maybe_time("archived_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// Every one of a workspace in its order, archived ones included. Cost: at most 100 rows.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<CustomStatus>, Error> {
    conn.fetch_all(sql::custom_status::LIST, args![workspace]).await?.iter().map(from_row).collect()
}

/// One of them.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, id: CustomStatusId) -> Result<Option<CustomStatus>, Error> {
    conn.fetch_optional(sql::custom_status::FIND, args![workspace, id]).await?.as_ref().map(from_row).transpose()
}

/// The default of a category, where there is one.
pub async fn default_of(conn: &mut Conn, workspace: WorkspaceId, category: StatusKind) -> Result<Option<CustomStatusId>, Error> {
    if !CATEGORIES.contains(&category) {
        return Ok(None);
    }
    let row = conn.fetch_optional(sql::custom_status::DEFAULT_OF, args![workspace, category.as_str()]).await?;
    row.map(|r| r.id("id")).transpose()
}

/// Writes a new one. [`Error::Duplicate`] when the name is taken.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, s: &CustomStatus) -> Result<(), Error> {
    tx.execute(
        sql::custom_status::INSERT,
        args![workspace, s.id, s.name.as_str(), s.name.to_lowercase(), s.category.as_str(), s.color.as_str(), s.position, s.is_default, s.created_at],
    )
    .await?;
    only_default(tx, workspace, s).await
}

/// Writes a changed one and raises its version. Category and place stay. [`Error::Duplicate`] when the name is taken.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, s: &mut CustomStatus) -> Result<(), Error> {
    tx.execute(
        sql::custom_status::UPDATE,
        args![workspace, s.id, s.name.as_str(), s.name.to_lowercase(), s.color.as_str(), s.is_default, s.archived_at, s.updated_at],
    )
    .await?;
    s.version += 1;
    only_default(tx, workspace, s).await
}

async fn only_default(tx: &mut Tx, workspace: WorkspaceId, s: &CustomStatus) -> Result<(), Error> {
    if !s.is_default {
        return Ok(());
    }
    tx.execute(sql::custom_status::ONLY_DEFAULT, args![workspace, s.category.as_str(), s.id]).await.map(drop)
}

/// Gives one its place.
pub async fn place(tx: &mut Tx, workspace: WorkspaceId, id: CustomStatusId, position: i64) -> Result<(), Error> {
    tx.execute(sql::custom_status::PLACE, args![workspace, id, position]).await.map(drop)
}

/// What a conversation gets that came into another category by anything but a word about it.
pub(crate) async fn settle(tx: &mut Tx, workspace: WorkspaceId, before: &Conversation, c: &mut Conversation) -> Result<(), Error> {
    if c.falls_to_default(before) {
        c.custom_status = default_of(tx, workspace, c.status.kind()).await?;
    }
    Ok(())
}
