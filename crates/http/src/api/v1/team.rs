//! Teams.

use axum::extract::State;
use axum::http::StatusCode;
use desk::account;
use model::{AgentId, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problems, Result};
use crate::{App, Caller};

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_teams, post_team)).routes(routes!(patch_team, delete_team))
}

/// A team of agents.
#[derive(Debug, Serialize, ToSchema)]
pub struct Team {
    /// Id.
    #[schema(value_type = String)]
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// Who is in it.
    #[schema(value_type = Vec<String>)]
    pub member_ids: Vec<AgentId>,
}

impl From<store::team::Team> for Team {
    fn from(t: store::team::Team) -> Self {
        Self { id: t.id, name: t.name, member_ids: t.members }
    }
}

/// A new team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// Name.
    name: String,
    /// Who is in it.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    member_ids: Vec<AgentId>,
}

/// What to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamPatch {
    /// Name.
    name: Option<String>,
    /// Everyone who is in it.
    #[schema(value_type = Option<Vec<String>>)]
    member_ids: Option<Vec<AgentId>>,
}

/// Every team
#[utoipa::path(get, path = "/teams", tag = "teams", responses((status = 200, body = List<Team>), Problems))]
async fn get_teams(State(app): State<App>, caller: Caller) -> Result<Json<List<Team>>> {
    Ok(Json(List::whole(store::team::list(&mut app.read().await?, caller.workspace).await?)))
}

/// Make a team
#[utoipa::path(post, path = "/teams", tag = "teams", request_body = NewTeam, responses((status = 201, body = Team), Problems))]
async fn post_team(State(app): State<App>, caller: Caller, Json(form): Json<NewTeam>) -> Result<(StatusCode, Json<Team>)> {
    let mut tx = app.begin().await?;
    let team = account::create_team(&mut tx, &caller, &form.name, &form.member_ids).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(team.into())))
}

/// Change a team
#[utoipa::path(patch, path = "/teams/{id}", tag = "teams", params(("id" = String, Path)), request_body = TeamPatch, responses((status = 200, body = Team), Problems))]
async fn patch_team(State(app): State<App>, caller: Caller, PathId(id): PathId<TeamId>, Json(form): Json<TeamPatch>) -> Result<Json<Team>> {
    let mut tx = app.begin().await?;
    let team = account::update_team(&mut tx, &caller, id, form.name.as_deref(), form.member_ids.as_deref()).await?;
    tx.commit().await?;
    Ok(Json(team.into()))
}

/// Remove a team
///
/// Refused while conversations are with it.
#[utoipa::path(delete, path = "/teams/{id}", tag = "teams", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete_team(State(app): State<App>, caller: Caller, PathId(id): PathId<TeamId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    account::delete_team(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
