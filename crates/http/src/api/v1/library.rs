//! Folders, and what saved replies and macros share.

use axum::extract::State;
use axum::http::StatusCode;
use model::library::{Card, Visibility};
use model::{AgentId, FolderId, Permission, Scope, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(patch, delete))
}

/// Who sees it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = Visibility)]
pub enum VisibilityBody {
    /// Only its owner.
    Personal {},
    /// The members of a team, and admins.
    Team {
        /// Which.
        #[schema(value_type = String)]
        team_id: TeamId,
    },
    /// Everyone in the workspace.
    Everyone {},
}

impl From<VisibilityBody> for Visibility {
    fn from(v: VisibilityBody) -> Self {
        match v {
            VisibilityBody::Personal {} => Self::Personal,
            VisibilityBody::Team { team_id } => Self::Team(team_id),
            VisibilityBody::Everyone {} => Self::Everyone,
        }
    }
}

/// What every kept thing has.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = LibraryCard)]
#[allow(missing_docs)]
pub struct CardBody {
    pub name: String,
    #[schema(value_type = Option<String>)]
    pub folder_id: Option<FolderId>,
    pub visibility: VisibilityBody,
    #[schema(value_type = String)]
    pub owner_id: AgentId,
    /// How often it was used.
    pub used: i64,
    pub last_used_at: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
    pub archived_at: Option<Time>,
    /// Rises with each change; the `ETag`.
    pub version: i64,
    /// The reader may change it.
    pub can_change: bool,
}

impl CardBody {
    /// A card as one reader sees it.
    pub fn new(card: Card, scope: &Scope, teams: &[TeamId]) -> Self {
        Self {
            can_change: card.may_change(scope, teams),
            name: card.name,
            folder_id: card.folder,
            visibility: match card.visibility {
                Visibility::Personal => VisibilityBody::Personal {},
                Visibility::Team(team_id) => VisibilityBody::Team { team_id },
                Visibility::Everyone => VisibilityBody::Everyone {},
            },
            owner_id: card.owner,
            used: card.used,
            last_used_at: card.last_used_at.map(Time),
            created_at: Time(card.created_at),
            updated_at: Time(card.updated_at),
            archived_at: card.archived_at.map(Time),
            version: card.version,
        }
    }
}

/// Which ones.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ArchiveQuery {
    /// True: those that were put away.
    pub archived: bool,
}

/// Stops with 409 when the request was made against another version.
pub fn expect_version<T: Serialize>(asked: Option<i64>, now: i64, current: impl FnOnce() -> T) -> Result<()> {
    match asked {
        Some(version) if version != now => Err(Problem::conflict("Somebody changed it meanwhile.", serde_json::to_value(current()).ok())),
        _ => Ok(()),
    }
}

/// A folder of saved replies and macros.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Folder {
    #[schema(value_type = String, example = "fld_0000000000000")]
    pub id: FolderId,
    pub name: String,
}

impl From<model::library::Folder> for Folder {
    fn from(f: model::library::Folder) -> Self {
        Self { id: f.id, name: f.name }
    }
}

/// A folder's name.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct FolderForm {
    pub name: String,
}

/// Every folder, by name.
#[utoipa::path(get, path = "/folders", tag = "saved replies", responses((status = 200, body = List<Folder>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<Folder>>> {
    caller.require(Permission::ConversationRead)?;
    Ok(Json(List::whole(store::library::folders(&mut app.read().await?, caller.workspace).await?)))
}

/// Makes a folder.
#[utoipa::path(post, path = "/folders", tag = "saved replies", request_body = FolderForm, responses((status = 201, body = Folder), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<FolderForm>) -> Result<(StatusCode, Json<Folder>)> {
    let mut tx = app.begin().await?;
    let folder = desk::library::create_folder(&mut tx, &caller.scope, &form.name).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(folder.into())))
}

/// Gives a folder another name.
#[utoipa::path(patch, path = "/folders/{id}", tag = "saved replies", params(("id" = String, Path)), request_body = FolderForm,
    responses((status = 200, body = Folder), Problems))]
async fn patch(State(app): State<App>, caller: Caller, PathId(id): PathId<FolderId>, Json(form): Json<FolderForm>) -> Result<Json<Folder>> {
    let mut tx = app.begin().await?;
    let folder = desk::library::rename_folder(&mut tx, &caller.scope, id, &form.name).await?;
    tx.commit().await?;
    Ok(Json(folder.into()))
}

/// Deletes a folder; what was in it is kept.
#[utoipa::path(delete, path = "/folders/{id}", tag = "saved replies", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<FolderId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::library::delete_folder(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
