//! Subject, priority, due date and inbox.

use model::{Conversation, ConversationId, EventKind, InboxId, Permission, Priority, Scope, Timestamp};
use serde_json::json;
use store::Tx;

use super::assign::can_answer;
use crate::{Refusal, line};

/// What is to change; none leaves it.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Subject: one line, at most 250 characters.
    pub subject: Option<String>,
    /// Urgency.
    pub priority: Option<Priority>,
    /// Until when it is to be done; `Some(None)`: no longer.
    pub due: Option<Option<Timestamp>>,
    /// Another inbox in sight. Whoever cannot look in there no longer has the conversation.
    pub inbox: Option<InboxId>,
}

/// Changes subject, priority, due date or inbox. Its assignee is told when it becomes due.
///
/// # Errors
/// [`Refusal::Invalid`] when the subject is no line, or the inbox is out of sight or archived.
pub async fn update(tx: &mut Tx, scope: &Scope, id: ConversationId, changes: Changes) -> Result<Conversation, Refusal> {
    let before = super::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    let mut after = before.clone();
    let mut told = serde_json::Map::new();
    if let Some(subject) = changes.subject {
        after.subject = line::line("subject", &subject, 250)?;
        if after.subject != before.subject {
            told.insert("subject".into(), json!({ "from": before.subject, "to": after.subject }));
        }
    }
    if let Some(priority) = changes.priority
        && priority != before.priority
    {
        after.priority = priority;
        told.insert("priority".into(), json!({ "from": before.priority, "to": priority }));
    }
    // As stored: whole milliseconds.
    let due = changes.due.map(|due| due.map(|at| Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)));
    if let Some(due) = due.filter(|due| *due != before.due_at) {
        super::not_beside(&before)?;
        if let Some(due) = due {
            super::due::check(due, tx.now())?;
        }
        after.due_at = due;
        told.insert("due_at".into(), json!({ "from": before.due_at, "to": due }));
    }
    if let Some(inbox) = changes.inbox
        && inbox != before.inbox
    {
        super::not_beside(&before)?;
        let found = if scope.inboxes.include(inbox) { store::inbox::get(tx, scope.workspace, inbox).await? } else { None };
        if found.is_none_or(|i| i.archived_at.is_some()) {
            return Err(Refusal::unknown("inbox_id"));
        }
        after.inbox = inbox;
        told.insert("inbox".into(), json!({ "from": before.inbox, "to": inbox }));
    }
    if told.is_empty() {
        return Ok(before);
    }
    let now = tx.now();
    after.updated_at = now;
    let mut left = false;
    if after.inbox != before.inbox
        && let Some(agent) = before.assignee
        && !can_answer(tx, scope, agent, after.inbox).await?
    {
        left = after.assign(None, before.team, now);
    }
    store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
    if after.due_at != before.due_at {
        super::due::requeue(tx, scope.workspace, &before, &after).await?;
    }
    let place = (Some(id), Some(after.inbox));
    tx.record(scope.workspace, scope.actor, place, EventKind::ConversationUpdated { changes: told }).await?;
    if left {
        let kind = EventKind::ConversationAssigned { assignee: None, team: after.team, note: None };
        tx.record(scope.workspace, scope.actor, place, kind).await?;
    }
    if after.inbox != before.inbox {
        // Those who see only the old inbox learn that something left it, and not where to.
        move_sides(tx, scope, &after).await?;
        let kind = EventKind::InboxUpdated { inbox: before.inbox, change: "conversation_moved".into() };
        tx.record(scope.workspace, scope.actor, (None, Some(before.inbox)), kind).await?;
    }
    Ok(after)
}

/// Who sees a conversation sees what stands beside it.
async fn move_sides(tx: &mut Tx, scope: &Scope, parent: &Conversation) -> Result<(), Refusal> {
    for id in store::side::beside(tx, scope.workspace, parent.id).await? {
        let Some(before) = store::conversation::get(tx, &Scope::system(scope.workspace), id).await? else { continue };
        let mut after = Conversation { inbox: parent.inbox, updated_at: tx.now(), ..before.clone() };
        store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
    }
    Ok(())
}
