//! Links that people make, problems with their cases, and solving them.

use axum::extract::State;
use axum::http::StatusCode;
use desk::conversation::{MOST_CASES, Solve};
use model::conversation_link::LinkKind;
use model::{ConversationId, Permission, SavedReplyId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bulk::Body as BulkAction;
use super::conversation::Conversation;
use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(cases)).routes(routes!(connect)).routes(routes!(disconnect)).routes(routes!(solve))
}

/// The cases of the problem that a conversation is about, as far as they are in the reader's sight.
#[utoipa::path(get, path = "/conversations/{id}/cases", tag = "conversations", params(("id" = String, Path)),
    responses((status = 200, body = List<Conversation>), Problems))]
async fn cases(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<Json<List<Conversation>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    store::conversation::listed_by_id(&mut conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let ids = store::conversation_link::cases(&mut conn, caller.workspace, id, MOST_CASES).await?;
    let mut listed = store::conversation::listed_by_ids(&mut conn, &caller.scope, &ids).await?;
    listed.sort_unstable_by_key(|l| std::cmp::Reverse(l.conversation.id));
    Ok(Json(List { items: listed.into_iter().map(Into::into).collect(), next: None }))
}

/// What to link.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkForm {
    /// `related`, or `problem`: the others are cases of the problem that this one is about.
    #[schema(value_type = String)]
    pub kind: LinkKind,
    /// At most 500.
    #[schema(value_type = Vec<String>)]
    pub conversation_ids: Vec<ConversationId>,
}

/// Links other conversations to this one. 409 `is_case` when it is itself a case of another problem.
#[utoipa::path(post, path = "/conversations/{id}/links", tag = "conversations", params(("id" = String, Path)), request_body = LinkForm,
    responses((status = 204), Problems))]
async fn connect(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>, Json(form): Json<LinkForm>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::conversation::connect(&mut tx, &caller.scope, id, &form.conversation_ids, form.kind).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes away a link that somebody has made, whichever of the two it was made from.
#[utoipa::path(delete, path = "/conversations/{id}/links/{other}", tag = "conversations", params(("id" = String, Path), ("other" = String, Path)),
    responses((status = 204), Problems))]
async fn disconnect(State(app): State<App>, caller: Caller, PathId((id, other)): PathId<(ConversationId, ConversationId)>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::conversation::disconnect(&mut tx, &caller.scope, id, other).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the customers of a problem's cases are told.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SolveForm {
    /// A template; try it out with `POST /template-previews`.
    pub html: Option<String>,
    /// Or a saved reply, in each customer's language.
    #[schema(value_type = Option<String>)]
    pub saved_reply_id: Option<SavedReplyId>,
    /// Also resolves the cases and the problem.
    pub resolve: bool,
}

/// Answers the customer of each case, each in their own thread, as a bulk action of the caller. `POST /bulk-actions/{id}/undo`
/// takes it back while the replies' undo window is open.
#[utoipa::path(post, path = "/conversations/{id}/solve", tag = "conversations", params(("id" = String, Path)), request_body = SolveForm,
    responses((status = 202, body = BulkAction), Problems))]
async fn solve(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Json(form): Json<SolveForm>,
) -> Result<(StatusCode, Json<BulkAction>)> {
    let mut tx = app.begin().await?;
    let how = Solve { html: form.html, saved_reply: form.saved_reply_id, resolve: form.resolve };
    let bulk = desk::conversation::solve(&mut tx, &caller.scope, id, how).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(bulk.into())))
}
