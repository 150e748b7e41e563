//! Files: uploading them, and getting them without letting them do anything.

use std::fmt::Write as _;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{AttachmentId, ConversationId, MessageId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::download;
use crate::json::{Json, PathId, Query};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;
use crate::upload::receive;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get)).routes(routes!(upload)).routes(routes!(of_conversation))
}

/// A file.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Attachment {
    #[schema(value_type = String, example = "att_0000000000000")]
    pub id: AttachmentId,
    pub filename: String,
    /// As its sender declared it.
    pub content_type: String,
    pub size: i64,
    /// The HTML shows it.
    pub inline: bool,
    pub content_id: Option<String>,
    /// `?inline=1` may show it, should its bytes be what it says.
    pub previewable: bool,
}

impl From<model::message::Attachment> for Attachment {
    fn from(a: model::message::Attachment) -> Self {
        Self {
            previewable: is_previewable(&a.content_type),
            id: a.id,
            filename: a.filename,
            content_type: a.content_type,
            size: a.size,
            inline: a.inline,
            content_id: a.content_id,
        }
    }
}

/// How much of a file tells what it is.
const SNIFFED: usize = 64 * 1024;

const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

fn is_previewable(content_type: &str) -> bool {
    PICTURES.contains(&content_type)
        || matches!(content_type, "image/jpg" | "application/pdf" | "text/plain")
        || content_type.starts_with("audio/")
        || content_type.starts_with("video/")
}

/// The type to show bytes as; none when they may only be downloaded. Declared and sniffed type must agree, and HTML, SVG and
/// the like never qualify.
fn inline_type(declared: &str, bytes: &[u8]) -> Option<&'static str> {
    if !is_previewable(declared) {
        return None;
    }
    let sniffed = infer::get(bytes).map(|t| t.mime_type());
    match (declared, sniffed) {
        // Nothing that programs recognise, and readable: a text. A browser told not to sniff shows it as one.
        ("text/plain", None) if is_text(bytes) => Some("text/plain; charset=utf-8"),
        ("image/jpg", Some("image/jpeg")) => Some("image/jpeg"),
        (declared, Some(sniffed)) if PICTURES.contains(&sniffed) || sniffed == "application/pdf" => (declared == sniffed).then_some(sniffed),
        (declared, Some(sniffed)) => {
            let same = |family: &str| declared.starts_with(family) && sniffed.starts_with(family);
            (same("audio/") || same("video/")).then_some(sniffed)
        }
        (_, None) => None,
    }
}

/// Readable, but for a letter that the end of what was looked at cuts in two.
fn is_text(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && bytes.len() == SNIFFED,
    }
}

/// The name of an upload.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct UploadQuery {
    pub filename: String,
}

/// Uploads a file (its bytes are the body, its type the Content-Type) for a message to come. At most 50 MiB.
#[utoipa::path(post, path = "/attachments", tag = "attachments", params(UploadQuery), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Attachment), Problems))]
async fn upload(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Result<(StatusCode, Json<Attachment>)> {
    caller.require(Permission::ConversationWrite)?;
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let staged = receive(request, &app, caller.workspace, desk::attachment::MAX_BYTES).await?;
    let mut tx = app.begin().await?;
    let file = desk::attachment::upload(&mut tx, &caller.scope, &query.filename, &content_type, &staged).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(file.into())))
}

/// A file, and the message that it came with.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConversationFile {
    #[schema(value_type = Option<String>)]
    pub message_id: Option<MessageId>,
    pub at: Time,
    pub file: Attachment,
}

/// The files of a conversation, the newest first; pictures that stand inside messages are left out. At most 200.
#[utoipa::path(get, path = "/conversations/{id}/attachments", tag = "attachments", params(("id" = String, Path)),
    responses((status = 200, body = List<ConversationFile>), Problems))]
