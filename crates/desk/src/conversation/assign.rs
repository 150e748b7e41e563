//! Giving a conversation to somebody.

use model::{AgentId, Conversation, ConversationId, EventKind, InboxId, Inboxes, MessageId, Permission, Scope, TeamId};
use store::Tx;

use super::note::{Note, note};
use crate::Refusal;

/// What is to change: none leaves it, `Some(None)` clears it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Assignment {
    /// Who answers.
    pub assignee: Option<Option<AgentId>>,
    /// Which team answers.
    pub team: Option<Option<TeamId>>,
}

/// Gives a conversation to an agent, a team, or nobody. Giving it to those who have it already changes nothing.
///
/// # Errors
/// [`Refusal::Invalid`] when the agent is switched off or cannot see the inbox, or the team does not exist.
pub async fn assign(tx: &mut Tx, scope: &Scope, id: ConversationId, to: Assignment) -> Result<Conversation, Refusal> {
    give(tx, scope, id, to, None).await
}

/// The same with an internal note, which the new assignee is told together with it. The note stays even where they have it
/// already.
///
/// # Errors
/// As [`assign`] and [`note`].
pub async fn hand_over(tx: &mut Tx, scope: &Scope, id: ConversationId, to: Assignment, words: Note) -> Result<Conversation, Refusal> {
    // The note first: whoever gets the conversation after it hears of the assignment, and not of the note once more.
    let message = note(tx, scope, id, words).await?;
    give(tx, scope, id, to, Some(message)).await
}

async fn give(tx: &mut Tx, scope: &Scope, id: ConversationId, to: Assignment, note: Option<MessageId>) -> Result<Conversation, Refusal> {
    let before = super::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    let mut after = before.clone();
    let assignee = to.assignee.unwrap_or(before.assignee);
    let team = to.team.unwrap_or(before.team);
    if let Some(Some(agent)) = to.assignee
        && before.assignee != Some(agent)
        && !can_answer(tx, scope, agent, before.inbox).await?
    {
        return Err(Refusal::invalid("assignee_id", "not_found", "Pick an active agent who sees this inbox."));
    }
    if let Some(Some(team)) = to.team
        && store::team::find(tx, scope.workspace, team).await?.is_none()
    {
        return Err(Refusal::unknown("team_id"));
    }
    if after.assign(assignee, team, tx.now()) {
        store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
        let kind = EventKind::ConversationAssigned { assignee, team, note };
        tx.record(scope.workspace, scope.actor, (Some(id), Some(after.inbox)), kind).await?;
    }
    Ok(after)
}

/// Whether an agent is at work and may look into an inbox.
pub async fn can_answer(tx: &mut Tx, scope: &Scope, agent: AgentId, inbox: InboxId) -> Result<bool, store::Error> {
    let Some(agent) = store::agent::find(tx, scope.workspace, agent).await? else { return Ok(false) };
    if agent.deactivated_at.is_some() || !agent.role.may(Permission::ConversationReply) {
        return Ok(false);
    }
    let inboxes: Inboxes = store::agent::visible_inboxes(tx, scope.workspace, agent.id, agent.role).await?;
    Ok(inboxes.include(inbox))
}
