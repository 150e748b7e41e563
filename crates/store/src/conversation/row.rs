//! How a conversation stands in its table.

use model::conversation::Channel;
use model::{Conversation, Priority, Shelf, Status, WorkspaceId};

use crate::{Error, Row, Value, args};

/// Columns of a conversation, for every query that reads one.
pub(crate) const COLUMNS: &str = "c.id, c.number, c.version, c.inbox_id, c.customer_id, c.subject, c.channel, c.status, c.status_time, c.priority, \
    c.assignee_id, c.team_id, c.preview, c.message_count, c.reply_token, c.created_at, c.updated_at, c.last_activity_at, \
    c.last_customer_at, c.last_reply_at, c.waiting_since, c.merged_into, c.shelf, c.shelf_at, c.shelf_by, c.beside, c.custom_status_id, c.due_at";

pub(crate) fn from_row(row: &Row) -> Result<Conversation, Error> {
    Ok(Conversation {
        id: row.id("id")?,
        number: row.int("number")?,
        version: row.int("version")?,
        inbox: row.id("inbox_id")?,
        customer: row.id("customer_id")?,
        subject: row.text("subject")?,
        channel: Channel::from_stored(&row.text("channel")?),
        status: Status::from_columns(&row.text("status")?, row.maybe_time("status_time")?),
        custom_status: row.maybe_id("custom_status_id")?,
        due_at: row.maybe_time("due_at")?,
        priority: Priority::from_i64(row.int("priority")?),
        assignee: row.maybe_id("assignee_id")?,
        team: row.maybe_id("team_id")?,
        preview: row.text("preview")?,
        message_count: row.int("message_count")?,
        reply_token: row.text("reply_token")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        last_activity_at: row.time("last_activity_at")?,
        last_customer_at: row.maybe_time("last_customer_at")?,
        last_reply_at: row.maybe_time("last_reply_at")?,
        waiting_since: row.maybe_time("waiting_since")?,
        merged_into: row.maybe_id("merged_into")?,
        shelf: Shelf::from_columns(row.maybe_text("shelf")?.as_deref(), row.maybe_time("shelf_at")?, row.maybe_int("shelf_by")?),
        beside: row.maybe_id("beside")?,
    })
}

/// What statement `insert` takes.
pub(crate) fn columns(workspace: WorkspaceId, c: &Conversation) -> Vec<Value> {
    let status = c.status.kind();
    args![
        workspace,
        c.id,
        c.number,
        c.version,
        c.inbox,
        c.customer,
        c.subject.as_str(),
        c.channel.as_str(),
        status.as_str(),
        c.status.time(),
        c.bucket().as_i64(),
        c.priority.as_i64(),
        c.assignee,
        c.team,
        c.preview.as_str(),
        c.message_count,
        c.reply_token.as_str(),
        c.created_at,
        c.updated_at,
        c.last_activity_at,
        c.last_customer_at,
        c.last_reply_at,
        c.waiting_since,
        c.merged_into,
        c.shelf.map(|s| s.kind().as_str()),
        c.shelf.map(Shelf::at),
        c.shelf.and_then(|s| s.by().agent()),
        c.beside,
        c.custom_status,
        c.due_at
    ]
}