async fn of_conversation(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<Json<List<ConversationFile>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    if store::conversation::in_sight_of(&mut conn, &caller.scope, &[id]).await?.is_empty() {
        return Err(Problem::not_found());
    }
    let files = store::attachment::of_conversation(&mut conn, caller.workspace, id).await?;
    let items = files.into_iter().map(|(file, at)| ConversationFile { message_id: file.message, at: Time(at), file: file.into() }).collect();
    Ok(Json(List { items, next: None }))
}

/// How to get a file.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct GetQuery {
    /// `1`: show it when that is safe.
    pub inline: Option<u8>,
}

/// A file of a message in sight, or an upload of the reader's own; with `Range`, a part of it.
#[utoipa::path(get, path = "/attachments/{id}", tag = "attachments", params(("id" = String, Path), GetQuery),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, content_type = "application/octet-stream", body = Vec<u8>), (status = 416), Problems))]
async fn get(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<AttachmentId>,
    Query(query): Query<GetQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let file = store::attachment::get(&mut conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    send_file(&app, conn, caller.workspace, file, query.inline == Some(1), &headers).await
}

/// A file that the reader may have; shown where that is safe and wanted, else downloaded.
pub(super) async fn send_file(
    app: &App,
    mut conn: store::Conn,
    workspace: model::WorkspaceId,
    file: model::message::Attachment,
    show: bool,
    headers: &HeaderMap,
) -> Result<Response> {
    let etag = format!("\"{}\"", &file.sha256);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let blob = app.desk.store.blobs().open_blob(&mut conn, workspace, &file.sha256).await?.ok_or_else(Problem::not_found)?;
    drop(conn);
    let shown_as = if show { inline_type(&file.content_type, &blob.head(SNIFFED).await?) } else { None };
    let mut response = download::send(blob, headers, &etag).await?;
    let (kind, content_type) = match shown_as {
        Some(content_type) => ("inline", content_type),
        None => ("attachment", "application/octet-stream"),
    };
    // A sandbox stops the browser's PDF viewer, which runs nothing of ours anyway.
    let csp = if shown_as == Some("application/pdf") {
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
    } else {
        "sandbox; default-src 'none'"
    };
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition(kind, &file.filename)),
        (header::CONTENT_SECURITY_POLICY, csp.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        // Kept by the reader's browser only, and asked about each time: sight may be lost.
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::ETAG, etag),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// RFC 6266, with every byte that is no letter, digit or one of `-._` written as %XX.
fn disposition(kind: &str, filename: &str) -> String {
    let plain: String = filename.chars().map(|c| if c.is_ascii_alphanumeric() || "-._ ".contains(c) { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in filename.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn row_16_what_is_not_what_it_says_is_only_downloaded() {
        assert_eq!(inline_type("image/png", PNG), Some("image/png"));
        assert_eq!(inline_type("image/jpeg", PNG), None);
        assert_eq!(inline_type("image/png", b"<svg onload=alert(1)>"), None);
        assert_eq!(inline_type("application/pdf", b"%PDF-1.7\n"), Some("application/pdf"));
        assert_eq!(inline_type("text/plain", "안녕 <b>".as_bytes()), Some("text/plain; charset=utf-8"));
        assert_eq!(inline_type("text/plain", PNG), None);
    }

    #[test]
    fn row_17_html_and_svg_are_never_shown() {
        for declared in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/javascript"] {
            assert_eq!(inline_type(declared, b"<html><script>alert(1)</script>"), None);
            assert_eq!(inline_type(declared, PNG), None);
        }
        assert_eq!(inline_type("text/plain", b"<html><body>hi"), None);
    }

    #[test]
    fn row_51_a_name_cannot_break_out_of_its_header() {
        let header = disposition("attachment", "견적\"; x=\r\n\u{1F600}.pdf");
        assert!(header.is_ascii() && !header.contains(['\r', '\n']));
        assert_eq!(header.matches('"').count(), 2);
        assert_eq!(header.rsplit('.').next(), Some("pdf"));
    }
}
