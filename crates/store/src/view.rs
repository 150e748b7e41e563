//! Saved views.

use model::filter::{Custom, Filter};
use model::view::{Audience, Column, Group, Sort, View};
use model::{AgentId, TeamId, ViewId, WorkspaceId};
use serde_json::Value as Json;

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

fn from_row(row: &Row, customs: &[Custom]) -> Result<View, Error> {
    let json: Json = row.json("filter")?;
    Ok(View {
        id: row.id("id")?,
        version: row.int("version")?,
        name: row.text("name")?,
        folder: row.maybe_text("folder")?,
        audience: Audience::from_columns(&row.text("audience_kind")?, row.maybe_int("audience_id")?),
        filter: Filter::from_json(&json, customs).map_err(|e| Error::Other(format!("the filter of a view: {e}")))?,
        sort: Sort::from_stored(&row.text("sort")?),
        columns: columns(&row.maybe_json::<Vec<String>>("columns")?.unwrap_or_default()),
        group: row.maybe_text("divided_by")?.as_deref().and_then(Group::from_stored),
        position: row.int("position")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// Those that this version knows.
fn columns(stored: &[String]) -> Vec<Column> {
    stored.iter().filter_map(|c| c.parse().ok()).collect()
}

/// Writes a new view.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, v: &View) -> Result<(), Error> {
    let (kind, whose) = v.audience.columns();
    let filter = v.filter.to_json().to_string();
    tx.execute(
        sql::view::INSERT,
        args![
            workspace,
            v.id,
            v.version,
            v.name.as_str(),
            v.folder.as_deref(),
            kind,
            whose,
            filter,
            v.sort.as_str(),
            v.position,
            v.created_at,
            v.updated_at,
            to_json(&v.columns),
            v.group.map(Group::as_str)
        ],
    )
    .await
    .map(drop)
}

/// Writes a changed view and raises its version.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, v: &mut View) -> Result<(), Error> {
    let (kind, whose) = v.audience.columns();
    let filter = v.filter.to_json().to_string();
    tx.execute(
        sql::view::UPDATE,
        args![
            workspace,
            v.id,
            v.name.as_str(),
            v.folder.as_deref(),
            kind,
            whose,
            filter,
            v.sort.as_str(),
            v.position,
            v.updated_at,
            to_json(&v.columns),
            v.group.map(Group::as_str)
        ],
    )
    .await?;
    v.version += 1;
    Ok(())
}

/// Deletes a view; false when there is none.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: ViewId) -> Result<bool, Error> {
    Ok(tx.execute(sql::view::DELETE, args![workspace, id]).await? == 1)
}

/// The views that an agent sees, in their order.
pub async fn visible(conn: &mut Conn, workspace: WorkspaceId, agent: Option<AgentId>) -> Result<Vec<View>, Error> {
    let rows = conn.fetch_all(sql::view::VISIBLE, args![workspace, agent]).await?;
    // Most workspaces have no view that asks for a custom field: then they are not looked up.
    let mut customs = Vec::new();
    for row in &rows {
        if Filter::names_customs(&row.json("filter")?) {
            customs = crate::field::customs(conn, workspace).await?;
            break;
        }
    }
    rows.iter().map(|row| from_row(row, &customs)).collect()
}

/// How many views there are in all.
pub async fn total(conn: &mut Conn, workspace: WorkspaceId) -> Result<i64, Error> {
    conn.fetch_one(sql::view::TOTAL, args![workspace]).await?.int("n")
}

/// Deletes the views of a team; how many.
pub async fn delete_of_team(tx: &mut Tx, workspace: WorkspaceId, team: TeamId) -> Result<u64, Error> {
    tx.execute(sql::view::DELETE_OF_TEAM, args![workspace, team]).await
}
