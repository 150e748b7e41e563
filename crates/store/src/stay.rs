//! Where visitors are on the site, and who is there now.

use std::collections::HashMap;

use model::stay::Stay;
use model::visitor::Visitor;
use model::{ConversationId, Id, InboxId, Inboxes, Scope, Timestamp, VisitorId, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

fn from_row(row: &Row) -> Result<Stay, Error> {
    Ok(Stay {
        visitor: row.id("visitor_id")?,
        number: row.int("number")?,
        began_at: row.time("began_at")?,
        page_at: row.time("page_at")?,
        seen_at: row.time("stay_seen_at")?,
        pages: row.int("pages")?,
        trail: row.json("trail")?,
        attributes: row.json("attributes")?,
        events: row.json("events")?,
        invitation: row.maybe_json("invitation")?,
    })
}

/// A visitor's stay, where anything is known of it.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, visitor: VisitorId) -> Result<Option<Stay>, Error> {
    conn.fetch_optional(sql::stay::GET, args![workspace, visitor]).await?.as_ref().map(from_row).transpose()
}

/// Writes it.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, s: &Stay) -> Result<(), Error> {
    let values = args![
        workspace,
        s.visitor,
        s.number,
        s.began_at,
        s.page_at,
        s.seen_at,
        s.pages,
        to_json(&s.trail),
        to_json(&s.attributes),
        to_json(&s.events),
        s.invitation.as_ref().map(to_json)
    ];
    tx.execute(sql::stay::PUT, values).await.map(drop)
}

/// Nothing is known any more of where a visitor was.
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, visitor: VisitorId) -> Result<(), Error> {
    tx.execute(sql::stay::FORGET, args![workspace, visitor]).await.map(drop)
}

/// Forgets the stays of those who were not seen since a time.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(sql::stay::EXPIRE, args![before]).await
}

/// Somebody who is on the site now.
#[derive(Debug, Clone)]
pub struct Live {
    /// Who.
    pub visitor: Visitor,
    /// Where.
    pub stay: Stay,
    /// As we know the customer, where it is one.
    pub customer_name: Option<String>,
    /// Their newest chat that is not over, and who has it.
    pub chat: Option<(ConversationId, Option<String>)>,
}

/// The last row of the page before: when that stay began, and whose.
pub type After = (Timestamp, VisitorId);

/// Those who are on the site now, the latest comer first, in the inboxes in sight, or in one of them. Two statements. Cost: those who
/// are there, by index `visitor_there`.
pub async fn live(
    conn: &mut Conn,
    scope: &Scope,
    inbox: Option<InboxId>,
    after: Option<After>,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Live>, Error> {
    let only = match (inbox, &scope.inboxes) {
        (Some(id), inboxes) if inboxes.include(id) => Some(vec![id]),
        (Some(_), _) => return Ok(Vec::new()),
        (None, Inboxes::Only(ids)) => Some(ids.clone()),
        (None, Inboxes::All) => None,
    };
    let place = only.as_ref().map_or(String::new(), |_| format!("AND v.inbox_id {}", conn.is_one_of(5)));
    let sql = live_sql(&place, limit);
    let ids = conn.ids(only.unwrap_or_default().iter().map(|i| i.raw()));
    let (at, id) = after.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millisecond(), id.raw()));
    let mut values = args![scope.workspace, now, at, id];
    if !place.is_empty() {
        values.push(ids);
    }
    let rows = conn.fetch_built(sql, values).await?;
    let mut found = rows
        .iter()
        .map(|row| {
            let visitor = crate::visitor::from_row(row)?;
            Ok(Live { stay: from_row(row)?, visitor, customer_name: row.maybe_text("customer_name")?, chat: None })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let ids: Vec<VisitorId> = found.iter().map(|l| l.visitor.id).collect();
    let mut chats = chats(conn, scope.workspace, &ids).await?;
    for live in &mut found {
        live.chat = chats.remove(&live.visitor.id);
    }
    Ok(found)
}

/// The statement of [`live`], for those who want to see how a database goes about it.
pub fn live_sql(place: &str, limit: usize) -> String {
    format!(
        "SELECT v.id, v.inbox_id, v.customer_id, v.identity, v.identified_until, v.name, v.email, v.locale, v.page, v.created_at, v.seen_at, \
         v.connected_until, v.proven, s.visitor_id, s.number, s.began_at, s.page_at, s.seen_at AS stay_seen_at, s.pages, s.trail, s.attributes, \
         s.events, s.invitation, k.name AS customer_name \
         FROM visitor v JOIN stay s ON s.workspace_id = v.workspace_id AND s.visitor_id = v.id \
         LEFT JOIN customer k ON k.workspace_id = v.workspace_id AND k.id = v.customer_id \
         WHERE v.workspace_id = $1 AND v.connected_until > $2 AND (s.began_at, s.visitor_id) < ($3, $4) {place} \
         ORDER BY s.began_at DESC, s.visitor_id DESC LIMIT {limit}"
    )
}

/// The newest chat of each visitor that is not over, and who has it.
pub async fn chats(
    conn: &mut Conn,
    workspace: WorkspaceId,
    visitors: &[VisitorId],
) -> Result<HashMap<VisitorId, (ConversationId, Option<String>)>, Error> {
    if visitors.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT h.visitor_id, h.conversation_id, a.name AS agent_name FROM chat h \
         JOIN conversation c ON c.workspace_id = h.workspace_id AND c.id = h.conversation_id \
         LEFT JOIN agent a ON a.workspace_id = c.workspace_id AND a.id = c.assignee_id \
         WHERE h.workspace_id = $1 AND h.visitor_id {} AND h.ended_at IS NULL AND c.status <> 'resolved' AND c.shelf IS NULL AND c.merged_into IS NULL \
         ORDER BY h.conversation_id",
        conn.is_one_of(2)
    );
    let ids = conn.ids(visitors.iter().map(|i| i.raw()));
    let rows = conn.fetch_built(sql, args![workspace, ids]).await?;
    rows.iter().map(|r| Ok((r.id("visitor_id")?, (r.id("conversation_id")?, r.maybe_text("agent_name")?)))).collect()
}

/// How often an invitation was shown and answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Count {
    pub rule: String,
    pub shown: i64,
    pub answered: i64,
}

/// One more was shown.
pub async fn shown(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, rule: &str) -> Result<(), Error> {
    tx.execute(sql::stay::COUNT, args![workspace, inbox, rule, 1_i64, 0_i64]).await.map(drop)
}

/// One more was answered.
pub async fn answered(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, rule: &str) -> Result<(), Error> {
    tx.execute(sql::stay::COUNT, args![workspace, inbox, rule, 0_i64, 1_i64]).await.map(drop)
}

/// The counts of a widget.
pub async fn counts(conn: &mut Conn, workspace: WorkspaceId, inbox: InboxId) -> Result<Vec<Count>, Error> {
    let rows = conn.fetch_all(sql::stay::COUNTS, args![workspace, inbox]).await?;
    rows.iter().map(|r| Ok(Count { rule: r.text("rule")?, shown: r.int("shown")?, answered: r.int("answered")? })).collect()
}
