//! Chats of others, for supervisors: who has which, watching, whispering, taking over.

use axum::extract::State;
use axum::http::StatusCode;
use model::{AgentId, ConversationId, Permission};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::{Conversation, fresh};
use super::message::{Message, NoteForm};
use crate::app::App;
use crate::etag::Versioned;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(chats)).routes(routes!(watch)).routes(routes!(whisper)).routes(routes!(take_over))
}

/// A chat that goes on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgentChat {
    /// Which.
    pub conversation: Conversation,
    /// The queue that it came from.
    pub queue_name: Option<String>,
}

/// The open chats of an agent, the one that has gone on longest first.
#[utoipa::path(get, path = "/agents/{id}/chats", tag = "routing", params(("id" = String, Path)), responses((status = 200, body = List<AgentChat>), Problems))]
async fn chats(State(app): State<App>, caller: Caller, PathId(id): PathId<AgentId>) -> Result<Json<List<AgentChat>>> {
    let found = desk::routing::chats_of(&mut app.read().await?, &caller.scope, id).await?;
    let items = found.into_iter().map(|c| AgentChat { conversation: c.conversation.into(), queue_name: c.queue_name }).collect();
    Ok(Json(List { items, next: None }))
}

/// Begins to watch a chat: neither its agent nor its customer is told, and admins see it in the audit log. Mark it as read `quietly`
/// while watching.
#[utoipa::path(post, path = "/conversations/{id}/watch", tag = "routing", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn watch(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::chat::watch(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whispers to whoever has a conversation: an internal note that they are told at once.
#[utoipa::path(post, path = "/conversations/{id}/whispers", tag = "routing", params(("id" = String, Path)), request_body = NoteForm,
    responses((status = 201, body = Message), Problems))]
async fn whisper(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Json(form): Json<NoteForm>,
) -> Result<(StatusCode, Json<Message>)> {
    caller.require(Permission::ChatSupervise)?;
    let note = form.read()?;
    let mut tx = app.begin().await?;
    let message = desk::chat::whisper(&mut tx, &caller.scope, id, note).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(super::message::fresh(&app, &caller, message).await?)))
}

/// Takes a conversation over from whoever has it; they are told.
#[utoipa::path(post, path = "/conversations/{id}/take-over", tag = "routing", params(("id" = String, Path)),
    responses((status = 200, body = Conversation), Problems))]
async fn take_over(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<Versioned<Conversation>> {
    let mut tx = app.begin().await?;
    desk::chat::take_over(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    fresh(&app, &caller, id).await
}
