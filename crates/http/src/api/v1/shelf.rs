//! The trash and spam: putting conversations there, taking them back, deleting for good.

use axum::extract::State;
use axum::http::StatusCode;
use model::{Actor, AgentId, ConversationId, Permission, ShelfKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::{Conversation, fresh};
use crate::app::App;
use crate::etag::Versioned;
use crate::json::{Json, PathId};
use crate::problem::{Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(put, restore)).routes(routes!(purge))
}

/// Where a conversation lies that nobody works on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Shelf {
    /// `trash` or `spam`.
    #[schema(value_type = String)]
    pub kind: ShelfKind,
    /// Since when.
    pub at: Time,
    /// The agent who put it there; null: Sonnim, for a blocked sender.
    #[schema(value_type = Option<String>)]
    pub by: Option<AgentId>,
    /// When the trash forgets it.
    pub purged_at: Option<Time>,
}

impl From<model::Shelf> for Shelf {
    fn from(shelf: model::Shelf) -> Self {
        let by = if let Actor::Agent(id) = shelf.by() { Some(id) } else { None };
        let purged_at = (shelf.kind() == ShelfKind::Trash).then(|| Time(shelf.at() + model::shelf::TRASH_KEEPS));
        Self { kind: shelf.kind(), at: Time(shelf.at()), by, purged_at }
    }
}

/// Where to put it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShelfForm {
    /// `trash` or `spam`.
    #[schema(value_type = String)]
    pub kind: ShelfKind,
    /// With spam: its requester's mail goes to spam at once from now on.
    #[serde(default)]
    pub block: bool,
}

/// Puts a conversation into the trash, which keeps it for 30 days, or into spam.
#[utoipa::path(put, path = "/conversations/{id}/shelf", tag = "conversations", params(("id" = String, Path)), request_body = ShelfForm,
    responses((status = 200, body = Conversation), Problems))]
async fn put(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Json(form): Json<ShelfForm>,
) -> Result<Versioned<Conversation>> {
    let mut tx = app.begin().await?;
    desk::conversation::shelve(&mut tx, &caller.scope, id, form.kind, form.block).await?;
    tx.commit().await?;
    fresh(&app, &caller, id).await
}

/// Takes a conversation out of the trash or out of spam. A sender whose mail is no spam after all is let in again.
#[utoipa::path(delete, path = "/conversations/{id}/shelf", tag = "conversations", params(("id" = String, Path)),
    responses((status = 200, body = Conversation), Problems))]
async fn restore(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<Versioned<Conversation>> {
    let mut tx = app.begin().await?;
    desk::conversation::restore(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    fresh(&app, &caller, id).await
}

/// Deletes for good what lies in the trash: messages, files, raw mails and history. There is no way back.
#[utoipa::path(delete, path = "/conversations/{id}", tag = "conversations", params(("id" = String, Path)),
    responses((status = 204), Problems))]
async fn purge(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    caller.require(Permission::ConversationPurge)?;
    let mut tx = app.begin().await?;
    desk::conversation::purge(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
