//! Conversations that the reader is asked to take.

use axum::extract::State;
use axum::http::StatusCode;
use model::{ConversationId, QueueId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::Conversation;
use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(accept)).routes(routes!(decline)).routes(routes!(next))
}

/// A conversation that the reader is asked to take.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Offer {
    /// Which.
    pub conversation: Conversation,
    /// Where it waits.
    #[schema(value_type = String)]
    pub queue_id: QueueId,
    /// The queue's name.
    pub queue_name: String,
    /// Since when the customer waits.
    pub since: Time,
    /// Until when it is theirs to take.
    pub until: Time,
    /// Seconds left, for a clock that stands differently.
    pub seconds_left: i64,
}

/// What the reader is asked to take now, the oldest first.
#[utoipa::path(get, path = "/offers", tag = "routing", responses((status = 200, body = List<Offer>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<Offer>>> {
    let now = app.now();
    let offers = desk::routing::offers(&mut app.read().await?, &caller.scope, now).await?;
    let body = |o: desk::routing::Offer| Offer {
        conversation: o.conversation.into(),
        queue_id: o.queue,
        queue_name: o.queue_name,
        since: Time(o.since),
        until: Time(o.until),
        seconds_left: o.until.duration_since(now).as_secs(),
    };
    Ok(Json(List { items: offers.into_iter().map(body).collect(), next: None }))
}

/// Takes a conversation that is offered; named by its id.
#[utoipa::path(post, path = "/offers/{id}/accept", tag = "routing", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn accept(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::routing::accept(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Declines a conversation that is offered; somebody else is asked at once.
#[utoipa::path(post, path = "/offers/{id}/decline", tag = "routing", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn decline(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::routing::decline(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NextTaken {
    /// Null: nothing waits for the reader.
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
}

/// Gives the reader what would be theirs to take next, whether they have room or not.
#[utoipa::path(post, path = "/next-conversation", tag = "routing", responses((status = 200, body = NextTaken), Problems))]
async fn next(State(app): State<App>, caller: Caller) -> Result<Json<NextTaken>> {
    let mut tx = app.begin().await?;
    let conversation_id = desk::routing::next(&mut tx, &caller.scope).await?;
    tx.commit().await?;
    Ok(Json(NextTaken { conversation_id }))
}
