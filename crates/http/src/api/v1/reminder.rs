//! Reminders of the reader's own. Nobody else sees them.

use axum::extract::State;
use axum::http::StatusCode;
use desk::reminder::Form;
use model::scope::Forbidden;
use model::{ConversationId, Permission, ReminderId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(delete))
}

/// A reminder that is still to come.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Reminder {
    #[schema(value_type = String, example = "rem_0000000000000")]
    pub id: ReminderId,
    pub at: Time,
    /// Words for oneself; may be empty.
    pub words: String,
    /// It comes only when the customer has not written by then.
    pub unless_answered: bool,
    pub created_at: Time,
}

impl From<model::reminder::Reminder> for Reminder {
    fn from(r: model::reminder::Reminder) -> Self {
        Self { id: r.id, at: Time(r.at), words: r.words, unless_answered: r.unless_answered, created_at: Time(r.created_at) }
    }
}

/// A new reminder.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewReminder {
    /// In the future, within five years.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// One line for oneself, at most 500 characters.
    #[serde(default)]
    pub words: String,
    #[serde(default)]
    pub unless_answered: bool,
}

/// The reader's own reminders of a conversation that are still to come, the next one first.
#[utoipa::path(get, path = "/conversations/{id}/reminders", tag = "reminders", params(("id" = String, Path)),
    responses((status = 200, body = List<Reminder>), Problems))]
async fn list(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<Json<List<Reminder>>> {
    caller.require(Permission::ConversationRead)?;
    let agent = caller.scope.actor.agent().ok_or_else(|| Problem::from(Forbidden(Permission::ConversationRead)))?;
    let mut conn = app.read().await?;
    if store::conversation::in_sight_of(&mut conn, &caller.scope, &[id]).await?.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(Json(List::whole(store::reminder::waiting(&mut conn, caller.workspace, id, agent).await?)))
}

/// Reminds the reader of a conversation: at that time they get a notification with their own words.
#[utoipa::path(post, path = "/conversations/{id}/reminders", tag = "reminders", params(("id" = String, Path)), request_body = NewReminder,
    responses((status = 201, body = Reminder), Problems))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Json(form): Json<NewReminder>,
) -> Result<(StatusCode, Json<Reminder>)> {
    let mut tx = app.begin().await?;
    let form = Form { at: form.at, words: form.words, unless_answered: form.unless_answered };
    let reminder = desk::reminder::ask(&mut tx, &caller.scope, id, form).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(reminder.into())))
}

/// Takes a reminder of the reader's own back.
#[utoipa::path(delete, path = "/reminders/{id}", tag = "reminders", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<ReminderId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::reminder::cancel(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
