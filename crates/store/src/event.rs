//! Reading the log: forwards for the stream, backwards for a conversation's history and the audit log.

use std::collections::HashMap;

use model::event::Cursor;
use model::{Actor, ConversationId, Event, EventId, EventKind, Id, Timestamp, WorkspaceId};

use crate::db::list;
use crate::{Conn, Error, Row, args, dialect, sql};

pub(crate) fn from_row(row: &Row) -> Result<Event, Error> {
    let (kind, data) = (row.text("kind")?, row.text("data")?);
    let data: serde_json::Value = serde_json::from_str(&data).map_err(|e| Error::Corrupt(e.to_string()))?;
    let kind: EventKind =
        serde_json::from_value(serde_json::json!({ "kind": kind, "data": data })).map_err(|e| Error::Corrupt(format!("event: {e}")))?;
    Ok(Event {
        id: row.id("id")?,
        cursor: Cursor { txid: row.int("txid")?, seq: row.int("seq")? },
        workspace: row.id("workspace_id")?,
        at: row.time("at")?,
        actor: Actor::from_columns(&row.text("actor_kind")?, row.maybe_int("actor_id")?),
        kind,
        conversation: row.maybe_id("conversation_id")?,
        inbox: row.maybe_id("inbox_id")?,
    })
}

/// A piece of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// Events in the order of the log.
    pub events: Vec<Event>,
    /// More is committed, but may not be shown yet: an older transaction is still open and could write before it. Look
    /// again soon, nobody will say when (PostgreSQL).
    pub held: bool,
}

/// Events of all workspaces after a cursor, in the order of the log; none is ever missed, whatever the order of commits.
/// The caller shows each reader only what is theirs.
pub async fn after(conn: &mut Conn, cursor: Cursor, limit: usize) -> Result<Piece, Error> {
    let sql = conn.pick(dialect::sqlite::EVENTS_AFTER, dialect::postgres::EVENTS_AFTER);
    let mut piece = Piece::default();
    for row in conn.fetch_all(sql, args![cursor.txid, cursor.seq, limit as i64]).await? {
        if !row.flag("settled")? {
            piece.held = true;
            break;
        }
        piece.events.push(from_row(&row)?);
    }
    Ok(piece)
}

/// As [`after`], with what is committed but not settled yet, and how far the log is settled: the next look goes on from
/// there and sees some events again.
pub(crate) async fn after_and_unsettled(conn: &mut Conn, cursor: Cursor, limit: usize) -> Result<(Vec<Event>, Cursor), Error> {
    let sql = conn.pick(dialect::sqlite::EVENTS_AFTER, dialect::postgres::EVENTS_AFTER);
    let (mut events, mut settled, mut held) = (Vec::new(), cursor, false);
    for row in conn.fetch_all(sql, args![cursor.txid, cursor.seq, limit as i64]).await? {
        let event = from_row(&row)?;
        held |= !row.flag("settled")?;
        if !held {
            settled = event.cursor;
        }
        events.push(event);
    }
    Ok((events, settled))
}

/// How far a cursor is behind the end of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// How many events follow it, counted up to a limit.
    pub events: usize,
    /// When the first of them was.
    pub since: Option<Timestamp>,
}

/// How far a cursor is behind. Cost: O(limit), without reading the events themselves.
pub async fn behind(conn: &mut Conn, cursor: Cursor, limit: usize) -> Result<Behind, Error> {
    let sql = conn.pick(dialect::sqlite::EVENTS_BEHIND, dialect::postgres::EVENTS_BEHIND);
    let row = conn.fetch_one(sql, args![cursor.txid, cursor.seq, limit as i64]).await?;
    Ok(Behind { events: row.int("n")? as usize, since: row.maybe_time("first")? })
}

/// The end of the log.
pub async fn head(conn: &mut Conn) -> Result<Cursor, Error> {
    let sql = conn.pick(dialect::sqlite::EVENT_HEAD, dialect::postgres::EVENT_HEAD);
    let row = conn.fetch_one(sql, args![]).await?;
    Ok(Cursor { txid: row.int("txid")?, seq: row.int("seq")? })
}

/// The events of a conversation, newest first. The caller has checked that it is in sight.
pub async fn of_conversation(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: ConversationId,
    before: Option<EventId>,
    limit: usize,
) -> Result<Vec<Event>, Error> {
    let before = before.map_or(i64::MAX, Id::raw);
    conn.fetch_all(sql::event::OF_CONVERSATION, args![workspace, id, before, limit as i64]).await?.iter().map(from_row).collect()
}

/// The events of a workspace, newest first.
pub async fn page(conn: &mut Conn, workspace: WorkspaceId, before: Option<EventId>, limit: usize) -> Result<Vec<Event>, Error> {
    let before = before.map_or(i64::MAX, Id::raw);
    conn.fetch_all(sql::event::PAGE, args![workspace, before, limit as i64]).await?.iter().map(from_row).collect()
}

/// What people and Sonnim changed in a workspace, newest first: not what customers wrote, nor what one reads and drafts.
pub async fn audit(conn: &mut Conn, workspace: WorkspaceId, before: Option<EventId>, limit: usize) -> Result<Vec<Event>, Error> {
    let before = before.map_or(i64::MAX, Id::raw);
    conn.fetch_all(sql::event::AUDIT, args![workspace, before, limit as i64]).await?.iter().map(from_row).collect()
}

/// What stands between the messages of a conversation (assignments, statuses, tags, changes, failed deliveries), newest
/// first, before a raw id. The caller has checked that it is in sight.
pub async fn quiet(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId, before: i64, limit: usize) -> Result<Vec<Event>, Error> {
    conn.fetch_all(sql::event::QUIET, args![workspace, id, before, limit as i64]).await?.iter().map(from_row).collect()
}

/// The names of those who acted. Sonnim itself has none. At most two statements.
pub async fn actor_names(conn: &mut Conn, workspace: WorkspaceId, actors: impl IntoIterator<Item = Actor>) -> Result<HashMap<Actor, String>, Error> {
    let mut names = HashMap::new();
    let (mut agents, mut customers) = (Vec::new(), Vec::new());
    for actor in actors {
        match actor {
            Actor::Agent(id) => agents.push(id.raw()),
            Actor::Customer(id) => customers.push(id.raw()),
            Actor::System => {}
        }
    }
    if !agents.is_empty() {
        let sql = format!("SELECT id, name FROM agent WHERE workspace_id = $1 AND id IN {}", list(agents));
        for row in conn.fetch_built(sql, args![workspace]).await? {
            names.insert(Actor::Agent(row.id("id")?), row.text("name")?);
        }
    }
    if !customers.is_empty() {
        let sql = format!("SELECT id, name FROM customer WHERE workspace_id = $1 AND id IN {}", list(customers));
        for row in conn.fetch_built(sql, args![workspace]).await? {
            names.insert(Actor::Customer(row.id("id")?), row.text("name")?);
        }
    }
    Ok(names)
}
