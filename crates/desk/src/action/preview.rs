//! Saying what it would do.

use model::action::{Actions, Standing};
use model::conversation::{Priority, Status};
use model::field::{Value, Words};
use model::message::Recipients;
use model::tag::Tag;
use model::{ConversationId, CustomStatusId, Scope, ShelfKind, Timestamp};
use store::{Conn, Tx};

use super::apply::{ActionError, Insert, WrittenKind, run};
use crate::Desk;
use crate::template::Rendered;

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its id, as in the API.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// One thing that would change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Change {
    Assignee {
        from: Option<Named>,
        to: Option<Named>,
    },
    Team {
        from: Option<Named>,
        to: Option<Named>,
    },
    Inbox {
        from: Option<Named>,
        to: Option<Named>,
    },
    Status {
        from: Status,
        to: Status,
        /// The workspace's own inside it, before and after.
        from_custom: Option<Named>,
        to_custom: Option<Named>,
    },
    /// It is to be done by another time, or by none.
    Due {
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    },
    Priority {
        from: Priority,
        to: Priority,
    },
    TagsAdded {
        tags: Vec<Tag>,
    },
    TagsRemoved {
        tags: Vec<Tag>,
    },
    Note {
        words: Rendered,
    },
    InsertReply {
        words: Rendered,
    },
    SendReply {
        words: Rendered,
        recipients: Recipients,
    },
    /// A custom field gets another value; null: none.
    Field {
        key: String,
        label: Words,
        from: serde_json::Value,
        to: serde_json::Value,
    },
    /// It is thrown away, called spam, or taken out again.
    Shelf {
        from: Option<ShelfKind>,
        to: Option<ShelfKind>,
    },
}

/// What would happen.
#[derive(Debug)]
pub struct Preview {
    /// What would change; nothing of what is so already.
    pub changes: Vec<Change>,
    /// The action that cannot be done; then nothing would happen at all.
    pub fault: Option<ActionError>,
}

/// Says what [`super::apply`] would do now. It is done and rolled back, so that it cannot say anything else; that is why it
/// takes the transaction for itself.
///
/// # Errors
/// [`ActionError::Refused`] when the conversation is out of sight or the actor may not change it.
pub async fn preview(mut tx: Tx, desk: &Desk, scope: &Scope, id: ConversationId, actions: &Actions) -> Result<Preview, ActionError> {
    let (applied, fault) = run(&mut tx, desk, scope, id, actions, Insert::Return).await?;
    let mut changes = differences(&mut tx, scope, &applied.undo.before, &applied.undo.after).await?;
    for written in applied.written {
        let words = written.rendered;
        changes.push(match written.kind {
            WrittenKind::Note => Change::Note { words },
            WrittenKind::Inserted => Change::InsertReply { words },
            WrittenKind::Sent => Change::SendReply { words, recipients: written.recipients.unwrap_or_default() },
        });
    }
    Ok(Preview { changes, fault })
}

async fn differences(conn: &mut Conn, scope: &Scope, before: &Standing, after: &Standing) -> Result<Vec<Change>, store::Error> {
    let workspace = scope.workspace;
    let mut changes = Vec::new();
    if before.assignee != after.assignee {
        let mut names = [None, None];
        for (name, id) in names.iter_mut().zip([before.assignee, after.assignee]) {
            if let Some(id) = id {
                let found = store::agent::find(conn, workspace, id).await?;
                *name = Some(Named { id: id.to_string(), name: found.map(|a| a.name).unwrap_or_default() });
            }
        }
        let [from, to] = names;
        changes.push(Change::Assignee { from, to });
    }
    if before.team != after.team {
        let mut names = [None, None];
        for (name, id) in names.iter_mut().zip([before.team, after.team]) {
            if let Some(id) = id {
                let found = store::team::find(conn, workspace, id).await?;
                *name = Some(Named { id: id.to_string(), name: found.map(|t| t.name).unwrap_or_default() });
            }
        }
        let [from, to] = names;
        changes.push(Change::Team { from, to });
    }
    if before.inbox != after.inbox {
        let mut names = [None, None];
        for (name, id) in names.iter_mut().zip([before.inbox, after.inbox]) {
            let found = store::inbox::get(conn, workspace, id).await?;
            *name = found.map(|i| Named { id: id.to_string(), name: i.name });
        }
        let [from, to] = names;
        changes.push(Change::Inbox { from, to });
    }
    if (before.status, before.status_time, before.custom_status) != (after.status, after.status_time, after.custom_status) {
        let known = store::custom_status::list(conn, workspace).await?;
        let named =
            |id: Option<CustomStatusId>| known.iter().find(|s| Some(s.id) == id).map(|s| Named { id: s.id.to_string(), name: s.name.clone() });
        let (from_custom, to_custom) = (named(before.custom_status), named(after.custom_status));
        changes.push(Change::Status { from: before.status(), to: after.status(), from_custom, to_custom });
    }
    if before.due_at != after.due_at {
        changes.push(Change::Due { from: before.due_at, to: after.due_at });
    }
    if before.priority != after.priority {
        changes.push(Change::Priority { from: before.priority, to: after.priority });
    }
    if before.tags != after.tags {
        let known = store::tag::list(conn, workspace).await?;
        let only = |a: &Standing, b: &Standing| -> Vec<Tag> {
            known.iter().filter(|t| a.tags.contains(&t.id) && !b.tags.contains(&t.id)).cloned().collect()
        };
        let (added, removed) = (only(after, before), only(before, after));
        if !added.is_empty() {
            changes.push(Change::TagsAdded { tags: added });
        }
        if !removed.is_empty() {
            changes.push(Change::TagsRemoved { tags: removed });
        }
    }
    if before.fields != after.fields {
        let json = |v: Option<&Value>| v.map_or(serde_json::Value::Null, Value::to_json);
        for field in store::field::list(conn, workspace).await? {
            let (from, to) = (before.fields.get(&field.id), after.fields.get(&field.id));
            if from != to {
                changes.push(Change::Field { key: field.key.to_string(), label: field.label, from: json(from), to: json(to) });
            }
        }
    }
    if before.shelf != after.shelf {
        changes.push(Change::Shelf { from: before.shelf, to: after.shelf });
    }
    Ok(changes)
}
