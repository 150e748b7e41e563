//! Tags.

use axum::extract::State;
use axum::http::StatusCode;
use model::tag::Color;
use model::{Permission, TagId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(patch, delete)).routes(routes!(usage)).routes(routes!(merge))
}

/// A short coloured word on conversations.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Tag {
    #[schema(value_type = String, example = "tag_0000000000000")]
    pub id: TagId,
    pub name: String,
    /// `grey`, `red`, `orange`, `yellow`, `green`, `teal`, `blue`, `purple` or `pink`.
    #[schema(value_type = String)]
    pub color: Color,
}

impl From<model::tag::Tag> for Tag {
    fn from(t: model::tag::Tag) -> Self {
        Self { id: t.id, name: t.name, color: t.color }
    }
}

/// A new tag.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewTag {
    pub name: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub color: Color,
}

/// What is to change.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct TagPatch {
    pub name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub color: Option<Color>,
}

/// Every tag, by name.
#[utoipa::path(get, path = "/tags", tag = "tags", responses((status = 200, body = List<Tag>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<Tag>>> {
    caller.require(Permission::ConversationRead)?;
    Ok(Json(List::whole(store::tag::list(&mut app.read().await?, caller.workspace).await?)))
}

/// Makes a tag.
#[utoipa::path(post, path = "/tags", tag = "tags", request_body = NewTag, responses((status = 201, body = Tag), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<NewTag>) -> Result<(StatusCode, Json<Tag>)> {
    let mut tx = app.begin().await?;
    let tag = desk::tag::create(&mut tx, &caller.scope, &form.name, form.color).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(tag.into())))
}

/// Changes a tag wherever it is on.
#[utoipa::path(patch, path = "/tags/{id}", tag = "tags", params(("id" = String, Path)), request_body = TagPatch, responses((status = 200, body = Tag), Problems))]
async fn patch(State(app): State<App>, caller: Caller, PathId(id): PathId<TagId>, Json(form): Json<TagPatch>) -> Result<Json<Tag>> {
    let mut tx = app.begin().await?;
    let tag = desk::tag::update(&mut tx, &caller.scope, id, form.name.as_deref(), form.color).await?;
    tx.commit().await?;
    Ok(Json(tag.into()))
}

/// Deletes a tag, off its conversations too.
#[utoipa::path(delete, path = "/tags/{id}", tag = "tags", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<TagId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::tag::delete(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a tag is on, and what names it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct TagUsage {
    /// In every inbox.
    pub conversations: i64,
    /// Saved views, other people's too.
    pub views: i64,
    pub macros: i64,
}

/// What would be touched by merging or deleting a tag.
#[utoipa::path(get, path = "/tags/{id}/usage", tag = "tags", params(("id" = String, Path)), responses((status = 200, body = TagUsage), Problems))]
async fn usage(State(app): State<App>, caller: Caller, PathId(id): PathId<TagId>) -> Result<Json<TagUsage>> {
    caller.require(Permission::WorkspaceManage)?;
    let mut conn = app.read().await?;
    if !store::tag::list(&mut conn, caller.workspace).await?.iter().any(|t| t.id == id) {
        return Err(Problem::not_found());
    }
    let used = store::tag::used(&mut conn, caller.workspace, id).await?;
    Ok(Json(TagUsage { conversations: used.conversations, views: used.views, macros: used.macros }))
}

/// Which tag takes the place of another.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagMerge {
    /// The one that stays.
    #[schema(value_type = String)]
    pub into: TagId,
}

/// Merges a tag into another, which is the answer: conversations, views and macros follow.
#[utoipa::path(post, path = "/tags/{id}/merge", tag = "tags", params(("id" = String, Path)), request_body = TagMerge, responses((status = 200, body = Tag), Problems))]
async fn merge(State(app): State<App>, caller: Caller, PathId(id): PathId<TagId>, Json(form): Json<TagMerge>) -> Result<Json<Tag>> {
    let mut tx = app.begin().await?;
    let tag = desk::tag::merge(&mut tx, &caller.scope, id, form.into).await?;
    tx.commit().await?;
    Ok(Json(tag.into()))
}
