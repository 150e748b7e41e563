//! Inviting a colleague into a chat, coming, and leaving.

use model::conversation::Channel;
use model::scope::Forbidden;
use model::{AgentId, ConversationId, EventKind, Permission, Scope};
use store::Tx;

use crate::Refusal;
use crate::conversation::{Note, can_answer, note, to_change};

fn me(scope: &Scope) -> Result<AgentId, Refusal> {
    scope.require(Permission::ConversationReply)?;
    scope.actor.agent().ok_or_else(|| Forbidden(Permission::ConversationReply).into())
}

/// Invites a colleague into a chat, with an internal note where there are words. They are told; the customer is not, until they
/// write. Inviting twice is inviting once.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight; [`Refusal::Conflict`] `not_a_chat`; [`Refusal::Invalid`] `agent_id` for oneself,
/// for whoever has the chat already, and for somebody who cannot answer here.
pub async fn invite(tx: &mut Tx, scope: &Scope, id: ConversationId, agent: AgentId, words: Option<Note>) -> Result<(), Refusal> {
    let by = me(scope)?;
    let c = to_change(tx, scope, Permission::ConversationReply, id).await?;
    if c.channel != Channel::Chat {
        return Err(Refusal::conflict("not_a_chat", "Colleagues are invited into chats. Mention them in a note here."));
    }
    if agent == by || c.assignee == Some(agent) {
        return Err(Refusal::invalid("agent_id", "there_already", "Pick somebody who is not in this chat yet."));
    }
    if !can_answer(tx, scope, agent, c.inbox).await? {
        return Err(Refusal::invalid("agent_id", "not_found", "Pick an active agent who sees this inbox."));
    }
    let note = match words {
        Some(words) => Some(note(tx, scope, id, words).await?),
        None => None,
    };
    if store::guest::invite(tx, scope.workspace, id, (agent, by), note).await? {
        let kind = EventKind::ConversationInvited { agent, change: "invited".into(), note };
        tx.record(scope.workspace, scope.actor, (Some(id), Some(c.inbox)), kind).await?;
    }
    Ok(())
}

/// Comes into a chat that the actor was invited into: it is among their chats, and they hear of what is said there.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight; [`Refusal::Conflict`] `not_invited`.
pub async fn join(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    let agent = me(scope)?;
    let c = to_change(tx, scope, Permission::ConversationReply, id).await?;
    if store::guest::join(tx, scope.workspace, id, agent).await? {
        store::follower::add(tx, scope.workspace, id, agent).await?;
        let kind = EventKind::ConversationInvited { agent, change: "joined".into(), note: None };
        return Ok(tx.record(scope.workspace, scope.actor, (Some(id), Some(c.inbox)), kind).await?);
    }
    match store::guest::find(tx, scope.workspace, id, agent).await? {
        Some(_) => Ok(()),
        None => Err(Refusal::conflict("not_invited", "Nobody invites you into this chat any more.")),
    }
}

/// Leaves a chat, or does not come. Whoever is not there changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight.
pub async fn leave(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    let agent = me(scope)?;
    let c = store::conversation::get(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    let Some(guest) = store::guest::find(tx, scope.workspace, id, agent).await? else { return Ok(()) };
    store::guest::leave(tx, scope.workspace, id, agent).await?;
    let change = if guest.joined_at.is_some() {
        store::follower::remove(tx, scope.workspace, id, agent).await?;
        "left"
    } else {
        "declined"
    };
    let kind = EventKind::ConversationInvited { agent, change: change.into(), note: None };
    Ok(tx.record(scope.workspace, scope.actor, (Some(id), Some(c.inbox)), kind).await?)
}
