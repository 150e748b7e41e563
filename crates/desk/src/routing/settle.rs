//! Brings the rows of some conversations in step with how those are now. Looks at the state and not at the event, so that twice
//! is once.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use model::conversation::{Bucket, StatusKind};
use model::filter::Reader;
use model::queue::Queue;
use model::routing::Stage;
use model::{Actor, AgentId, Conversation, ConversationId, QueueId, Scope, Timestamp, WorkspaceId};
use store::conversation::{Asked, View};
use store::routing::Entry;
use store::{Error, Tx};

use super::apply::offer_over;

/// What a queue may take in one go, when it is made: the rest comes as it is touched.
const MOST: usize = 10_000;

/// Everything open that nobody has, and everything that is on its way.
pub(super) async fn all_that_wait(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<ConversationId>, Error> {
    let asked = Asked { view: View::Unassigned, status: Some(StatusKind::Open), ..Asked::default() };
    let mut ids = store::conversation::some_asked(tx, &Scope::system(workspace), &asked, MOST).await?;
    for stage in [Stage::Waiting, Stage::Offered] {
        ids.extend(store::routing::of_stage(tx, workspace, stage).await?.iter().map(|e| e.conversation));
    }
    Ok(ids)
}

/// Brings them in step. The caller holds the workspace's lock.
pub(super) async fn settle(
    tx: &mut Tx,
    workspace: WorkspaceId,
    queues: &[Queue],
    ids: &[ConversationId],
    answers: &HashMap<ConversationId, Timestamp>,
) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let scope = Scope::system(workspace);
    let now_are: HashMap<ConversationId, Conversation> =
        store::conversation::listed_by_ids(tx, &scope, ids).await?.into_iter().map(|l| (l.conversation.id, l.conversation)).collect();
    let mut entries: HashMap<ConversationId, Entry> =
        store::routing::open(tx, workspace, ids).await?.into_iter().map(|e| (e.conversation, e)).collect();
    let mut looking = Vec::new();
    let mut taken = HashSet::new();
    for id in ids.iter().filter(|id| taken.insert(**id)) {
        let Some(c) = now_are.get(id) else { continue };
        match entries.remove(id) {
            Some(entry) => {
                // What was passed on by hand stays where it was put.
                let put = |e: &Entry| e.passed_by.is_some() && queues.iter().any(|q| q.id == e.queue);
                if let Some(waits) = one(tx, workspace, entry, c, answers.get(id).copied()).await?.filter(|e| !put(e)) {
                    looking.push((c, Some(waits)));
                }
            }
            None if waits_for_somebody(c) => looking.push((c, None)),
            None => {}
        }
    }
    place(tx, workspace, queues, looking).await
}

/// Whether a conversation is one that somebody is to be found for.
fn waits_for_somebody(c: &Conversation) -> bool {
    is_live(c) && c.assignee.is_none() && c.waiting_since.is_some()
}

fn is_live(c: &Conversation) -> bool {
    c.status.kind() == StatusKind::Open && c.bucket() == Bucket::Open && c.beside.is_none()
}

/// One that is on its way; it is given back when it goes on waiting, so that its queue is looked at.
async fn one(tx: &mut Tx, workspace: WorkspaceId, mut entry: Entry, c: &Conversation, answered: Option<Timestamp>) -> Result<Option<Entry>, Error> {
    let before = entry.clone();
    if let Some(at) = answered.filter(|at| *at >= entry.entered_at && entry.answered_at.is_none()) {
        entry.answered_at = Some(at);
    }
    let is_chat = entry.medium() == model::availability::Medium::Chat;
    let mut withdrawn: Option<AgentId> = None;
    if !is_live(c) {
        // A chat that is put aside is not done yet, but nobody is looked for meanwhile.
        let aside = c.bucket() == Bucket::Open && c.beside.is_none() && entry.stage == Stage::Assigned && is_chat;
        if !aside {
            withdrawn = entry.agent.filter(|_| entry.stage == Stage::Offered);
            let gave_up = matches!(entry.stage, Stage::Waiting | Stage::Offered) && c.bucket() == Bucket::Resolved;
            end(&mut entry, if gave_up { "abandoned" } else { "left" }, tx.now());
        }
    } else if let Some(agent) = c.assignee {
        if entry.stage != Stage::Assigned || entry.agent != Some(agent) {
            withdrawn = entry.agent.filter(|a| entry.stage == Stage::Offered && *a != agent);
            entry.stage = Stage::Assigned;
            entry.agent = Some(agent);
            entry.assigned_at = Some(tx.now());
            (entry.until, entry.held) = (None, None);
        }
        if !is_chat && c.waiting_since.is_none() {
            // A letter that is answered is done with; the next one finds its agent by itself.
            end(&mut entry, "left", tx.now());
        }
    } else if c.waiting_since.is_none() && !(entry.passed_by.is_some() && matches!(entry.stage, Stage::Waiting | Stage::Offered)) {
        withdrawn = entry.agent.filter(|_| entry.stage == Stage::Offered);
        end(&mut entry, "left", tx.now());
    } else if entry.stage == Stage::Assigned {
        entry.last_agent = entry.agent;
        entry.stage = Stage::Waiting;
        (entry.agent, entry.until, entry.assigned_at) = (None, None, None);
        entry.queued_at = tx.now();
    }
    if let Some(agent) = withdrawn {
        offer_over(tx, workspace, c, agent, "withdrawn", Actor::System).await?;
    }
    if entry != before {
        store::routing::update(tx, workspace, &entry).await?;
    }
    Ok(Some(entry).filter(|e| e.stage == Stage::Waiting))
}

