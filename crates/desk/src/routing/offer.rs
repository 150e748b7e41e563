//! What an agent does with what is offered, and taking the next one by hand.

use std::collections::HashMap;

use model::availability::{Availability, Capacity, Switches};
use model::routing::{Decision, QueueNow, Snapshot, Stage, Why, decide};
use model::{AgentId, ConversationId, Permission, QueueId, Scope, SkillId, Timestamp};
use store::Tx;
use store::conversation::Listed;
use store::routing::Entry;

use super::Floor;
use super::apply::{Hands, offer_over, waits_again};
use super::run::read_waiting;
use crate::Refusal;

/// A conversation that an agent is asked to take.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Which.
    pub conversation: Listed,
    /// From where.
    pub queue: QueueId,
    /// The queue's name.
    pub queue_name: String,
    /// Since when the customer waits.
    pub since: Timestamp,
    /// Until when it stands.
    pub until: Timestamp,
}

fn me(scope: &Scope) -> Result<AgentId, Refusal> {
    scope.require(Permission::ConversationReply)?;
    scope.actor.agent().ok_or_else(|| model::scope::Forbidden(Permission::ConversationReply).into())
}

/// What the actor is asked to take now, the oldest first.
///
/// # Errors
/// [`Refusal::Forbidden`] for somebody who answers no customers.
pub async fn offers(conn: &mut store::Conn, scope: &Scope, now: Timestamp) -> Result<Vec<Offer>, Refusal> {
    let agent = me(scope)?;
    let mine: Vec<Entry> = store::routing::of_stage(conn, scope.workspace, Stage::Offered)
        .await?
        .into_iter()
        .filter(|e| e.agent == Some(agent) && e.until.is_some_and(|until| until > now))
        .collect();
    let ids: Vec<ConversationId> = mine.iter().map(|e| e.conversation).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let queues = store::queue::list(conn, scope.workspace).await?;
    let mut listed: HashMap<ConversationId, Listed> =
        store::conversation::listed_by_ids(conn, scope, &ids).await?.into_iter().map(|l| (l.conversation.id, l)).collect();
    Ok(mine
        .into_iter()
        .filter_map(|e| {
            let queue_name = queues.iter().find(|q| q.id == e.queue).map(|q| q.name.clone()).unwrap_or_default();
            Some(Offer { conversation: listed.remove(&e.conversation)?, queue: e.queue, queue_name, since: e.since, until: e.until? })
        })
        .collect())
}

/// The offer of a conversation that stands for the actor; the workspace is locked.
async fn mine(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(AgentId, Entry), Refusal> {
    let agent = me(scope)?;
    if store::conversation::in_sight_of(tx, scope, &[id]).await?.is_empty() {
        return Err(Refusal::NotFound);
    }
    store::routing::lock(tx, scope.workspace).await?;
    let entry = store::routing::open(tx, scope.workspace, &[id]).await?.pop();
    let stands = |e: &Entry| e.stage == Stage::Offered && e.agent == Some(agent) && e.until.is_some_and(|until| until > tx.now());
    match entry.filter(stands) {
        Some(entry) => Ok((agent, entry)),
        None => Err(Refusal::conflict("offer_over", "It is no longer offered to you.")),
    }
}

/// Takes what is offered.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight; [`Refusal::Conflict`] `offer_over` when it is not offered to the actor, or no
/// longer.
pub async fn accept(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    let (agent, mut entry) = mine(tx, scope, id).await?;
    let c = store::conversation::get(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    if c.assignee.is_some_and(|a| a != agent) {
        return Err(Refusal::conflict("offer_over", "Somebody else has it already."));
    }
    let queues = store::queue::list(tx, scope.workspace).await?;
    let skills = HashMap::new();
    let hands = Hands { workspace: scope.workspace, queues: &queues, skills: &skills };
    offer_over(tx, scope.workspace, &c, agent, "accepted", scope.actor).await?;
    let mut why = Why::new("accepted");
    if entry.last_agent == Some(agent) {
        why = why.with("helped_before", true);
    }
    hands.assigned(tx, &mut entry, c, agent, scope.actor, why).await?;
    crate::chat::greet_by_itself(tx, scope, id).await?;
    Ok(super::run(tx, scope.workspace).await?)
}

/// Declines what is offered; somebody else is asked at once.
///
/// # Errors
/// As [`accept`].
pub async fn decline(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    let (agent, mut entry) = mine(tx, scope, id).await?;
    let c = store::conversation::get(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    waits_again(&mut entry, tx, false);
    store::routing::update(tx, scope.workspace, &entry).await?;
    offer_over(tx, scope.workspace, &c, agent, "declined", scope.actor).await?;
    Ok(super::run(tx, scope.workspace).await?)
}

/// Gives the actor what would be theirs to take next, room or not, on-line or not: they asked for it. None when nothing waits
/// for them.
///
/// # Errors
/// [`Refusal::Forbidden`].
pub async fn next(tx: &mut Tx, scope: &Scope) -> Result<Option<ConversationId>, Refusal> {
    let agent = me(scope)?;
    let workspace = scope.workspace;
    if store::routing::lock(tx, workspace).await?.is_none() {
        return Ok(None);
    }
    let queues = store::queue::list(tx, workspace).await?;
    let now = tx.now();
    let floor = Floor::read(tx, workspace, &queues, now).await?;
    let own = store::availability::find(tx, workspace, agent).await?.unwrap_or_else(|| Availability::new(agent, now));
    let teams = store::team::of_agent(tx, workspace, agent).await?;
    let own_skills = store::skill::of_agent(tx, workspace, agent).await?;
    let own = Availability { on: Switches::default(), ..own };
    let (mut entries, waiting) = read_waiting(tx, workspace).await?;
    let lines = queues
        .iter()
        .map(|q| {
            let mut rule = q.rule.clone();
            (rule.offers, rule.overflow) = (false, None);
            QueueNow { id: q.id, rule, closed: None }
        })
        .collect();
    let mut worker = floor.worker(&own, scope.inboxes.clone(), own_skills, &teams, &queues);
    let skills: HashMap<SkillId, String> = store::skill::list(tx, workspace).await?.into_iter().map(|s| (s.id, s.name)).collect();
    let hands = Hands { workspace, queues: &queues, skills: &skills };
    // One place: the first that is decided is the one.
    worker.load = model::availability::Load::default();
    worker.capacity = Capacity { total: 1, chat: 1, mail: 1 };
    // What was declined before may be wanted now.
    let waiting = waiting.into_iter().map(|mut w| {
        w.declined.retain(|a| *a != agent);
        w
    });
    let snapshot = Snapshot { now, waiting: waiting.collect(), workers: vec![worker], queues: lines };
    for decision in decide(&snapshot) {
        let Decision::Give { .. } = decision else { continue };
        let Some(entry) = entries.get_mut(&decision.conversation()) else { continue };
        let Some(c) = store::conversation::get(tx, scope, entry.conversation).await?.filter(|c| c.assignee.is_none()) else { continue };
        let id = c.id;
        let mut why = hands.why(&decision);
        "pulled".clone_into(&mut why.code);
        why.values.remove("load");
        why.values.remove("capacity");
        hands.assigned(tx, entry, c, agent, scope.actor, why).await?;
        store::availability::turn(tx, workspace, agent, false).await?;
        crate::chat::greet_by_itself(tx, scope, id).await?;
        super::run(tx, workspace).await?;
        return Ok(Some(id));
    }
    Ok(None)
}
