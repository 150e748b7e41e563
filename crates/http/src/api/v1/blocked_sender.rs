//! Senders whose mail goes to spam at once.

use axum::extract::State;
use axum::http::StatusCode;
use model::{AgentId, BlockedSenderId, EmailAddress, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::message::PageQuery;
use crate::app::App;
use crate::json::{Json, PathId, Query};
use crate::page::{List, cursor, limit};
use crate::problem::{Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, block)).routes(routes!(unblock))
}

/// Somebody whose mail goes to spam at once.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct BlockedSender {
    #[schema(value_type = String, example = "blk_0000000000000")]
    pub id: BlockedSenderId,
    pub address: String,
    /// The agent who blocked it.
    #[schema(value_type = Option<String>)]
    pub by: Option<AgentId>,
    pub at: Time,
}

impl From<model::BlockedSender> for BlockedSender {
    fn from(b: model::BlockedSender) -> Self {
        Self { id: b.id, address: b.address.to_string(), by: b.by, at: Time(b.at) }
    }
}

/// Blocked senders, newest first.
#[utoipa::path(get, path = "/blocked-senders", tag = "conversations", params(PageQuery),
    responses((status = 200, body = List<BlockedSender>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<PageQuery>) -> Result<Json<List<BlockedSender>>> {
    caller.require(Permission::SenderBlock)?;
    let before = cursor::<BlockedSenderId>(q.cursor.as_deref())?;
    let page = store::blocked_sender::page(&mut app.read().await?, caller.workspace, before, limit(q.limit)?).await?;
    Ok(Json(page.into()))
}

/// Whom to block.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockForm {
    /// The address.
    #[schema(value_type = String, format = Email)]
    pub address: EmailAddress,
}

/// Blocks a sender: further mail goes to spam at once. Twice is once.
#[utoipa::path(post, path = "/blocked-senders", tag = "conversations", request_body = BlockForm,
    responses((status = 201, body = BlockedSender), Problems))]
async fn block(State(app): State<App>, caller: Caller, Json(form): Json<BlockForm>) -> Result<(StatusCode, Json<BlockedSender>)> {
    let mut tx = app.begin().await?;
    let sender = desk::sender::block(&mut tx, &caller.scope, &form.address).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(sender.into())))
}

/// Lets a sender in again. What lies in spam stays there.
#[utoipa::path(delete, path = "/blocked-senders/{id}", tag = "conversations", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn unblock(State(app): State<App>, caller: Caller, PathId(id): PathId<BlockedSenderId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::sender::unblock(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