/// Ends it: as answered, when somebody did.
fn end(entry: &mut Entry, else_as: &str, now: Timestamp) {
    entry.outcome = Some(if entry.answered_at.is_some() { "answered".into() } else { else_as.to_owned() });
    entry.stage = Stage::Ended;
    entry.ended_at = Some(now);
    entry.until = None;
}

/// Finds the queue of each: the first whose filter it passes. One query for each queue.
async fn place(tx: &mut Tx, workspace: WorkspaceId, queues: &[Queue], looking: Vec<(&Conversation, Option<Entry>)>) -> Result<(), Error> {
    if looking.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let mut left: Vec<ConversationId> = looking.iter().map(|(c, _)| c.id).collect();
    let mut found: HashMap<ConversationId, QueueId> = HashMap::new();
    for queue in queues {
        if left.is_empty() {
            break;
        }
        let zone = if queue.filter.depends_on_zone() { crate::queue::zone(tx, workspace).await? } else { TimeZone::UTC };
        let reader = Reader { agent: None, teams: Vec::new(), now, zone };
        let asked = Asked { view: View::AllOpen, filter: Some((queue.filter.clone(), reader)), among: Some(left.clone()), ..Asked::default() };
        for id in store::conversation::some_asked(tx, &Scope::system(workspace), &asked, left.len()).await? {
            found.insert(id, queue.id);
        }
        left.retain(|id| !found.contains_key(id));
    }
    for (c, entry) in looking {
        match (entry, found.get(&c.id)) {
            // It went on by overflow, or belongs elsewhere now: only another home moves it.
            (Some(mut entry), Some(queue)) => {
                let was_home = queues.iter().any(|q| q.id == entry.queue);
                let overflowed = queues.iter().any(|q| q.rule.overflow == Some(entry.queue) && q.id == *queue);
                if entry.queue != *queue && !(was_home && overflowed) {
                    entry.queue = *queue;
                    entry.queued_at = now;
                    store::routing::update(tx, workspace, &entry).await?;
                }
            }
            (Some(mut entry), None) => {
                end(&mut entry, "left", now);
                store::routing::update(tx, workspace, &entry).await?;
            }
            (None, Some(queue)) => enter(tx, workspace, c, *queue).await.map(drop)?,
            (None, None) => {}
        }
    }
    Ok(())
}

/// Puts one that is in no queue into one.
pub(super) async fn enter(tx: &mut Tx, workspace: WorkspaceId, c: &Conversation, queue: QueueId) -> Result<Entry, Error> {
    let now = tx.now();
    let newcomer = store::routing::is_newcomer(tx, workspace, c.customer, c.id).await?;
    let last_agent = if newcomer { None } else { store::routing::last_helper(tx, workspace, c.customer, c.id).await? };
    let entry = Entry {
        id: tx.new_id(),
        conversation: c.id,
        queue,
        channel: c.channel.as_str().to_owned(),
        stage: Stage::Waiting,
        since: c.waiting_since.unwrap_or(now),
        entered_at: now,
        queued_at: now,
        agent: None,
        until: None,
        declined: Vec::new(),
        held: None,
        told: None,
        newcomer,
        last_agent,
        assigned_at: None,
        answered_at: None,
        ended_at: None,
        outcome: None,
        passed_by: None,
    };
    store::routing::insert(tx, workspace, &entry).await?;
    Ok(entry)
}

/// Whether any queue takes a conversation.
pub(super) async fn has_a_queue(tx: &mut Tx, workspace: WorkspaceId, queues: &[Queue], id: ConversationId) -> Result<bool, Error> {
    let now = tx.now();
    for queue in queues {
        let reader = Reader { agent: None, teams: Vec::new(), now, zone: crate::queue::zone(tx, workspace).await? };
        let asked = Asked { view: View::AllOpen, filter: Some((queue.filter.clone(), reader)), among: Some(vec![id]), ..Asked::default() };
        if !store::conversation::some_asked(tx, &Scope::system(workspace), &asked, 1).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
