//! Saved views, and the language of their filters.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use model::filter::{Field, Kind, Operator};
use model::view::{Audience, Column, Group, Sort};
use model::{AgentId, FieldId, Permission, TeamId, ViewId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId, Query, nullable};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(patch, delete))
        .routes(routes!(counts))
        .routes(routes!(fields))
        .routes(routes!(typed))
}

/// Who sees a view.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ViewAudience)]
pub enum AudienceBody {
    /// Whoever makes it.
    Personal {},
    /// Those in a team.
    Team {
        /// Which.
        #[schema(value_type = String)]
        team_id: TeamId,
    },
    /// Everyone in the workspace.
    Everyone {},
}

impl AudienceBody {
    fn of(self, agent: AgentId) -> Audience {
        match self {
            Self::Personal {} => Audience::Personal { agent_id: agent },
            Self::Team { team_id } => Audience::Team { team_id },
            Self::Everyone {} => Audience::Everyone {},
        }
    }
}

/// A saved view.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct View {
    #[schema(value_type = String, example = "view_0000000000000")]
    pub id: ViewId,
    /// Rises with each change; the `ETag`.
    pub version: i64,
    pub name: String,
    /// The heading that it stands under.
    pub folder: Option<String>,
    pub audience: AudienceBody,
    /// Conditions joined by `all`, `any` and `not`.
    #[schema(value_type = Object)]
    pub filter: serde_json::Value,
    /// `newest`, `oldest`, `waiting`, `waiting_shortest`, `due`, `created_newest`, `created_oldest`, `priority_highest` or `priority_lowest`.
    #[schema(value_type = String)]
    pub sort: Sort,
    /// What a wide list shows beside the subject: `requester`, `company`, `status`, `priority`, `assignee`, `team`, `inbox`, `tags`,
    /// `channel`, `number`, `message_count`, `created`, `updated`, `last_activity`, `last_customer_message`, `last_reply`,
    /// `waiting_since`, `due` or `field.KEY`. Empty: rows as they are elsewhere.
    #[schema(value_type = Vec<String>)]
    pub columns: Vec<Column>,
    /// By what it is divided: `assignee`, `priority`, `status`, `inbox`, `team` or `company`.
    #[schema(value_type = Option<String>)]
    pub group: Option<Group>,
    /// Place within its folder.
    pub position: i64,
    /// Whether the reader may change it.
    pub editable: bool,
    pub created_at: Time,
    pub updated_at: Time,
}

fn shown(caller: &Caller, v: model::view::View) -> View {
    View {
        id: v.id,
        version: v.version,
        editable: desk::view::may_change(caller, v.audience),
        name: v.name,
        folder: v.folder,
        audience: match v.audience {
            Audience::Personal { .. } => AudienceBody::Personal {},
            Audience::Team { team_id } => AudienceBody::Team { team_id },
            Audience::Everyone {} => AudienceBody::Everyone {},
        },
        filter: v.filter.to_json(),
        sort: v.sort,
        columns: v.columns,
        group: v.group,
        position: v.position,
        created_at: Time(v.created_at),
        updated_at: Time(v.updated_at),
    }
}

/// A new view.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewView {
    /// One line, at most 80 characters.
    pub name: String,
    pub folder: Option<String>,
    pub audience: AudienceBody,
    #[schema(value_type = Object)]
    pub filter: serde_json::Value,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub sort: Sort,
    /// Each once, at most twelve.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub columns: Vec<Column>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub group: Option<Group>,
    #[serde(default)]
    pub position: i64,
}

/// What is to change.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ViewPatch {
    pub name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub folder: Option<Option<String>>,
    pub audience: Option<AudienceBody>,
    #[schema(value_type = Option<Object>)]
    pub filter: Option<serde_json::Value>,
    #[schema(value_type = Option<String>)]
    pub sort: Option<Sort>,
    #[schema(value_type = Option<Vec<String>>)]
    pub columns: Option<Vec<Column>>,
    /// Null: it is not divided.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub group: Option<Option<Group>>,
    pub position: Option<i64>,
}

/// The views that the reader sees: their own, their teams' and everyone's.
#[utoipa::path(get, path = "/views", tag = "views", responses((status = 200, body = List<View>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<View>>> {
    caller.require(Permission::ConversationRead)?;
    let views = store::view::visible(&mut app.read().await?, caller.workspace, caller.actor.agent()).await?;
    Ok(Json(List { items: views.into_iter().map(|v| shown(&caller, v)).collect(), next: None }))
}

/// Makes a view. Views for a team or for everyone need the permission `view.manage`.
#[utoipa::path(post, path = "/views", tag = "views", request_body = NewView, responses((status = 201, body = View), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<NewView>) -> Result<(StatusCode, Versioned<View>)> {
    let mut tx = app.begin().await?;
    let filter = desk::filter::read(&mut tx, &caller, &form.filter).await?;
    let audience = form.audience.of(caller.agent.id);
    let form = desk::view::Form {
        name: form.name,
        folder: form.folder,
        audience,
        filter,
        sort: form.sort,
        columns: form.columns,
        group: form.group,
        position: form.position,
    };
    let view = desk::view::create(&mut tx, &caller, form).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Versioned(view.version, shown(&caller, view))))
}

