//! Sending a whole conversation by mail.

use axum::extract::State;
use axum::http::StatusCode;
use desk::conversation::TranscriptForm;
use model::workspace::Language;
use model::{ConversationId, EmailAddress};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::json::{Json, PathId};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(send))
}

/// To whom it goes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTranscript {
    /// Addresses, at most 5; each gets a mail of their own.
    pub to: Vec<String>,
    /// Internal notes too: only when everyone in `to` is a colleague who sees the conversation.
    #[serde(default)]
    pub notes: bool,
    /// `en` or `ko`, for what stands around the messages; the reader's language when left out.
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
}

/// Mails the whole conversation, as it reads when the mail leaves, to the customer or anybody else. It is no answer: status and
/// waiting time stay as they are. The thread says in a line that it was sent, or that it did not arrive.
#[utoipa::path(post, path = "/conversations/{id}/transcripts", tag = "conversations", params(("id" = String, Path)), request_body = NewTranscript,
    responses((status = 204), Problems))]
async fn send(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>, Json(form): Json<NewTranscript>) -> Result<StatusCode> {
    let to: Result<Vec<EmailAddress>, _> = form.to.iter().map(|text| text.parse()).collect();
    let to = to.map_err(|_| Problem::invalid("to", "invalid", "One of these is no mail address."))?;
    let mut tx = app.begin().await?;
    desk::conversation::send_transcript(&mut tx, &caller.scope, id, TranscriptForm { to, notes: form.notes, language: form.language }).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
