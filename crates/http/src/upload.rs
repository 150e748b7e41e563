//! Files and raw mails coming in: written to the storage piece by piece as they arrive, never held whole.

use std::time::Duration;

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use model::{UploadId, WorkspaceId};
use store::blob::Staged;
use store::resumable::Part;
use tokio_stream::StreamExt as _;

use crate::app::App;
use crate::problem::{Problem, Result};

/// The next piece must come within this.
const PATIENCE: Duration = Duration::from_secs(30);
/// The whole must come within this.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// Whether a request below `/api/v1` carries a file, a piece of one or a raw mail.
pub fn is_upload(request: &Request) -> bool {
    let path = request.uri().path();
    let by_visitor = path.contains("/widget/") && path.ends_with("/uploads");
    let whole =
        request.method() == Method::POST && (by_visitor || path.ends_with("/attachments") || path.contains("/inboxes/") && path.ends_with("/mail"));
    whole || request.method() == Method::PATCH && path.contains("/uploads/")
}

fn stalled() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "stalled", "Too slow", "The body did not arrive in time. Send it again.")
}

fn declared_within(request: &Request, max: usize) -> Result<()> {
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|bytes| bytes > max as u64) { Err(Problem::too_large(max)) } else { Ok(()) }
}

/// Takes a piece of a file in, at most `max` bytes: as much as came, and whether it ended well.
///
/// # Errors
/// 413, and nothing is kept; 507 when the storage is full.
pub async fn receive_part(request: Request, app: &App, workspace: WorkspaceId, upload: UploadId, max: usize) -> Result<(Option<Part>, Result<()>)> {
    declared_within(&request, max)?;
    let word = model::token::word(&desk::random::bytes::<16>());
    let mut writer = app.desk.store.blobs().part(workspace, upload, &word).await?;
    let take = async {
        let mut body = request.into_body().into_data_stream();
        loop {
            let piece = match tokio::time::timeout(PATIENCE, body.next()).await {
                Err(_) => return Ok(Err(stalled())),
                Ok(None) => return Ok(Ok(())),
                Ok(Some(Err(_))) => return Ok(Err(Problem::malformed("The body did not arrive whole."))),
                Ok(Some(Ok(piece))) => piece,
            };
            if writer.size() + piece.len() > max {
                return Err(Problem::too_large(max));
            }
            writer.write(&piece).await?;
        }
    };
    let end = tokio::time::timeout(LONGEST, take).await.unwrap_or_else(|_| Ok(Err(stalled())))?;
    Ok((writer.finish().await?, end))
}

/// Takes the body in, at most `max` bytes of it.
///
/// # Errors
/// 413 as soon as it is known, 408 when the sender stalls, 507 when the storage is full; nothing is left behind.
pub async fn receive(request: Request, app: &App, workspace: WorkspaceId, max: usize) -> Result<Staged> {
    declared_within(&request, max)?;
    let take = async {
        let mut upload = app.desk.store.blobs().upload(workspace);
        let mut body = request.into_body().into_data_stream();
        while let Some(piece) = tokio::time::timeout(PATIENCE, body.next()).await.map_err(|_| stalled())? {
            let piece = piece.map_err(|_| Problem::malformed("The body did not arrive whole."))?;
            if upload.size() + piece.len() > max {
                return Err(Problem::too_large(max));
            }
            upload.write(piece).await?;
        }
        Ok(upload.finish().await?)
    };
    tokio::time::timeout(LONGEST, take).await.map_err(|_| stalled())?
}
