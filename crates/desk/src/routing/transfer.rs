//! Passing a conversation on to a queue, by hand.

use model::conversation::StatusKind;
use model::routing::{Stage, Told, Why};
use model::{Actor, ConversationId, EventKind, Permission, QueueId, Scope};
use store::Tx;

use super::apply::offer_over;
use super::settle::enter;
use crate::Refusal;
use crate::conversation::{Note, not_beside, note, to_change};

/// Passes a conversation on to a queue, with an internal note where there are words: nobody has it then, and the queue finds
/// somebody anew, whatever its filter says. Whoever passed it on gets it back only when nobody else can take it. The customer of a
/// chat is told how long they wait now, and why.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight; [`Refusal::Invalid`] `queue_id` when the queue is gone; [`Refusal::Conflict`]
/// `not_open` when it is done or put aside; as [`note`].
pub async fn transfer(tx: &mut Tx, scope: &Scope, id: ConversationId, queue: QueueId, words: Option<Note>) -> Result<(), Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let workspace = scope.workspace;
    if store::conversation::in_sight_of(tx, scope, &[id]).await?.is_empty() {
        return Err(Refusal::NotFound);
    }
    // The desk first, as whoever decides does.
    store::routing::lock(tx, workspace).await?;
    let queues = store::queue::list(tx, workspace).await?;
    let Some(to) = queues.iter().find(|q| q.id == queue) else { return Err(Refusal::unknown("queue_id")) };
    let c = to_change(tx, scope, Permission::ConversationWrite, id).await?;
    not_beside(&c)?;
    if c.status.kind() != StatusKind::Open {
        return Err(Refusal::conflict("not_open", "Open it first: nobody is looked for while it is done or put aside."));
    }
    let note = match words {
        Some(words) => Some(note(tx, scope, id, words).await?),
        None => None,
    };
    let before = store::conversation::get(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    let place = (Some(id), Some(before.inbox));
    let mut after = before.clone();
    let now = tx.now();
    if after.assign(None, before.team, now) {
        store::conversation::update(tx, workspace, &before, &mut after).await?;
        let kind = EventKind::ConversationAssigned { assignee: None, team: after.team, note };
        tx.record(workspace, scope.actor, place, kind).await?;
    }
    crate::chat::passed_on(tx, scope, &after).await?;
    let mut entry = match store::routing::open(tx, workspace, &[id]).await?.pop() {
        Some(entry) => entry,
        None => enter(tx, workspace, &after, queue).await?,
    };
    if let (Stage::Offered, Some(agent)) = (entry.stage, entry.agent) {
        offer_over(tx, workspace, &after, agent, "withdrawn", Actor::System).await?;
    }
    entry.queue = queue;
    entry.stage = Stage::Waiting;
    (entry.agent, entry.until, entry.assigned_at, entry.held) = (None, None, None, None);
    entry.queued_at = now;
    // Who declined it in another queue may be the right one in this.
    entry.declined = Vec::new();
    entry.passed_by = scope.actor.agent();
    entry.told = Some(Told::passed_on(now));
    store::routing::update(tx, workspace, &entry).await?;
    let kind = EventKind::ConversationRouted { queue, queue_name: to.name.clone(), agent: None, why: Why::new("transferred") };
    tx.record(workspace, scope.actor, place, kind).await?;
    Ok(super::run(tx, workspace).await?)
}
