//! Macros, and the uses that can be taken back.

use model::action::Undo;
use model::library::Macro;
use model::{AgentId, ConversationId, MacroId, MacroRunId, Scope, Timestamp, WorkspaceId};

use crate::library::{CARD, IN_SIGHT, card, reader};
use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

fn from_row(row: &Row) -> Result<Macro, Error> {
    Ok(Macro { id: row.id("id")?, card: card(row)?, actions: row.json("actions")? })
}

/// Every macro in sight, the most used first; at most 1,000.
pub async fn list(conn: &mut Conn, scope: &Scope, archived: bool) -> Result<Vec<Macro>, Error> {
    let state = if archived { "IS NOT NULL" } else { "IS NULL" };
    let text = format!(
        "SELECT {CARD}, r.actions FROM macro r WHERE {IN_SIGHT} AND r.archived_at {state} ORDER BY r.used DESC, r.name_folded, r.id LIMIT 1000"
    );
    conn.fetch_built(text, reader(scope)).await?.iter().map(from_row).collect()
}

/// A macro in sight.
pub async fn get(conn: &mut Conn, scope: &Scope, id: MacroId) -> Result<Option<Macro>, Error> {
    let text = format!("SELECT {CARD}, r.actions FROM macro r WHERE {IN_SIGHT} AND r.id = $4");
    let mut values = reader(scope);
    values.extend(args![id]);
    conn.fetch_built(text, values).await?.first().map(from_row).transpose()
}

/// How many there are in a workspace.
pub async fn count(conn: &mut Conn, workspace: WorkspaceId) -> Result<i64, Error> {
    conn.fetch_one(sql::macros::COUNT, args![workspace]).await?.int("n")
}

/// Writes a new one. [`Error::Dangling`] when the folder does not exist.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, m: &Macro) -> Result<(), Error> {
    let (c, now) = (&m.card, tx.now());
    tx.execute(
        sql::macros::INSERT,
        args![
            workspace,
            m.id,
            c.name.as_str(),
            c.name.to_lowercase(),
            c.folder,
            c.visibility.as_str(),
            c.visibility.team(),
            c.owner,
            to_json(&m.actions),
            now
        ],
    )
    .await
    .map(drop)
}

/// Writes it anew; the version rises.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, m: &Macro) -> Result<(), Error> {
    let (c, now) = (&m.card, tx.now());
    tx.execute(
        sql::macros::UPDATE,
        args![
            workspace,
            m.id,
            c.name.as_str(),
            c.name.to_lowercase(),
            c.folder,
            c.visibility.as_str(),
            c.visibility.team(),
            to_json(&m.actions),
            now,
            c.archived_at
        ],
    )
    .await
    .map(drop)
}

/// It was used just now.
pub async fn used(tx: &mut Tx, workspace: WorkspaceId, id: MacroId) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::macros::USED, args![workspace, id, now]).await.map(drop)
}

/// One use of a macro by an agent.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Run {
    pub conversation: ConversationId,
    pub undo: Undo,
    pub at: Timestamp,
    pub undone_at: Option<Timestamp>,
}

/// Keeps what is needed to take a use back.
pub async fn insert_run(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MacroRunId,
    conversation: ConversationId,
    agent: AgentId,
    undo: &Undo,
) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::macros::INSERT_RUN, args![workspace, id, conversation, agent, to_json(undo), now]).await.map(drop)
}

/// A use of this agent's.
pub async fn run(conn: &mut Conn, workspace: WorkspaceId, id: MacroRunId, agent: AgentId) -> Result<Option<Run>, Error> {
    let Some(row) = conn.fetch_optional(sql::macros::RUN, args![workspace, id, agent]).await? else { return Ok(None) };
    Ok(Some(Run { conversation: row.id("conversation_id")?, undo: row.json("undo")?, at: row.time("at")?, undone_at: row.maybe_time("undone_at")? }))
}

/// Notes that a use was taken back. False when it was already.
pub async fn run_undone(tx: &mut Tx, workspace: WorkspaceId, id: MacroRunId) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::macros::RUN_UNDONE, args![workspace, id, now]).await? == 1)
}

/// Forgets old uses.
pub async fn expire_runs(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(sql::macros::EXPIRE_RUNS, args![before]).await
}
