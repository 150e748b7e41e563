//! What saved replies and macros share: folders, cards, and who sees what.

use model::library::{Card, Folder, Visibility};
use model::{AgentId, FolderId, Id, Permission, Scope, TeamId, WorkspaceId};

use crate::{Conn, Error, Row, Tx, Value, args, sql};

/// Columns of a card, of a table that is called `r`.
pub(crate) const CARD: &str = "r.id, r.name, r.folder_id, r.visibility, r.team_id, r.owner_id, r.used, r.last_used_at, r.created_at, r.updated_at, \
    r.archived_at, r.version";

/// The condition that a row `r` is in sight; its arguments are the workspace, then [`reader`].
pub(crate) const IN_SIGHT: &str = "r.workspace_id = $1 AND (r.visibility = 'everyone' OR r.owner_id = $2 OR (r.visibility = 'team' AND \
    ($3 = 1 OR r.team_id IN (SELECT team_id FROM team_member WHERE workspace_id = $1 AND agent_id = $2))))";

/// The arguments `$1` to `$3` of [`IN_SIGHT`].
pub(crate) fn reader(scope: &Scope) -> Vec<Value> {
    let agent = scope.actor.agent().map_or(0, Id::raw);
    args![scope.workspace, agent, i64::from(scope.may(Permission::WorkspaceManage))]
}

pub(crate) fn card(row: &Row) -> Result<Card, Error> {
    Ok(Card {
        name: row.text("name")?,
        folder: row.maybe_id("folder_id")?,
        visibility: Visibility::from_columns(&row.text("visibility")?, row.maybe_id("team_id")?),
        owner: row.id("owner_id")?,
        used: row.int("used")?,
        last_used_at: row.maybe_time("last_used_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        archived_at: row.maybe_time("archived_at")?,
        version: row.int("version")?,
    })
}

/// Every folder by name; at most 500.
pub async fn folders(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Folder>, Error> {
    let rows = conn.fetch_all(sql::library::FOLDERS, args![workspace]).await?;
    rows.iter().map(|r| Ok(Folder { id: r.id("id")?, name: r.text("name")? })).collect()
}

/// Adds a folder. [`Error::Duplicate`] when the name is taken.
pub async fn insert_folder(tx: &mut Tx, workspace: WorkspaceId, folder: &Folder) -> Result<(), Error> {
    let folded = folder.name.to_lowercase();
    tx.execute(sql::library::INSERT_FOLDER, args![workspace, folder.id, folder.name.as_str(), folded]).await.map(drop)
}

/// Gives a folder another name; false when there is none. [`Error::Duplicate`] when the name is taken.
pub async fn rename_folder(tx: &mut Tx, workspace: WorkspaceId, folder: &Folder) -> Result<bool, Error> {
    let folded = folder.name.to_lowercase();
    Ok(tx.execute(sql::library::RENAME_FOLDER, args![workspace, folder.id, folder.name.as_str(), folded]).await? == 1)
}

/// Deletes a folder; what was in it stands outside. False when there is none.
pub async fn delete_folder(tx: &mut Tx, workspace: WorkspaceId, id: FolderId) -> Result<bool, Error> {
    tx.execute(sql::library::EMPTY_REPLIES, args![workspace, id]).await?;
    tx.execute(sql::library::EMPTY_MACROS, args![workspace, id]).await?;
    Ok(tx.execute(sql::library::DELETE_FOLDER, args![workspace, id]).await? == 1)
}

/// The teams of an agent.
pub async fn teams_of(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<Vec<TeamId>, Error> {
    conn.fetch_all(sql::library::TEAMS_OF, args![workspace, agent]).await?.iter().map(|r| r.id("team_id")).collect()
}
