//! Files and raw mails coming in: written to the storage piece by piece as they arrive, never held whole.

use std::time::Duration;

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use model::WorkspaceId;
use store::blob::Staged;
use tokio_stream::StreamExt as _;

use crate::app::App;
use crate::problem::{Problem, Result};

/// The next piece must come within this.
const PATIENCE: Duration = Duration::from_secs(30);
/// The whole must come within this.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// Whether a request below `/api/v1` carries a file or a raw mail.
pub fn is_upload(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST && (path.ends_with("/attachments") || path.contains("/inboxes/") && path.ends_with("/mail"))
}

/// Takes the body in, at most `max` bytes of it.
///
/// # Errors
/// 413 as soon as it is known, 408 when the sender stalls, 507 when the storage is full; nothing is left behind.
pub async fn receive(request: Request, app: &App, workspace: WorkspaceId, max: usize) -> Result<Staged> {
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|bytes| bytes > max as u64) {
        return Err(Problem::too_large(max));
    }
    let stalled = || Problem::new(StatusCode::REQUEST_TIMEOUT, "stalled", "Too slow", "The body did not arrive in time. Send it again.");
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
