//! Bulk actions and what became of each conversation.

use model::action::Undo;
use model::bulk::{Bulk, Place, Selection, State};
use model::page::Page;
use model::{AgentId, BulkId, ConversationId, Id, Reason, Scope, Timestamp, WorkspaceId};

use crate::conversation::in_sight;
use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

const COLUMNS: &str = "id, agent_id, filter, chosen, actions, state, total, seen, changed, failed, cursor, created_at, ended_at, place";

async fn from_row(conn: &mut Conn, workspace: WorkspaceId, row: &Row) -> Result<Bulk, Error> {
    let selection = match row.maybe_json::<serde_json::Value>("filter")? {
        Some(json) => {
            let read = crate::field::read_filter(conn, workspace, &json).await?;
            let filter = read.map_err(|e| Error::Other(format!("the filter of a bulk action: {e}")))?;
            match row.maybe_text("place")?.as_deref().and_then(Place::from_stored) {
                Some(place) => Selection::Within(place, filter),
                None => Selection::Filter(filter),
            }
        }
        None => Selection::Chosen(row.maybe_json("chosen")?.unwrap_or_default()),
    };
    Ok(Bulk {
        id: row.id("id")?,
        agent: row.id("agent_id")?,
        selection,
        actions: row.json("actions")?,
        state: State::from_stored(&row.text("state")?),
        total: row.int("total")?,
        seen: row.int("seen")?,
        changed: row.int("changed")?,
        failed: row.int("failed")?,
        cursor: row.maybe_id("cursor")?,
        created_at: row.time("created_at")?,
        ended_at: row.maybe_time("ended_at")?,
    })
}

async fn one(conn: &mut Conn, workspace: WorkspaceId, sql: String, id: BulkId) -> Result<Option<Bulk>, Error> {
    match conn.fetch_built(sql, args![workspace, id]).await?.first() {
        Some(row) => from_row(conn, workspace, row).await.map(Some),
        None => Ok(None),
    }
}

/// Writes a new one.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, bulk: &Bulk) -> Result<(), Error> {
    let (filter, chosen, place) = match &bulk.selection {
        Selection::Filter(filter) => (Some(filter.to_json().to_string()), None, None),
        Selection::Within(place, filter) => (Some(filter.to_json().to_string()), None, Some(place.as_str())),
        Selection::Chosen(ids) => (None, Some(to_json(ids)), None),
    };
    tx.execute(
        sql::bulk_action::INSERT,
        args![workspace, bulk.id, bulk.agent, filter, chosen, to_json(&bulk.actions), bulk.state.as_str(), bulk.total, bulk.created_at, place],
    )
    .await
    .map(drop)
}

/// Writes how far it has come.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, bulk: &Bulk) -> Result<(), Error> {
    tx.execute(
        sql::bulk_action::UPDATE,
        args![workspace, bulk.id, bulk.state.as_str(), bulk.seen, bulk.changed, bulk.failed, bulk.cursor, bulk.ended_at],
    )
    .await
    .map(drop)
}

/// One, as it stands.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, id: BulkId) -> Result<Option<Bulk>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM bulk WHERE workspace_id = $1 AND id = $2");
    one(conn, workspace, sql, id).await
}

/// One, locked until the use case ends: two runners of the same job go one after the other.
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId, id: BulkId) -> Result<Option<Bulk>, Error> {
    let lock = tx.pick("", " FOR UPDATE");
    let sql = format!("SELECT {COLUMNS} FROM bulk WHERE workspace_id = $1 AND id = $2{lock}");
    one(tx, workspace, sql, id).await
}

/// An agent's, or everybody's, newest first. What was chosen is left out: nobody lists it, and it may be long.
pub async fn page(
    conn: &mut Conn,
    workspace: WorkspaceId,
    agent: Option<AgentId>,
    before: Option<BulkId>,
    limit: usize,
) -> Result<Page<Bulk>, Error> {
    let (before, most) = (before.map_or(i64::MAX, Id::raw), limit as i64 + 1);
    let rows = match agent {
        Some(agent) => conn.fetch_all(sql::bulk_action::OWN_PAGE, args![workspace, agent, before, most]).await?,
        None => conn.fetch_all(sql::bulk_action::PAGE, args![workspace, before, most]).await?,
    };
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        items.push(from_row(conn, workspace, row).await?);
    }
    Ok(Page::cut(items, limit, |b| b.id.to_string()))
}

/// How many of an agent's are at work.
pub async fn at_work(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<i64, Error> {
    conn.fetch_one(sql::bulk_action::AT_WORK, args![workspace, agent]).await?.int("n")
}

/// Notes what became of one conversation: how to take it back, or why it was not done.
pub async fn note(tx: &mut Tx, workspace: WorkspaceId, bulk: BulkId, id: ConversationId, outcome: Result<&Undo, &Reason>) -> Result<(), Error> {
    let undo = outcome.ok().map(to_json);
    tx.execute(sql::bulk_action::NOTE, args![workspace, bulk, id, undo, outcome.err().map(Reason::stored)]).await.map(drop)
}

/// The next twenty to take back after a conversation.
pub async fn to_undo(
    conn: &mut Conn,
    workspace: WorkspaceId,
    bulk: BulkId,
    after: Option<ConversationId>,
) -> Result<Vec<(ConversationId, Undo)>, Error> {
    let rows = conn.fetch_all(sql::bulk_action::TO_UNDO, args![workspace, bulk, after.map_or(0, Id::raw)]).await?;
    rows.iter().map(|r| Ok((r.id("conversation_id")?, r.json("undo")?))).collect()
}

/// A conversation that was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Fault {
    pub conversation: ConversationId,
    pub number: i64,
    pub subject: String,
    /// Why.
    pub why: Reason,
}

/// The first hundred that were not done, of those in sight.
pub async fn faults(conn: &mut Conn, scope: &Scope, bulk: BulkId) -> Result<Vec<Fault>, Error> {
    let sql = format!(
        "SELECT r.conversation_id, c.number, c.subject, r.fault FROM bulk_result r \
         JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id \
         WHERE r.workspace_id = $1 AND r.bulk_id = $2 AND r.fault IS NOT NULL{} ORDER BY r.conversation_id LIMIT 100",
        in_sight(scope)
    );
    let rows = conn.fetch_built(sql, args![scope.workspace, bulk]).await?;
    rows.iter()
        .map(|r| {
            let why = Reason::from_stored(&r.text("fault")?);
            Ok(Fault { conversation: r.id("conversation_id")?, number: r.int("number")?, subject: r.text("subject")?, why })
        })
        .collect()
}

/// Forgets those that ended before a time, and with them the way to take them back.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(sql::bulk_action::EXPIRE, args![before]).await
}
