//! Mending notes, and taking words and files out of messages for good.

use axum::extract::State;
use desk::conversation::Note;
use desk::redact::{Redaction, Words};
use model::message::MessageKind;
use model::{AttachmentId, MessageId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::message::{Message, fresh};
use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::present;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(edit)).routes(routes!(versions)).routes(routes!(redact))
}

/// A note's new words.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteEdit {
    /// Its words; who is named in them is told.
    pub html: Option<String>,
    /// When there is no HTML.
    pub text: Option<String>,
}

/// Mends a note of one's own. How it read before stays to be seen.
#[utoipa::path(put, path = "/messages/{id}/note", tag = "messages", params(("id" = String, Path)), request_body = NoteEdit,
    responses((status = 200, body = Message), Problems))]
async fn edit(State(app): State<App>, caller: Caller, PathId(id): PathId<MessageId>, Json(form): Json<NoteEdit>) -> Result<Json<Message>> {
    caller.require(Permission::ConversationWrite)?;
    let note = Note::new(form.html.as_deref(), form.text.as_deref(), Vec::new())?;
    let mut tx = app.begin().await?;
    desk::conversation::edit_note(&mut tx, &caller.scope, id, note).await?;
    tx.commit().await?;
    Ok(Json(fresh(&app, &caller, id).await?))
}

/// How a note read before.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct NoteVersion {
    pub html: Option<String>,
    pub text: String,
    /// Since when it read so.
    pub written_at: Time,
}

/// How a note read before its author mended it, newest first.
#[utoipa::path(get, path = "/messages/{id}/versions", tag = "messages", params(("id" = String, Path)),
    responses((status = 200, body = List<NoteVersion>), Problems))]
async fn versions(State(app): State<App>, caller: Caller, PathId(id): PathId<MessageId>) -> Result<Json<List<NoteVersion>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let shown = store::message::get(&mut conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let kept = match shown.message.kind {
        MessageKind::Note => store::redaction::versions_of_message(&mut conn, caller.workspace, id).await?,
        _ => Vec::new(),
    };
    let one = |v: store::redaction::Version| NoteVersion {
        html: v.html.map(|h| present::html(&h, &shown.attachments)),
        text: v.text,
        written_at: Time(v.written_at),
    };
    Ok(Json(List { items: kept.into_iter().map(one).collect(), next: None }))
}

/// What is to go for good.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedactionForm {
    /// Phrases of the message, at least three characters each. Spaces and the size of letters do not matter.
    #[serde(default)]
    pub words: Vec<String>,
    /// Files of the message.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub attachment_ids: Vec<AttachmentId>,
}

/// What went.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Redacted {
    /// The message as it is now.
    pub message: Message,
    /// How many messages are another now: others may have quoted it.
    pub messages: usize,
}

/// Takes words and files out of a message for good, and out of everything in the conversation and beside it that repeats them:
/// quotes, older versions, drafts, the raw mail, the search, previews, the log.
#[utoipa::path(post, path = "/messages/{id}/redactions", tag = "messages", params(("id" = String, Path)), request_body = RedactionForm,
    responses((status = 200, body = Redacted), Problems))]
async fn redact(State(app): State<App>, caller: Caller, PathId(id): PathId<MessageId>, Json(form): Json<RedactionForm>) -> Result<Json<Redacted>> {
    caller.require(Permission::MessageRedact)?;
    let what = Redaction { words: Words::new(&form.words)?, attachments: form.attachment_ids };
    let mut tx = app.begin().await?;
    let messages = desk::redact::redact(&mut tx, &app.desk, &caller.scope, id, &what).await?;
    tx.commit().await?;
    Ok(Json(Redacted { message: fresh(&app, &caller, id).await?, messages }))
}
