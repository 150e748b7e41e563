//! Verbs about statuses of a workspace's own.

use model::conversation::StatusKind;
use model::custom_status::{CATEGORIES, CustomStatus, MOST};
use model::tag::Color;
use model::{CustomStatusId, EventKind, Permission, Scope};
use store::Tx;

use crate::order::arranged;
use crate::{Refusal, line};

/// A new status.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Form {
    pub name: String,
    /// The status that it stands inside.
    pub category: StatusKind,
    pub color: Color,
    pub is_default: bool,
}

/// What is to change; none leaves it.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Patch {
    pub name: Option<String>,
    pub color: Option<Color>,
    pub is_default: Option<bool>,
    pub archived: Option<bool>,
}

/// Makes a status, at the end of the others. For admins.
///
/// # Errors
/// [`Refusal::Invalid`] when the name is taken in whatever case (by an archived one too) or no line, or when the category is
/// snoozed.
pub async fn create(tx: &mut Tx, scope: &Scope, form: Form) -> Result<CustomStatus, Refusal> {
    scope.require(Permission::WorkspaceManage)?;
    let all = store::custom_status::list(tx, scope.workspace).await?;
    if all.len() >= MOST {
        return Err(Refusal::invalid("name", "too_many", format!("{MOST} statuses are the most, archived ones included.")));
    }
    if !CATEGORIES.contains(&form.category) {
        return Err(Refusal::invalid("category", "invalid", "Pick open, pending, on_hold or resolved."));
    }
    let now = tx.now();
    let made = CustomStatus {
        id: tx.new_id(),
        version: 1,
        name: line::line("name", &form.name, 40)?,
        category: form.category,
        color: form.color,
        position: all.iter().map(|s| s.position).max().unwrap_or(0) + 1,
        is_default: form.is_default,
        archived_at: None,
        created_at: now,
        updated_at: now,
    };
    store::custom_status::insert(tx, scope.workspace, &made).await.map_err(taken)?;
    changed(tx, scope, made.id, "created").await?;
    Ok(made)
}

/// Changes a status wherever it is, puts it away or fetches it back. One that is put away stays where it was, and is nobody's
/// default. For admins.
///
/// # Errors
/// As [`create`]; [`Refusal::NotFound`]; [`Refusal::Conflict`] `archived` when one that is put away is to be the default.
pub async fn update(tx: &mut Tx, scope: &Scope, id: CustomStatusId, patch: Patch) -> Result<CustomStatus, Refusal> {
    scope.require(Permission::WorkspaceManage)?;
    let before = store::custom_status::find(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    let mut after = before.clone();
    let now = tx.now();
    if let Some(name) = patch.name {
        after.name = line::line("name", &name, 40)?;
    }
    after.color = patch.color.unwrap_or(after.color);
    if let Some(archived) = patch.archived {
        after.archived_at = archived.then(|| before.archived_at.unwrap_or(now));
    }
    after.is_default = patch.is_default.unwrap_or(after.is_default && after.archived_at.is_none());
    if after.is_default && after.archived_at.is_some() {
        return Err(Refusal::conflict("archived", "It is archived. Fetch it back before you make it the default."));
    }
    if after == before {
        return Ok(after);
    }
    after.updated_at = now;
    store::custom_status::update(tx, scope.workspace, &mut after).await.map_err(taken)?;
    let change = match (before.archived_at.is_some(), after.archived_at.is_some()) {
        (false, true) => "archived",
        (true, false) => "restored",
        _ => "changed",
    };
    changed(tx, scope, id, change).await?;
    Ok(after)
}

/// Puts statuses in an order; those that are not named follow in the order that they have. For admins.
///
/// # Errors
/// [`Refusal::Invalid`] when one is unknown or named twice.
pub async fn order(tx: &mut Tx, scope: &Scope, ids: &[CustomStatusId]) -> Result<Vec<CustomStatus>, Refusal> {
    scope.require(Permission::WorkspaceManage)?;
    let all = store::custom_status::list(tx, scope.workspace).await?;
    let known: Vec<CustomStatusId> = all.iter().map(|s| s.id).collect();
    let wanted = arranged(&known, ids).ok_or_else(|| Refusal::invalid("custom_status_ids", "not_found", "Name each status once."))?;
    for (position, id) in (1..).zip(&wanted) {
        if all.iter().any(|s| s.id == *id && s.position != position) {
            store::custom_status::place(tx, scope.workspace, *id, position).await?;
        }
    }
    changed(tx, scope, ids[0], "ordered").await?;
    Ok(store::custom_status::list(tx, scope.workspace).await?)
}

fn taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Duplicate(_) => Refusal::invalid("name", "taken", "A status has this name already, perhaps an archived one."),
        other => other.into(),
    }
}

async fn changed(tx: &mut Tx, scope: &Scope, custom_status: CustomStatusId, change: &str) -> Result<(), Refusal> {
    let kind = EventKind::CustomStatusUpdated { custom_status, change: change.into() };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}
