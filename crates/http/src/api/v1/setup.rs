//! The first run.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use desk::account;
use model::workspace::Language;
use model::{EmailAddress, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::session::{Me, welcome};
use crate::App;
use crate::api::schema;
use crate::json::Json;
use crate::limits::{self, LINK_FROM};
use crate::problem::{Problem, Problems, Result};
use crate::visitor::Visitor;

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_setup, post_setup))
}

/// Whether the installation waits for its set-up.
#[derive(Debug, Serialize, ToSchema)]
pub struct Needed {
    /// It does.
    needed: bool,
}

/// The first workspace and its owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// The word of the set-up link.
    #[schema(value_type = String)]
    token: Secret,
    /// The workspace.
    workspace: SetUpWorkspace,
    /// Its owner.
    owner: SetUpOwner,
}

/// The first workspace.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUpWorkspace {
    /// Name.
    name: String,
    /// Language.
    #[schema(value_type = schema::Language)]
    language: Language,
    /// IANA time zone.
    time_zone: String,
}

/// The first owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUpOwner {
    /// Name.
    name: String,
    /// Sign-in address.
    #[schema(value_type = String)]
    email: EmailAddress,
    /// Password; at least 8 characters.
    #[schema(value_type = String)]
    password: Secret,
}

/// Whether the installation waits for its set-up
#[utoipa::path(get, path = "/setup", tag = "setup", security(()), responses((status = 200, body = Needed), Problems))]
async fn get_setup(State(app): State<App>) -> Result<Json<Needed>> {
    Ok(Json(Needed { needed: account::needs_setup(&app.desk).await? }))
}

/// Set the installation up
///
/// Needs the one-time link that the server prints at its first start. The owner is signed in.
#[utoipa::path(post, path = "/setup", tag = "setup", security(()), request_body = SetUp, responses((status = 201, body = Me), Problems))]
async fn post_setup(State(app): State<App>, visitor: Visitor, Json(form): Json<SetUp>) -> Result<Response> {
    limits::take(&app, &[(LINK_FROM, &visitor.ip)]).await?;
    let form = account::SetUp {
        token: Some(form.token),
        workspace: form.workspace.name,
        language: form.workspace.language,
        time_zone: form.workspace.time_zone,
        name: form.owner.name,
        email: form.owner.email,
        password: form.owner.password,
    };
    let (_, _, entry) = account::set_up(&app.desk, form, Some(&visitor)).await?;
    let entry = entry.ok_or_else(|| Problem::internal(&"nobody was signed in after the set-up"))?;
    welcome(&app, StatusCode::CREATED, entry).await
}
