//! Agents.

use axum::extract::State;
use axum::http::StatusCode;
use desk::account::{self, AgentChanges};
use model::agent::{Density, Theme};
use model::workspace::Language;
use model::{AgentId, EmailAddress, Role, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::schema;
use crate::json::{Json, PathId, nullable};
use crate::limits::{self, PASSWORD_OF};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::time::Time;
use crate::{App, Caller};

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_agents))
        .routes(routes!(get_agent, patch_agent))
        .routes(routes!(deactivate_agent))
        .routes(routes!(activate_agent))
        .routes(routes!(put_password))
}

/// A person who works here.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agent {
    /// Id.
    #[schema(value_type = String)]
    pub id: AgentId,
    /// Name.
    pub name: String,
    /// Sign-in address.
    #[schema(value_type = String)]
    pub email: EmailAddress,
    /// Role.
    #[schema(value_type = schema::Role)]
    pub role: Role,
    /// Interface language.
    #[schema(value_type = schema::Language)]
    pub language: Language,
    /// IANA time zone; null for the workspace's.
    pub time_zone: Option<String>,
    /// Personal signature, safe HTML.
    pub signature_html: String,
    /// May sign in.
    pub active: bool,
    /// Joined.
    pub created_at: Time,
    /// Last request, to the minute.
    pub last_seen_at: Option<Time>,
    /// Looks and habits.
    pub preferences: Preferences,
}

/// Looks and habits of an agent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preferences {
    /// Light or dark.
    #[schema(value_type = schema::Theme)]
    pub theme: Theme,
    /// Row height.
    #[schema(value_type = schema::Density)]
    pub density: Density,
    /// Seconds in which a sent reply can be taken back.
    pub undo_seconds: u16,
}

impl From<model::agent::Agent> for Agent {
    fn from(a: model::agent::Agent) -> Self {
        let p = a.preferences;
        Self {
            id: a.id,
            name: a.name,
            email: a.email,
            role: a.role,
            language: a.language,
            time_zone: a.time_zone,
            signature_html: a.signature_html,
            active: a.deactivated_at.is_none(),
            created_at: a.created_at.into(),
            last_seen_at: a.last_seen_at.map(Into::into),
            preferences: Preferences { theme: p.theme, density: p.density, undo_seconds: p.undo_seconds },
        }
    }
}

/// What to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentPatch {
    /// Name.
    name: Option<String>,
    /// Role; needs people.manage.
    #[schema(value_type = Option<schema::Role>)]
    role: Option<Role>,
    /// Interface language.
    #[schema(value_type = Option<schema::Language>)]
    language: Option<Language>,
    /// IANA time zone; null for the workspace's.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "absent, null and a value are three things")]
    time_zone: Option<Option<String>>,
    /// Personal signature; it is made safe.
    signature_html: Option<String>,
    /// Looks and habits; absent ones stay.
    preferences: Option<PreferencesPatch>,
}

/// Looks and habits to change.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferencesPatch {
    /// Light or dark.
    #[schema(value_type = Option<schema::Theme>)]
    theme: Option<Theme>,
    /// Row height.
    #[schema(value_type = Option<schema::Density>)]
    density: Option<Density>,
    /// Seconds in which a sent reply can be taken back; 0–60.
    undo_seconds: Option<u16>,
}

/// A change of one's own password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password until now.
    #[schema(value_type = String)]
    current: Secret,
    /// The password from now on; at least 8 characters.
    #[schema(value_type = String)]
    new: Secret,
}

/// Everyone of the workspace
#[utoipa::path(get, path = "/agents", tag = "agents", responses((status = 200, body = List<Agent>), Problems))]
async fn get_agents(State(app): State<App>, caller: Caller) -> Result<Json<List<Agent>>> {
    Ok(Json(List::whole(store::agent::list(&mut app.read().await?, caller.workspace).await?)))
}

/// One agent
#[utoipa::path(get, path = "/agents/{id}", tag = "agents", params(("id" = String, Path)), responses((status = 200, body = Agent), Problems))]
async fn get_agent(State(app): State<App>, caller: Caller, PathId(id): PathId<AgentId>) -> Result<Json<Agent>> {
    let agent = store::agent::find(&mut app.read().await?, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(agent.into()))
}

/// Change an agent
///
/// One's own card, without the role; with people.manage anybody's, with the role.
#[utoipa::path(patch, path = "/agents/{id}", tag = "agents", params(("id" = String, Path)), request_body = AgentPatch, responses((status = 200, body = Agent), Problems))]
async fn patch_agent(State(app): State<App>, caller: Caller, PathId(id): PathId<AgentId>, Json(form): Json<AgentPatch>) -> Result<Json<Agent>> {
    // A token that only reads may not change its agent's own card either.
    if caller.session().is_none() {
        caller.require(model::Permission::TokenManage)?;
    }
    let preferences = form.preferences.unwrap_or_default();
    let changes = AgentChanges {
        name: form.name,
        role: form.role,
        language: form.language,
        time_zone: form.time_zone,
        signature_html: form.signature_html,
        theme: preferences.theme,
        density: preferences.density,
        undo_seconds: preferences.undo_seconds,
    };
    let mut tx = app.begin().await?;
    let agent = account::update_agent(&mut tx, &caller, caller.agent.role, id, changes).await?;
    tx.commit().await?;
    Ok(Json(agent.into()))
}

/// Switch an agent off
///
/// Their sessions, API tokens and open pages end at once.
#[utoipa::path(post, path = "/agents/{id}/deactivate", tag = "agents", params(("id" = String, Path)), responses((status = 200, body = Agent), Problems))]
async fn deactivate_agent(State(app): State<App>, caller: Caller, PathId(id): PathId<AgentId>) -> Result<Json<Agent>> {
    let mut tx = app.begin().await?;
    let agent = account::deactivate_agent(&mut tx, &caller, caller.agent.role, id).await?;
    tx.commit().await?;
    Ok(Json(agent.into()))
}

/// Switch an agent on again
#[utoipa::path(post, path = "/agents/{id}/activate", tag = "agents", params(("id" = String, Path)), responses((status = 200, body = Agent), Problems))]
async fn activate_agent(State(app): State<App>, caller: Caller, PathId(id): PathId<AgentId>) -> Result<Json<Agent>> {
    let mut tx = app.begin().await?;
    let agent = account::activate_agent(&mut tx, &caller, caller.agent.role, id).await?;
    tx.commit().await?;
    Ok(Json(agent.into()))
}

/// Change one's own password
///
/// All other sessions end.
#[utoipa::path(put, path = "/agents/me/password", tag = "agents", request_body = PasswordChange, responses((status = 204), Problems))]
async fn put_password(State(app): State<App>, caller: Caller, Json(form): Json<PasswordChange>) -> Result<StatusCode> {
    // A password is a person's business: an API token does not change it.
    let session = caller.session().ok_or_else(Problem::forbidden)?;
    let key = caller.agent.id.to_string();
    let limits = [(PASSWORD_OF, key.as_str())];
    limits::take(&app, &limits).await?;
    account::change_password(&app.desk, &caller, Some(session), &form.current, &form.new).await?;
    limits::forgive(&app, &limits).await?;
    Ok(StatusCode::NO_CONTENT)
}
