//! Side conversations: mail to somebody else from inside a conversation, and messages that are passed on.

use axum::extract::State;
use axum::http::StatusCode;
use desk::conversation::{Forward, Side, SideError};
use model::{AttachmentId, ConversationId, MessageId, Permission};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::{Conversation, fresh};
use super::message::mailboxes;
use super::refs::Mailbox;
use crate::app::App;
use crate::etag::Versioned;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, begin))
}

/// How a side conversation begins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SideForm {
    /// Whom to ask: anybody but the customer.
    pub to: Vec<Mailbox>,
    #[serde(default)]
    pub cc: Vec<Mailbox>,
    pub subject: String,
    pub html: Option<String>,
    /// When there is no HTML.
    pub text: Option<String>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub attachment_ids: Vec<AttachmentId>,
    /// A message of the conversation to pass on beneath the words.
    pub forward: Option<ForwardForm>,
}

/// A message to pass on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForwardForm {
    /// A message of this conversation, but no note.
    #[schema(value_type = String)]
    pub message_id: MessageId,
    /// Which of its files go along; all when left out.
    #[schema(value_type = Option<Vec<String>>)]
    pub attachment_ids: Option<Vec<AttachmentId>>,
}

/// The side conversations of a conversation, newest first. Their messages, replies, status and read marks have the routes of
/// any conversation.
#[utoipa::path(get, path = "/conversations/{id}/side-conversations", tag = "conversations", params(("id" = String, Path)),
    responses((status = 200, body = List<Conversation>), Problems))]
async fn list(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<Json<List<Conversation>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    store::conversation::listed_by_id(&mut conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let sides = store::side::sides(&mut conn, &caller.scope, id).await?;
    Ok(Json(List { items: sides.into_iter().map(Into::into).collect(), next: None }))
}

/// Begins a side conversation. The mail leaves when the author's undo window is over; the answer comes back beside the thread,
/// and the customer sees none of it.
#[utoipa::path(post, path = "/conversations/{id}/side-conversations", tag = "conversations", params(("id" = String, Path)), request_body = SideForm,
    responses((status = 201, body = Conversation), Problems))]
async fn begin(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Json(form): Json<SideForm>,
) -> Result<(StatusCode, Versioned<Conversation>)> {
    caller.require(Permission::ConversationReply)?;
    let side = Side {
        to: mailboxes("to", form.to)?,
        cc: mailboxes("cc", form.cc)?,
        subject: desk::line::line("subject", &form.subject, 250)?,
        html: form.html,
        text: form.text,
        attachments: form.attachment_ids,
        forward: form.forward.map(|f| Forward { message: f.message_id, attachments: f.attachment_ids }),
    };
    let mut tx = app.begin().await?;
    let side = desk::conversation::begin_side(&mut tx, &app.desk, &caller.scope, id, side).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, fresh(&app, &caller, side).await?))
}

impl From<SideError> for Problem {
    fn from(error: SideError) -> Self {
        match error {
            SideError::Refused(refusal) => refusal.into(),
            SideError::Send(error) => error.into(),
        }
    }
}
