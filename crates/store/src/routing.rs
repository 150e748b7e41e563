//! The way of each conversation through a queue, and what decisions about it are made from.

use model::availability::{Medium, Settings};
use model::routing::{Stage, Told, Waiting};
use model::{AgentId, ConversationId, CustomerId, Id, Priority, QueueId, RoutingId, SkillId, Timestamp, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

/// Columns of a row, for statements that are put together.
const COLUMNS: &str = "id, conversation_id, queue_id, channel, stage, since, entered_at, queued_at, agent_id, until_at, declined, held, told, \
    newcomer, last_agent_id, assigned_at, answered_at, ended_at, outcome, passed_by";

/// One conversation on its way through the queues.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Entry {
    pub id: RoutingId,
    pub conversation: ConversationId,
    pub queue: QueueId,
    /// As stored with the conversation.
    pub channel: String,
    pub stage: Stage,
    /// Since when the customer waits.
    pub since: Timestamp,
    /// Since when it is on this way.
    pub entered_at: Timestamp,
    /// Since when it is in this queue.
    pub queued_at: Timestamp,
    /// Who is asked, or has it.
    pub agent: Option<AgentId>,
    /// When the offer ends.
    pub until: Option<Timestamp>,
    pub declined: Vec<AgentId>,
    /// Why it waits.
    pub held: Option<String>,
    /// What the customer was told of the wait.
    pub told: Option<Told>,
    pub newcomer: bool,
    pub last_agent: Option<AgentId>,
    pub assigned_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// `answered`, `abandoned` or `left`.
    pub outcome: Option<String>,
    /// Who passed it to this queue by hand: it stays there, whatever the filters say.
    pub passed_by: Option<AgentId>,
}

impl Entry {
    /// What kind of work it is.
    pub fn medium(&self) -> Medium {
        Medium::from_stored(&self.channel)
    }
}

fn from_row(row: &Row) -> Result<Entry, Error> {
    Ok(Entry {
        id: row.id("id")?,
        conversation: row.id("conversation_id")?,
        queue: row.id("queue_id")?,
        channel: row.text("channel")?,
        stage: Stage::from_stored(&row.text("stage")?),
        since: row.time("since")?,
        entered_at: row.time("entered_at")?,
        queued_at: row.time("queued_at")?,
        agent: row.maybe_id("agent_id")?,
        until: row.maybe_time("until_at")?,
        declined: row.json("declined")?,
        held: row.maybe_text("held")?,
        told: row.maybe_json("told")?,
        newcomer: row.flag("newcomer")?,
        last_agent: row.maybe_id("last_agent_id")?,
        assigned_at: row.maybe_time("assigned_at")?,
        answered_at: row.maybe_time("answered_at")?,
        ended_at: row.maybe_time("ended_at")?,
        outcome: row.maybe_text("outcome")?,
        passed_by: row.maybe_id("passed_by")?,
    })
}

/// What a workspace keeps about routing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingDesk {
    /// What it says about availability.
    pub settings: Settings,
    /// When a job looks at the queues.
    pub wake_at: Option<Timestamp>,
}

fn desk_from(row: &Row) -> Result<RoutingDesk, Error> {
    Ok(RoutingDesk { settings: row.json("settings")?, wake_at: row.maybe_time("wake_at")? })
}

/// What a workspace keeps about routing; none before its first queue.
pub async fn desk(conn: &mut Conn, workspace: WorkspaceId) -> Result<Option<RoutingDesk>, Error> {
    conn.fetch_optional(sql::routing::DESK, args![workspace]).await?.as_ref().map(desk_from).transpose()
}

/// The same, and nobody else decides anything in this workspace until the transaction ends.
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<RoutingDesk>, Error> {
    let lock = tx.pick("", " FOR UPDATE");
    let rows = tx.fetch_built(format!("{}{lock}", sql::routing::DESK), args![workspace]).await?;
    rows.first().map(desk_from).transpose()
}

