//! `Idempotency-Key`: a POST that is sent twice with one key does its work once, and both get the same answer.
//!
//! Keys belong to a signed-in caller and live for a day. Answers are kept sealed, for some hold a secret shown once.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Secret, WorkspaceId};
use store::idempotency::Claim;

use crate::app::App;
use crate::problem::{OutcomeUnknown, Problem};
use crate::scope::{Caller, Via};
use crate::upload;

/// Largest answer.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// Paths that leave nothing behind: doing them twice is as good as once, and a key would only cost writes.
const FLEETING: [&str; 3] = ["/presence", "/connection-tests", "/lookup"];

/// Wraps the API: requests without the header, or from nobody, pass.
pub async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    let fleeting = FLEETING.iter().any(|end| request.uri().path().ends_with(end));
    if request.method().is_safe() {
        return next.run(request).await;
    }
    // Visitors' messages have keys of their own, kept with the message.
    let by_visitor = request.uri().path().starts_with("/widget/");
    if fleeting || by_visitor || request.method() != Method::POST || !request.headers().contains_key("idempotency-key") {
        return run(request, next).await;
    }
    handle(app, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn handle(app: App, request: Request, next: Next) -> Result<Response, Problem> {
    let is_upload = upload::is_upload(&request);
    let (mut parts, body) = request.into_parts();
    let caller = match Caller::from_request_parts(&mut parts, &app).await {
        Ok(caller) => caller,
        Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => return Ok(run(Request::from_parts(parts, body), next).await),
        // Who asks is not known just now. To go on without the key would do the work twice, should the database be back by then.
        Err(problem) => return Err(problem),
    };
    let key = parts.headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    if key.is_empty() || key.len() > 200 {
        return Err(Problem::malformed("Idempotency-Key is 1 to 200 printable characters."));
    }
    let word = |name| parts.headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok()).unwrap_or_default();
    // A file is not held in memory for this: its length stands for its bytes.
    let (body, fingerprint) = if is_upload {
        (body, format!("length {}", word(header::CONTENT_LENGTH)))
    } else {
        let max = app.settings.max_body;
        let bytes = to_bytes(body, max).await.map_err(|_| Problem::too_large(max))?;
        let digest = store::blob::digest(&bytes);
        (Body::from(bytes), digest)
    };
    let request_hash = model::token::hash(&format!("{} {} {fingerprint}", parts.uri, word(header::CONTENT_TYPE)));
    let actor = match &caller.via {
        Via::Session(_) => caller.agent.id.to_string(),
        Via::Token(id) => id.to_string(),
    };
    let workspace = caller.workspace;

    let mut tx = app.begin().await?;
    let claim = store::idempotency::claim(&mut tx, workspace, &actor, &key, &request_hash).await?;
    tx.commit().await?;
    match claim {
        Claim::Yours => {}
        Claim::Done { status, body } => return replay(&app, status, &body),
        Claim::Running => {
            return Err(Problem::state("in_progress", "A request with this key is running, or its end is unknown. Look before you send it again."));
        }
        Claim::OtherRequest => {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "Key used before",
                "Another request used this Idempotency-Key. Use a new key for each request.",
            ));
        }
    }

    let claimed = Claimed { app, workspace, actor, key };
    // In a task of its own: a client that goes away half-way finds the answer when it asks again.
    let work = tokio::spawn(async move {
        let response = run(Request::from_parts(parts, body), next).await;
        claimed.finish(response).await
    });
    work.await.map_err(|e| Problem::internal(&e))?
}

/// When the database goes away after the work is done and before it is told, a plain "try again" would have it done twice.
async fn run(request: Request, next: Next) -> Response {
    let (response, committed) = store::watch_commits(next.run(request)).await;
    let gone = matches!(response.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR);
    if committed && gone { Problem::outcome_unknown().into_response() } else { response }
}

/// A key that is this request's.
struct Claimed {
    app: App,
    workspace: WorkspaceId,
    actor: String,
    key: String,
}

impl Claimed {
    async fn finish(self, response: Response) -> Result<Response, Problem> {
        // Whether it was done nobody knows: the key stays taken, so that a repeat is told so and does nothing twice.
        if response.extensions().get::<OutcomeUnknown>().is_some() {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let too_long = |_| Problem::internal(&"an answer could not be read back");
        let is_json = parts.headers.get(header::CONTENT_TYPE).is_none_or(|v| v.as_bytes().ends_with(b"json"));
        // What changed nothing may be tried again with the same key; what sets a cookie cannot be told twice.
        if !parts.status.is_success() || !is_json || parts.headers.contains_key(header::SET_COOKIE) {
            self.release().await;
            return Ok(Response::from_parts(parts, body));
        }
        let bytes = to_bytes(body, MAX_ANSWER).await.map_err(too_long)?;
        let app = &self.app;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let sealed = STANDARD.encode(app.desk.keys.seal(&Secret::new(text), desk::random::bytes()));
        let kept = async {
            let mut tx = app.begin().await?;
            store::idempotency::finish(&mut tx, self.workspace, &self.actor, &self.key, parts.status.as_u16(), &sealed).await?;
            tx.commit().await
        };
        if let Err(error) = kept.await {
            // The work is done and told; only a repeat would now learn that its end is unknown.
            tracing::warn!(%error, "an answer was not kept for its Idempotency-Key");
        }
        Ok(Response::from_parts(parts, Body::from(bytes)))
    }

    /// Gives the key back: the request said no.
    async fn release(&self) {
        let result = async {
            let mut tx = self.app.begin().await?;
            store::idempotency::release(&mut tx, self.workspace, &self.actor, &self.key).await?;
            tx.commit().await
        };
        if let Err(error) = result.await {
            tracing::warn!(%error, "an Idempotency-Key was not given back");
        }
    }
}

fn replay(app: &App, status: u16, sealed: &str) -> Result<Response, Problem> {
    let bytes = STANDARD.decode(sealed).map_err(|e| Problem::internal(&e))?;
    let body = app.desk.keys.open(&bytes).map_err(|e| Problem::internal(&e))?;
    let status = StatusCode::from_u16(status).map_err(|e| Problem::internal(&e))?;
    let mut response = (status, body.expose().to_owned()).into_response();
    if body.expose().is_empty() {
        response.headers_mut().remove(header::CONTENT_TYPE);
    } else {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    Ok(response)
}
