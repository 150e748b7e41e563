//! Defining fields.

use model::field::{self, Field, Key, Kind, MOST_FIELDS, ShownWhen, Words};
use model::{EventKind, FieldId, InboxId, Permission, Scope};
use store::Tx;

use crate::order::arranged;
use crate::{Refusal, line};

/// A new field.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its name for filters and programs; made from the label when there is none.
    pub key: Option<String>,
    /// Its name for people, in at least one language.
    pub label: Words,
    /// A sentence for those who fill it in.
    pub help: Words,
    /// What it holds.
    pub kind: Kind,
    /// Inboxes it is for; none: all.
    pub inboxes: Vec<InboxId>,
    /// When it is shown.
    pub shown_when: Option<ShownWhen>,
    /// Needed to resolve.
    pub required: bool,
}

/// What is to change of a field; none leaves it.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Patch {
    pub label: Option<Words>,
    pub help: Option<Words>,
    pub kind: Option<Kind>,
    pub inboxes: Option<Vec<InboxId>>,
    pub shown_when: Option<Option<ShownWhen>>,
    pub required: Option<bool>,
    pub archived: Option<bool>,
}

/// Defines a field, at the end of the others. For admins.
///
/// # Errors
/// [`Refusal::Invalid`] names what does not fit: a key that is taken (by an archived field too), labels, options, a pattern,
/// inboxes or a condition that lead nowhere.
pub async fn create(tx: &mut Tx, scope: &Scope, form: Form) -> Result<Field, Refusal> {
    scope.require(Permission::WorkspaceManage)?;
    let all = store::field::list(tx, scope.workspace).await?;
    if all.len() >= MOST_FIELDS {
        return Err(Refusal::invalid("key", "too_many", format!("{MOST_FIELDS} fields are the most, archived ones included.")));
    }
    let label = words("label", form.label, 80)?;
    if label == Words::default() {
        return Err(Refusal::invalid("label", "missing", "Give it a name in at least one language."));
    }
    let key = match form.key.as_deref().map(str::trim).filter(|k| !k.is_empty()) {
        Some(key) => key.parse::<Key>().map_err(|e| Refusal::invalid("key", "invalid", e.to_string()))?,
        None => field::slug(label.en.as_deref().unwrap_or_default(), "field", |k| all.iter().any(|f| f.key == k))
            .ok_or_else(|| Refusal::invalid("key", "missing", "Give it a key."))?,
    };
    let now = tx.now();
    let made = Field {
        id: tx.new_id(),
        version: 1,
        key,
        label,
        help: words("help", form.help, 300)?,
        kind: form.kind.checked(None).map_err(unfit)?,
        inboxes: form.inboxes,
        shown_when: form.shown_when,
        required: form.required,
        position: all.iter().map(|f| f.position).max().unwrap_or(0) + 1,
        archived_at: None,
        created_at: now,
        updated_at: now,
    };
    check(tx, scope, &all, &made).await?;
    store::field::insert(tx, scope.workspace, &made).await.map_err(taken)?;
    changed(tx, scope, made.id, "created").await?;
    Ok(made)
}

/// Changes a field, puts it away or fetches it back. Values that are there stay, whatever the new rules say. For admins.
///
/// # Errors
/// As [`create`]; [`Refusal::NotFound`]; [`Refusal::Conflict`] `field_in_use` when it is to be archived and the condition of
/// another one asks for it.
pub async fn update(tx: &mut Tx, scope: &Scope, id: FieldId, patch: Patch) -> Result<Field, Refusal> {
    scope.require(Permission::WorkspaceManage)?;
    let all = store::field::list(tx, scope.workspace).await?;
    let before = all.iter().find(|f| f.id == id).ok_or(Refusal::NotFound)?;
    let mut after = before.clone();
    if let Some(label) = patch.label {
        after.label = words("label", label, 80)?;
        if after.label == Words::default() {
            return Err(Refusal::invalid("label", "missing", "Give it a name in at least one language."));
        }
    }
    if let Some(help) = patch.help {
        after.help = words("help", help, 300)?;
    }
    if let Some(kind) = patch.kind {
        if !kind.may_follow(&before.kind) {
            return Err(Refusal::invalid("type", "fixed", "What a field holds cannot be changed. Make another field and archive this one."));
        }
        after.kind = kind.checked(Some(&before.kind)).map_err(unfit)?;
    }
    after.inboxes = patch.inboxes.unwrap_or(after.inboxes);
    after.shown_when = patch.shown_when.unwrap_or(after.shown_when);
    after.required = patch.required.unwrap_or(after.required);
    if let Some(archived) = patch.archived {
        let now = tx.now();
        after.archived_at = archived.then(|| before.archived_at.unwrap_or(now));
    }
    let asks = |f: &&Field| f.archived_at.is_none() && f.shown_when.as_ref().is_some_and(|w| w.field_id == id);
    if after.archived_at.is_some()
        && before.archived_at.is_none()
        && let Some(other) = all.iter().find(asks)
    {
        return Err(Refusal::conflict("field_in_use", format!("The field {} is shown by what this one holds. Change that first.", other.key)));
    }
    if after == *before {
        return Ok(after);
    }
    if after.archived_at.is_none() {
        check(tx, scope, &all, &after).await?;
    }
    after.updated_at = tx.now();
    store::field::update(tx, scope.workspace, &mut after).await?;
    let change = match (before.archived_at.is_some(), after.archived_at.is_some()) {
        (false, true) => "archived",
        (true, false) => "restored",
        _ => "changed",
    };
    changed(tx, scope, id, change).await?;
    Ok(after)
}