/// Makes it, unless it is there.
pub async fn open_desk(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    tx.execute(sql::routing::OPEN_DESK, args![workspace, to_json(&Settings::default())]).await.map(drop)
}

/// Keeps what a workspace says about availability.
pub async fn put_settings(tx: &mut Tx, workspace: WorkspaceId, settings: &Settings) -> Result<(), Error> {
    tx.execute(sql::routing::PUT_SETTINGS, args![workspace, to_json(settings)]).await.map(drop)
}

/// Keeps when a job looks at the queues.
pub async fn set_wake(tx: &mut Tx, workspace: WorkspaceId, at: Option<Timestamp>) -> Result<(), Error> {
    tx.execute(sql::routing::SET_WAKE, args![workspace, at]).await.map(drop)
}

/// Writes a new one. [`Error::Duplicate`] when the conversation is on its way already.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, e: &Entry) -> Result<(), Error> {
    let values = args![
        workspace,
        e.id,
        e.conversation,
        e.queue,
        e.channel.as_str(),
        e.stage.as_str(),
        e.since,
        e.entered_at,
        e.queued_at,
        e.agent,
        e.until,
        to_json(&e.declined),
        e.held.as_deref(),
        e.told.as_ref().map(to_json),
        e.newcomer,
        e.last_agent,
        e.assigned_at,
        e.answered_at,
        e.ended_at,
        e.outcome.as_deref(),
        e.passed_by,
    ];
    tx.execute(sql::routing::INSERT, values).await.map(drop)
}

/// Writes a changed one.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, e: &Entry) -> Result<(), Error> {
    let values = args![
        workspace,
        e.id,
        e.queue,
        e.stage.as_str(),
        e.since,
        e.queued_at,
        e.agent,
        e.until,
        to_json(&e.declined),
        e.held.as_deref(),
        e.told.as_ref().map(to_json),
        e.last_agent,
        e.assigned_at,
        e.answered_at,
        e.ended_at,
        e.outcome.as_deref(),
        e.passed_by,
    ];
    tx.execute(sql::routing::UPDATE, values).await.map(drop)
}

/// Keeps why one waits.
pub async fn hold(tx: &mut Tx, workspace: WorkspaceId, id: RoutingId, held: &str) -> Result<(), Error> {
    tx.execute(sql::routing::HOLD, args![workspace, id, held]).await.map(drop)
}

/// Keeps what the customer is told of the wait.
pub async fn tell(tx: &mut Tx, workspace: WorkspaceId, id: RoutingId, told: &Told) -> Result<(), Error> {
    tx.execute(sql::routing::TELL, args![workspace, id, to_json(told)]).await.map(drop)
}

/// Those of some conversations that are on their way. One statement.
pub async fn open(conn: &mut Conn, workspace: WorkspaceId, conversations: &[ConversationId]) -> Result<Vec<Entry>, Error> {
    let ids = conn.ids(conversations.iter().map(|c| c.raw()));
    let sql = format!("SELECT {COLUMNS} FROM routing WHERE workspace_id = $1 AND stage <> 'ended' AND conversation_id {}", conn.is_one_of(2));
    conn.fetch_built(sql, args![workspace, ids]).await?.iter().map(from_row).collect()
}

/// Everything at a stage, who waits longest first. Cost: O(those).
pub async fn of_stage(conn: &mut Conn, workspace: WorkspaceId, stage: Stage) -> Result<Vec<Entry>, Error> {
    conn.fetch_all(sql::routing::OF_STAGE, args![workspace, stage.as_str()]).await?.iter().map(from_row).collect()
}

