//! Merging conversations, undoing it, and splitting messages off.

use axum::extract::State;
use axum::http::StatusCode;
use model::{ConversationId, MessageId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::{Conversation, fresh};
use crate::app::App;
use crate::etag::Versioned;
use crate::json::{Json, PathId};
use crate::problem::{Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(merge, unmerge)).routes(routes!(split))
}

/// What to merge into.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeForm {
    /// The conversation that takes this one in.
    #[schema(value_type = String)]
    pub into: ConversationId,
    /// It is meant, though their customers differ: each then takes part in what the other wrote.
    #[serde(default)]
    pub other_customer: bool,
}

/// Merges a conversation into another, which is the answer. 409 `other_customer` when their customers differ and nobody said
/// that this is meant.
#[utoipa::path(post, path = "/conversations/{id}/merge", tag = "conversations", params(("id" = String, Path)), request_body = MergeForm,
    responses((status = 200, body = Conversation), Problems))]
async fn merge(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Json(form): Json<MergeForm>,
) -> Result<Versioned<Conversation>> {
    let mut tx = app.begin().await?;
    desk::conversation::merge(&mut tx, &caller.scope, id, form.into, form.other_customer).await?;
    tx.commit().await?;
    fresh(&app, &caller, form.into).await
}

/// Undoes the merge of a conversation into another: both are what they were. 409 `newer_messages` when somebody has written since.
#[utoipa::path(delete, path = "/conversations/{id}/merge", tag = "conversations", params(("id" = String, Path)),
    responses((status = 200, body = Conversation), Problems))]
async fn unmerge(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<Versioned<Conversation>> {
    let mut tx = app.begin().await?;
    desk::conversation::unmerge(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    fresh(&app, &caller, id).await
}

/// What to split off.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitForm {
    /// Messages of this conversation; at least one must be left in it.
    #[schema(value_type = Vec<String>)]
    pub message_ids: Vec<MessageId>,
    /// The new conversation's subject; that of the first message when left out.
    pub subject: Option<String>,
}

/// Splits messages off into a new conversation.
#[utoipa::path(post, path = "/conversations/{id}/split", tag = "conversations", params(("id" = String, Path)), request_body = SplitForm,
    responses((status = 201, body = Conversation), Problems))]
async fn split(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Json(form): Json<SplitForm>,
) -> Result<(StatusCode, Versioned<Conversation>)> {
    let mut tx = app.begin().await?;
    let new = desk::conversation::split(&mut tx, &caller.scope, id, &form.message_ids, form.subject.as_deref()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, fresh(&app, &caller, new).await?))
}
