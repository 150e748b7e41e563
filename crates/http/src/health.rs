//! For load balancers and monitoring: `/healthz`, `/readyz`, `/metrics`.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::Secret;

use crate::app::App;
use crate::network::client_ip;
use crate::problem::Problem;
use crate::scope::{Credential, credential};

/// A database that answers later than this does not help whoever asks a balancer.
const READY: Duration = Duration::from_secs(2);

/// The process runs.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can work: the database answers.
pub async fn readyz(State(app): State<App>) -> Response {
    let why = match tokio::time::timeout(READY, app.desk.store.ping()).await {
        Ok(Ok(())) => return "ready\n".into_response(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer in time".into(),
    };
    tracing::warn!(error = %why, "not ready");
    (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
}

/// Prometheus text. For this machine, or for whoever brings the configured token.
pub async fn metrics(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let handle = app.metrics.as_ref().ok_or_else(Problem::not_found)?;
    let ip = client_ip(request.extensions(), request.headers(), &app.settings.trusted_proxies);
    if !ip.is_loopback() && !has_token(request.headers(), app.settings.metrics_token.as_ref()) {
        return Err(Problem::not_found());
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response())
}

fn has_token(headers: &HeaderMap, expected: Option<&Secret>) -> bool {
    match (credential(headers), expected) {
        // Hashes are compared, so that time tells nothing about the token.
        (Some(Credential::Token(given)), Some(expected)) => model::token::hash(given.expose()) == model::token::hash(expected.expose()),
        _ => false,
    }
}

/// Counts and times every request by its route, never by its path: paths hold ids.
pub async fn measure(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().to_string();
    let response = next.run(request).await;
    let labels = [("method", method), ("route", route), ("status", response.status().as_u16().to_string())];
    metrics::counter!("sonnim_http_requests_total", &labels).increment(1);
    metrics::histogram!("sonnim_http_request_seconds", &labels[..2]).record(started.elapsed().as_secs_f64());
    response
}