/// What waits, as the decision sees it. `language` finds the skill of a customer's language. Cost: O(waiting).
pub async fn waiting(conn: &mut Conn, workspace: WorkspaceId, language: impl Fn(&str) -> Option<SkillId>) -> Result<Vec<(Entry, Waiting)>, Error> {
    let rows = conn.fetch_all(sql::routing::WAITING, args![workspace]).await?;
    rows.iter()
        .map(|row| {
            let e = from_row(row)?;
            let w = Waiting {
                conversation: e.conversation,
                queue: e.queue,
                priority: Priority::from_i64(row.int("priority")?),
                since: e.since,
                entered: e.queued_at,
                inbox: row.id("inbox_id")?,
                medium: e.medium(),
                language: row.maybe_text("language")?.as_deref().and_then(&language),
                last_agent: e.last_agent,
                representative: row.maybe_id("representative_id")?,
                newcomer: e.newcomer,
                declined: e.declined.clone(),
                passed_by: e.passed_by,
                call_at: row.maybe_time("call_at")?,
            };
            Ok((e, w))
        })
        .collect()
}

/// Something that is with somebody and unanswered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// Which.
    pub entry: Entry,
    /// Since when its customer waits.
    pub since: Timestamp,
    /// The customer waits for a call, and for no written answer.
    pub to_call: bool,
}

/// What is with somebody and unanswered. Cost: O(those).
pub async fn assigned(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Unanswered>, Error> {
    let rows = conn.fetch_all(sql::routing::ASSIGNED, args![workspace]).await?;
    rows.iter().map(|r| Ok(Unanswered { entry: from_row(r)?, since: r.time("waiting_since")?, to_call: r.flag("to_call")? })).collect()
}

/// How many slots of a kind an agent fills, and when the first of them is free by itself: a chat in which the customer is silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Filled {
    pub agent: AgentId,
    pub medium: Medium,
    pub count: u16,
    pub frees_at: Option<Timestamp>,
}

/// What some agents have in hand. A letter counts while the customer waits, a chat until the customer has been silent for
/// as long as its queue says (else ten minutes). Cost: O(open conversations of those agents), index conversation_assignee.
pub async fn filled(
    conn: &mut Conn,
    workspace: WorkspaceId,
    agents: &[AgentId],
    silent: &[(QueueId, u32)],
    now: Timestamp,
) -> Result<Vec<Filled>, Error> {
    if agents.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers of our own, never text from outside.
    let case = |(q, minutes): &(QueueId, u32)| format!(" WHEN {} THEN {}", q.raw(), u64::from(*minutes) * 60_000);
    let cases = silent.iter().map(case).collect::<Vec<_>>().concat();
    let silent = if cases.is_empty() { "600000".to_owned() } else { format!("CASE COALESCE(r.queue_id, 0){cases} ELSE 600000 END") };
    let sql = format!(
        "SELECT c.assignee_id, c.channel, c.waiting_since, c.last_reply_at + {silent} AS frees_at FROM conversation c \
         LEFT JOIN routing r ON r.workspace_id = c.workspace_id AND r.conversation_id = c.id AND r.stage <> 'ended' \
         WHERE c.workspace_id = $1 AND c.assignee_id {} AND c.bucket = 0 AND c.status = 'open' \
         AND (c.channel = 'chat' OR c.waiting_since IS NOT NULL)",
        conn.is_one_of(2)
    );
    let ids = conn.ids(agents.iter().map(|a| a.raw()));
    let mut found: Vec<Filled> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for row in conn.fetch_built(sql, args![workspace, ids]).await? {
        let (agent, medium): (AgentId, Medium) = (row.id("assignee_id")?, Medium::from_stored(&row.text("channel")?));
        let frees_at = if medium == Medium::Chat && row.maybe_int("waiting_since")?.is_none() { row.maybe_time("frees_at")? } else { None };
        if frees_at.is_some_and(|at| at <= now) {
            continue;
        }
        let at = *places.entry((agent, medium)).or_insert_with(|| {
            found.push(Filled { agent, medium, count: 0, frees_at: None });
            found.len() - 1
        });
        found[at].count = found[at].count.saturating_add(1);
        found[at].frees_at = match (found[at].frees_at, frees_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    Ok(found)
}

/// Who had the customer's newest other conversation.
pub async fn last_helper(
    conn: &mut Conn,
    workspace: WorkspaceId,
    customer: CustomerId,
    conversation: ConversationId,
) -> Result<Option<AgentId>, Error> {
    let row = conn.fetch_optional(sql::routing::LAST_HELPER, args![workspace, customer, conversation]).await?;
    row.map(|r| r.id("assignee_id")).transpose()
}

/// Whether a customer has no other conversation.
pub async fn is_newcomer(conn: &mut Conn, workspace: WorkspaceId, customer: CustomerId, conversation: ConversationId) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::routing::IS_NEWCOMER, args![workspace, customer, conversation]).await?.is_none())
}

