//! The workspace.

use axum::extract::State;
use desk::account::{self, WorkspaceChanges};
use model::WorkspaceId;
use model::workspace::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::schema;
use crate::problem::{Problem, Problems, Result};
use crate::time::Time;
use crate::{App, Caller, json::Json};

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_workspace, patch_workspace))
}

/// One company with its people, inboxes and customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Workspace {
    /// Id.
    #[schema(value_type = String)]
    pub id: WorkspaceId,
    /// Name, as customers may see it.
    pub name: String,
    /// Default language.
    #[schema(value_type = schema::Language)]
    pub language: Language,
    /// IANA time zone.
    pub time_zone: String,
    /// Where people reach Sonnim.
    pub public_url: String,
    /// When it was set up.
    pub created_at: Time,
}

impl Workspace {
    /// As the API shows it.
    pub fn new(workspace: model::workspace::Workspace, app: &App) -> Self {
        Self {
            id: workspace.id,
            name: workspace.name,
            language: workspace.language,
            time_zone: workspace.time_zone,
            public_url: app.desk.public_url.to_string(),
            created_at: workspace.created_at.into(),
        }
    }
}

/// What to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspacePatch {
    /// Name.
    name: Option<String>,
    /// Default language.
    #[schema(value_type = Option<schema::Language>)]
    language: Option<Language>,
    /// IANA time zone.
    time_zone: Option<String>,
}

/// The workspace
#[utoipa::path(get, path = "/workspace", tag = "workspace", responses((status = 200, body = Workspace), Problems))]
async fn get_workspace(State(app): State<App>, caller: Caller) -> Result<Json<Workspace>> {
    let workspace = store::workspace::find(&mut app.read().await?, caller.workspace).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(Workspace::new(workspace, &app)))
}

/// Change the workspace
#[utoipa::path(patch, path = "/workspace", tag = "workspace", request_body = WorkspacePatch, responses((status = 200, body = Workspace), Problems))]
async fn patch_workspace(State(app): State<App>, caller: Caller, Json(form): Json<WorkspacePatch>) -> Result<Json<Workspace>> {
    let mut tx = app.begin().await?;
    let changes = WorkspaceChanges { name: form.name, language: form.language, time_zone: form.time_zone };
    let workspace = account::update_workspace(&mut tx, &caller, changes).await?;
    tx.commit().await?;
    Ok(Json(Workspace::new(workspace, &app)))
}
