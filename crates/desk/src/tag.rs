//! Verbs about tags.

use model::tag::{Color, Tag};
use model::{EventKind, Permission, Scope, TagId};
use store::Tx;

use crate::{Refusal, line};

/// Most tags of a workspace.
const MOST: usize = 1000;

/// Makes a tag. Whoever tags may make one.
///
/// # Errors
/// [`Refusal::Invalid`] when the word is taken, in whatever case, or no line.
pub async fn create(tx: &mut Tx, scope: &Scope, name: &str, color: Color) -> Result<Tag, Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let tag = Tag { id: tx.new_id(), name: line::line("name", name, 60)?, color };
    if store::tag::list(tx, scope.workspace).await?.len() >= MOST {
        return Err(Refusal::invalid("name", "too_many", "1,000 tags are the most."));
    }
    store::tag::insert(tx, scope.workspace, &tag).await.map_err(taken)?;
    changed(tx, scope, tag.id).await?;
    Ok(tag)
}

/// Changes a tag's word or colour, wherever it is on.
///
/// # Errors
/// As [`create`]; [`Refusal::NotFound`].
pub async fn update(tx: &mut Tx, scope: &Scope, id: TagId, name: Option<&str>, color: Option<Color>) -> Result<Tag, Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let tags = store::tag::list(tx, scope.workspace).await?;
    let mut tag = tags.into_iter().find(|t| t.id == id).ok_or(Refusal::NotFound)?;
    if let Some(name) = name {
        tag.name = line::line("name", name, 60)?;
    }
    tag.color = color.unwrap_or(tag.color);
    store::tag::update(tx, scope.workspace, &tag).await.map_err(taken)?;
    changed(tx, scope, id).await?;
    Ok(tag)
}

/// Deletes a tag, off its conversations too: there is no way back, so this is for admins.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn delete(tx: &mut Tx, scope: &Scope, id: TagId) -> Result<(), Refusal> {
    scope.require(Permission::WorkspaceManage)?;
    if !store::tag::delete(tx, scope.workspace, id).await? {
        return Err(Refusal::NotFound);
    }
    changed(tx, scope, id).await
}

/// Merges a tag into another: every conversation, view and macro that had the one has the other. There is no way back, so
/// this is for admins.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Invalid`] when `into` is no other tag of the workspace.
pub async fn merge(tx: &mut Tx, scope: &Scope, from: TagId, into: TagId) -> Result<Tag, Refusal> {
    scope.require(Permission::WorkspaceManage)?;
    let tags = store::tag::list(tx, scope.workspace).await?;
    if !tags.iter().any(|t| t.id == from) {
        return Err(Refusal::NotFound);
    }
    let target = tags.into_iter().find(|t| t.id == into && into != from).ok_or_else(|| Refusal::unknown("into"))?;
    store::tag::merge(tx, scope.workspace, from, into).await?;
    changed(tx, scope, from).await?;
    changed(tx, scope, into).await?;
    Ok(target)
}

fn taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Duplicate(_) => Refusal::invalid("name", "taken", "A tag has this name already."),
        other => other.into(),
    }
}

async fn changed(tx: &mut Tx, scope: &Scope, tag: TagId) -> Result<(), Refusal> {
    Ok(tx.record(scope.workspace, scope.actor, (None, None), EventKind::TagUpdated { tag }).await?)
}
