//! Files of visitors: the same checks as for agents', and only for those who are in the conversation.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use model::{AttachmentId, Scope};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachment::{GetQuery, UploadQuery, send_file};
use super::widget_view::{self, WidgetFile};
use super::widget_visitor::{Visiting, WidgetId};
use crate::app::App;
use crate::json::{Json, Query};
use crate::problem::{Problem, Problems, Result};
use crate::upload::receive;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(upload)).routes(routes!(get))
}

/// Uploads a file (its bytes are the body, its type the Content-Type) for a message to come.
#[utoipa::path(post, path = "/widget/{key}/uploads", tag = "widget", security(("visitor" = [])), params(("key" = String, Path), UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = WidgetFile), Problems))]
async fn upload(
    State(app): State<App>,
    visiting: Visiting,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Result<(StatusCode, Json<WidgetFile>)> {
    visiting.take(&app, "uploads", app.settings.chat.uploads)?;
    let files = &visiting.widget.settings.files;
    if !files.enabled {
        return Err(Problem::state("files_disabled", "Files are not taken here."));
    }
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let staged = receive(request, &app, visiting.workspace, files.max_bytes as usize).await?;
    let mut tx = app.begin().await?;
    let file = desk::chat::upload(&mut tx, &visiting.visit, &query.filename, &content_type, &staged).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(file.into())))
}

/// A file of a message that the visitor sees; with `Range`, a part of it.
#[utoipa::path(get, path = "/widget/{key}/files/{id}", tag = "widget", security(("visitor" = [])), params(("key" = String, Path), ("id" = String, Path), GetQuery),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, content_type = "application/octet-stream", body = Vec<u8>), (status = 416), Problems))]
async fn get(
    State(app): State<App>,
    visiting: Visiting,
    WidgetId(id): WidgetId<AttachmentId>,
    Query(query): Query<GetQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    visiting.take(&app, "files", app.settings.chat.others)?;
    let workspace = visiting.workspace;
    let mut conn = app.read().await?;
    let file = store::chat::file(&mut conn, workspace, id).await?.ok_or_else(Problem::not_found)?;
    let message = file.message.ok_or_else(Problem::not_found)?;
    let shown = store::message::get(&mut conn, &Scope::system(workspace), message).await?.ok_or_else(Problem::not_found)?;
    let place = shown.message.conversation;
    let seen = store::chat::visible(&mut conn, workspace, &visiting.visitor, app.now(), place).await?.ok_or_else(Problem::not_found)?;
    widget_view::message(&seen, &shown, None).ok_or_else(Problem::not_found)?;
    send_file(&app, conn, workspace, file, query.inline == Some(1), &headers).await
}
