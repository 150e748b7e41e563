//! Work on many conversations at once.

use axum::extract::State;
use axum::http::StatusCode;
use desk::bulk::BulkError;
use model::action::{Action, Actions};
use model::bulk::{self, Selection};
use model::{AgentId, BulkId, ConversationId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::action::{self, ActionBody};
use crate::app::App;
use crate::json::{Json, PathId, Query};
use crate::page::{List, cursor, limit};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get)).routes(routes!(cancel)).routes(routes!(undo))
}

/// A bulk action.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BulkAction)]
#[allow(missing_docs)]
pub struct Body {
    #[schema(value_type = String, example = "bulk_0000000000000")]
    pub id: BulkId,
    /// As whom it works.
    #[schema(value_type = String)]
    pub agent_id: AgentId,
    /// `running`, `done`, `cancelled`, `undoing` or `undone`.
    #[schema(value_type = String)]
    pub state: bulk::State,
    /// What is done to each.
    #[schema(value_type = Vec<ActionBody>)]
    pub actions: Actions,
    /// How many it was meant for when it began.
    pub total: i64,
    /// How many it has looked at; of the taking back while that goes on.
    pub seen: i64,
    /// How many are another than before.
    pub changed: i64,
    /// How many could not be done.
    pub failed: i64,
    pub created_at: Time,
    pub ended_at: Option<Time>,
    /// The first hundred that could not be done; only with one bulk action asked for.
    pub faults: Vec<BulkFault>,
}

impl From<model::bulk::Bulk> for Body {
    fn from(b: model::bulk::Bulk) -> Self {
        Self {
            id: b.id,
            agent_id: b.agent,
            state: b.state,
            actions: b.actions,
            total: b.total,
            seen: b.seen,
            changed: b.changed,
            failed: b.failed,
            created_at: Time(b.created_at),
            ended_at: b.ended_at.map(Time),
            faults: Vec::new(),
        }
    }
}

/// A conversation that could not be done.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct BulkFault {
    #[schema(value_type = String)]
    pub conversation_id: ConversationId,
    pub number: i64,
    pub subject: String,
    /// Why, in English.
    pub detail: String,
    /// Why, as the code that the same change of one conversation is refused with; none when it has none.
    pub code: Option<String>,
}

/// What to do, and to which conversations: either those that a filter finds now, or these.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBulkAction)]
#[allow(missing_docs)]
pub struct NewBulk {
    /// Conditions joined by `all`, `any` and `not`.
    #[schema(value_type = Option<Object>)]
    pub filter: Option<serde_json::Value>,
    /// With a filter: among those in `trash`, in `spam`, that the caller is `following` or is named in (`mentions`); among all when
    /// left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub view: Option<bulk::Place>,
    /// At most 1,000.
    #[schema(value_type = Option<Vec<String>>)]
    pub conversation_ids: Option<Vec<ConversationId>>,
    /// At most 20, done in this order.
    #[schema(value_type = Vec<ActionBody>)]
    pub actions: Vec<Action>,
}

impl From<BulkError> for Problem {
    fn from(error: BulkError) -> Self {
        let detail = error.to_string();
        match error {
            BulkError::Refused(refusal) => refusal.into(),
            BulkError::Action(error) => error.into(),
            BulkError::TooMany { .. } => Self::invalid("filter", "too_many", detail),
            BulkError::Nothing => Self::invalid("filter", "missing", "No conversation is chosen."),
            BulkError::Busy => Self::state("bulk_busy", "Three of your bulk actions are at work. Wait for one to end, or stop it."),
            BulkError::NotNow => Self::state("bulk_not_now", "It is at work still, or was taken back already."),
        }
    }
}

/// Begins a bulk action. It goes on by itself; the stream tells with `bulk.updated` how far it has come.
#[utoipa::path(post, path = "/bulk-actions", tag = "bulk actions", request_body = NewBulk, responses((status = 202, body = Body), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<NewBulk>) -> Result<(StatusCode, Json<Body>)> {
    caller.require(Permission::ConversationWrite)?;
    let actions = action::actions(form.actions)?;
    let mut tx = app.begin().await?;
    let selection = match (form.filter, form.conversation_ids, form.view) {
        (Some(json), None, None) => Selection::Filter(desk::filter::read(&mut tx, &caller, &json).await?),
        (Some(json), None, Some(place)) => Selection::Within(place, desk::filter::read(&mut tx, &caller, &json).await?),
        (None, Some(ids), None) => Selection::Chosen(ids),
        _ => return Err(Problem::invalid("filter", "invalid", "Give either a filter or conversation_ids.")),
    };
    let bulk = desk::bulk::begin(&mut tx, &caller, selection, actions).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(bulk.into())))
}

/// Which ones.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct BulkQuery {
    /// Everybody's: for those who may read the audit log.
    pub everyone: bool,
    /// The next page.
    pub cursor: Option<String>,
    /// Rows of a page.
    pub limit: Option<u32>,
}

/// The caller's of the last 30 days, or everybody's, newest first.
#[utoipa::path(get, path = "/bulk-actions", tag = "bulk actions", params(BulkQuery), responses((status = 200, body = List<Body>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<BulkQuery>) -> Result<Json<List<Body>>> {
    caller.require(if q.everyone { Permission::AuditRead } else { Permission::ConversationRead })?;
    let (before, limit) = (cursor::<BulkId>(q.cursor.as_deref())?, limit(q.limit)?);
    let whose = (!q.everyone).then_some(caller.agent.id);
    let page = store::bulk_action::page(&mut app.read().await?, caller.workspace, whose, before, limit).await?;
    Ok(Json(page.into()))
}

/// One of the caller's, with what could not be done; anybody's for those who may read the audit log.
#[utoipa::path(get, path = "/bulk-actions/{id}", tag = "bulk actions", params(("id" = String, Path)), responses((status = 200, body = Body), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<BulkId>) -> Result<Json<Body>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let bulk =
        store::bulk_action::find(&mut conn, caller.workspace, id).await?.filter(|b| b.agent == caller.agent.id || caller.may(Permission::AuditRead));
    let mut body = Body::from(bulk.ok_or_else(Problem::not_found)?);
    let faults = store::bulk_action::faults(&mut conn, &caller.scope, id).await?;
    body.faults = faults
        .into_iter()
        .map(|f| BulkFault { conversation_id: f.conversation, number: f.number, subject: f.subject, detail: f.why.detail, code: f.why.code })
        .collect();
    Ok(Json(body))
}

/// Stops one that is at work. What was done stays, and can be taken back.
#[utoipa::path(post, path = "/bulk-actions/{id}/cancel", tag = "bulk actions", params(("id" = String, Path)), responses((status = 200, body = Body), Problems))]
async fn cancel(State(app): State<App>, caller: Caller, PathId(id): PathId<BulkId>) -> Result<Json<Body>> {
    let mut tx = app.begin().await?;
    let bulk = desk::bulk::cancel(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok(Json(bulk.into()))
}

/// Takes one back. What somebody has changed again since stays as it is.
#[utoipa::path(post, path = "/bulk-actions/{id}/undo", tag = "bulk actions", params(("id" = String, Path)), responses((status = 202, body = Body), Problems))]
async fn undo(State(app): State<App>, caller: Caller, PathId(id): PathId<BulkId>) -> Result<(StatusCode, Json<Body>)> {
    let mut tx = app.begin().await?;
    let bulk = desk::bulk::take_back(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(bulk.into())))
}
