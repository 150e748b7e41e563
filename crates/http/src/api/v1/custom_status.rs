//! Statuses of a workspace's own, each inside one that Sonnim knows.

use axum::extract::State;
use axum::http::StatusCode;
use desk::custom_status::{Form, Patch};
use model::conversation::StatusKind;
use model::tag::Color;
use model::{CustomStatusId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::library::expect_version;
use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(patch)).routes(routes!(put_order))
}

/// The status of a workspace's own that a conversation has.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CustomStatusRef {
    #[schema(value_type = String, example = "sts_0000000000000")]
    pub id: CustomStatusId,
    pub name: String,
    /// As of tags.
    #[schema(value_type = String)]
    pub color: Color,
}

/// A status of a workspace's own.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CustomStatus {
    #[schema(value_type = String, example = "sts_0000000000000")]
    pub id: CustomStatusId,
    /// Rises with each change; the `ETag`.
    pub version: i64,
    pub name: String,
    /// The status that it stands inside: `open`, `pending`, `on_hold` or `resolved`. Never changes.
    #[schema(value_type = String)]
    pub category: StatusKind,
    /// As of tags.
    #[schema(value_type = String)]
    pub color: Color,
    /// What a conversation gets that comes into the category by anything else: at most one of each category.
    pub is_default: bool,
    pub position: i64,
    /// Since when it can no longer be chosen. Conversations that have it keep it.
    pub archived_at: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
}

impl From<model::custom_status::CustomStatus> for CustomStatus {
    fn from(s: model::custom_status::CustomStatus) -> Self {
        Self {
            id: s.id,
            version: s.version,
            name: s.name,
            category: s.category,
            color: s.color,
            is_default: s.is_default,
            position: s.position,
            archived_at: s.archived_at.map(Time),
            created_at: Time(s.created_at),
            updated_at: Time(s.updated_at),
        }
    }
}

/// A new status.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewCustomStatus {
    /// One line, at most 40 characters; no other one has it, archived ones included.
    pub name: String,
    /// `open`, `pending`, `on_hold` or `resolved`.
    #[schema(value_type = String)]
    pub category: StatusKind,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub color: Color,
    #[serde(default)]
    pub is_default: bool,
}

/// What is to change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct CustomStatusPatch {
    pub name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub color: Option<Color>,
    /// True: in place of the one that is it now.
    pub is_default: Option<bool>,
    /// True puts it away, false fetches it back.
    pub archived: Option<bool>,
}

/// Every status of the workspace's own in its order, archived ones included: conversations and events name them.
#[utoipa::path(get, path = "/custom-statuses", tag = "custom statuses", responses((status = 200, body = List<CustomStatus>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<CustomStatus>>> {
    caller.require(Permission::ConversationRead)?;
    Ok(Json(List::whole(store::custom_status::list(&mut app.read().await?, caller.workspace).await?)))
}

/// Makes a status, at the end of the others.
#[utoipa::path(post, path = "/custom-statuses", tag = "custom statuses", request_body = NewCustomStatus,
    responses((status = 201, body = CustomStatus), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<NewCustomStatus>) -> Result<(StatusCode, Versioned<CustomStatus>)> {
    let mut tx = app.begin().await?;
    let form = Form { name: form.name, category: form.category, color: form.color, is_default: form.is_default };
    let made = desk::custom_status::create(&mut tx, &caller.scope, form).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Versioned(made.version, made.into())))
}

/// Changes a status wherever it is, puts it away or fetches it back. With `If-Match`, only the version that it names.
#[utoipa::path(patch, path = "/custom-statuses/{id}", tag = "custom statuses", params(("id" = String, Path)), request_body = CustomStatusPatch,
    responses((status = 200, body = CustomStatus), Problems))]
async fn patch(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<CustomStatusId>,
    IfMatch(version): IfMatch,
    Json(form): Json<CustomStatusPatch>,
) -> Result<Versioned<CustomStatus>> {
    caller.require(Permission::WorkspaceManage)?;
    let mut tx = app.begin().await?;
    let now = store::custom_status::find(&mut tx, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    expect_version(version, now.version, || CustomStatus::from(now.clone()))?;
    let patch = Patch { name: form.name, color: form.color, is_default: form.is_default, archived: form.archived };
    let changed = desk::custom_status::update(&mut tx, &caller.scope, id, patch).await?;
    tx.commit().await?;
    Ok(Versioned(changed.version, changed.into()))
}

/// An order of statuses.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomStatusOrder {
    /// These come first; the others follow in the order that they have.
    #[schema(value_type = Vec<String>)]
    pub custom_status_ids: Vec<CustomStatusId>,
}

/// Puts the statuses in an order.
#[utoipa::path(put, path = "/custom-status-order", tag = "custom statuses", request_body = CustomStatusOrder,
    responses((status = 200, body = List<CustomStatus>), Problems))]
async fn put_order(State(app): State<App>, caller: Caller, Json(form): Json<CustomStatusOrder>) -> Result<Json<List<CustomStatus>>> {
    let mut tx = app.begin().await?;
    let all = desk::custom_status::order(&mut tx, &caller.scope, &form.custom_status_ids).await?;
    tx.commit().await?;
    Ok(Json(List::whole(all)))
}
