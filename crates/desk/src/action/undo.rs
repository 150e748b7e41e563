//! Taking it back.

use model::action::Undo;
use model::conversation::StatusKind;
use model::{ConversationId, Scope, Status};
use store::Tx;
use store::draft::Draft;

use super::apply::{ActionError, from_status, standing};
use crate::Refusal;
use crate::conversation::{self as verb, Assignment, Changes, UndoError};

/// What could not be taken back, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// `status`, `due`, `assignee`, `team`, `priority`, `tags`, `inbox`, `shelf`, `reply` or `fields`.
    pub what: &'static str,
    /// `changed_since`, `too_late` or `not_possible`.
    pub why: &'static str,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Undone {
    /// What is as it was: words as in [`Kept::what`].
    pub restored: Vec<&'static str>,
    /// What stays as it is.
    pub kept: Vec<Kept>,
    /// A reply that was taken back, as the author's draft.
    pub draft: Option<Draft>,
}

/// Puts a conversation back to how it stood before a list of actions. What somebody has changed again since stays; a reply
/// is taken back while its undo window is open; notes stay.
///
/// # Errors
/// [`ActionError::Refused`] when the conversation is out of sight or the actor may not change it.
pub async fn undo(tx: &mut Tx, scope: &Scope, id: ConversationId, undo: &Undo) -> Result<Undone, ActionError> {
    let mut done = Undone::default();
    let (before, after) = (&undo.before, &undo.after);
    // The reply first: it moves the conversation's times and words, but none of what follows.
    if let Some(reply) = undo.reply {
        match verb::undo(tx, scope, reply).await {
            Ok(draft) => {
                done.restored.push("reply");
                done.draft = Some(draft);
            }
            Err(UndoError::Store(error)) => return Err(error.into()),
            Err(UndoError::TooLate) => done.kept.push(Kept { what: "reply", why: "too_late" }),
            Err(_) => done.kept.push(Kept { what: "reply", why: "not_possible" }),
        }
    }
    let fields = before.fields != after.fields;
    let mut now = standing(tx, scope, id, fields).await?;
    // Off the shelf before anything else: nothing is changed of what lies there.
    if let (None, Some(_)) = (before.shelf, after.shelf) {
        let result = if now.shelf == after.shelf { Some(verb::restore(tx, scope, id).await) } else { None };
        done.note("shelf", result)?;
        now = standing(tx, scope, id, fields).await?;
    }
    // Another inbox first: who may be assigned depends on it.
    if before.inbox != after.inbox {
        let result = if now.inbox == after.inbox {
            Some(verb::update(tx, scope, id, Changes { inbox: Some(before.inbox), ..Changes::default() }).await)
        } else {
            None
        };
        done.note("inbox", result)?;
    }
    if before.assignee != after.assignee {
        let result = if now.assignee == after.assignee {
            Some(verb::assign(tx, scope, id, Assignment { assignee: Some(before.assignee), team: None }).await)
        } else {
            None
        };
        done.note("assignee", result)?;
    }
    if before.team != after.team {
        let result = if now.team == after.team {
            Some(verb::assign(tx, scope, id, Assignment { assignee: None, team: Some(before.team) }).await)
        } else {
            None
        };
        done.note("team", result)?;
    }
    if before.priority != after.priority {
        let result = if now.priority == after.priority {
            Some(verb::update(tx, scope, id, Changes { priority: Some(before.priority), ..Changes::default() }).await)
        } else {
            None
        };
        done.note("priority", result)?;
    }
    if before.due_at != after.due_at {
        let result = if now.due_at == after.due_at {
            Some(verb::update(tx, scope, id, Changes { due: Some(before.due_at), ..Changes::default() }).await)
        } else {
            None
        };
        done.note("due", result)?;
    }
    if (before.status, before.status_time, before.custom_status) != (after.status, after.status_time, after.custom_status) {
        // A snooze that would be over by now is an open conversation.
        let to = match before.status() {
            Status::Snoozed { until } if until <= tx.now() => Status::Open,
            other => other,
        };
        let same = (now.status, now.custom_status) == (after.status, after.custom_status)
            && (now.status != StatusKind::Snoozed || now.status_time == after.status_time);
        let custom = before.custom_status.filter(|_| to.kind() == before.status);
        let result = if same { Some(verb::put_back_status(tx, scope, id, to, custom).await.map_err(from_status)) } else { None };
        done.note("status", result)?;
    }
    if before.tags != after.tags {
        let known = store::tag::list(tx, scope.workspace).await?;
        let added = |t| after.tags.contains(t) && !before.tags.contains(t);
        let mut tags: Vec<_> = now.tags.iter().filter(|t| !added(t)).copied().collect();
        let removed = before.tags.iter().filter(|t| !after.tags.contains(t) && known.iter().any(|k| k.id == **t));
        tags.extend(removed.filter(|t| !now.tags.contains(t)).copied().collect::<Vec<_>>());
        let result = Some(verb::change_tags(tx, scope, id, &tags).await);
        done.note("tags", result)?;
    }
    if fields {
        let touched = before.fields.keys().chain(after.fields.keys().filter(|f| !before.fields.contains_key(f)));
        let changed: Vec<_> = touched.filter(|f| before.fields.get(f) != after.fields.get(f)).copied().collect();
        let (same, since): (Vec<_>, Vec<_>) = changed.into_iter().partition(|f| now.fields.get(f) == after.fields.get(f));
        let back: Vec<_> = same.into_iter().map(|f| (f, before.fields.get(&f).cloned())).collect();
        if !back.is_empty() {
            let result = Some(crate::field::restore(tx, scope, id, &back).await);
            done.note("fields", result)?;
        }
        if !since.is_empty() {
            done.note::<()>("fields", None)?;
        }
    }
    if let Some(shelf) = before.shelf.filter(|s| after.shelf != Some(*s)) {
        let result = if now.shelf == after.shelf { Some(verb::shelve(tx, scope, id, shelf, false).await) } else { None };
        done.note("shelf", result)?;
    }
    Ok(done)
}

impl Undone {
    fn note<T>(&mut self, what: &'static str, result: Option<Result<T, Refusal>>) -> Result<(), ActionError> {
        match result {
            None => self.kept.push(Kept { what, why: "changed_since" }),
            Some(Ok(_)) => self.restored.push(what),
            Some(Err(Refusal::Store(error))) => return Err(error.into()),
            Some(Err(_)) => self.kept.push(Kept { what, why: "not_possible" }),
        }
        Ok(())
    }
}
