//! Reminders: an agent asks to hear of a conversation again. Nobody else learns of it.

use model::reminder::{LONGEST, MOST, Reminder};
use model::scope::Forbidden;
use model::{Actor, AgentId, ConversationId, EventKind, Job, Permission, ReminderId, Scope, Timestamp, WorkspaceId};
use store::{Error, Tx};

use crate::conversation::{after_merges, locked, not_merged};
use crate::{Refusal, line};

/// A reminder is at most so far away, as a snooze is.
const FARTHEST_SECONDS: i64 = 5 * 366 * 86_400;

/// What to be reminded of.
#[derive(Debug, Clone)]
pub struct Form {
    /// When.
    pub at: Timestamp,
    /// Words for oneself, one line; may be empty.
    pub words: String,
    /// Only when the customer has not written by then.
    pub unless_answered: bool,
}

fn me(scope: &Scope) -> Result<AgentId, Refusal> {
    scope.require(Permission::ConversationWrite)?;
    Ok(scope.actor.agent().ok_or(Forbidden(Permission::ConversationWrite))?)
}

/// Reminds the actor of a conversation at a time, by a job.
///
/// # Errors
/// [`Refusal::Invalid`] when the time is over or too far away, the words are no line, or twenty wait already.
pub async fn ask(tx: &mut Tx, scope: &Scope, id: ConversationId, form: Form) -> Result<Reminder, Refusal> {
    let conversation = locked(tx, scope, Permission::ConversationWrite, id).await?;
    not_merged(&conversation)?;
    let agent = me(scope)?;
    let now = tx.now();
    let at = Timestamp::from_millisecond(form.at.as_millisecond()).unwrap_or(form.at);
    if at <= now {
        return Err(Refusal::invalid("at", "in_the_past", format!("Pick a time after {now:.0}.")));
    }
    if at.as_second() - now.as_second() > FARTHEST_SECONDS {
        return Err(Refusal::invalid("at", "too_far", "Pick a time within five years."));
    }
    let words = line::optional_line("words", &form.words, LONGEST)?;
    if store::reminder::waiting(tx, scope.workspace, id, agent).await?.len() >= MOST {
        return Err(Refusal::invalid("at", "too_many", "Twenty reminders of one conversation are the most."));
    }
    let reminder =
        Reminder { id: tx.new_id(), agent, conversation: id, at, words, unless_answered: form.unless_answered, created_at: now, done_at: None };
    store::reminder::insert(tx, scope.workspace, &reminder).await?;
    tx.enqueue_at(scope.workspace, &Job::Remind { reminder: reminder.id }, at).await?;
    changed(tx, scope, id, agent).await?;
    Ok(reminder)
}

/// Takes one of the actor's own back.
///
/// # Errors
/// [`Refusal::NotFound`] when the actor has none such that is still to come.
pub async fn cancel(tx: &mut Tx, scope: &Scope, id: ReminderId) -> Result<(), Refusal> {
    let agent = me(scope)?;
    let reminder = store::reminder::find(tx, scope.workspace, id).await?.filter(|r| r.agent == agent).ok_or(Refusal::NotFound)?;
    if !store::reminder::delete(tx, scope.workspace, id, agent).await? {
        return Err(Refusal::NotFound);
    }
    store::job::drop_due(tx, scope.workspace, &Job::Remind { reminder: id }, reminder.at).await?;
    changed(tx, scope, reminder.conversation, agent).await
}

/// The time of a reminder has come: its agent is told, once, unless the customer's answer made it needless.
pub async fn remind(tx: &mut Tx, workspace: WorkspaceId, id: ReminderId) -> Result<bool, Error> {
    let Some(reminder) = store::reminder::find(tx, workspace, id).await? else { return Ok(false) };
    if reminder.at > tx.now() || !store::reminder::done(tx, workspace, id).await? {
        return Ok(false);
    }
    let scope = Scope::system(workspace);
    // What went into another conversation is to be found there.
    let Some(conversation) = after_merges(tx, &scope, reminder.conversation).await? else { return Ok(false) };
    let wanted = reminder.is_wanted(&conversation);
    let place = (Some(conversation.id), Some(conversation.inbox));
    if wanted {
        let kind = EventKind::ReminderCame { agent: reminder.agent, reminder: id };
        tx.record(workspace, Actor::System, place, kind).await?;
    }
    tx.record(workspace, Actor::System, place, EventKind::ReminderChanged { agent: reminder.agent }).await?;
    Ok(wanted)
}

/// The agent's own screens follow.
async fn changed(tx: &mut Tx, scope: &Scope, id: ConversationId, agent: AgentId) -> Result<(), Refusal> {
    Ok(tx.record(scope.workspace, scope.actor, (Some(id), None), EventKind::ReminderChanged { agent }).await?)
}
