//! Widgets: at most one for each inbox.

use model::widget::{Settings, Widget};
use model::{InboxId, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

pub(crate) fn from_row(row: &Row) -> Result<Widget, Error> {
    Ok(Widget {
        inbox: row.id("inbox_id")?,
        key: row.text("key")?,
        version: row.int("version")?,
        settings: row.json("settings")?,
        has_secret: row.flag("has_secret")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// Makes the widget of an inbox; false when it has one.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, key: &str, settings: &Settings) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::widget::INSERT, args![workspace, inbox, key, to_json(settings), now]).await? == 1)
}

/// The widget of an inbox.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, inbox: InboxId) -> Result<Option<Widget>, Error> {
    conn.fetch_optional(sql::widget::GET, args![workspace, inbox]).await?.as_ref().map(from_row).transpose()
}

/// A widget that somebody's page names, with its workspace and the name of its inbox; none when the inbox is archived.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Named {
    pub workspace: WorkspaceId,
    pub inbox_name: String,
    pub widget: Widget,
}

/// The widget with a key.
pub async fn by_key(conn: &mut Conn, key: &str) -> Result<Option<Named>, Error> {
    let Some(row) = conn.fetch_optional(sql::widget::BY_KEY, args![key]).await? else { return Ok(None) };
    Ok(Some(Named { workspace: row.id("workspace_id")?, inbox_name: row.text("inbox_name")?, widget: from_row(&row)? }))
}

/// Every widget of inboxes that are not archived, with the inbox's name.
pub async fn all(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<(InboxId, String, Settings)>, Error> {
    let rows = conn.fetch_all(sql::widget::ALL, args![workspace]).await?;
    rows.iter().map(|r| Ok((r.id("inbox_id")?, r.text("inbox_name")?, r.json("settings")?))).collect()
}

/// Writes other settings.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, settings: &Settings) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::widget::UPDATE, args![workspace, inbox, to_json(settings), now]).await.map(drop)
}

/// Puts a sealed secret in the place of the one that was there.
pub async fn set_secret(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, sealed: Vec<u8>) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::widget::SET_SECRET, args![workspace, inbox, sealed, now]).await.map(drop)
}

/// The sealed secret.
pub async fn secret(conn: &mut Conn, workspace: WorkspaceId, inbox: InboxId) -> Result<Option<Vec<u8>>, Error> {
    match conn.fetch_optional(sql::widget::SECRET, args![workspace, inbox]).await? {
        Some(row) => row.maybe_bytes("secret"),
        None => Ok(None),
    }
}
