//! Giving a conversation values.

use model::event::FieldChange;
use model::field::{Field, Value, Values};
use model::{Conversation, ConversationId, EventKind, FieldId, Permission, Scope};
use serde_json::Value as Json;
use store::Tx;

use crate::refusal::{FieldFault, Refusal};

/// Which field is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// By its id.
    Id(FieldId),
    /// By its key.
    Key(String),
}

/// Gives a conversation values, or takes them away with null; what is so already changes nothing. One event for all of them.
///
/// # Errors
/// [`Refusal::Fields`] with each field that is unknown, not for the conversation's inbox, or whose value does not fit: then
/// nothing is changed.
pub async fn set(tx: &mut Tx, scope: &Scope, id: ConversationId, wanted: &[(Which, Json)]) -> Result<Conversation, Refusal> {
    let conversation = crate::conversation::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    if wanted.is_empty() {
        return Ok(conversation);
    }
    let all = store::field::list(tx, scope.workspace).await?;
    let (mut changes, mut faults) = (Vec::new(), Vec::new());
    for (which, json) in wanted {
        match one(&all, &conversation, which, json) {
            Ok(change) => changes.push(change),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Fields { code: "invalid", faults });
    }
    write(tx, scope, conversation, changes).await
}

fn one<'a>(all: &'a [Field], conversation: &Conversation, which: &Which, json: &Json) -> Result<(&'a Field, Option<Value>), FieldFault> {
    let found = all.iter().find(|f| match which {
        Which::Id(id) => f.id == *id,
        Which::Key(key) => f.key.as_str() == key,
    });
    let key = found.map_or_else(
        || match which {
            Which::Id(id) => id.to_string(),
            Which::Key(key) => key.chars().take(80).collect(),
        },
        |f| f.key.to_string(),
    );
    let Some(field) = found.filter(|f| f.archived_at.is_none()) else {
        return Err(FieldFault { key, code: "unknown", detail: "There is no such field.".into() });
    };
    match field.read(json) {
        // Taking a value away is always possible.
        Ok(Some(_)) if !field.is_for(conversation.inbox) => {
            Err(FieldFault { key, code: "not_for_inbox", detail: "This field is not for the inbox of this conversation.".into() })
        }
        Ok(value) => Ok((field, value)),
        Err(fault) => Err(FieldFault { key, code: fault.code, detail: fault.detail }),
    }
}

/// Puts values back as they were, whatever the rules say by now. Fields that are not in `to` stay.
pub(crate) async fn restore(tx: &mut Tx, scope: &Scope, id: ConversationId, to: &[(FieldId, Option<Value>)]) -> Result<Conversation, Refusal> {
    let conversation = crate::conversation::to_change(tx, scope, Permission::ConversationWrite, id).await?;
    let all = store::field::list(tx, scope.workspace).await?;
    let changes = to.iter().filter_map(|(id, value)| all.iter().find(|f| f.id == *id).map(|f| (f, value.clone()))).collect();
    write(tx, scope, conversation, changes).await
}

async fn write(tx: &mut Tx, scope: &Scope, before: Conversation, changes: Vec<(&Field, Option<Value>)>) -> Result<Conversation, Refusal> {
    let mut values: Values = store::field::values(tx, scope.workspace, before.id).await?;
    let json = |v: Option<&Value>| v.map_or(Json::Null, Value::to_json);
    let mut told = Vec::new();
    for (field, value) in changes {
        let old = match &value {
            Some(value) => values.insert(field.id, value.clone()),
            None => values.remove(&field.id),
        };
        if old == value {
            continue;
        }
        store::field::put(tx, scope.workspace, before.id, field.id, value.as_ref()).await?;
        told.push(FieldChange { field: field.id, key: field.key.to_string(), from: json(old.as_ref()), to: json(value.as_ref()) });
    }
    if told.is_empty() {
        return Ok(before);
    }
    let mut after = before.clone();
    after.updated_at = tx.now();
    store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
    let kind = EventKind::ConversationFieldsChanged { changes: told };
    tx.record(scope.workspace, scope.actor, (Some(after.id), Some(after.inbox)), kind).await?;
    Ok(after)
}