/// Changes a view. With `If-Match`, only the version that it names.
#[utoipa::path(patch, path = "/views/{id}", tag = "views", params(("id" = String, Path)), request_body = ViewPatch,
    responses((status = 200, body = View), Problems))]
async fn patch(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ViewId>,
    IfMatch(version): IfMatch,
    Json(form): Json<ViewPatch>,
) -> Result<Versioned<View>> {
    let mut tx = app.begin().await?;
    let before = desk::view::find(&mut tx, &caller, id).await?.ok_or_else(Problem::not_found)?;
    if version.is_some_and(|v| v != before.version) {
        let current = serde_json::to_value(shown(&caller, before)).ok();
        return Err(Problem::conflict("Somebody changed this view meanwhile. Look at how it is now and try again.", current));
    }
    let filter = match &form.filter {
        Some(json) => desk::filter::read(&mut tx, &caller, json).await?,
        None => before.filter,
    };
    let form = desk::view::Form {
        name: form.name.unwrap_or(before.name),
        folder: form.folder.unwrap_or(before.folder),
        audience: form.audience.map_or(before.audience, |a| a.of(caller.agent.id)),
        filter,
        sort: form.sort.unwrap_or(before.sort),
        columns: form.columns.unwrap_or(before.columns),
        group: form.group.unwrap_or(before.group),
        position: form.position.unwrap_or(before.position),
    };
    let view = desk::view::update(&mut tx, &caller, id, form).await?;
    tx.commit().await?;
    Ok(Versioned(view.version, shown(&caller, view)))
}

/// Deletes a view. The conversations in it stay as they are.
#[utoipa::path(delete, path = "/views/{id}", tag = "views", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<ViewId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::view::delete(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many conversations the views hold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ViewCounts {
    /// By view id. A count that equals `most` means that many or more.
    pub counts: BTreeMap<String, usize>,
    /// Counting stops here.
    pub most: usize,
}

/// The counts of the reader's saved views. Cost: what happened since they were last asked, see [`store::view_count::of`].
#[utoipa::path(get, path = "/view-counts", tag = "views", responses((status = 200, body = ViewCounts), Problems))]
async fn counts(State(app): State<App>, caller: Caller) -> Result<Json<ViewCounts>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let views = store::view::visible(&mut conn, caller.workspace, caller.actor.agent()).await?;
    let counts = store::view_count::of(&app.desk.store, &mut conn, &caller, &views, app.now()).await?;
    Ok(Json(ViewCounts { counts: counts.into_iter().map(|(id, n)| (id.to_string(), n)).collect(), most: store::view_count::MOST }))
}

/// A field that filters can ask for.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct FilterField {
    #[schema(value_type = String)]
    pub field: Field,
    /// `choice`, `address`, `number`, `time`, `flag`, `text`, `word` or `date`: which values fit.
    #[schema(value_type = String)]
    pub kind: Kind,
    #[schema(value_type = Vec<String>)]
    pub operators: Vec<Operator>,
    /// Of a custom field.
    #[schema(value_type = Option<String>)]
    pub field_id: Option<FieldId>,
}

/// What filters can ask for, custom fields as `field.KEY`. Times are RFC 3339 or distances such as `-7d`; days are `2026-11-22`,
/// `today` or distances; `assignee` also takes `me`, `team` also `mine`; a choice of a custom field takes the keys of its options,
/// an amount of money counts in the smallest unit.
#[utoipa::path(get, path = "/filter-fields", tag = "views", responses((status = 200, body = List<FilterField>), Problems))]
async fn fields(State(app): State<App>, caller: Caller) -> Result<Json<List<FilterField>>> {
    caller.require(Permission::ConversationRead)?;
    let customs = store::field::list(&mut app.read().await?, caller.workspace).await?;
    let customs = customs.iter().filter(|f| f.archived_at.is_none()).map(|f| (Field::Custom(f.into()), Some(f.id)));
    let items = Field::ALL
        .into_iter()
        .map(|field| (field, None))
        .chain(customs)
        .map(|(field, field_id)| FilterField { field, kind: field.kind(), operators: field.operators(), field_id })
        .collect();
    Ok(Json(List { items, next: None }))
}

/// A typed query.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TypedQuery {
    /// Such as `is:open assignee:me tag:refund "exact words"`.
    pub q: String,
}

/// A typed query as a filter.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TypedFilter {
    /// Conditions joined by `all`, `any` and `not`.
    #[schema(value_type = Object)]
    pub filter: serde_json::Value,
}

/// Reads a typed query. A part that means nothing is named in `errors` by its place, as `q[from..to]` in UTF-16 units.
#[utoipa::path(get, path = "/typed-filter", tag = "views", params(TypedQuery), responses((status = 200, body = TypedFilter), Problems))]
async fn typed(State(app): State<App>, caller: Caller, Query(query): Query<TypedQuery>) -> Result<Json<TypedFilter>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let zone = store::filter::zone(&mut conn, &caller).await?;
    let filter = desk::filter::typed(&mut conn, &caller, &query.q, &zone).await?;
    Ok(Json(TypedFilter { filter: filter.to_json() }))
}
