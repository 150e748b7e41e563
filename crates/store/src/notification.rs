//! What agents are told, their wishes about it, and who is named in notes.

use model::notification::{Notification, NotificationKind, NotificationSettings};
use model::page::Page;
use model::{Actor, AgentId, ConversationId, Id, MessageId, NotificationId, Scope, Timestamp, WorkspaceId};

use crate::conversation::in_sight;
use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

/// A notification with the words that a line of it needs.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The notification.
    pub notification: Notification,
    /// Number of the conversation.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// The requester's name.
    pub customer_name: String,
    /// The agent's or customer's name.
    pub actor_name: Option<String>,
    /// The first words of the note that came with an assignment.
    pub note: Option<String>,
}

fn from_row(row: &Row) -> Result<Notification, Error> {
    Ok(Notification {
        id: row.id("id")?,
        agent: row.id("agent_id")?,
        kind: NotificationKind::from_stored(&row.text("kind")?),
        conversation: row.id("conversation_id")?,
        event: row.id("event_id")?,
        message: row.maybe_id("message_id")?,
        words: row.maybe_text("words")?,
        actor: Actor::from_columns(&row.text("actor_kind")?, row.maybe_int("actor_id")?),
        at: row.time("at")?,
        shown: row.flag("shown")?,
        read_at: row.maybe_time("read_at")?,
        mail: row.maybe_text("mail_state")?.as_deref() == Some("due"),
    })
}

/// Writes a notification; false when it was there already.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, n: &Notification) -> Result<bool, Error> {
    let (actor_kind, actor_id) = n.actor.columns();
    let mail = n.mail.then_some("due");
    let values = args![
        workspace,
        n.id,
        n.agent,
        n.kind.as_str(),
        n.conversation,
        n.event,
        n.message,
        actor_kind,
        actor_id,
        n.at,
        n.shown,
        mail,
        n.words.as_deref()
    ];
    Ok(tx.execute(sql::notification::INSERT, values).await? == 1)
}

async fn select(conn: &mut Conn, scope: &Scope, condition: &str, values: Vec<crate::Value>) -> Result<Vec<Shown>, Error> {
    let sql = format!(
        "SELECT n.*, c.number, c.subject, u.name AS customer_name, CASE WHEN n.actor_kind = 'agent' THEN a.name ELSE w.name END AS actor_name, \
         SUBSTR(m.text, 1, 300) AS note \
         FROM notification n JOIN conversation c ON c.workspace_id = n.workspace_id AND c.id = n.conversation_id \
         JOIN customer u ON u.workspace_id = n.workspace_id AND u.id = c.customer_id \
         LEFT JOIN agent a ON n.actor_kind = 'agent' AND a.workspace_id = n.workspace_id AND a.id = n.actor_id \
         LEFT JOIN customer w ON n.actor_kind = 'customer' AND w.workspace_id = n.workspace_id AND w.id = n.actor_id \
         LEFT JOIN message m ON n.kind = 'assigned' AND m.workspace_id = n.workspace_id AND m.id = n.message_id \
         WHERE n.workspace_id = $1 AND n.agent_id = $2{} AND {condition}",
        in_sight(scope)
    );
    conn.fetch_built(sql, values)
        .await?
        .iter()
        .map(|row| {
            Ok(Shown {
                notification: from_row(row)?,
                number: row.int("number")?,
                subject: row.text("subject")?,
                customer_name: row.text("customer_name")?,
                actor_name: row.maybe_text("actor_name")?,
                note: row.maybe_text("note")?,
            })
        })
        .collect()
}

/// One of an agent's notifications, about a conversation in sight.
pub async fn find(conn: &mut Conn, scope: &Scope, agent: AgentId, id: NotificationId) -> Result<Option<Shown>, Error> {
    Ok(select(conn, scope, "n.id = $3", args![scope.workspace, agent, id]).await?.pop())
}

/// An agent's notifications about conversations in sight, newest first. Cost: O(page), index notification_agent.
pub async fn page(
    conn: &mut Conn,
    scope: &Scope,
    agent: AgentId,
    unread: bool,
    before: Option<NotificationId>,
    limit: usize,
) -> Result<Page<Shown>, Error> {
    let before = before.map_or(i64::MAX, Id::raw);
    let only = if unread { " AND n.read_at IS NULL" } else { "" };
    let condition = format!("n.shown AND n.id < $3{only} ORDER BY n.id DESC LIMIT {}", limit + 1);
    let rows = select(conn, scope, &condition, args![scope.workspace, agent, before]).await?;
    Ok(Page::cut(rows, limit, |n| n.notification.id.to_string()))
}

