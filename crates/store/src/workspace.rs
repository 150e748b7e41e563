//! Workspaces.

use model::workspace::{Language, Workspace};
use model::{Timestamp, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

fn read(row: &Row) -> Result<Workspace, Error> {
    Ok(Workspace {
        id: row.id("id")?,
        name: row.text("name")?,
        language: row.parsed("language")?,
        time_zone: row.text("time_zone")?,
        created_at: row.time("created_at")?,
    })
}

/// Opens a workspace.
pub async fn insert(tx: &mut Tx, workspace: &Workspace) -> Result<(), Error> {
    let w = workspace;
    let created_at: Timestamp = w.created_at;
    tx.execute(sql::workspace::INSERT, args![w.id, &w.name, w.language.as_str(), &w.time_zone, created_at]).await?;
    crate::conversation::prepare_numbers(tx, w.id).await
}

/// A workspace by its id.
pub async fn find(conn: &mut Conn, id: WorkspaceId) -> Result<Option<Workspace>, Error> {
    conn.fetch_optional(sql::workspace::FIND, args![id]).await?.as_ref().map(read).transpose()
}

/// The oldest workspace; none before the set-up.
pub async fn first(conn: &mut Conn) -> Result<Option<Workspace>, Error> {
    conn.fetch_optional(sql::workspace::FIRST, args![]).await?.as_ref().map(read).transpose()
}

/// Every workspace of the installation, oldest first; at most 10,000.
pub async fn all(conn: &mut Conn) -> Result<Vec<Workspace>, Error> {
    conn.fetch_all(sql::workspace::ALL, args![]).await?.iter().map(read).collect()
}

/// Changes name, language and time zone.
pub async fn update(tx: &mut Tx, id: WorkspaceId, name: &str, language: Language, time_zone: &str) -> Result<(), Error> {
    tx.execute(sql::workspace::UPDATE, args![id, name, language.as_str(), time_zone]).await.map(drop)
}

/// Holds up every other set-up until this transaction ends.
pub async fn lock_set_up(tx: &mut Tx) -> Result<(), Error> {
    if tx.dialect() == crate::Dialect::Postgres {
        tx.execute("SELECT pg_advisory_xact_lock(736646698)", args![]).await?;
    }
    Ok(())
}
