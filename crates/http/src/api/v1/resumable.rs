//! Large files in pieces, after the IETF's draft of resumable uploads: begin, append at an offset, ask how far it has come. What
//! arrived stays, whatever happens to the connection, the page or this server.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use model::resumable::Resumable;
use model::{AttachmentId, Permission, UploadId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachment::Attachment;
use crate::app::App;
use crate::json::{Json, PathId};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;
use crate::upload::receive_part;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(begin)).routes(routes!(get, append, delete))
}

/// Where an append begins, and how far an upload has come.
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// `?1` when every byte is here.
const COMPLETE: HeaderName = HeaderName::from_static("upload-complete");

/// A file that will come in pieces.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// Its name.
    pub filename: String,
    /// Its media type.
    #[serde(default)]
    pub content_type: String,
    /// How many bytes, at most 50 MiB.
    pub size: i64,
}

/// A file on its way.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Upload)]
#[allow(missing_docs)]
pub struct Body {
    #[schema(value_type = String, example = "upl_0000000000000")]
    pub id: UploadId,
    pub filename: String,
    pub size: i64,
    /// How much of it is here, from its beginning: go on there.
    pub offset: i64,
    /// It is forgotten then.
    pub expires_at: Time,
    /// The file that it became; null until it is complete.
    pub attachment: Option<Attachment>,
}

type Answer = (AppendHeaders<[(HeaderName, String); 2]>, Json<Body>);

async fn present(app: &App, caller: &Caller, r: Resumable) -> Result<Answer> {
    let attachment = match r.attachment {
        Some(id) => file(app, caller, id).await?,
        None => None,
    };
    let complete = if r.attachment.is_some() { "?1" } else { "?0" };
    let headers = AppendHeaders([(OFFSET, r.received.to_string()), (COMPLETE, complete.to_owned())]);
    let body = Body { expires_at: Time(r.expires_at()), id: r.id, filename: r.filename, size: r.size, offset: r.received, attachment };
    Ok((headers, Json(body)))
}

async fn file(app: &App, caller: &Caller, id: AttachmentId) -> Result<Option<Attachment>> {
    Ok(store::attachment::get(&mut app.read().await?, &caller.scope, id).await?.map(Into::into))
}

async fn own(app: &App, caller: &Caller, id: UploadId) -> Result<Resumable> {
    caller.require(Permission::ConversationWrite)?;
    let found = store::resumable::find(&mut app.read().await?, caller.workspace, caller.agent.id, id, app.now()).await?;
    found.ok_or_else(Problem::not_found)
}

/// Begins a file in pieces. It has a day to arrive.
#[utoipa::path(post, path = "/uploads", tag = "attachments", request_body = NewUpload, responses((status = 201, body = Body), Problems))]
async fn begin(State(app): State<App>, caller: Caller, Json(form): Json<NewUpload>) -> Result<(StatusCode, Answer)> {
    let mut tx = app.begin().await?;
    let new = desk::resumable::begin(&mut tx, &caller.scope, &form.filename, &form.content_type, form.size).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, present(&app, &caller, new).await?))
}

/// How far a file of the reader's has come.
#[utoipa::path(get, path = "/uploads/{id}", tag = "attachments", params(("id" = String, Path)), responses((status = 200, body = Body), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<UploadId>) -> Result<Answer> {
    let known = own(&app, &caller, id).await?;
    present(&app, &caller, known).await
}

/// Appends bytes at `Upload-Offset`. What arrived before a connection broke is kept: ask how far it has come, and go on there. With
/// the last byte it becomes a file for a message to come.
#[utoipa::path(patch, path = "/uploads/{id}", tag = "attachments", params(("id" = String, Path), ("upload-offset" = i64, Header)),
    request_body(content = Vec<u8>, content_type = "application/partial-upload"), responses((status = 200, body = Body), Problems))]
async fn append(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<UploadId>,
    headers: HeaderMap,
    request: Request,
) -> Result<impl IntoResponse> {
    let known = own(&app, &caller, id).await?;
    let offset = headers.get(&OFFSET).and_then(|v| v.to_str().ok()?.parse::<i64>().ok());
    let offset = offset.ok_or_else(|| Problem::malformed("Upload-Offset says where the bytes begin."))?;
    if known.attachment.is_some() {
        return present(&app, &caller, known).await;
    }
    if offset != known.received {
        return Err(elsewhere(&known));
    }
    // In a task of its own: when the sender goes away half-way, what has arrived is kept all the same.
    let (of, by) = (app.clone(), caller.clone());
    let work = tokio::spawn(async move { take(&of, &by, &known, request).await });
    work.await.map_err(|e| Problem::internal(&e))??;
    let done = desk::resumable::complete(&app.desk, &caller.scope, id).await?;
    present(&app, &caller, done).await
}

/// Takes bytes in, as far as they come, and notes them.
async fn take(app: &App, caller: &Caller, known: &Resumable, request: Request) -> Result<()> {
    let left = usize::try_from(known.size - known.received).unwrap_or_default();
    let (part, end) = receive_part(request, app, caller.workspace, known.id, left).await?;
    if let Some(part) = part {
        let mut tx = app.begin().await?;
        let added = match desk::resumable::add_part(&mut tx, &caller.scope, known.id, known.received, &part).await {
            Ok(true) => tx.commit().await.map(|()| true).map_err(Problem::from),
            Ok(false) => Ok(false),
            Err(refusal) => Err(refusal.into()),
        };
        if !matches!(added, Ok(true)) {
            app.desk.store.blobs().drop_parts(&[part.place().to_owned()]).await;
        }
        if !added? {
            return Err(elsewhere(&own(app, caller, known.id).await?));
        }
    }
    end
}

fn elsewhere(now: &Resumable) -> Problem {
    let current = serde_json::json!({ "offset": now.received });
    Problem::state("offset_elsewhere", "The file does not go on at this offset.").and_current(Some(current))
}

/// Gives up a file that is on its way.
#[utoipa::path(delete, path = "/uploads/{id}", tag = "attachments", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<UploadId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::resumable::cancel(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