/// How many an agent has not read, at most `most`. Cost: O(most), index notification_unread.
pub async fn unread(conn: &mut Conn, scope: &Scope, agent: AgentId, most: usize) -> Result<i64, Error> {
    let sql = format!(
        "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM notification n \
         JOIN conversation c ON c.workspace_id = n.workspace_id AND c.id = n.conversation_id \
         WHERE n.workspace_id = $1 AND n.agent_id = $2 AND n.read_at IS NULL AND n.shown{} LIMIT {most}) x",
        in_sight(scope)
    );
    conn.fetch_built(sql, args![scope.workspace, agent]).await?.first().map_or(Ok(0), |row| row.int("n"))
}

/// Marks one as read or unread; false when the agent has no such notification.
pub async fn set_read(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, id: NotificationId, read: bool) -> Result<bool, Error> {
    let at = read.then(|| tx.now());
    Ok(tx.execute(sql::notification::SET_READ, args![workspace, agent, id, at]).await? == 1)
}

/// Marks everything up to one of them as read; how many were unread.
pub async fn read_all(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, until: Option<NotificationId>) -> Result<u64, Error> {
    let (until, now) = (until.map_or(i64::MAX, Id::raw), tx.now());
    tx.execute(sql::notification::READ_ALL, args![workspace, agent, until, now]).await
}

/// Marks everything about a conversation as read; how many were unread.
pub async fn read_conversation(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, conversation: ConversationId) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(sql::notification::READ_CONVERSATION, args![workspace, agent, conversation, now]).await
}

/// An offer is over: what told the agent of it is read.
pub async fn read_offers(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, conversation: ConversationId) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::notification::READ_OFFERS, args![workspace, agent, conversation, now]).await.map(drop)
}

/// Whether something of an agent's waits for the next mail.
pub async fn has_due(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::notification::HAS_DUE, args![workspace, agent]).await?.is_some())
}

/// What waits for the next mail, is not read, and is in the agent's sight: oldest first, at most 50.
pub async fn due(conn: &mut Conn, scope: &Scope, agent: AgentId) -> Result<Vec<Shown>, Error> {
    let condition = "n.mail_state = 'due' AND n.read_at IS NULL ORDER BY n.id LIMIT 50";
    select(conn, scope, condition, args![scope.workspace, agent]).await
}

/// Nothing waits any more.
pub async fn mailed(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId) -> Result<(), Error> {
    tx.execute(sql::notification::MAILED, args![workspace, agent]).await.map(drop)
}

/// Forgets notifications from before a time, in every workspace.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<(), Error> {
    let before = (before.as_millisecond() - model::id::EPOCH_MS).max(0) << 22;
    for row in tx.fetch_all(sql::notification::WORKSPACES, args![]).await? {
        tx.execute(sql::notification::EXPIRE, args![row.int("id")?, before]).await?;
    }
    Ok(())
}

/// What an agent wants to be told of, and how.
pub async fn settings(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<NotificationSettings, Error> {
    let row = conn.fetch_optional(sql::notification::SETTINGS, args![workspace, agent]).await?;
    row.map_or_else(|| Ok(NotificationSettings::default()), |r| r.json("settings"))
}

/// Keeps an agent's wishes.
pub async fn put_settings(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, settings: &NotificationSettings) -> Result<(), Error> {
    tx.execute(sql::notification::PUT_SETTINGS, args![workspace, agent, to_json(settings)]).await.map(drop)
}

/// The wishes of those who have uttered any. Cost: O(agents).
pub async fn all_settings(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<(AgentId, NotificationSettings)>, Error> {
    let rows = conn.fetch_all(sql::notification::ALL_SETTINGS, args![workspace]).await?;
    rows.iter().map(|r| Ok((r.id("agent_id")?, r.json("settings")?))).collect()
}

/// Somebody is named in a note.
pub async fn mention(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, message: MessageId) -> Result<(), Error> {
    tx.execute(sql::notification::MENTION, args![workspace, agent, message]).await.map(drop)
}

/// Who is named in a note.
pub async fn mentioned(conn: &mut Conn, workspace: WorkspaceId, message: MessageId) -> Result<Vec<AgentId>, Error> {
    conn.fetch_all(sql::notification::MENTIONED, args![workspace, message]).await?.iter().map(|r| r.id("agent_id")).collect()
}
