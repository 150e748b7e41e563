//! What agents can do.

use axum::extract::State;
use axum::http::StatusCode;
use desk::skill::Form;
use model::{Permission, SkillId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(put, delete))
}

/// Something that an agent can do, or a language that they speak.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Skill {
    #[schema(value_type = String, example = "skl_0000000000000")]
    pub id: SkillId,
    pub name: String,
    /// The language that it is, such as `ko`: customers who write in it are matched with those who have it.
    pub language: Option<String>,
}

impl From<model::queue::Skill> for Skill {
    fn from(s: model::queue::Skill) -> Self {
        Self { id: s.id, name: s.name, language: s.language }
    }
}

/// A skill, as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillForm {
    /// One line, at most 60 characters; no other skill has it.
    pub name: String,
    /// A language tag, such as `ko`.
    #[serde(default)]
    pub language: Option<String>,
}

/// Every skill by name.
#[utoipa::path(get, path = "/skills", tag = "routing", responses((status = 200, body = List<Skill>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<Skill>>> {
    caller.require(Permission::ConversationRead)?;
    Ok(Json(List::whole(store::skill::list(&mut app.read().await?, caller.workspace).await?)))
}

/// Makes a skill.
#[utoipa::path(post, path = "/skills", tag = "routing", request_body = SkillForm, responses((status = 201, body = Skill), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<SkillForm>) -> Result<(StatusCode, Json<Skill>)> {
    let mut tx = app.begin().await?;
    let made = desk::skill::create(&mut tx, &caller.scope, &Form { name: form.name, language: form.language }).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Changes a skill for everybody who has it.
#[utoipa::path(put, path = "/skills/{id}", tag = "routing", params(("id" = String, Path)), request_body = SkillForm,
    responses((status = 200, body = Skill), Problems))]
async fn put(State(app): State<App>, caller: Caller, PathId(id): PathId<SkillId>, Json(form): Json<SkillForm>) -> Result<Json<Skill>> {
    let mut tx = app.begin().await?;
    let changed = desk::skill::update(&mut tx, &caller.scope, id, &Form { name: form.name, language: form.language }).await?;
    tx.commit().await?;
    Ok(Json(changed.into()))
}

/// Deletes a skill: nobody has it any more, and no queue asks for it.
#[utoipa::path(delete, path = "/skills/{id}", tag = "routing", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<SkillId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::skill::delete(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
