//! Colleagues in a chat: inviting, coming, leaving.

use axum::extract::State;
use axum::http::StatusCode;
use model::{AgentId, ConversationId, MessageId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::Conversation;
use super::message::NoteForm;
use super::refs::AgentRef;
use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(invite)).routes(routes!(join, leave)).routes(routes!(mine))
}

/// A colleague in a chat, or on the way there.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Guest {
    pub agent: AgentRef,
    pub invited_by: AgentRef,
    /// The internal note that went with it.
    #[schema(value_type = Option<String>)]
    pub note_id: Option<MessageId>,
    pub at: Time,
    /// Null: has not come yet.
    pub joined_at: Option<Time>,
}

impl From<store::guest::Guest> for Guest {
    fn from(g: store::guest::Guest) -> Self {
        Self {
            agent: AgentRef { id: g.agent, name: g.name },
            invited_by: AgentRef { id: g.invited_by, name: g.inviter_name },
            note_id: g.note,
            at: Time(g.at),
            joined_at: g.joined_at.map(Time),
        }
    }
}

/// Whom to invite.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestForm {
    /// Somebody who answers customers and sees the inbox.
    #[schema(value_type = String)]
    pub agent_id: AgentId,
    /// Words for them: an internal note.
    pub note: Option<NoteForm>,
}

/// Invites a colleague into a chat. They are told; the customer sees their name once they write.
#[utoipa::path(post, path = "/conversations/{id}/guests", tag = "conversations", params(("id" = String, Path)), request_body = GuestForm,
    responses((status = 204), Problems))]
async fn invite(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>, Json(form): Json<GuestForm>) -> Result<StatusCode> {
    caller.require(Permission::ConversationReply)?;
    let note = form.note.map(NoteForm::read).transpose()?;
    let mut tx = app.begin().await?;
    desk::chat::invite(&mut tx, &caller.scope, id, form.agent_id, note).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Comes into a chat that the reader was invited into.
#[utoipa::path(put, path = "/conversations/{id}/guests/me", tag = "conversations", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn join(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::chat::join(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves a chat that the reader came into, or does not come.
#[utoipa::path(delete, path = "/conversations/{id}/guests/me", tag = "conversations", params(("id" = String, Path)),
    responses((status = 204), Problems))]
async fn leave(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::chat::leave_as_guest(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The open chats that the reader has, or came into, the one that began first on top; at most 150.
#[utoipa::path(get, path = "/my-chats", tag = "conversations", responses((status = 200, body = List<Conversation>), Problems))]
async fn mine(State(app): State<App>, caller: Caller) -> Result<Json<List<Conversation>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let mut ids = store::guest::joined_by(&mut conn, caller.workspace, caller.agent.id).await?;
    ids.extend(store::guest::chats_of(&mut conn, caller.workspace, caller.agent.id).await?.into_iter().map(|(id, _)| id));
    ids.sort_unstable();
    ids.dedup();
    let mut listed = if ids.is_empty() { Vec::new() } else { store::conversation::listed_by_ids(&mut conn, &caller.scope, &ids).await? };
    listed.sort_by_key(|l| l.conversation.id);
    Ok(Json(List { items: listed.into_iter().map(Into::into).collect(), next: None }))
}