/// What an agent has in hand that a customer waits for, and chats.
pub async fn in_hand(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<Vec<ConversationId>, Error> {
    conn.fetch_all(sql::routing::IN_HAND, args![workspace, agent]).await?.iter().map(|r| r.id("id")).collect()
}

/// How many of the last 50 of a queue there are, and their mean time from given to done.
pub async fn handled(conn: &mut Conn, workspace: WorkspaceId, queue: QueueId) -> Result<(i64, i64), Error> {
    let row = conn.fetch_one(sql::routing::HANDLED, args![workspace, queue]).await?;
    let n = row.int("n")?;
    Ok((n, row.int("took")? / n.max(1)))
}

/// How many came into each queue since a time.
pub async fn arrivals(conn: &mut Conn, workspace: WorkspaceId, since: Timestamp) -> Result<Vec<(QueueId, i64)>, Error> {
    conn.fetch_all(sql::routing::ARRIVALS, args![workspace, since]).await?.iter().map(|r| Ok((r.id("queue_id")?, r.int("n")?))).collect()
}

/// What came into a queue since a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Today {
    pub offered: i64,
    pub answered: i64,
    /// Milliseconds that the answered ones waited, altogether.
    pub answered_after: i64,
    pub abandoned: i64,
}

/// What came into each queue since a time.
pub async fn today(conn: &mut Conn, workspace: WorkspaceId, since: Timestamp) -> Result<Vec<(QueueId, Today)>, Error> {
    let rows = conn.fetch_all(sql::routing::TODAY, args![workspace, since]).await?;
    rows.iter()
        .map(|r| {
            let today = Today {
                offered: r.int("offered")?,
                answered: r.int("answered")?,
                answered_after: r.int("answered_after")?,
                abandoned: r.int("abandoned")?,
            };
            Ok((r.id("queue_id")?, today))
        })
        .collect()
}

/// How many of those that came into a queue since a time were answered within so many milliseconds.
pub async fn in_time(conn: &mut Conn, workspace: WorkspaceId, since: Timestamp, queue: QueueId, within: i64) -> Result<i64, Error> {
    conn.fetch_one(sql::routing::IN_TIME, args![workspace, since, queue, within]).await?.int("n")
}

/// Who waits in a queue, offered ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Which queue.
    pub queue: QueueId,
    /// How many wait for an answer.
    pub waiting: i64,
    /// Since when the first of those does.
    pub since: Option<Timestamp>,
    /// How many wait for a call instead.
    pub calls: i64,
}

/// Who waits in each queue that somebody waits in.
pub async fn line(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Line>, Error> {
    let rows = conn.fetch_all(sql::routing::LINE, args![workspace]).await?;
    let one = |r: &Row| Ok(Line { queue: r.id("queue_id")?, waiting: r.int("n")?, since: r.maybe_time("since")?, calls: r.int("calls")? });
    rows.iter().map(one).collect()
}

/// Forgets what ended before a time, in every workspace.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<(), Error> {
    tx.execute(sql::routing::EXPIRE, args![before]).await.map(drop)
}

/// The workspaces that have had a queue.
pub async fn workspaces(conn: &mut Conn) -> Result<Vec<WorkspaceId>, Error> {
    conn.fetch_all(sql::routing::WORKSPACES, args![]).await?.iter().map(|r| r.id("workspace_id")).collect()
}
