//! One step of twenty conversations.

use model::bulk::{Bulk, Place, Selection, State};
use model::filter::{Filter, Reader};
use model::{Actor, BulkId, ConversationId, Id as _, Job, Permission, Scope, WorkspaceId};
use store::Tx;
use store::conversation::Asked;

use super::begin::view_of;
use crate::action::{self, ActionError, Insert};
use crate::{Desk, Refusal};

/// Conversations of a step. Their writes are one transaction, which others wait for on SQLite: some 20 ms.
const STEP: usize = 20;

/// Works on the next twenty, and queues the step after it. When its agent has been switched off or may no longer do this, it
/// stops.
///
/// # Errors
/// Only those of the store: then nothing was done, and the job tries again.
pub async fn step(tx: &mut Tx, desk: &Desk, workspace: WorkspaceId, id: BulkId) -> Result<(), store::Error> {
    let Some(mut bulk) = store::bulk_action::lock(tx, workspace, id).await? else { return Ok(()) };
    if !bulk.state.is_at_work() {
        return Ok(());
    }
    let scope = scope_of(tx, workspace, &bulk).await?;
    if !scope.may(Permission::ConversationWrite) {
        bulk.state = State::Cancelled;
        return end(tx, &scope, bulk).await;
    }
    let worked = if bulk.state == State::Undoing { take_back(tx, &scope, &mut bulk).await? } else { go_on(tx, desk, &scope, &mut bulk).await? };
    if worked < STEP {
        bulk.state = if bulk.state == State::Undoing { State::Undone } else { State::Done };
        return end(tx, &scope, bulk).await;
    }
    store::bulk_action::update(tx, workspace, &bulk).await?;
    tx.enqueue(workspace, &Job::WorkBulk { bulk: id }).await?;
    super::told(tx, &scope, &bulk).await
}

async fn end(tx: &mut Tx, scope: &Scope, mut bulk: Bulk) -> Result<(), store::Error> {
    bulk.ended_at = Some(tx.now());
    store::bulk_action::update(tx, scope.workspace, &bulk).await?;
    super::told(tx, scope, &bulk).await
}

/// What its agent may do now; nothing, when they were switched off.
async fn scope_of(tx: &mut Tx, workspace: WorkspaceId, bulk: &Bulk) -> Result<Scope, store::Error> {
    let agent = store::agent::find(tx, workspace, bulk.agent).await?.filter(|a| a.deactivated_at.is_none());
    let actor = Actor::Agent(bulk.agent);
    let Some(agent) = agent else {
        return Ok(Scope { workspace, actor, inboxes: model::Inboxes::Only(Vec::new()), permissions: Vec::new() });
    };
    let inboxes = store::agent::visible_inboxes(tx, workspace, agent.id, agent.role).await?;
    Ok(Scope { workspace, actor, inboxes, permissions: agent.role.permissions() })
}

async fn go_on(tx: &mut Tx, desk: &Desk, scope: &Scope, bulk: &mut Bulk) -> Result<usize, store::Error> {
    let ids = next(tx, scope, bulk).await?;
    for id in &ids {
        tx.savepoint().await?;
        match action::apply(tx, desk, scope, *id, &bulk.actions, Insert::Return).await {
            Ok(applied) => {
                tx.keep_savepoint().await?;
                if applied.changed() {
                    bulk.changed += 1;
                    store::bulk_action::note(tx, scope.workspace, bulk.id, *id, Ok(&applied.undo)).await?;
                }
            }
            Err(ActionError::Refused(Refusal::Store(error)) | ActionError::At { why: Refusal::Store(error), .. }) => return Err(error),
            Err(error) => {
                tx.back_to_savepoint().await?;
                bulk.failed += 1;
                // For people: which action and which field it was, the list itself shows.
                let (ActionError::At { why, .. } | ActionError::Refused(why)) = &error;
                store::bulk_action::note(tx, scope.workspace, bulk.id, *id, Err(&why.reason())).await?;
            }
        }
        bulk.seen += 1;
        bulk.cursor = Some(*id);
    }
    Ok(ids.len())
}

async fn next(tx: &mut Tx, scope: &Scope, bulk: &Bulk) -> Result<Vec<ConversationId>, store::Error> {
    match &bulk.selection {
        Selection::Chosen(ids) => Ok(ids.iter().copied().filter(|id| bulk.cursor.is_none_or(|c| *id > c)).take(STEP).collect()),
        Selection::Filter(filter) => found(tx, scope, bulk, None, filter).await,
        Selection::Within(place, filter) => found(tx, scope, bulk, Some(*place), filter).await,
    }
}

async fn found(tx: &mut Tx, scope: &Scope, bulk: &Bulk, place: Option<Place>, filter: &Filter) -> Result<Vec<ConversationId>, store::Error> {
    // As it meant when it began.
    let reader: Reader = store::filter::reader(tx, scope, filter, bulk.created_at).await?;
    let asked = Asked { view: view_of(place), filter: Some((filter.clone(), reader)), ..Asked::default() };
    let mut ids = store::conversation::ids_asked(tx, scope, &asked, bulk.cursor, STEP).await?;
    ids.retain(|id| id.raw() < bulk.id.raw());
    Ok(ids)
}

async fn take_back(tx: &mut Tx, scope: &Scope, bulk: &mut Bulk) -> Result<usize, store::Error> {
    let next = store::bulk_action::to_undo(tx, scope.workspace, bulk.id, bulk.cursor).await?;
    for (id, undo) in &next {
        tx.savepoint().await?;
        match action::undo(tx, scope, *id, undo).await {
            Ok(_) => tx.keep_savepoint().await?,
            Err(ActionError::Refused(Refusal::Store(error)) | ActionError::At { why: Refusal::Store(error), .. }) => return Err(error),
            // Out of sight by now: it stays as it is.
            Err(_) => tx.back_to_savepoint().await?,
        }
        bulk.seen += 1;
        bulk.cursor = Some(*id);
    }
    Ok(next.len())
}
