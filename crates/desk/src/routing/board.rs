//! The live board: how the queues stand, and who is there.

use std::collections::HashMap;

use model::availability::{Because, Capacity, Load, State, Switches};
use model::{AgentId, ConversationId, Permission, QueueId, Scope, Timestamp};
use store::Conn;
use store::conversation::Listed;
use store::routing::Today;

use super::Floor;
use crate::Refusal;

/// A queue now and today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueToday {
    /// Which.
    pub id: QueueId,
    /// Its name.
    pub name: String,
    /// It is within its hours.
    pub open: bool,
    /// How many wait for an answer, offered ones included.
    pub waiting: i64,
    /// Since when the first of them does.
    pub longest_since: Option<Timestamp>,
    /// How many wait for a call instead: they are not among those.
    pub calls: i64,
    /// Agents who work in it and are on-line.
    pub online: i64,
    /// What came today.
    pub today: Today,
    /// How many of those were answered in time …
    pub in_time: i64,
    /// … which is so many seconds.
    pub answer_seconds: u32,
}

/// An agent now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct AgentNow {
    pub id: AgentId,
    pub name: String,
    pub state: State,
    pub because: Option<Because>,
    pub reason: Option<String>,
    pub since: Timestamp,
    pub on: Switches,
    pub capacity: Capacity,
    pub load: Load,
}

/// Everything on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Since when it is today, where the workspace is.
    pub since: Timestamp,
    /// The queues in their order.
    pub queues: Vec<QueueToday>,
    /// Everybody who ever said whether they are there, by name.
    pub agents: Vec<AgentNow>,
}

/// How it stands at `now`. For supervisors. Cost: O(what came today + agents), and a query for each queue.
///
/// # Errors
/// [`Refusal::Forbidden`].
pub async fn board(conn: &mut Conn, scope: &Scope, now: Timestamp) -> Result<Board, Refusal> {
    scope.require(Permission::QueueManage)?;
    let workspace = scope.workspace;
    let queues = store::queue::list(conn, workspace).await?;
    let zone = crate::queue::zone(conn, workspace).await?;
    let since = now.to_zoned(zone.clone()).start_of_day().map_or(now, |z| z.timestamp());
    let floor = Floor::read(conn, workspace, &queues, now).await?;
    let line = store::routing::line(conn, workspace).await?;
    let today = store::routing::today(conn, workspace, since).await?;
    let mut shown = Vec::with_capacity(queues.len());
    for q in &queues {
        let waiting = line.iter().find(|l| l.queue == q.id);
        let within = i64::from(q.rule.answer_seconds) * 1_000;
        shown.push(QueueToday {
            id: q.id,
            name: q.name.clone(),
            open: q.rule.is_open(now, &zone),
            waiting: waiting.map_or(0, |l| l.waiting),
            longest_since: waiting.and_then(|l| l.since),
            calls: waiting.map_or(0, |l| l.calls),
            online: i64::try_from(floor.workers.iter().filter(|w| w.queues.contains(&q.id)).count()).unwrap_or(i64::MAX),
            today: today.iter().find(|(id, _)| *id == q.id).map(|(_, t)| *t).unwrap_or_default(),
            in_time: store::routing::in_time(conn, workspace, since, q.id, within).await?,
            answer_seconds: q.rule.answer_seconds,
        });
    }
    let mut agents: Vec<AgentNow> = floor
        .people
        .iter()
        .map(|p| {
            let v = &p.availability;
            let (state, because) = v.effective(&floor.settings, now);
            AgentNow {
                id: v.agent,
                name: p.name.clone(),
                state,
                because,
                reason: v.reason.clone(),
                since: v.since,
                on: v.on,
                capacity: v.capacity,
                load: floor.load.get(&v.agent).copied().unwrap_or_default(),
            }
        })
        .collect();
    agents.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    Ok(Board { since, queues: shown, agents })
}

/// A chat that goes on.
#[derive(Debug, Clone)]
pub struct ChatNow {
    /// Which.
    pub conversation: Listed,
    /// The queue it came from.
    pub queue_name: Option<String>,
}

/// The open chats of an agent, the one that has gone on longest first. For supervisors.
///
/// # Errors
/// [`Refusal::Forbidden`]; [`Refusal::NotFound`] when there is no such agent.
pub async fn chats_of(conn: &mut Conn, scope: &Scope, agent: AgentId) -> Result<Vec<ChatNow>, Refusal> {
    scope.require(Permission::ChatSupervise)?;
    store::agent::find(conn, scope.workspace, agent).await?.ok_or(Refusal::NotFound)?;
    let mut queues: HashMap<ConversationId, Option<String>> = store::guest::chats_of(conn, scope.workspace, agent).await?.into_iter().collect();
    let ids: Vec<ConversationId> = queues.keys().copied().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut listed = store::conversation::listed_by_ids(conn, scope, &ids).await?;
    listed.sort_by_key(|l| l.conversation.id);
    Ok(listed.into_iter().map(|l| ChatNow { queue_name: queues.remove(&l.conversation.id).flatten(), conversation: l }).collect())
}