/// Puts fields in an order; those that are not named follow in the order that they have. For admins.
///
/// # Errors
/// [`Refusal::Invalid`] when one is unknown or named twice.
pub async fn order(tx: &mut Tx, scope: &Scope, ids: &[FieldId]) -> Result<Vec<Field>, Refusal> {
    scope.require(Permission::WorkspaceManage)?;
    let all = store::field::list(tx, scope.workspace).await?;
    let known: Vec<FieldId> = all.iter().map(|f| f.id).collect();
    let wanted = arranged(&known, ids).ok_or_else(|| Refusal::invalid("field_ids", "not_found", "Name each field once."))?;
    for (position, id) in (1..).zip(&wanted) {
        if all.iter().any(|f| f.id == *id && f.position != position) {
            store::field::place(tx, scope.workspace, *id, position).await?;
        }
    }
    changed(tx, scope, ids[0], "ordered").await?;
    Ok(store::field::list(tx, scope.workspace).await?)
}

/// What a field refers to is there, and its condition can hold.
async fn check(tx: &mut Tx, scope: &Scope, all: &[Field], field: &Field) -> Result<(), Refusal> {
    if !field.inboxes.is_empty() {
        let known = store::inbox::list(tx, scope.workspace).await?;
        if field.inboxes.iter().any(|id| !known.iter().any(|i| i.id == *id)) {
            return Err(Refusal::unknown("inbox_ids"));
        }
    }
    let Some(when) = &field.shown_when else { return Ok(()) };
    let other = all.iter().find(|f| f.id == when.field_id && f.archived_at.is_none() && f.id != field.id);
    let Some(other) = other else { return Err(Refusal::unknown("shown_when.field_id")) };
    if !other.kind.can_decide() {
        return Err(Refusal::invalid("shown_when.field_id", "invalid", "Pick a field that is a choice or a checkbox."));
    }
    if field::closes_circle(all, field.id, other.id) {
        return Err(Refusal::invalid("shown_when.field_id", "circle", "These fields would wait for each other."));
    }
    let known = |word: &String| match &other.kind {
        Kind::Checkbox {} => word == "true" || word == "false",
        kind => kind.options().iter().any(|o| o.key() == word),
    };
    if when.any_of.is_empty() {
        return Err(Refusal::invalid("shown_when.any_of", "missing", "Pick at least one value."));
    }
    if when.any_of.len() > field::MOST_OPTIONS || !when.any_of.iter().all(known) {
        return Err(Refusal::unknown("shown_when.any_of"));
    }
    Ok(())
}

fn words(place: &'static str, words: Words, most: usize) -> Result<Words, Refusal> {
    let one = |text: Option<String>| -> Result<Option<String>, Refusal> {
        Ok(text.map(|t| line::optional_line(place, &t, most)).transpose()?.filter(|t| !t.is_empty()))
    };
    Ok(Words { en: one(words.en)?, ko: one(words.ko)? })
}

fn unfit((field, code, detail): (&'static str, &'static str, String)) -> Refusal {
    Refusal::Invalid { field, code, detail }
}

fn taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Duplicate(_) => Refusal::invalid("key", "taken", "A field has this key already, perhaps an archived one."),
        other => other.into(),
    }
}

async fn changed(tx: &mut Tx, scope: &Scope, field: FieldId, change: &str) -> Result<(), Refusal> {
    let kind = EventKind::FieldUpdated { field, change: change.into() };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}
